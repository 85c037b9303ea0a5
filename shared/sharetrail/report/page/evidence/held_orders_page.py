"""The orders that wait for their date or for the merchant's word, newest first: of the days that
are asked for, or else as far back as anything can wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import JudgedOrder, OrderCredits, is_paid
from sharetrail.attribution.fraud_rules import DOUBTED
from sharetrail.money import Amount
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report import held_parts, span
from sharetrail.report.held import HeldBy, HeldOrder
from sharetrail.report.page.evidence import order_lines, sheet
from sharetrail.report.page.visit import Visit
from sharetrail.report.span import Span
from sharetrail.sharing import influencers
from sharetrail.web import cursors
from sharetrail.web.http import Answer
from sharetrail.words.speech import say

ON_A_PAGE = 20
LOOKED_AT = 5_000
"""Orders that are looked through for a page at most."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A part of an order, and what may be decided beside it: each decision once an order."""

    part: HeldOrder
    is_first_offered: bool
    also: tuple[tuple[HeldBy, bool], ...]
    """What else it waits for, and whether that is offered here."""


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    platform: str
    order: str
    name: str
    placed_at: datetime
    net: Amount
    currency: str
    is_paid: bool
    held: tuple[Offered, ...]
    """Never none."""


def show(visit: Visit) -> Answer:
    found, cursor, looked_at = _held(visit)
    refs = [_ref(visit, order) for order in found]
    stored, who = credits.find_all(refs), visit.query.get("influencer", "")
    orders = [stored[ref] for ref in refs if ref in stored]
    theirs = [each for each in orders if not who or _is_held_of(each, who, visit.now)]
    return sheet.render(
        "held_orders",
        visit,
        say("Held orders"),
        at="held",
        lines=[line for order in theirs if (line := _line(order, visit.now))],
        who=who and influencers.name_of(visit.merchant.id, who),
        cursor=cursor,
        looked_at=looked_at,
        is_of_days=visit.is_of_days,
    )


def _held(visit: Visit) -> tuple[list[JudgedOrder], str, int]:
    """A page of them, where the next one begins, and how many orders were looked at for it."""
    behind = cursors.key_of(visit.query.get("cursor"))
    days = _days(visit)
    rows = credits.newest_first(JudgedOrder, visit.merchant.id, days.first, days.last, behind)
    found: list[JudgedOrder] = []
    looked_at = 0
    for key, order in islice(rows, LOOKED_AT):
        looked_at += 1
        if order.net > 0 and any(each.is_open(visit.now) for each in order.decisions):
            found.append(order)
        if len(found) == ON_A_PAGE or looked_at == LOOKED_AT:
            return found, cursors.cursor_of(key), looked_at
    return found, "", looked_at


def _is_held_of(order: OrderCredits, who: str, now: datetime) -> bool:
    """Whether anything of theirs waits, as far as its decisions say."""
    theirs = [each for each in order.details.touches if each.influencer == who]
    return any(each.is_open(now) and each.is_about(t) for each in order.decisions for t in theirs)


def _ref(visit: Visit, order: JudgedOrder) -> OrderRef:
    return OrderRef(merchant=visit.merchant.id, platform=order.platform, id=order.order)


def _line(order: OrderCredits, now: datetime) -> HeldLine | None:
    """None of what credits nothing: it is nobody's to decide."""
    parts = held_parts.of_order(order, order, now)
    if not parts:
        return None
    return HeldLine(
        platform=order.platform,
        order=order.order,
        name=order_lines.name_of(order.name, order.order),
        placed_at=order.placed_at,
        net=order.amount(order.net),
        currency=order.currency,
        is_paid=is_paid(order),
        held=_offered(parts),
    )


def _offered(parts: Sequence[HeldOrder]) -> tuple[Offered, ...]:
    met: set[str] = set()
    firsts = {each.decision for each in parts}

    def is_new(decision: str) -> bool:
        is_met = decision in met
        met.add(decision)
        return not is_met

    return tuple(
        Offered(
            part=part,
            is_first_offered=is_new(part.decision),
            also=tuple(
                (each, each.decision not in firsts and is_new(each.decision)) for each in part.also
            ),
        )
        for part in parts
    )


def _days(visit: Visit) -> Span:
    if visit.is_of_days:
        return visit.span
    today = calendars.local_day(visit.now, visit.merchant.tz)
    return span.days(today - DOUBTED, today)
