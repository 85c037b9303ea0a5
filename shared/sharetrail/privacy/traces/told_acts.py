"""Acts of the report page, once somebody whom they name is erased: that something was done, and
when, stays; of whom or by whom does not."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sharetrail.aws.items import Item
from sharetrail.aws.tables import REPORTS
from sharetrail.privacy.traces.alias import Alias
from sharetrail.words.names import NAMELESS

_PREFIX = "act#"
_TEXTS, _VALUES = ("label", "part", "was", "became"), ("before", "after")
_OF_THEM_ALONE = ("name", "tag")
"""Acts whose values are what was declared of somebody."""


def of_influencer(merchant_id: str, alias: Alias) -> int:
    """Whoever would undo an act that named them finds that nothing changed."""

    def rewritten(act: Item) -> Item:
        about = {name: alias.in_id(each) for name, each in act.get("about", {}).items()}
        told: Item = {name: alias.in_text(act[name]) for name in _TEXTS if name in act}
        told |= {name: alias.in_id(act[name]) for name in _VALUES if name in act}
        if act["kind"] in _OF_THEM_ALONE and about.get("influencer") == alias.id:
            told |= dict.fromkeys(("label", "before", "after"), alias.name)
            told |= {name: alias.name for name in ("was", "became") if name in act}
        return {**act, **told, **({"about": about} if about else {})}

    return _rewrite(merchant_id, rewritten)


def names(merchant_id: str, influencer_id: str) -> set[str]:
    """What somebody was called before or after an act."""
    acts = REPORTS.query(merchant_id, prefix=_PREFIX)
    theirs = (act for act in acts if act["kind"] == "name" and _is_about(act, influencer_id))
    return {act[name] for act in theirs for name in _VALUES}


def _is_about(act: Item, influencer_id: str) -> bool:
    return bool(act.get("about", {}).get("influencer") == influencer_id)


def of_recipient(merchant_id: str, address: str) -> int:
    """By whom it was done, too."""

    def anew(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: anew(each) for name, each in value.items()}
        is_theirs = isinstance(value, str) and value.casefold() == address.casefold()
        return NAMELESS if is_theirs else value

    return _rewrite(merchant_id, anew)


def mentioning(merchant_id: str, words: Collection[str]) -> list[Item]:
    """Those of which something is just one of these, in whatever case."""
    meant = {each.casefold() for each in words}
    rows = REPORTS.query(merchant_id, prefix=_PREFIX)
    return [row for row in rows if not meant.isdisjoint(_texts(row))]


def _texts(act: Item) -> Iterator[str]:
    for value in act.values():
        if isinstance(value, dict):
            yield from _texts(value)
        elif isinstance(value, str):
            yield value.casefold()


def _rewrite(merchant_id: str, rewritten: Callable[[Item], Item]) -> int:
    number = 0
    for act in REPORTS.query(merchant_id, prefix=_PREFIX):
        fresh = rewritten(act)
        if fresh != act:
            REPORTS.put_if(fresh, "attribute_exists(pk)")
            number += 1
    return number
