"""docs/trust.md: each line of its tables names a test, and each of those is there; figures that can
be counted are today's."""

import json
import re
from pathlib import Path

import pytest

from local.artifacts import privacy
from local.template import intrinsics
from local.template.reader import TEMPLATE

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs/trust.md").read_text()
KINDS = re.findall(r"^## (\d\. .*)$", TEXT, flags=re.MULTILINE)
HEAD = ["can", "cannot", "shown as", "test"]
RAW = intrinsics.read(TEMPLATE.read_text())
TARGETS = set(
    re.findall(r"^([\w-]+):", (TESTS.parent / "Makefile").read_text(), flags=re.MULTILINE)
)


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


def test_each_promise_names_what_holds_it_its_last_figure_and_the_command() -> None:
    head, _, *rows = table("What is promised")
    assert head == ["promise", "test", "last figure", "command"]
    for promise, tests, figure, command in rows:
        assert re.fullmatch(r"(`test_\w+` ?)+", tests), promise
        assert figure
        assert all(each in TARGETS for each in re.findall(r"make ([\w-]+)", command)), promise
        assert re.fullmatch(r"(`(make [\w-]+|python -m [\w.]+)`(, )?)+", command), promise


def test_figures_of_the_template_and_of_what_ships_are_todays() -> None:
    kinds = [each["Type"] for each in RAW["Resources"].values()]
    functions = kinds.count("AWS::Serverless::Function")
    below = TEXT.split("## What is promised\n")[1].partition("\n## ")[0]
    assert f"| {functions} of {functions};" in below
    assert f"| {functions} functions, both ways |" in below
    assert f"| {kinds.count('AWS::CloudWatch::Alarm')} alarms |" in below
    assert f"| {len(privacy.kept())} declarations in " in below
    components = json.loads((TESTS.parent / "shared/bom.cdx.json").read_text())["components"]
    assert f"| {len(components)} components |" in below


def test_each_test_that_is_named_is_there() -> None:
    code = [path.read_text() for path in TESTS.rglob("test_*.py")]
    defined = {name for text in code for name in re.findall(r"^def (test_\w+)\(", text, re.M)}
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert named - defined == set()
