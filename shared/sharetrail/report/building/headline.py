"""What happened to what sharing earned, and why, beside the span before: the report's first
sentence. Pure."""

import re

from sharetrail.report.building import reason
from sharetrail.report.building.errand import money
from sharetrail.report.earned import Earned
from sharetrail.report.report import Report
from sharetrail.report.span_words import before, this
from sharetrail.words import formats

_NO_CHANGE = {
    "no clear change": "no clear change",
    "too few orders to tell": "too few to tell",
}


def sentence(report: Report) -> str:
    """`Sharing brought $1,488.00 of $4,200.00 (35%), less than the $2,201.00 of $4,810.00 (46%) the
    week before; two orders make the difference: no clear change.`"""
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
    if earlier.influenced <= 0:
        return f"{brought}, after nothing {before(report.kind)}{_why(report, earned, earlier)}."
    return f"{brought}{_share(report, earned)}, {_beside(report, earned, earlier)}."


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
    whole = f" of {money(report, earned.all_net)}" if earned.all_net > earned.influenced else ""
    return f"{money(report, earned.influenced)}{whole}"


def _share(report: Report, earned: Earned) -> str:
    """` (35%)`, likewise; told beside another, since revenue may rise while it falls."""
    if earned.all_net <= earned.influenced:
        return ""
    return f" ({formats.percent(earned.influenced, earned.all_net, report.language)})"


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
    more = "more" if now.influenced > earlier.influenced else "less"
    was = f"{_of_all(report, earlier)}{_share(report, earlier)}"
    return f"{more} than the {was} {span}{_why(report, now, earlier)}"


def _why(report: Report, now: Earned, earlier: Earned) -> str:
    """The reason, and whether what it explains is a change at all."""
    if not report.reason:
        return ""
    orders = (now.influenced_orders, earlier.influenced_orders)
    judged = report.change(now.influenced, earlier.influenced, orders=orders)
    is_told = judged.way or report.reason in (reason.CHANCE, reason.TOO_FEW)
    return f"; {report.reason}" + ("" if is_told else f": {_NO_CHANGE[judged.text]}")


def _once(report: Report) -> str:
    """What the span before had, where this one has nothing."""
    earlier = report.before
    if earlier is None or earlier.influenced <= 0:
        return ""
    begun = before(report.kind).capitalize()
    return f" {begun} it brought {money(report, earlier.influenced)}."


def _orders(report: Report, n: int) -> str:
    return f"{formats.number(n, report.language)} {formats.plural(n, 'order')}"
