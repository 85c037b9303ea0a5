"""GET /v1/held-orders: what is held of orders, in parts that add up, and by which decisions."""

from datetime import datetime
from itertools import islice

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Currency, Moment, Money, Page, described, money
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.orders.decision_answer import DecisionAnswer, decision_answer
from sharetrail.attribution import credits
from sharetrail.attribution.credit import JudgedOrder, OrderCredits, OrderHead
from sharetrail.attribution.sentences import decision as decision_sentences
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report import held_parts
from sharetrail.report.held import HeldOrder as HeldPart

router = Router()


@described
class HeldPartAnswer(TypedDict):
    influencer: str | None
    """`null` where it is of several people."""
    credited: Money
    """Of what is withheld, what it would be were all of that released."""
    decision_ids: list[str]
    """All that it waits for."""


@described
class HeldDecision(DecisionAnswer):
    credited: Money
    """By the linear model, or what would be if it alone were released: decisions overlap."""


@described
class HeldOrder(TypedDict):
    platform: str
    id: str
    name: str
    placed_at: Moment
    currency: Currency
    net: Money
    waits_for_word: Money
    """What waits for the merchant's word."""
    waits_for_date: Money
    """What else waits for its date."""
    parts: list[HeldPartAnswer]
    """They add up to both."""
    decisions: list[HeldDecision]


@router.get("/v1/held-orders")
def list_held(
    first: day_range.First = None,
    last: day_range.Last = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> Page[HeldOrder]:
    """The orders of these days with a wait that has not ended or a doubt that nobody decided."""
    merchant, now = merchant_of(router), now_of(router)
    days = day_range.within(merchant, first, last, now, usual=day_range.LONGEST)
    asked = paging.asked(limit, cursor, days=(first, last))
    asked, days = day_range.carried(asked, days)
    orders = credits.between(JudgedOrder, merchant.id, *days, after=asked.after)
    standing = (order for order in orders if order.net > 0)
    held = (order for order in standing if any(each.is_open(now) for each in order.decisions))
    rows = list(islice(held, limit + 1))
    stored = credits.find_all(_ref(merchant, order) for order in rows[:limit])
    page = paging.page(
        rows,
        asked,
        lambda order: _held(stored[_ref(merchant, order)], now),
        lambda order: credits.key_of(order, merchant),
    )
    # What would credit nothing is nobody's to decide.
    return {**page, "items": [each for each in page["items"] if each["decisions"]]}


def _ref(merchant: Merchant, order: OrderHead) -> OrderRef:
    return OrderRef(merchant=merchant.id, platform=order.platform, id=order.order)


def _held(order: OrderCredits, now: datetime) -> HeldOrder:
    order = decision_sentences.reworded(order, decision_sentences.Plain())
    parts = held_parts.of_order(order, order, now)
    holding = {decision for each in parts for decision in each.decisions}
    return {
        "platform": order.platform,
        "id": order.order,
        "name": order.name,
        "placed_at": iso(order.placed_at),
        "currency": order.currency,
        "net": money(order.amount(order.net)),
        "waits_for_word": _sum(order, [each for each in parts if each.waits_for_a_word]),
        "waits_for_date": _sum(order, [each for each in parts if not each.waits_for_a_word]),
        "parts": [_part(each, order) for each in parts],
        "decisions": [
            {
                **decision_answer(each, order),
                "credited": money(order.amount(order.credited_without(each))),
            }
            for each in order.decisions
            if each.id in holding and each.is_open(now)
        ],
    }


def _sum(order: OrderCredits, parts: list[HeldPart]) -> Money:
    return money(order.amount(sum(each.amount for each in parts)))


def _part(part: HeldPart, order: OrderCredits) -> HeldPartAnswer:
    return {
        "influencer": part.influencer or None,
        "credited": money(order.amount(part.amount)),
        "decision_ids": [*part.decisions],
    }
