"""What a build weighs, unzipped, as Lambda counts it."""

from collections.abc import Iterator
from pathlib import Path

LAYERS = ("Layer", "Libraries")
_MB = 1_000_000


def lines(build: Path) -> Iterator[str]:
    for name in LAYERS:
        yield f"build: {name} is {_told(weight(build / name))}"
    weights = {path.name: weight(path) for path in functions(build)}
    largest = max(weights, key=lambda name: weights[name])
    yield f"build: {len(weights)} functions, of which {largest} is {_told(weights[largest])}"


def functions(build: Path) -> list[Path]:
    return sorted(path for path in build.iterdir() if path.is_dir() and path.name not in LAYERS)


def weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _told(size: int) -> str:
    return f"{size / _MB:.1f} MB" if size >= _MB / 10 else f"{size / 1000:.1f} kB"
