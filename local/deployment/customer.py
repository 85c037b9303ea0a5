"""What a shop, its shoppers and its system say to a deployed stack, over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.deployment.stack import Stack
from local.shop.shopify import deliveries

DOMAIN, SECRET = "mugs.myshopify.com", "shpss_of_the_rehearsal"
_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
_PATIENCE = 60.0  # seconds: a function's first call starts it


class Broken(Exception):
    """A step did not do what it is there for."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Customer:
    stack: Stack
    api: str
    """Where its routes are."""
    facts: Mapping[str, Any]
    """What onboarding answered."""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        whole = {"user-agent": _PHONE, "content-type": "application/json", **headers}
        request = urllib.request.Request(self.api + path, sent, whole, method=method)
        try:
            with _OPENER.open(request, timeout=_PATIENCE) as answer:
                return _answer(answer)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error)

    def told(self, method: str, path: str, body: Any = None) -> Any:
        """What a call with the secret key answers."""
        answer = self.ask(method, path, body, authorization=f"Bearer {self.facts['secret_key']}")
        if not 200 <= answer.status < 300:
            raise Broken(f"{method} {path}: {answer.status} {answer.text[:300]}")
        return json.loads(answer.text)

    def deliver(self, order: str, at: datetime, **told: Any) -> None:
        """A webhook of an order, as Shopify signs it."""
        item = {"product_id": 1, "title": "Mug", "quantity": 1, "price": "50.00", "tax_lines": []}
        payload = {
            "id": int(order),
            "name": f"#{order}",
            "created_at": at.isoformat(),
            "cancelled_at": None,
            "financial_status": "paid",
            "currency": "EUR",
            "subtotal_price": "50.00",
            "total_price": "50.00",
            "taxes_included": False,
            "test": False,
            "email": f"buyer{order}@buyer.example",
            "customer": {"id": int(order), "email": f"buyer{order}@buyer.example"},
            "landing_site": "/products/mug",
            "note_attributes": [],
            "discount_codes": [],
            "line_items": [item],
            **told,
        }
        body, now = deliveries.body_of(payload), datetime.now(UTC)
        topic = "orders/create"
        headers = deliveries.headers_of(
            topic=topic, body=body, secret=SECRET, domain=DOMAIN, at=now
        )
        path = f"/v1/webhooks/shopify/{self.facts['merchant_id']}"
        answer = self.ask("POST", path, body, **{n.lower(): v for n, v in headers.items()})
        if answer.status != 200:
            raise Broken(f"{path}: {answer.status} {answer.text[:300]}")


def _answer(answer: Any) -> Answer:
    return Answer(status=answer.status, headers=answer.headers, text=answer.read().decode())
