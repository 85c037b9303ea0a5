"""How mail and page tell what of older orders waits for the merchant's word. Pure."""

from sharetrail.report.report import Report
from sharetrail.report.span_words import earlier
from sharetrail.words import formats, names


def older(report: Report) -> str:
    """`2 orders of earlier weeks, $96.00, wait for you.`; empty where none does."""
    asking, are_more = report.older_held.asking, report.older_held.are_more
    if not asking.orders:
        return ""
    is_one = asking.orders == 1
    wait = "waits" if is_one else "wait"
    amount = formats.isolated(
        formats.money(report.amount(asking.amount), report.language), report.language
    )
    orders = formats.count(asking.orders, "order", language=report.language)
    if is_one and not are_more and report.older_held.listed:
        name = report.older_held.listed[0].name
        orders = f"Order {names.in_sentence(name)}" if name else orders
    least = "At least " if are_more else ""
    which = f"{least}{orders} of {earlier(report.kind, asking.orders)}"
    return f"{which}, {amount}, {wait} for you."
