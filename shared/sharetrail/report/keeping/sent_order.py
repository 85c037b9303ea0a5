"""What has changed since a report was sent, order by order. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sharetrail.attribution.models import Influence

Way = Literal["late", "rated", "found", "raised", "lowered", "lost", "gone", "moved"]
"""- late: it was not there, and has a share click in the window;
- rated: it was there in another currency, whose exchange rate came since, and has such a click;
- found: it was there without one, and has one now;
- raised, lowered: it has another amount, lowered mostly by a refund or a cancellation;
- lost: it had a share click, and none counts any more;
- gone: it is none of the days' any more: a test, or in another currency;
- moved: it counts as last click instead of assisted, or the other way round."""
WAYS: tuple[Way, ...] = ("late", "rated", "found", "raised", "lowered", "lost", "gone", "moved")
NAMED = 20
"""Orders that are told by name, of all ways together: the largest of each, and then the largest.
The rest are summed."""


class SentOrder(NamedTuple):
    """What an order came to when the report was sent, or comes to now."""

    platform: str
    order: str
    name: str
    net: int
    """Minor units of its currency."""
    influence: Influence
    currency: str = ""
    """Where it is not the report's, in which alone an order counts: no exchange rate is known. What
    was kept before 2026-12 has none of these."""

    @property
    def counts(self) -> bool:
        """Whether it is in the report's sums."""
        return not self.currency

    @property
    def influenced(self) -> int:
        """What of it counts as influenced."""
        return self.net if self.counts and self.influence != "none" else 0


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An order, and by how much it changed what is influenced."""

    platform: str
    order: str
    name: str
    by: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All orders that changed the same way."""

    way: Way
    count: int
    by: int
    named: tuple[Changed, ...]
    """Those that changed most."""

    @property
    def unnamed_count(self) -> int:
        return self.count - len(self.named)

    @property
    def unnamed_by(self) -> int:
        return self.by - sum(each.by for each in self.named)


def whole_change(sent: Iterable[SentOrder], now: Iterable[SentOrder]) -> int:
    """By how much the sum of all orders changed, be they through sharing or not."""
    return _whole(now) - _whole(sent)


def _whole(orders: Iterable[SentOrder]) -> int:
    return sum(each.net for each in orders if each.counts)


def differences(sent: Iterable[SentOrder], now: Iterable[SentOrder]) -> tuple[Difference, ...]:
    """By way, in the order of WAYS. Their sums add up to how much what is influenced changed."""
    before, after = _by_id(sent), _by_id(now)
    found: dict[Way, list[Changed]] = defaultdict(list)
    for key in before.keys() | after.keys():
        was, is_now = before.get(key), after.get(key)
        if way := _way(was, is_now):
            found[way].append(_changed(was, is_now))
    named = {(each.platform, each.order) for each in _first(found.values())[:NAMED]}
    return tuple(_difference(way, found[way], named) for way in WAYS if way in found)


def _by_id(orders: Iterable[SentOrder]) -> dict[tuple[str, str], SentOrder]:
    return {(each.platform, each.order): each for each in orders}


def _way(was: SentOrder | None, now: SentOrder | None) -> Way | None:
    """None where the order is as it was, as far as sharing has to do with it."""
    if was is None or now is None or not (was.counts and now.counts):
        return _came_or_went(was, now)
    match was.influence != "none", now.influence != "none":
        case False, True:
            return "found"
        case True, False:
            return "lost"
        case True, True if was.net != now.net:
            return "raised" if now.net > was.net else "lowered"
        case True, True if was.influence != now.influence:
            return "moved"
        case _:
            return None


def _came_or_went(was: SentOrder | None, now: SentOrder | None) -> Way | None:
    """Into the report's sums, or out of them."""
    if was and was.counts:
        return "gone" if was.influence != "none" else None
    if now is None or not now.counts or now.influence == "none":
        return None
    return "rated" if was else "late"


def _changed(was: SentOrder | None, now: SentOrder | None) -> Changed:
    newest = now or was
    assert newest is not None
    by = (now.influenced if now else 0) - (was.influenced if was else 0)
    return Changed(platform=newest.platform, order=newest.order, name=newest.name, by=by)


def _first(ways: Iterable[list[Changed]]) -> list[Changed]:
    """The largest of each way, and then all others."""
    largest_first = [sorted(changed, key=_largest) for changed in ways]
    heads = [changed[0] for changed in largest_first]
    others = [each for changed in largest_first for each in changed[1:]]
    return [*heads, *sorted(others, key=_largest)]


def _largest(each: Changed) -> tuple[int, str, str]:
    return -abs(each.by), each.platform, each.order


def _difference(way: Way, changed: list[Changed], named: set[tuple[str, str]]) -> Difference:
    in_order = sorted(changed, key=_largest)
    return Difference(
        way=way,
        count=len(changed),
        by=sum(each.by for each in changed),
        named=tuple(each for each in in_order if (each.platform, each.order) in named),
    )
