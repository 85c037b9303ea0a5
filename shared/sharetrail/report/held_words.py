"""How mail and page tell what waits for the merchant's word beside the orders of the days. Pure."""

from sharetrail.report.report import Report
from sharetrail.words import names
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing


def waiting(report: Report, *, is_told: bool = False) -> str:
    """What waits of older orders, unless that is told already, and in other currencies; empty where
    nothing does."""
    return " ".join(filter(None, ("" if is_told else _older(report), _foreign(report))))


def _older(report: Report) -> str:
    """`2 older orders, $96.00, wait for you.`"""
    asking, are_more = report.older_held.asking, report.older_held.are_more
    if not asking.orders:
        return say("Not all older orders were looked at.") if are_more else ""
    amount = Writing.of(report).money(asking.amount)
    if are_more:
        return say_n(
            asking.orders,
            "At least {n} older order, {amount}, waits for you.",
            "At least {n} older orders, {amount}, wait for you.",
            amount=amount,
        )
    if asking.orders == 1 and (name := _name(report)):
        return say("The older order {name}, {amount}, waits for you.", name=name, amount=amount)
    return say_n(
        asking.orders,
        "{n} older order, {amount}, waits for you.",
        "{n} older orders, {amount}, wait for you.",
        amount=amount,
    )


def _name(report: Report) -> str:
    listed = report.older_held.listed
    return names.in_sentence(listed[0].name) if listed and listed[0].name else ""


def _foreign(report: Report) -> str:
    """Of the days and before: currencies of which no rate is known add up to nothing."""
    count = report.held.foreign + report.older_held.foreign
    if not count:
        return ""
    return say_n(
        count,
        "{n} order in another currency waits for you.",
        "{n} orders in other currencies wait for you.",
    )
