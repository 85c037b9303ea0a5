"""Keeps what functions print, such as log lines and EMF, off the terminal and in a file."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

_inside = threading.local()


class _Stdout:
    """A stdout whose lines go to the file for threads that run a function."""

    def __init__(self, terminal: TextIO, file: TextIO) -> None:
        self._terminal = terminal
        self._file = file

    def write(self, text: str) -> int:
        return self._stream().write(text)

    def flush(self) -> None:
        self._stream().flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)

    def _stream(self) -> TextIO:
        return self._file if getattr(_inside, "function", False) else self._terminal


@contextmanager
def function_log(file: Path) -> Iterator[None]:
    """While it lasts, what is printed inside aside() goes to the file."""
    terminal = sys.stdout
    with file.open("a", buffering=1) as opened:
        sys.stdout = _Stdout(terminal, opened)
        try:
            yield
        finally:
            sys.stdout = terminal


@contextmanager
def aside() -> Iterator[None]:
    """Marks this thread as one that runs a function."""
    _inside.function = True
    try:
        yield
    finally:
        _inside.function = False
