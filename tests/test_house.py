"""The house as a whole: rooms that fit into a head, values that know no AWS.

Its floors are contracts in pyproject.toml, which `make check` holds.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "shared/sharetrail"
MOST_MODULES, MOST_LINES, MOST_OF_A_FUNCTION = 16, 250, 40
CODE = [p for top in ("shared", "functions", "local", "bench") for p in (ROOT / top).rglob("*.py")]
_BLANK = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_END = tokenize.ENDMARKER


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
        source = path.read_text()
        lines = lines_of_code(source)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                own = lines.intersection(range(node.lineno, (node.end_lineno or 0) + 1))
                if len(own) > MOST_OF_A_FUNCTION:
                    long[f"{path}:{node.name}"] = len(own)
    assert long == {}


def lines_of_code(source: str) -> set[int]:
    """The numbers of the lines that hold a token other than a comment or a docstring."""
    docs: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spans = (range(t.start[0], t.end[0] + 1) for t in tokens if t.type not in _BLANK | {_END})
    return {line for span in spans for line in span} - docs


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
