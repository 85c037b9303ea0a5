"""Of this process's variables, which all functions share, a function finds those that the template
tells it: another one is missing, as it would be in Lambda."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from local.template.declarations import Function
from sharetrail.aws import environment

_told: ContextVar[Function | None] = ContextVar("_told", default=None)


class _Variables:
    """os.environ, as environment.py reads it."""

    def __getitem__(self, name: str) -> str:
        function = _told.get()
        if function is not None and name not in function.environment:
            raise KeyError(f"{name}, which the template does not tell {function.folder}")
        return os.environ[name]

    def get(self, name: str) -> str | None:
        """What may be missing, such as what leads boto3."""
        return os.environ.get(name)


def install() -> None:
    """Harmless twice."""
    read: Any = SimpleNamespace(environ=_Variables())
    environment.os = read


@contextmanager
def of(function: Function) -> Iterator[None]:
    """Within it this function runs."""
    before = _told.set(function)
    try:
        yield
    finally:
        _told.reset(before)
