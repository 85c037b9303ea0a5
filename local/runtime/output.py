"""Keeps what functions print, such as log lines and EMF, off the terminal and in a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

_is_inside: ContextVar[bool] = ContextVar("_is_inside", default=False)


class _Stdout:
    """A stdout whose lines go to the file where a function runs, and in the threads it started."""

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
        return self._file if _is_inside.get() else self._terminal


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
    """Within it a function runs."""
    before = _is_inside.set(True)
    try:
        yield
    finally:
        _is_inside.reset(before)
