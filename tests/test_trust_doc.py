"""docs/trust.md: each line of its tables names a test, and each of those is there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs/trust.md").read_text()
KINDS = re.findall(r"^## (\d\. .*)$", TEXT, flags=re.MULTILINE)
HEAD = ["can", "cannot", "shown as", "test"]


def table(kind: str) -> list[list[str]]:
    below = TEXT.split(f"## {kind}\n")[1].partition("\n## ")[0]
    rows = re.findall(r"^\|(.*)\|$", below, flags=re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def test_the_kinds_of_strangers_are_numbered() -> None:
    assert len(KINDS) > 6
    assert [kind[0] for kind in KINDS] == [*"123456789"][: len(KINDS)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_line_says_all_four_and_names_a_test(kind: str) -> None:
    head, _, *rows = table(kind)
    assert head == HEAD
    assert len(rows) > 2
    for row in rows:
        assert len(row) == len(HEAD)
        assert all(row)
        assert re.fullmatch(r"(`test_\w+` ?)+", row[-1])


def test_each_test_that_is_named_is_there() -> None:
    code = [path.read_text() for path in TESTS.rglob("test_*.py")]
    defined = {name for text in code for name in re.findall(r"^def (test_\w+)\(", text, re.M)}
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert named - defined == set()
