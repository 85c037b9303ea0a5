"""GET /v1/orders: the orders of some days, one line each."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from typing_extensions import TypedDict

from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Currency, Day, Moment, Money, Page, described, money
from sharetrail.api.frame.paging import Asked
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.models import Influence
from sharetrail.attribution.touch import CODE_PREFIX
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Platform
from sharetrail.problems import Malformed
from sharetrail.report.wanted_orders import Wanted, is_waiting
from sharetrail.sharing import coupon_codes

router = Router()
OrderSort = Literal["-day", "day"]
Words = Annotated[str | None, Query(max_length=100)]


@described
class OrderSummary(TypedDict):
    platform: str
    id: str
    name: str
    """By which people know it."""
    day: Day
    placed_at: Moment
    paid_at: Moment | None
    cancelled: bool
    test: bool
    currency: Currency
    net: Money
    refunded: Money
    influence: Influence
    credited_by_influencer: dict[str, Money]
    """By the linear model."""
    decision_ids: list[str]
    """All that it waits for."""


@router.get("/v1/orders")
def list_orders(
    first: day_range.First = None,
    last: day_range.Last = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    sort: OrderSort = "-day",
    influence: Influence | None = None,
    influencer: Words = None,
    network: Words = None,
    product_id: Words = None,
    link: Words = None,
    code: Annotated[str | None, Query(max_length=coupon_codes.LONGEST)] = None,
    platform: Platform | None = None,
    held: bool | None = None,
) -> Page[OrderSummary]:
    """The newest days' first, or the oldest's; within a day by platform and id. With a touch that
    counts of this influencer, on this network, of this product, by this link or coupon `code`;
    `held`: something of it waits. A page may be short and others follow: go by its cursor."""
    merchant, now = merchant_of(router), now_of(router)
    days = day_range.within(merchant, first, last, now)
    touched = {
        "influencer": influencer,
        "network": network,
        "product": product_id,
        "link": _touch(link, code),
    }
    choices = {**touched, "influence": influence, "platform": platform, "held": held}
    asked = paging.asked(limit, cursor, sort=sort, days=(first, last), **choices)
    asked, days = day_range.carried(asked, days)
    of_touch = {name: value for name, value in touched.items() if value}
    wanted = Wanted(influence=influence or "", of_touch=of_touch, now=now)

    def is_shown(row: _Row) -> bool:
        _, order = row
        is_held = is_waiting(order, now)
        return platform in (None, order.platform) and held in (None, is_held) and wanted.has(order)

    rows = _newest(merchant, days, asked) if sort == "-day" else _oldest(merchant, days, asked)
    return paging.sifted(rows, is_shown, asked, lambda row: _summary(*row, now), lambda row: row[0])


def _touch(link: str | None, code: str | None) -> str | None:
    """As touches name a link or a coupon code. Malformed for both."""
    if link and code:
        raise Malformed("Give either `link` or `code`.", errors={"code": "stands beside `link`"})
    return f"{CODE_PREFIX}{coupon_codes.plain(code)}" if code else link


_Row = tuple[str, OrderFigures]
"""An order, and its key: its local day, platform and id."""


def _newest(merchant: Merchant, days: tuple[date, date], asked: Asked) -> Iterator[_Row]:
    return credits.newest_first(OrderFigures, merchant.id, *days, before=asked.after)


def _oldest(merchant: Merchant, days: tuple[date, date], asked: Asked) -> Iterator[_Row]:
    orders = credits.between(OrderFigures, merchant.id, *days, after=asked.after)
    return ((credits.key_of(order, merchant), order) for order in orders)


def _summary(key: str, order: OrderFigures, now: datetime) -> OrderSummary:
    open_ones = [each.id for each in order.decisions if each.is_open(now)]
    return {
        "platform": order.platform,
        "id": order.order,
        "name": order.name,
        "day": key.partition("#")[0],
        "placed_at": iso(order.placed_at),
        "paid_at": iso(order.paid_at) if order.paid_at else None,
        "cancelled": order.cancelled,
        "test": not order.counts,
        "currency": order.currency,
        "net": money(order.amount(order.net)),
        "refunded": money(order.amount(order.refunded)),
        "influence": order.influence,
        "credited_by_influencer": _credited(order),
        "decision_ids": open_ones if is_waiting(order, now) else [],
    }


def _credited(order: OrderFigures) -> dict[str, Money]:
    if order.influence == "none":
        return {}
    sums: Counter[str] = Counter()
    for line in order.details.lines("linear"):
        sums[line.touch.influencer] += line.amount
    return {who: money(order.amount(amount)) for who, amount in sums.most_common()}
