"""Orders as lists have them: a line each, with whoever is credited. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sharetrail.attribution.credit import CreditLine, OrderFigures, is_paid
from sharetrail.attribution.models import Influence
from sharetrail.money import Amount
from sharetrail.report.wanted_orders import is_held, is_waiting
from sharetrail.words import names
from sharetrail.words.speech import mark, say

INFLUENCE_WORDS: dict[Influence, str] = {
    # For translators: how sharing took part in an order, behind its time.
    "last_click": mark("last click"),
    # For translators: how sharing took part in an order, behind its time.
    "assisted": mark("assisted"),
    "none": mark("without sharing"),
}


REMARKS = {
    # For translators: a remark beside an order: it is a test.
    "test": mark("test"),
    # For translators: a remark beside an order.
    "cancelled": mark("cancelled"),
    "unpaid": mark("not paid yet"),
    "refunded_in_part": mark("refunded in part"),
    # For translators: a remark beside an order.
    "refunded": mark("refunded"),
    # For translators: a remark beside an order or an amount: it is on hold.
    "held": mark("held"),
}


@dataclass(frozen=True, kw_only=True)
class Credited:
    """A person's part of an order, by the linear model."""

    influencer: str
    name: str
    amount: Amount
    held: Amount | None
    """What of it waits for its date or for the merchant's word; None where nothing does."""


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    platform: str
    order: str
    name: str
    placed_at: datetime
    net: Amount
    influence: str
    people: tuple[Credited, ...]
    remarks: tuple[str, ...]
    """Ids of REMARKS."""


def line_of(order: OrderFigures, now: datetime) -> OrderLine:
    people = people_of(order, now)
    return OrderLine(
        platform=order.platform,
        order=order.order,
        name=name_of(order.name, order.order),
        placed_at=order.placed_at,
        net=order.amount(order.net),
        influence=say(INFLUENCE_WORDS[order.influence]),
        people=people,
        remarks=tuple(_remarks(order, now)),
    )


def name_of(name: str, order_id: str) -> str:
    """What people call an order; of one without a name its id."""
    return names.name(name or order_id)


def people_of(order: OrderFigures, now: datetime) -> tuple[Credited, ...]:
    """In the order of their first touches."""
    if order.influence == "none":
        return ()
    theirs: dict[str, list[CreditLine]] = defaultdict(list)
    for line in order.details.lines("linear"):
        theirs[line.touch.influencer].append(line)
    return tuple(_credited(order, lines, now) for lines in theirs.values())


def _credited(order: OrderFigures, lines: Sequence[CreditLine], now: datetime) -> Credited:
    touch = lines[-1].touch
    held = sum(line.amount for line in lines if is_held(order, line.touch, now))
    return Credited(
        influencer=touch.influencer,
        name=touch.name,
        amount=order.amount(sum(line.amount for line in lines)),
        held=order.amount(held) if held else None,
    )


def _remarks(order: OrderFigures, now: datetime) -> list[str]:
    told = {
        "test": not order.counts,
        "cancelled": order.cancelled,
        "unpaid": not is_paid(order) and not order.cancelled,
        "refunded_in_part": bool(order.refunded or order.charged_back) and order.net > 0,
        "refunded": bool(order.refunded or order.charged_back) and order.net <= 0,
        "held": is_waiting(order, now),
    }
    return [remark for remark, holds in told.items() if holds]
