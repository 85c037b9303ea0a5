"""What happened to what sharing earned, and why, beside the span before: the report's first
sentence. Pure.

What can somebody gain who sends it? A name: whoever sold most of the difference is named, so a
stranger who buys enough is read here, cropped, and linked to nowhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from sharetrail.report.earned import Earned
from sharetrail.report.report import Report
from sharetrail.report.span_words import before, this
from sharetrail.words import formats, names
from sharetrail.words.change import FEW, NOISE, change

FEW_ORDERS = 3
"""As many orders are named as the difference; more than these are no reason by themselves."""
MOST_OF_IT = 0.6
"""The part of the difference from which somebody makes most of it; so that all others together
make little of it, nobody makes more than it is and this part of it either."""
VALUES_CV2 = 0.9
"""The squared coefficient of variation of orders' values, as words/change.py takes it."""
CHANCE = "no more than chance"
TOO_FEW = "too few orders to tell"
_NO_CHANGE = {
    "no clear change": "no clear change",
    "too few orders to tell": "too few to tell",
}
_NUMBERS = ("one order makes", "two orders make", "three orders make")


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


# ── Why ──────────────────────────────────────────────────────────────────────────────────────────
def reason(now: Sold, earlier: Sold, people: Mapping[str, str], language: str) -> str:
    """The rest of a sentence: what came back, else few orders, else somebody, else how many orders,
    else how large they are, else whether it is a change at all. Empty where nothing changed.
    `people` are the names of whoever may be told of."""
    difference = now.net - earlier.net
    if not difference:
        return ""
    return (
        _returned(now, earlier)
        or _few_orders(now, earlier)
        or _somebody(now, earlier, people)
        or _count(now, earlier, language)
        or _size(now, earlier)
        or _chance(now, earlier, language)
    )


def _returned(now: Sold, earlier: Sold) -> str:
    """Where without refunds the spans would be as they are not. Asked first: an order that was
    refunded in part makes no difference by being there."""
    difference, more = now.net - earlier.net, now.returned - earlier.returned
    if difference < 0 and 2 * more >= -difference:
        return "refunds and cancelled orders make most of the difference"
    if difference > 0 and -2 * more >= difference:
        return "fewer refunds and cancelled orders make most of the difference"
    return ""


def _few_orders(now: Sold, earlier: Sold) -> str:
    """The fewest of the larger span's orders, its largest first, that come to the difference."""
    larger = max(now, earlier, key=lambda sold: sold.net)
    left = abs(now.net - earlier.net)
    for number, net in zip(_NUMBERS, sorted(larger.nets, reverse=True), strict=False):
        left -= net
        if left <= 0:
            return f"{number} the difference"
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
    return f"{names.in_sentence(people[who])} makes most of the difference"


def _count(now: Sold, earlier: Sold, language: str) -> str:
    n, m = len(now.nets), len(earlier.nets)
    way = change(n, m, language).way
    if way != ("up" if now.net > earlier.net else "down"):
        return ""
    shown = (formats.number(each, language) if each else "none" for each in (n, m))
    return f"{'more' if n > m else 'fewer'} orders, {next(shown)} ({next(shown)} before)"


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
    return "larger orders" if apart > 0 else "smaller orders"


def _chance(now: Sold, earlier: Sold, language: str) -> str:
    """Of no change that nothing explains, what is to be made of it: of too few orders nobody can
    say that they are chance."""
    orders = (len(now.nets), len(earlier.nets))
    judged = change(now.net, earlier.net, language, orders=orders)
    if judged.way:
        return "a little of everything makes the difference"
    return TOO_FEW if sum(orders) < FEW else CHANCE


# ── The sentence ─────────────────────────────────────────────────────────────────────────────────
def sentence(report: Report) -> str:
    """`Sharing brought $1,488.00 of $4,200.00, less than the $2,201.00 of $4,810.00 the week
    before; two orders make the difference, which is no clear change.`"""
    earned, earlier = report.earned, report.before
    if not earned.all_orders:
        return f"No order in {report.currency} came {this(report.kind)}.{_once(report)}"
    if not earned.influenced_orders:
        orders = _orders(report, earned.all_orders)
        return f"Sharing brought nothing of {orders}.{_once(report)}"
    if earned.influenced <= 0:
        return f"{_came_to_nothing(report)}{_once(report)}"
    brought = f"Sharing brought {_of_all(report, earned)}"
    if earlier is None:
        return f"{brought}{_after_silence(report)}."
    if part := part_before(report):
        return f"{brought}; {part}."
    return f"{brought}, {_beside(report, earned, earlier)}."


def part_before(report: Report) -> str:
    """`the month before had 13 days with us`; empty where it compares."""
    if report.days_before is None:
        return ""
    days = formats.count(report.days_before, "day", language=report.language)
    return f"{before(report.kind)} had {days} with us"


def _after_silence(report: Report) -> str:
    if not report.is_first:
        return f", after nothing was heard {before(report.kind)}"
    first = re.sub(r"\b(this|these)\b", r"\1 first", this(report.kind))
    return f" {first}; there is nothing to compare it with yet"


def _of_all(report: Report, earned: Earned) -> str:
    """`$1,488.00 of $4,200.00`, where there is more than sharing brought."""
    whole = f" of {_money(report, earned.all_net)}" if earned.all_net > earned.influenced else ""
    return f"{_money(report, earned.influenced)}{whole}"


def _came_to_nothing(report: Report) -> str:
    """Of orders that bring no money: they were free, or it went back."""
    orders, returned = report.earned.influenced_orders, report.earned.returned_orders
    was = "was" if orders == 1 else "were"
    came_back = f"{was} refunded or cancelled"
    ways = [*["cost nothing"] * (returned < orders), *[came_back] * (returned > 0)]
    which = "The one order" if orders == 1 else f"All {_orders(report, orders)}"
    return f"{which} that sharing brought {' or '.join(ways)}."


def _beside(report: Report, now: Earned, earlier: Earned) -> str:
    span = before(report.kind)
    if now.influenced == earlier.influenced:
        return f"exactly as much as {span}"
    if earlier.influenced <= 0:
        told = f"after nothing {span}"
    else:
        more = "more" if now.influenced > earlier.influenced else "less"
        told = f"{more} than the {_of_all(report, earlier)} {span}"
    return f"{told}{_why(report, now, earlier)}"


def _why(report: Report, now: Earned, earlier: Earned) -> str:
    """The reason, and whether what it explains is a change at all."""
    if not report.reason:
        return ""
    orders = (now.influenced_orders, earlier.influenced_orders)
    judged = report.change(now.influenced, earlier.influenced, orders=orders)
    is_told = judged.way or report.reason in (CHANCE, TOO_FEW)
    return f"; {report.reason}" + ("" if is_told else f", which is {_NO_CHANGE[judged.text]}")


def _once(report: Report) -> str:
    """What the span before had, where this one has nothing."""
    earlier = report.before
    if earlier is None or earlier.influenced <= 0:
        return ""
    begun = before(report.kind).capitalize()
    return f" {begun} it brought {_money(report, earlier.influenced)}."


def _orders(report: Report, n: int) -> str:
    return f"{formats.number(n, report.language)} {formats.plural(n, 'order')}"


def _money(report: Report, minor: int) -> str:
    text = formats.money(report.amount(minor), report.language)
    return formats.isolated(text, report.language)
