"""A shop in a test: onboarded, shared from, visited and bought at, over HTTP as it is in life."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.cloud import Cloud
from tests import contract

HOST = "shop.example"
ORIGIN = f"https://{HOST}"
SHOPIFY_DOMAIN = "mugs.myshopify.com"
SHOPIFY_SECRET = "shpss_a_secret_of_the_test"
WOOCOMMERCE_SECRET = "a secret of the test that WooCommerce made"
STRIPE_SECRET = "whsec_a_secret_of_the_test"
SECRETS = {
    "shopify": SHOPIFY_SECRET,
    "woocommerce": WOOCOMMERCE_SECRET,
    "stripe": STRIPE_SECRET,
}
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
AS_A_BROWSER = {"user-agent": BROWSER, "accept-language": "en"}


def usd(amount: str) -> dict[str, str]:
    """As answers tell amounts of money."""
    return {"amount": amount, "currency": "USD"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def refusal(self) -> str:
        """A problem without what tells its request from others."""
        return json.dumps({name: it for name, it in self.json.items() if name != "request_id"})


@dataclass
class Shop:
    cloud: Cloud
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def onboard(cls, cloud: Cloud, **asked: Any) -> "Shop":
        shop = cls(cloud)
        shop.facts = shop.onboarded(**asked)
        return shop

    def onboarded(self, **asked: Any) -> dict[str, Any]:
        """Onboards (again), at the cloud's time."""
        event = {
            "time": self.cloud.clock.now().isoformat(),
            "shop_host": HOST,
            "name": "Mug & Bean",
            "currency": "USD",
            "zone": "America/New_York",
            "recipients": ["owner@shop.example"],
            "shopify_domain": SHOPIFY_DOMAIN,
            "webhook_secrets": SECRETS,
            **asked,
        }
        return self.cloud.invoke("onboard_merchant", event)

    @property
    def id(self) -> str:
        return self.facts["merchant_id"]

    def stand_still(self) -> datetime:
        """From the beginning of a second on, this one, time passes where a test lets it: whoever
        tells whole seconds tells what the test says, however long the machine takes."""
        clock = self.cloud.clock
        real = clock._real()
        clock._real = lambda: real
        return clock.set_forward((clock.now() + timedelta(seconds=1)).replace(microsecond=0))

    def run(self, *folders: str) -> list[dict[str, Any]]:
        """Runs these schedules, each until nothing is left to do of what it queued; what failed."""
        failed: list[dict[str, Any]] = []
        for folder in folders:
            assert self.cloud.schedule(folder).error is None
            failed += self.cloud.drain()["failed"]
        return failed

    # ── HTTP ─────────────────────────────────────────────────────────────────────────────────────
    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", self.cloud.server.port, timeout=30)
        connection.request(method, path, raw, {**AS_A_BROWSER, **(headers or {})})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, named, response.read())
        connection.close()
        if path.startswith("/v1/") and "content-encoding" not in named:
            contract.hold(method, path, answer.status, named.get("content-type", ""), answer.body)
        return answer

    def share(self, by: str = "ana", key: str = "secret_key", **body: Any) -> Answer:
        """Creates a link; by default as the shop's own server does."""
        wish = {"url": f"{ORIGIN}/products/mug", "network": "whatsapp", **body}
        if key == "secret_key":
            wish = {"influencer": {"id": by, "name": by.title()}, **wish}
        headers = {
            "authorization": f"Bearer {self.facts[key]}",
            "origin": ORIGIN,
            "content-type": "application/json",
            "user-agent": "shop-server/1.0" if key == "secret_key" else BROWSER,
        }
        return self.ask("POST", "/v1/links", wish, headers)

    def follow(self, code: str, agent: str = PHONE, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, f"/{code}", headers={"user-agent": agent, **named})

    def click(self, code: str, agent: str = PHONE) -> str:
        """Follows a link; the click id the destination got."""
        location = self.follow(code, agent).headers["location"]
        return parse_qs(urlsplit(location).query)["st"][0]

    def read(self, path: str) -> Any:
        """A resource of the merchant API."""
        headers = {"authorization": f"Bearer {self.facts['secret_key']}"}
        answer = self.ask("GET", path, headers=headers)
        assert answer.status == 200, answer.body
        return answer.json

    # ── webhooks ─────────────────────────────────────────────────────────────────────────────────
    def deliver(
        self, topic: str, payload: dict[str, Any], query: str = "", **headers: str
    ) -> Answer:
        """Sends a signed Shopify webhook."""
        body = json.dumps(payload).encode()
        digest = hmac.new(SHOPIFY_SECRET.encode(), body, hashlib.sha256).digest()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(
            "POST",
            f"/v1/webhooks/shopify/{self.id}{query}",
            body,
            {
                "content-type": "application/json",
                "x-shopify-topic": topic,
                "x-shopify-shop-domain": SHOPIFY_DOMAIN,
                "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
                **named,
            },
        )

    def buy(
        self, order: str, price: str = "50.00", trail: str | None = None, **more: Any
    ) -> Answer:
        return self.deliver("orders/create", self.an_order(order, price, trail, **more))

    def an_order(
        self, order: str, price: str = "50.00", trail: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Shopify's payload of an order of one item, placed now, by a buyer of its own."""
        visit, email = more.pop("visit", None), f"buyer{order}@example.com"
        said = {"sharetrail": trail, "sharetrail_visit": visit}
        return {
            "id": int(order),
            "name": f"#{order}",
            "created_at": self.cloud.clock.now().isoformat(),
            "cancelled_at": None,
            "financial_status": "paid",
            "currency": "USD",
            "subtotal_price": price,
            "total_price": price,
            "taxes_included": False,
            "test": False,
            "email": email,
            "customer": {"id": 7_700_000_000_000_000 + int(order), "email": email},
            "landing_site": "/products/mug",
            "note_attributes": [{"name": n, "value": v} for n, v in said.items() if v],
            "discount_codes": [],
            "line_items": [
                {"product_id": 1, "title": "Mug", "quantity": 1, "price": price, "tax_lines": []}
            ],
            **more,
        }

    def a_refund(self, order: str, refund: str, subtotal: str, **more: Any) -> dict[str, Any]:
        return {
            "id": int(refund),
            "order_id": int(order),
            "created_at": (self.cloud.clock.now() + timedelta(seconds=1)).isoformat(),
            "refund_line_items": [{"quantity": 1, "subtotal": subtotal, "total_tax": "0.00"}],
            "order_adjustments": [],
            "transactions": [
                {"kind": "refund", "status": "success", "amount": subtotal, "currency": "USD"}
            ],
            **more,
        }

    def order(self, order: str, platform: str = "shopify") -> Any:
        return self.read(f"/v1/orders/{platform}/{order}")


def monday(at: datetime) -> datetime:
    """Monday 08:05 in New York (standard or summer time both) after the week of `at` ended."""
    local = at - timedelta(hours=5)
    start = local + timedelta(days=7 - local.weekday())
    return start.replace(hour=8, minute=5, second=0, microsecond=0) + timedelta(hours=5)
