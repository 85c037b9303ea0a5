"""How large the house is: `python -m bench.counts`. Code lines hold a token other than a comment or
a docstring, as `ruff format` has them."""

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
PLACES = ("shared/sharetrail", "functions", "local", "bench", "tests")
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source: str) -> set[int]:
    """The numbers of the lines that hold code."""
    docs: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spans = (range(t.start[0], t.end[0] + 1) for t in tokens if t.type not in _NO_CODE)
    return {line for span in spans for line in span} - docs


def functions_of(source: str) -> Iterator[tuple[str, int]]:
    """Every function's name and its lines of code."""
    lines = lines_of_code(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            own = lines.intersection(range(node.lineno, (node.end_lineno or 0) + 1))
            yield node.name, len(own)


def row(place: str) -> str:
    sources = {path: path.read_text() for path in (ROOT / place).rglob("*.py")}
    lines = {path: len(lines_of_code(source)) for path, source in sources.items()}
    lengths = [n for source in sources.values() for _, n in functions_of(source)]
    rooms = Counter(path.parent for path in sources if path.name != "__init__.py")
    return (
        f"{place:18} {sum(lines.values()):7,} {len(rooms):6} {max(rooms.values()):8} "
        f"{max(lines.values()):8} {len(lengths):10,} {median(lengths):7.0f} "
        f"{quantiles(lengths, n=10)[-1]:5.0f} {max(lengths):8}"
    )


def main() -> None:
    print("                      code         modules  lines of          functions' lines:")
    print("                     lines  rooms  in one   a file  functions  median   90 %  longest")
    for place in PLACES:
        print(row(place))


if __name__ == "__main__":
    main()
