"""The shop: who it is, what it knows, and where its webhooks go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from local.shop.carts import Carts
from local.shop.catalogue import BRAND
from local.shop.orders import Orders
from local.shop.shopify import deliveries
from local.shop.shopify.deliveries import Deliver, Delivery
from local.shop.shopify.shapes import Payload


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Shop:
    """`api` and `origin` are addresses without a slash at the end; `codes` are per cent off by
    discount code. `deliver(path, headers, body)` answers the API's status.
    """

    name: str = BRAND
    publishable_key: str
    merchant_id: str
    shopify_secret: str
    shopify_domain: str
    api: str
    origin: str
    currency: str = "USD"
    codes: Mapping[str, int] = field(default_factory=dict)
    clock: Callable[[], datetime] = _now
    deliver: Deliver | None = None
    carts: Carts = field(default_factory=Carts, repr=False)
    orders: Orders = field(default_factory=Orders, repr=False)

    def tell(self, topic: str, payload: Payload) -> Delivery:
        """Sends one signed webhook; a failure is told, not raised."""
        at = self.clock()
        body = deliveries.body_of(payload)
        headers = deliveries.headers_of(
            topic=topic, body=body, secret=self.shopify_secret, domain=self.shopify_domain, at=at
        )
        deliver = self.deliver or partial(deliveries.post, self.api)
        status = deliver(f"/v1/webhooks/shopify/{self.merchant_id}", headers, body)
        return Delivery(topic=topic, at=at, status=status)
