"""The trail: the click ids a shopper's browser carries into an order (design: names on the wire).

On the wire oldest first, comma-separated, or one word: `none` (the script ran and no link was
followed), `denied` (no consent, or Global Privacy Control). Absent means that no script ran, and
what is none of these is unreadable.
"""

from dataclasses import dataclass
from typing import Literal

from sharetrail.clicks.click import is_click_id

LONGEST_TRAIL = 20
TrailState = Literal["ids", "none", "denied", "unreadable", "absent"]
_WORDS: dict[str, TrailState] = {"none": "none", "denied": "denied"}


@dataclass(frozen=True, kw_only=True)
class Trail:
    state: TrailState
    ids: tuple[str, ...] = ()
    visit: str | None = None
    """The click id that began the visit of the order, or `other`; None where nobody said."""


ABSENT = Trail(state="absent")


def read_trail(text: str | None, visit: str | None = None) -> Trail:
    """A trail as an order carries it. What is no click id is dropped: a shopper can write there."""
    if not text:
        return ABSENT
    if text in _WORDS:
        return Trail(state=_WORDS[text], visit=_visit(visit))
    ids = [part for part in text.strip().split(",") if is_click_id(part)]
    return make_trail(ids, visit) if ids else Trail(state="unreadable", visit=_visit(visit))


def make_trail(ids: list[str] | tuple[str, ...], visit: str | None = None) -> Trail:
    """The trail of these ids: each once, in time order, the first and the newest if too many."""
    distinct = sorted({each for each in ids if is_click_id(each)})
    kept = distinct[:1] + distinct[1:][1 - LONGEST_TRAIL :]
    return Trail(state="ids" if kept else "none", ids=tuple(kept), visit=_visit(visit))


def _visit(visit: str | None) -> str | None:
    return visit if visit and (visit == "other" or is_click_id(visit)) else None
