"""Some of the lives of tests/proofs/test_schedules.py on the emulator's tables: what they come to
is what the same lives come to in memory and in calm."""

from typing import Any

import pytest

from local.template.declarations import Template
from tests.schedules.emulated import Emulated
from tests.schedules.schedules import NUMBER, town


@pytest.mark.parametrize("first", range(2))
def test_whatever_goes_wrong_every_table_is_what_it_would_have_been(
    first: int, tables: Template, erase_resources: Any
) -> None:
    _, erase = erase_resources

    def empty() -> Emulated:
        erase()
        return Emulated(tables)

    with town(tables) as there:
        there.elsewhere = empty
        assert there.first_wrong(range(first * 211, NUMBER, NUMBER // 6)) == ""
        assert there.happened
