"""The way to a store, which can be cut or hang: whoever takes it notices nothing else."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

_AT_ONCE = 65_536
_AT_CLOSE = struct.pack("ii", 1, 0)
"""Linger for no time: the other side is told of a reset, not of an end."""


class Gate:
    """Passes bytes on to a port of this machine. Open, until it is cut or hangs."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._is_open, self._is_cut = Event(), Event()
        self._is_open.set()
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Every connection is reset, and every new one at once."""
        self._is_cut.set()
        for each in list(self._sockets):
            _reset(each)

    def hang(self) -> None:
        """Connections are taken and stay; what is sent arrives once it is open again."""
        self._is_open.clear()

    def open(self) -> None:
        self._is_cut.clear()
        self._is_open.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                if self._is_cut.is_set():
                    _reset(taken)
                else:
                    self._join(taken)

    def _join(self, taken: socket.socket) -> None:
        behind = socket.create_connection(("127.0.0.1", self._behind))
        for each in (taken, behind):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.add(each)
        for pair in ((taken, behind), (behind, taken)):
            Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while some := source.recv(_AT_ONCE):
                self._is_open.wait()
                target.sendall(some)
        for each in (source, target):
            self._sockets.discard(each)
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _reset(link: socket.socket) -> None:
    """shutdown() first, as it wakes whoever reads; the linger makes close() a reset."""
    with suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_CLOSE)
        link.shutdown(socket.SHUT_RDWR)
    link.close()


@contextmanager
def gate_to(port: int) -> Iterator[Gate]:
    gate = Gate(port)
    try:
        yield gate
    finally:
        gate.close()
