"""How mail and page tell what waits for the merchant's word beside the orders of the days. Pure."""

from sharetrail.report.report import Report
from sharetrail.report.span_words import earlier
from sharetrail.words import formats, names
from sharetrail.words.writing import Writing


def waiting(report: Report, *, is_told: bool = False) -> str:
    """What waits of older orders, unless that is told already, and in other currencies; empty where
    nothing does."""
    return " ".join(filter(None, ("" if is_told else _older(report), _foreign(report))))


def _older(report: Report) -> str:
    """`2 orders of earlier weeks, $96.00, wait for you.`"""
    asking, are_more = report.older_held.asking, report.older_held.are_more
    if not asking.orders:
        return f"Not all orders of {earlier(report.kind)} were looked at." if are_more else ""
    is_one = asking.orders == 1
    wait = "waits" if is_one else "wait"
    amount = Writing.of(report).money(asking.amount)
    orders = formats.count(asking.orders, "order", language=report.language)
    if is_one and not are_more and report.older_held.listed:
        name = report.older_held.listed[0].name
        orders = f"Order {names.in_sentence(name)}" if name else orders
    least = "At least " if are_more else ""
    which = f"{least}{orders} of {earlier(report.kind, asking.orders)}"
    return f"{which}, {amount}, {wait} for you."


def _foreign(report: Report) -> str:
    """Of the days and before: currencies of which no rate is known add up to nothing."""
    count = report.held.foreign + report.older_held.foreign
    if not count:
        return ""
    orders = formats.count(count, "order", language=report.language)
    which = "another currency waits" if count == 1 else "other currencies wait"
    return f"{orders} in {which} for you."
