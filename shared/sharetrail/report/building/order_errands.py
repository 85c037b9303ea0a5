"""What there is to decide: on orders that are held, and on people with much in doubt. Pure.

Who can cause it? Whoever pays for an order that is held: tasks.py gives it one place, the
largest's, however many there are. What nobody paid for is nobody's to decide yet.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sharetrail import calendars
from sharetrail.report import page_paths
from sharetrail.report.building.errand import Errand, day, money
from sharetrail.report.building.people_errands import of_person
from sharetrail.report.held import HeldOrder
from sharetrail.report.report import Report
from sharetrail.report.task import Task
from sharetrail.words import formats, names


def held(report: Report) -> Iterator[Errand]:
    """Orders that wait for a word, largest first, those of the days before older ones; then people
    of whose credit much is in doubt."""
    for order in report.held_orders:
        if order.waits_for_a_word and order.is_paid:
            yield _decide(report, order, _beside_others(report))
    for order in report.older_held.listed:
        yield _decide(report, order, _since(report, order))
    for line in report.influencers:
        if line.tier == "review" and line.score:
            reason = "Much of what they sold is in doubt: look before you pay or thank them."
            yield of_person("decide", line, reason)


def _decide(report: Report, order: HeldOrder, when: str) -> Errand:
    whom = f" to {names.in_sentence(order.influencer_name)}" if order.influencer else " of it"
    why = order.why or "it is in doubt"
    amount = money(report, order.amount)
    task = Task(
        kind="decide",
        name=f"order {order.name}" if order.name else "an order",
        about=order.ref,
        reason=f"Credit {amount}{whom}? {when}: {why}.{_rest(report, order)}",
        path=page_paths.order(order.platform, order.order),
    )
    return Errand(task, frozenset(filter(None, (order.ref, order.influencer))))


def _beside_others(report: Report) -> str:
    count = report.held.asking.orders
    others = f", one of {formats.number(count, report.language)}" if count > 1 else ""
    return f"Held{others}"


def _since(report: Report, order: HeldOrder) -> str:
    """How many there are of older ones is told for all of them: held_words.py."""
    placed = calendars.local_day(order.placed_at, ZoneInfo(report.zone))
    return f"Held since {day(report, placed)}"


def _rest(report: Report, order: HeldOrder) -> str:
    """What else of the order is held, and until when."""
    rest = order.in_all - order.amount
    if rest <= 0:
        return ""
    waits = (each for each in report.held_orders if each.ref == order.ref and each.until)
    until = next((each.until for each in waits if not each.waits_for_a_word), None)
    if until is None or rest != order.order_waits:
        return f" In all, {money(report, order.in_all)} of the order is held."
    date = day(report, calendars.local_day(until, ZoneInfo(report.zone)))
    return f" The other {money(report, rest)} is released on {date}."
