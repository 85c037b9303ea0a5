"""The demo shop's orders: Shopify's own payloads, made from the clicks of people."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.demo.cast import Sharer
from local.demo.story import SEED
from local.shop import buyers
from local.shop.catalogue import PRODUCTS
from local.shop.prices import Discount
from local.shop.shopify.order_payload import order_payload
from local.shop.shopify.refund_payload import cancel_payload, refund_payload
from local.shop.shopify.shapes import Payload
from sharetrail.clicks.click import Click
from sharetrail.sharing.link import Link

DOMAIN = "gull-and-kettle.myshopify.com"
ORDERS = 450
BUYERS = 4_000
"""So many people that hardly anyone buys twice."""
FIRST_NUMBER = 1_001
_FIRST_ID = 4_900_000_000_000
_INFLUENCED_PART = 0.55
_WINDOW = timedelta(days=30)
_Touch = tuple[Click, Link, Sharer]


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One webhook of the demo's history."""

    topic: str
    payload: Payload
    at: datetime


def webhooks(people: list[_Touch], start: datetime, end: datetime) -> list[Webhook]:
    """Every order as created, some later refunded or cancelled, in time order."""
    chance = random.Random(SEED + 1)
    placed = sorted(_placements(chance, people, start, end), key=lambda each: each[0])
    history: list[Webhook] = []
    for n, (at, trail, visit, landing) in enumerate(placed):
        order = _order(chance, n, at, trail, visit, landing)
        history.append(Webhook(topic="orders/create", payload=order, at=at))
        later = _afterwards(chance, n, order, at)
        history += [later] if later and later.at < end else []
    return sorted(history, key=lambda each: each.at)


# ── when, and after which clicks ─────────────────────────────────────────────────────────────────
_Placement = tuple[datetime, str | None, str | None, str | None]


def _placements(
    chance: random.Random, people: list[_Touch], start: datetime, end: datetime
) -> list[_Placement]:
    """Times with the trail, visit and landing page that their orders carry."""
    last_clicks = chance.choices(people, [_worth(each) for each in people], k=ORDERS)
    influenced = int(ORDERS * _INFLUENCED_PART)
    made = [_after_clicks(chance, each, people, end) for each in last_clicks[:influenced]]
    for click, _, _ in last_clicks[influenced:]:
        # The rest come at a shop's usual hours, and no share brought them.
        said = chance.choices(["none", "denied", None], [10, 2, 2])[0]
        at = click.at + (end - click.at) * chance.random() * 0.02
        made.append((max(start, at), said, "other" if said else None, None))
    return made


def _worth(touch: _Touch) -> float:
    _, _, sharer = touch
    return sharer.sells


def _after_clicks(
    chance: random.Random, last: _Touch, people: list[_Touch], end: datetime
) -> _Placement:
    """An order after a last click, often with earlier clicks by others on the way to it."""
    click, link, sharer = last
    before = [
        each
        for each in chance.sample(people, 12)
        if each[0].at < click.at and click.at - each[0].at < _WINDOW and not each[2].closes
    ]
    wanted = chance.choice((1, 1, 2)) if sharer.closes else chance.choice((0, 0, 0, 1, 1, 2))
    path = sorted([*(each[0] for each in before[:wanted]), click], key=lambda each: each.id)
    same_visit = sharer.closes or chance.random() < 0.55
    wait = timedelta(minutes=chance.randint(3, 28)) if same_visit else _days(chance)
    at = min(click.at + wait, end - timedelta(seconds=chance.randint(30, 3_000)))
    if at <= click.at:
        at = click.at + timedelta(seconds=20)
    if chance.random() < 0.05:  # the script was blocked; the landing page still carries the id
        return at, None, None, f"/shop?st={click.id}&utm_medium=share&utm_content={link.code}"
    ids = ",".join(each.id for each in path)
    return at, ids, click.id if same_visit else "other", None


def _days(chance: random.Random) -> timedelta:
    return timedelta(hours=chance.expovariate(1 / 70) + 2)


# ── what was bought, and what became of it ───────────────────────────────────────────────────────
def _order(
    chance: random.Random,
    n: int,
    at: datetime,
    trail: str | None,
    visit: str | None,
    landing: str | None,
) -> Payload:
    said = {"sharetrail": trail, "sharetrail_visit": visit}
    chosen = chance.sample(PRODUCTS, chance.choices((1, 2, 3), (6, 3, 1))[0])
    lines = [(product, chance.choices((1, 2, 4), (7, 2, 1))[0], {}) for product in chosen]
    saves = chance.random() < 0.12
    return order_payload(
        id=_FIRST_ID + n * 7,
        name=f"#{FIRST_NUMBER + n}",
        created_at=at,
        lines=lines,
        customer=buyers.of(f"buyer {chance.randrange(BUYERS)}"),
        note_attributes={name: value for name, value in said.items() if value},
        landing_site=landing or "/shop",
        discount=Discount(code="HARBOUR5", amount=5_00) if saves else None,
        test=n == 40,
    )


def _afterwards(chance: random.Random, n: int, order: Payload, at: datetime) -> Webhook | None:
    """One in fourteen is refunded, whole or in part; one in forty is cancelled."""
    later = at + timedelta(days=chance.uniform(0.5, 11))
    if n % 40 == 7:
        payload = cancel_payload(order=order, cancelled_at=later)
        return Webhook(topic="orders/cancelled", payload=payload, at=later)
    if n % 14 != 3:
        return None
    items = order["line_items"] if n % 28 == 3 else order["line_items"][:1]
    back = {item["id"]: item["quantity"] for item in items}
    refund = refund_payload(id=order["id"] + 3, order=order, created_at=later, quantities=back)
    return Webhook(topic="refunds/create", payload=refund, at=later)
