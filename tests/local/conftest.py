"""A small template with every kind of trigger, and handlers that a test sets as it likes."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from tests.conftest import A_MORNING

TEMPLATE = Path(__file__).with_name("small.yaml")


class Handlers(dict[str, Callable[[Any, Any], Any]]):
    """folder → handler; `seen[folder]` lists the events each got. Unset handlers do nothing."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Any]] = {}

    def load(self, folder: str) -> Callable[[Any, Any], Any]:
        def handler(event: Any, context: Any) -> Any:
            self.seen.setdefault(folder, []).append(event)
            return self.get(folder, lambda *_: None)(event, context)

        return handler


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def small(handlers: Handlers, emulator: Emulator) -> Iterator[Cloud]:
    """The small template's cloud; a stack name of its own keeps each test's resources apart."""
    stack = f"test-{secrets.token_hex(4)}"
    with Cloud(
        path=TEMPLATE, stack=stack, load=handlers.load, emulator=emulator, start=A_MORNING
    ) as running:
        yield running
