"""Orders for tests of what they cost and brought: by whom, for how much, by which code."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sharetrail.attribution.credit import BuyerOrder, OrderCredits, compute_credits
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import CODE_PREFIX, COUPON, OrderTouches, Touch
from sharetrail.aws.items import dump, load
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def click(
    who: str, at: datetime, *, network: str = "instagram", campaign: str = "", number: int = 0
) -> Touch:
    return _touch(f"click-{number}-{who}", who, at, network, campaign=campaign, evidence="trail")


def code(text: str, who: str, at: datetime) -> Touch:
    return _touch(CODE_PREFIX + text, who, at, COUPON, evidence="code")


def _touch(name: str, who: str, at: datetime, network: str, **more: Any) -> Touch:
    return Touch(
        id=name,
        at=at,
        link=f"link-of-{who}",
        influencer=who,
        name=who.title(),
        network=network,
        verdict="human",
        reason="",
        verdict_version=1,
        **more,
    )


def an_order(
    number: int,
    net: int,
    *touches: Touch,
    day: int = 0,
    off: dict[str, int] | None = None,
    buyer: tuple[str, ...] = (),
    paid: bool = True,
    earlier: int | None = 0,
    left: int | None = None,
    **state: Any,
) -> BuyerOrder:
    """So many days behind NOON, `left` of it standing, as it is stored and read."""
    at = NOON + timedelta(days=day)
    sale = Sale(name=f"#{number}", currency="USD", lines=(), net=net, total=net)
    order = Order(
        sale=sale,
        placed_at=at,
        paid_at=at if paid else None,
        net=net if left is None else left,
        refunded=0,
        fact_count=1,
        **state,
    )
    found: OrderCredits = compute_credits(
        OrderRef(merchant="m", platform="shopify", id=f"{number}"),
        order,
        OrderTouches(touches=touches),
        CreditRule(),
        buyer=buyer,
        taken_off={CODE_PREFIX + name: amount for name, amount in (off or {}).items()},
        earlier_orders=earlier,
    )
    return load(BuyerOrder, dump(found))


def before(day: int = 0) -> datetime:
    """An hour before an order of that day."""
    return NOON + timedelta(days=day, hours=-1)
