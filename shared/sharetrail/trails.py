"""The trail: the click ids a shopper's browser carries into an order (design: names on the wire).

On the wire oldest first, comma-separated, or one word: `none` (the script ran and no link was
followed), `denied` (no consent, or Global Privacy Control). Absent means that no script ran.
"""

from dataclasses import dataclass
from typing import Literal

from sharetrail import clicks

MOST = 20
Said = Literal["ids", "none", "denied", "absent"]
_WORDS: dict[str, Said] = {"none": "none", "denied": "denied"}


@dataclass(frozen=True, kw_only=True)
class Trail:
    said: Said
    ids: tuple[str, ...] = ()
    visit: str | None = None
    """The click id that began the visit of the order, or `other`; None where nobody said."""


ABSENT = Trail(said="absent")


def read(text: str | None, visit: str | None = None) -> Trail:
    """A trail as an order carries it. What is no click id is dropped: a shopper can write there."""
    if not text:
        return ABSENT
    if text in _WORDS:
        return Trail(said=_WORDS[text], visit=_visit(visit))
    ids = [part for part in text.strip().split(",") if clicks.is_id(part)]
    return of(ids, visit)


def of(ids: list[str] | tuple[str, ...], visit: str | None = None) -> Trail:
    """The trail of these ids: each once, in time order, the first and the newest if too many."""
    distinct = sorted({each for each in ids if clicks.is_id(each)})
    kept = distinct if len(distinct) <= MOST else [distinct[0], *distinct[1 - MOST :]]
    said: Said = "ids" if kept else "none"
    return Trail(said=said, ids=tuple(kept), visit=_visit(visit))


def _visit(visit: str | None) -> str | None:
    return visit if visit and (visit == "other" or clicks.is_id(visit)) else None
