"""What there is to decide: on orders that are held, and on people with much in doubt. Pure.

Who can cause it? Whoever pays for an order that is held: tasks.py gives it one place, the
largest's, however many there are. What nobody paid for is nobody's to decide yet.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sharetrail import calendars
from sharetrail.report import held_parts, page_paths
from sharetrail.report.building.errand import Errand, day, money
from sharetrail.report.building.people_errands import of_person
from sharetrail.report.held import HeldOrder
from sharetrail.report.report import Report
from sharetrail.report.task import Task
from sharetrail.words import names
from sharetrail.words.speech import say, say_n


def held(report: Report) -> Iterator[Errand]:
    """Orders that wait for a word, largest first, those of the days before older ones; then people
    of whose credit much is in doubt."""
    for order in report.held_orders:
        if order.waits_for_a_word and order.is_paid:
            yield _decide(report, order, _held_beside_others(report, order))
    for order in report.older_held.listed:
        yield _decide(report, order, _held_since(report, order))
    for line in report.influencers:
        if line.tier == "review" and line.score:
            reason = say("Much of what they sold is in doubt: look before you pay or thank them.")
            yield of_person("decide", line, reason)


def title(task: Task) -> str:
    """What to decide on, in a few words. Until 2026-12 the name said that it is an order's."""
    name = task.name.removeprefix("order ")
    if not name or name == "an order":
        return say("Decide on an order")
    return say("Decide on order {name}", name=names.in_sentence(name))


def _decide(report: Report, order: HeldOrder, held: str) -> Errand:
    sentences = (_question(report, order), held, _rest(report, order))
    task = Task(
        kind="decide",
        name=order.name,
        about=order.ref,
        reason=" ".join(filter(None, sentences)),
        path=page_paths.order(order.platform, order.order),
    )
    return Errand(task, frozenset(filter(None, (order.ref, order.influencer))))


def _question(report: Report, order: HeldOrder) -> str:
    amount = money(report, order.amount)
    if not order.influencer:
        return say("Credit {amount} of it?", amount=amount)
    name = names.in_sentence(order.influencer_name)
    return say("Credit {amount} to {name}?", amount=amount, name=name)


def _held_beside_others(report: Report, order: HeldOrder) -> str:
    count, why = report.held.asking.orders, order.why or say(held_parts.IN_DOUBT)
    if count <= 1:
        return say("Held: {why}.", why=why)
    return say_n(count, "Held, one of {n}: {why}.", "Held, one of {n}: {why}.", why=why)


def _held_since(report: Report, order: HeldOrder) -> str:
    """How many there are of older ones is told for all of them: held_words.py."""
    placed = calendars.local_day(order.placed_at, ZoneInfo(report.zone))
    why = order.why or say(held_parts.IN_DOUBT)
    return say("Held since {day}: {why}.", day=day(report, placed), why=why)


def _rest(report: Report, order: HeldOrder) -> str:
    """What else of the order is held, and until when."""
    rest = order.in_all - order.amount
    if rest <= 0:
        return ""
    waits = (each for each in report.held_orders if each.ref == order.ref and each.until)
    until = next((each.until for each in waits if not each.waits_for_a_word), None)
    if until is None or rest != order.order_waits:
        return say("In all, {amount} of the order is held.", amount=money(report, order.in_all))
    date = day(report, calendars.local_day(until, ZoneInfo(report.zone)))
    return say("The other {amount} is released on {day}.", amount=money(report, rest), day=date)
