"""G8: what a webhook delivery writes, new or repeated: exactly one item, of two units where it has
no more than a kilobyte, one of them for the index of what was heard.

Signed deliveries of all four providers go over HTTP through the real receive_order on the
emulator, each one twice, byte for byte, and every request to DynamoDB is metered. What attributing
the orders writes afterwards is stated beside it, and what it takes to see that all of them were.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bench import goals
from bench.dynamodb.meter import Meter, Request, metered_cloud
from bench.goals import Figure
from sharetrail.orders import order_rings
from tests import senders
from tests.shops import Answer, Shop

_LATER = timedelta(minutes=5)
_LINES = 100
"""Of the largest order: several write units, and still one write."""
Payloads = Mapping[str, dict[str, Any]]
Sender = Callable[[Shop, str, dict[str, Any]], Answer]
"""Of a topic and its payload."""
Requests = Mapping[str, Sequence[Request]]
"""What was sent → what DynamoDB was asked for it."""


def measure() -> list[Figure]:
    with metered_cloud() as (cloud, meter):
        shop = Shop.onboard(cloud)
        requests = {provider: deliver(shop, meter, provider) for provider in PROVIDERS}
        meter.take()
        cloud.drain()
        after = sum(request.writes for request in meter.take())
        cloud.schedule("sweep")
        cloud.drain()
        looks = len(meter.take())
        orders = len([*order_rings.between(cloud.clock.now(), cloud.clock.now())])
    number = sum(map(len, requests.values()))
    beside = {
        "attributing them afterwards": f"{after} writes for {number} deliveries",
        "an hour's look for what rang in vain": f"{looks} requests for {orders} orders",
    }
    return [
        figure for provider, own in requests.items() for figure in _figures(provider, own, beside)
    ]


def _figures(provider: str, deliveries: Requests, beside: Mapping[str, str]) -> list[Figure]:
    writes = [sum(request.writes for request in own) for own in deliveries.values()]
    units = [sum(request.units for request in own) for own in deliveries.values()]
    reads = sum(map(len, deliveries.values())) - sum(writes)
    details = {
        "deliveries": f"{len(deliveries)}: {', '.join(deliveries)}",
        "write units": f"{max(units)} at the most, for {_LINES} order lines",
        "reads": f"{reads} in all, of profile and secret, once a minute",
        **beside,
    }
    return [
        goals.exactly_one("G8", f"writes a delivery, {provider}", writes, details),
        Figure("G8", f"write units of a small one, {provider}", min(filter(None, units)), 2),
    ]


def deliver(shop: Shop, meter: Meter, provider: str) -> Requests:
    """Sends a provider's webhooks, each twice."""
    send, payloads = PROVIDERS[provider]
    requests: dict[str, list[Request]] = {}
    now = shop.cloud.clock.now().replace(microsecond=0)
    for topic, payload in payloads(shop, now).items():
        for name, is_new in ((topic, True), (f"{topic} again", False)):
            meter.take()
            answer = send(shop, topic, payload)
            assert answer.status == 200, answer.body
            assert answer.json["new"] is is_new, answer.json
            requests[name] = meter.take()
    return requests


# ── each provider's payloads by topic, the first with the most lines ─────────────────────────────
def _by_shopify(shop: Shop, at: datetime) -> Payloads:
    sold = shop.an_order("1001", "48.50", "none", created_at=at.isoformat())
    return {
        "orders/create": {**sold, "line_items": sold["line_items"] * _LINES},
        "orders/paid": sold,
        "refunds/create": shop.a_refund("1001", "1", "10.00"),
        "orders/cancelled": {**sold, "cancelled_at": at.isoformat()},
    }


def _by_woocommerce(_shop: Shop, at: datetime) -> Payloads:
    sold = senders.a_woo_order(at)
    refunds = [senders.a_woo_refund(1, "-10.00")]
    return {
        "order.created": {**sold, "line_items": sold["line_items"] * _LINES},
        "order.updated": senders.later(sold, at + _LATER, refunds=refunds),
    }


def _by_stripe(_shop: Shop, at: datetime) -> Payloads:
    things = {
        "checkout.session.completed": senders.a_session(at),
        "charge.refunded": senders.a_charge(1_000),
    }
    return {kind: senders.an_event(kind, thing, at) for kind, thing in things.items()}


def _by_standard(_shop: Shop, at: datetime) -> Payloads:
    order = {"order_id": "A-1", "currency": "USD", "subtotal": "30.00", "total": "33.00"}
    line = {"product_id": "mug", "title": "Mug", "quantity": 1, "net": "30.00"}
    orders: Payloads = {
        "order.placed": {
            **order,
            "subtotal": "3000.00",
            "total": "3003.00",
            "items": [line] * _LINES,
        },
        "order.paid": order,
        "order.updated": order,
        "order.refunded": {**order, "refund_id": "r1"},
        "order.cancelled": order,
    }
    said = {"timestamp": at.isoformat()}
    return {kind: {"type": kind, "data": data, **said} for kind, data in orders.items()}


PROVIDERS: Mapping[str, tuple[Sender, Callable[[Shop, datetime], Payloads]]] = {
    "shopify": (Shop.deliver, _by_shopify),
    "woocommerce": (senders.send_woo, _by_woocommerce),
    "stripe": (lambda shop, _, event: senders.post_stripe(shop, event), _by_stripe),
    "standard": (lambda shop, _, message: senders.post_standard(shop, message), _by_standard),
}


if __name__ == "__main__":
    goals.main(measure)
