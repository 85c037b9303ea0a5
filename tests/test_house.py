"""The house as a whole: rooms that fit into a head, values that know no AWS.

Its floors are contracts in pyproject.toml, which `make check` holds.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from bench.counts import functions_of, lines_of_code

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "shared/sharetrail"
MOST_MODULES, MOST_LINES, MOST_OF_A_FUNCTION = 16, 250, 40
CODE = [p for top in ("shared", "functions", "local", "bench") for p in (ROOT / top).rglob("*.py")]


# ── Rooms that fit into a head ───────────────────────────────────────────────────────────────────
def test_no_folder_holds_more_modules_than_one_looks_through() -> None:
    rooms = Counter(path.parent for path in CODE if path.name != "__init__.py")
    assert {f"{room}": n for room, n in rooms.items() if n > MOST_MODULES} == {}


def test_an_init_is_empty_so_that_importing_one_module_imports_no_other() -> None:
    full = [f"{path}" for path in CODE if path.name == "__init__.py" and path.read_text().strip()]
    assert full == []


def test_no_file_is_longer_than_one_reads_at_once() -> None:
    lengths = {f"{path}": len(lines_of_code(path.read_text())) for path in CODE}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in CODE:
        for name, lines in functions_of(path.read_text()):
            if lines > MOST_OF_A_FUNCTION:
                long[f"{path}:{name}"] = lines
    assert long == {}


# ── Values and rules know no AWS ─────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("sharetrail", include_external_packages=True, cache_dir=None)


def pure_modules() -> Iterator[str]:
    """Every module whose plural stands beside it, and every one that says it is pure."""
    for path in PACKAGE.rglob("*.py"):
        doc = ast.get_docstring(ast.parse(path.read_text())) or ""
        name = path.relative_to(PACKAGE.parent).with_suffix("")
        if path.with_name(f"{path.stem}s.py").exists() or re.search(r"\bPure\b", doc):
            yield ".".join(name.parts)


PURE = sorted(pure_modules())


@pytest.mark.parametrize("module", PURE)
def test_what_is_pure_reaches_no_aws_however_indirectly(
    imports: grimp.ImportGraph, module: str
) -> None:
    aws = [m for m in imports.modules if m.startswith(("sharetrail.aws", "boto"))]
    chains = [imports.find_shortest_chain(module, target) for target in aws]
    assert [chain for chain in chains if chain] == []


def test_pure_is_the_larger_part_of_what_one_has_to_think_about() -> None:
    assert len(PURE) > 30


# ── What was decided ─────────────────────────────────────────────────────────────────────────────
def test_every_decision_is_found_by_its_room() -> None:
    text = (ROOT / "docs/decisions.md").read_text()
    index = text[text.index("## By room") : text.index("\n## 2026")]
    headings = re.findall(r"^## (\d{4}-\d\d-\d\d · .*)$", text, re.MULTILINE)
    places = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    assert places == set(re.findall(r"\(#([^)]*)\)", index))
