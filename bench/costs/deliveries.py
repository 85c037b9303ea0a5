"""G8: what a webhook delivery writes, new or repeated: exactly one item.

Signed deliveries of all four providers go over HTTP through the real receive_order on the
emulator, each one twice, byte for byte, and every request to DynamoDB is metered. What attributing
the orders writes afterwards is stated beside it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from standardwebhooks import Webhook

from bench import goals
from bench.dynamodb.meter import Meter, Request, metered_cloud
from bench.goals import Figure
from tests import senders
from tests.shops import Answer, Shop

_LATER = timedelta(minutes=5)
_LINES = 100
"""Of the largest order: several write units, and still one write."""
Deliveries = Mapping[str, Sequence[Request]]
"""What was sent → what DynamoDB was asked for it."""
PROVIDERS = ("shopify", "woocommerce", "stripe", "standard")


def measure() -> list[Figure]:
    with metered_cloud() as (cloud, meter):
        till = Till(Shop.onboard(cloud), meter)
        requests = {name: dict(till.deliveries(name)) for name in PROVIDERS}
        meter.take()
        cloud.drain()
        after = [request for request in meter.take() if request.writes]
    deliveries = sum(len(own) for own in requests.values())
    beside = {"attributing them afterwards": f"{len(after)} writes for {deliveries} deliveries"}
    return [_figure(name, own, beside) for name, own in requests.items()]


def _figure(provider: str, deliveries: Deliveries, beside: dict[str, str]) -> Figure:
    writes = [sum(request.writes for request in requests) for requests in deliveries.values()]
    units = [sum(request.units for request in requests) for requests in deliveries.values()]
    reads = sum(not request.writes for requests in deliveries.values() for request in requests)
    return Figure(
        goal="G8",
        what=f"writes a delivery, {provider}",
        value=max(writes, key=lambda count: abs(count - 1)),
        limit=1,
        sense="exactly",
        details={
            "deliveries": f"{len(deliveries)}: {', '.join(deliveries)}",
            "write units": f"{min(units)} to {max(units)}, the most for {_LINES} order lines",
            "reads": f"{reads} in all, of profile and secret, once a minute",
            **beside,
        },
    )


class Till:
    """Sends a shop's webhooks, each twice, and tells what DynamoDB was asked for each."""

    def __init__(self, shop: Shop, meter: Meter) -> None:
        self._shop, self._meter = shop, meter
        self._at = shop.cloud.clock.now().replace(microsecond=0)

    def deliveries(self, provider: str) -> Iterator[tuple[str, list[Request]]]:
        """What was sent → what was asked, in order."""
        send, payloads = {
            "shopify": (self._by_shopify, self._orders),
            "woocommerce": (self._by_woocommerce, self._snapshots),
            "stripe": (self._by_stripe, self._events),
            "standard": (self._by_standard, self._messages),
        }[provider]
        for topic, payload in payloads():
            for name, is_new in ((topic, True), (f"{topic} again", False)):
                self._meter.take()
                answer = send(topic, payload)
                assert answer.status == 200, answer.body
                assert answer.json["new"] is is_new, answer.json
                yield name, self._meter.take()

    def _orders(self) -> Iterator[tuple[str, dict[str, Any]]]:
        shop, created = self._shop, self._at.isoformat()
        sold = shop.an_order("1001", "48.50", "none", created_at=created)
        (line,) = sold["line_items"]
        yield "orders/create", {**sold, "line_items": [line] * _LINES}
        yield "orders/paid", sold
        yield "refunds/create", shop.a_refund("1001", "1", "10.00")
        yield "orders/cancelled", {**sold, "cancelled_at": created}

    def _by_shopify(self, topic: str, payload: dict[str, Any]) -> Answer:
        return self._shop.deliver(topic, payload)

    def _snapshots(self) -> Iterator[tuple[str, dict[str, Any]]]:
        sold = senders.a_woo_order(self._at)
        (line,) = sold["line_items"]
        yield "order.created", {**sold, "line_items": [line] * _LINES}
        refunds = [senders.a_woo_refund(1, "-10.00")]
        yield "order.updated", senders.later(sold, self._at + _LATER, refunds=refunds)

    def _by_woocommerce(self, topic: str, payload: dict[str, Any]) -> Answer:
        return senders.send_woo(self._shop, topic, payload)

    def _events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "checkout.session.completed", senders.a_session(self._at)
        yield "charge.refunded", senders.a_charge(1_000)

    def _by_stripe(self, kind: str, thing: dict[str, Any]) -> Answer:
        return senders.post_stripe(self._shop, senders.an_event(kind, thing, self._at))

    def _messages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        order = {"order_id": "A-1", "currency": "USD", "subtotal": "30.00", "total": "33.00"}
        line = {"product_id": "mug", "title": "Mug", "quantity": 1, "net": "30.00"}
        yield "order.placed", {**order, "items": [line] * _LINES}
        yield "order.paid", order
        yield "order.updated", order
        yield "order.refunded", {**order, "refund_id": "r1"}
        yield "order.cancelled", order

    def _by_standard(self, kind: str, data: dict[str, Any]) -> Answer:
        message = {"type": kind, "timestamp": self._at.isoformat(), "data": data}
        text = json.dumps(message)
        secret = self._shop.facts["webhook_secrets"]["standard"]
        signature = Webhook(secret).sign("msg_1", self._at, text)
        headers = {
            "content-type": "application/json",
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(self._at.timestamp())),
            "webhook-signature": signature,
        }
        path = f"/v1/webhooks/standard/{self._shop.id}"
        return self._shop.ask("POST", path, text.encode(), headers)


if __name__ == "__main__":
    goals.main(measure)
