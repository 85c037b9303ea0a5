"""Someone who visits the demo shop, and what its API would receive meanwhile."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from local.shop.catalogue import PRODUCTS
from local.shop.shops import Shop
from local.shop.storefront.mounts import mounts
from local.web.http import Request, Response

KETTLE, MUG, *_ = PRODUCTS
NOW = datetime(2026, 6, 1, 12, 0, 0, 400_000, tzinfo=UTC)
TRAIL = "01jqz3k4m3abcdefgh01234567"


@dataclass
class Visitor:
    """A browser of the shop that keeps its cookie, and what Sharetrail received meanwhile."""

    status: int = 200
    cookie: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop = Shop(
            publishable_key="pk_demo",
            merchant_id="m1",
            shopify_secret="hush",
            shopify_domain="gull.myshopify.com",
            api="http://127.0.0.1:8080",
            origin="http://localhost:8080",
            codes={"MAYA10": 10},
            clock=lambda: NOW,
            deliver=self._receive,
        )
        self._mounts = mounts(self.shop)

    def _receive(self, path: str, headers: dict[str, str], body: bytes) -> int:
        self.received.append((path, headers, body))
        return self.status

    def get(self, path: str, **headers: str) -> Response:
        path, _, query = path.partition("?")
        return self._ask(Request(method="GET", path=path, raw_query=query, headers=headers))

    def post(
        self, path: str, body: Any = None, *, form: Mapping[str, Any] | None = None
    ) -> Response:
        kind = "application/json" if form is None else "application/x-www-form-urlencoded"
        sent = json.dumps(body) if form is None else urlencode(form)
        headers = {"content-type": kind}
        return self._ask(Request(method="POST", path=path, headers=headers, body=sent.encode()))

    def _ask(self, request: Request) -> Response:
        headers = {"host": "localhost:8080", "cookie": self.cookie, **request.headers}
        known = {**vars(request), "headers": headers}
        prefix = "/cart.js" if request.path == "/cart.js" else f"/{request.path.split('/')[1]}"
        answer = self._mounts[prefix](Request(**known))
        for cookie in answer.cookies:
            self.cookie = cookie.partition(";")[0]
        return answer

    def buy_now(self, product=KETTLE, **more: str) -> str:
        """Presses the button as a browser does, redirects and all. The confirmation's path."""
        form = {"id": product.variant, "quantity": 1, "buy_now": 1, **more}
        forwarded = self.post("/cart/add", form=form)
        assert (forwarded.status, forwarded.headers["location"]) == (307, "/checkout")
        placed = self.post("/checkout", form=form)
        assert placed.status == 303
        return placed.headers["location"]

    def payloads(self, topic: str) -> list[dict[str, Any]]:
        return [
            json.loads(body)
            for _, headers, body in self.received
            if headers["X-Shopify-Topic"] == topic
        ]


def said(response: Response) -> Any:
    return json.loads(response.body)
