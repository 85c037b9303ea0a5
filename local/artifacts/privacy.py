"""Writes the lists of docs/privacy.md from what each room says that it keeps: `make privacy`.

What stands above the line of BELOW there is written by hand.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import get_args

import sharetrail
from sharetrail.personal import Kept, Whose

PAGE = Path(__file__).parents[2] / "docs/privacy.md"
BELOW = "<!-- Below this line `make privacy` writes what the rooms' kept.py say. -->\n"
_ROOM = "kept"
_TITLES: dict[Whose, str] = {
    "shopper": "Of who clicks and who buys",
    "influencer": "Of who shares",
    "recipient": "Of who gets reports",
    "merchant": "Of the shop's people and systems beside",
}
_KEYS = frozenset(["pk", "sk", "key"])
_HEAD = ("| row | what | why | ends | at erasure |", "|---|---|---|---|---|")


def kept() -> list[Kept]:
    """All that any room declares, in the order of the rooms."""
    modules = walk_packages(sharetrail.__path__, "sharetrail.")
    rooms = (each.name for each in modules if each.name.rpartition(".")[2] == _ROOM)
    return [each for room in rooms for each in import_module(room).KEPT]


def page(written: str, declared: Iterable[Kept]) -> str:
    """The page with its lists as of today."""
    by_hand, line, _ = written.partition(BELOW)
    return "\n".join([by_hand + line, *_lists(list(declared))])


def _lists(declared: list[Kept]) -> Iterator[str]:
    for whose in get_args(Whose):
        yield f"## {_TITLES[whose]}\n"
        theirs = [each for each in declared if each.whose == whose]
        for table in dict.fromkeys(each.table for each in sorted(theirs, key=_place)):
            yield f"### {table[0].upper()}{table[1:]}\n"
            yield from _HEAD
            yield from (_line(each) for each in theirs if each.table == table)
            yield ""


def _place(each: Kept) -> tuple[bool, str]:
    """Tables, which have a word for a name, come first."""
    return " " in each.table, each.table


def _line(each: Kept) -> str:
    attributes = ", ".join(f"`{name}`" for name in each.attributes)
    cells = (f"`{each.row}`: {attributes}", each.what, each.why, each.until.sentence, _left(each))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _left(each: Kept) -> str:
    if each.leaves:
        return f"stays: {each.leaves}"
    return "overwritten" if _KEYS.isdisjoint(each.attributes) else "deleted: its key tells it"


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(), kept()))
    print(f"{PAGE.name}: {len(kept())} declarations")


if __name__ == "__main__":
    main()
