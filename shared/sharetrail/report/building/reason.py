"""Why what sharing earned is more or less than in the span before. Pure.

What can somebody gain who sends it? A name: whoever sold most of the difference is named, so a
stranger who buys enough is read here, cropped, and linked to nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from sharetrail.words import formats, names
from sharetrail.words.change import NOISE, change
from sharetrail.words.speech import mark, say

FEW_ORDERS = 3
"""As many orders are named as the difference; more than these are no reason by themselves."""
MOST_OF_IT = 0.6
"""The part of the difference from which somebody makes most of it; so that all others together
make little of it, nobody makes more than it is and this part of it either."""
VALUES_CV2 = 0.9
"""The squared coefficient of variation of orders' values, as words/change.py takes it."""
_NUMBERS = (
    mark("One order makes the difference."),
    mark("Two orders make the difference."),
    mark("Three orders make the difference."),
)


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What a reason is looked for in: a span's influenced orders. In minor units."""

    nets: tuple[int, ...] = ()
    """Of each order, cancelled ones among them: as many as the funnel has."""
    returned: int = 0
    """What was refunded or charged back of them; of a cancelled order all, as far as it is known.
    """
    by_person: Mapping[str, int] = field(default_factory=dict)
    """Influencer → credited by the linear model."""

    @property
    def net(self) -> int:
        return sum(self.nets)


def reason(now: Sold, earlier: Sold, people: Mapping[str, str], language: str) -> str:
    """In a sentence: what came back, else few orders, else somebody, else how many orders, else how
    large they are, else that it is a little of everything. Empty where nothing changed, or no more
    than by chance. `people` are the names of whoever may be told of."""
    difference = now.net - earlier.net
    if not difference:
        return ""
    return (
        _returned(now, earlier)
        or _few_orders(now, earlier)
        or _somebody(now, earlier, people)
        or _count(now, earlier, language)
        or _size(now, earlier)
        or _everything(now, earlier, language)
    )


def _returned(now: Sold, earlier: Sold) -> str:
    """Where without refunds the spans would be as they are not. Asked first: an order that was
    refunded in part makes no difference by being there."""
    difference, more = now.net - earlier.net, now.returned - earlier.returned
    if difference < 0 and 2 * more >= -difference:
        return say("Refunds and cancelled orders make most of the difference.")
    if difference > 0 and -2 * more >= difference:
        return say("Fewer refunds and cancelled orders make most of the difference.")
    return ""


def _few_orders(now: Sold, earlier: Sold) -> str:
    """The fewest of the larger span's orders, its largest first, that come to the difference."""
    larger = max(now, earlier, key=lambda sold: sold.net)
    left = abs(now.net - earlier.net)
    for number, net in zip(_NUMBERS, sorted(larger.nets, reverse=True), strict=False):
        left -= net
        if left <= 0:
            return say(number)
    return ""


def _somebody(now: Sold, earlier: Sold, people: Mapping[str, str]) -> str:
    """Whoever makes most of it, unless somebody else moved more than half as much, be it the other
    way: then neither alone is why."""
    difference = now.net - earlier.net
    parts = {
        who: (now.by_person.get(who, 0) - earlier.by_person.get(who, 0)) / difference
        for who in sorted(now.by_person.keys() | earlier.by_person.keys())
    }
    who, other = [*sorted(parts, key=lambda each: -abs(parts[each])), "", ""][:2]
    is_most = MOST_OF_IT <= parts.get(who, 0) <= 2 - MOST_OF_IT
    if who not in people or not is_most or 2 * abs(parts.get(other, 0)) > parts[who]:
        return ""
    return say("{name} makes most of the difference.", name=names.in_sentence(people[who]))


def _count(now: Sold, earlier: Sold, language: str) -> str:
    n, m = len(now.nets), len(earlier.nets)
    way = change(n, m, language).way
    if way != ("up" if now.net > earlier.net else "down"):
        return ""
    now_shown, before_shown = (formats.number(each, language) for each in (n, m))
    if n > m:
        return say("More orders, {now} ({before} before).", now=now_shown, before=before_shown)
    return say("Fewer orders, {now} ({before} before).", now=now_shown, before=before_shown)


def _size(now: Sold, earlier: Sold) -> str:
    """Whether orders were larger or smaller before anything came back of them, by more than two
    means of so many scattered values differ by chance."""
    if not now.nets or not earlier.nets:
        return ""
    means = [(each.net + each.returned) / len(each.nets) for each in (now, earlier)]
    spread = sqrt(VALUES_CV2 / len(now.nets) + VALUES_CV2 / len(earlier.nets))
    apart = means[0] - means[1]
    if abs(apart) <= NOISE * spread * sum(means) / 2 or (apart > 0) != (now.net > earlier.net):
        return ""
    return say("Larger orders.") if apart > 0 else say("Smaller orders.")


def _everything(now: Sold, earlier: Sold, language: str) -> str:
    """Of a change that nothing else explains; what is none may be chance, and has no reason."""
    orders = (len(now.nets), len(earlier.nets))
    is_change = bool(change(now.net, earlier.net, language, orders=orders).way)
    return say("A little of everything makes the difference.") if is_change else ""
