"""What the demo shop sends, judged by Shopify's own library."""

import base64
import json
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from local.shop import buyers, checkout
from local.shop.carts import Cart
from local.shop.catalogue import PRODUCTS
from local.shop.prices import Line
from local.shop.shops import Shop
from tests import npm

SECRET = "shpss_a_secret_of_the_test"
TOPICS = ["ORDERS_CREATE", "ORDERS_PAID", "REFUNDS_CREATE", "ORDERS_CANCELLED"]
INVALID = {"valid": False, "reason": "invalid_hmac"}

VALIDATE = """
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
const [library, apiSecretKey] = process.argv.slice(1);
const part = (path) => import(pathToFileURL(`${library}/dist/esm/${path}`));
await part("adapters/node/index.mjs");
const {validateFactory} = await part("lib/webhooks/validate.mjs");
const validate = validateFactory({apiSecretKey, logger: {level: -1}});
const judged = [];
for (const {headers, body} of JSON.parse(readFileSync(0, "utf8"))) {
  const rawBody = Buffer.from(body, "base64").toString("utf8");
  const rawRequest = {method: "POST", url: "/", headers};
  judged.push(await validate({rawBody, rawRequest}));
}
console.log(JSON.stringify(judged));
"""


@dataclass(frozen=True)
class Sent:
    headers: dict[str, str]
    body: bytes

    def without(self, name: str) -> "Sent":
        return replace(self, headers={n: v for n, v in self.headers.items() if n != name})


@dataclass
class Received:
    """An address that takes whatever comes."""

    all: list[Sent] = field(default_factory=list)

    def deliver(self, _path: str, headers: dict[str, str], body: bytes) -> int:
        self.all.append(Sent(headers, body))
        return 200


@pytest.fixture(scope="module")
def sent() -> list[Sent]:
    """An order that is placed, paid, refunded in part and cancelled, with letters of many bytes."""
    received = Received()
    shop = Shop(
        publishable_key="pk_demo",
        merchant_id="m1",
        shopify_secret=SECRET,
        shopify_domain="gull.myshopify.com",
        api="http://127.0.0.1:8080",
        origin="http://localhost:8080",
        deliver=received.deliver,
    )
    buyer = buyers.of("someone")
    cart = Cart(token="c1", buyer=buyer, attributes={"greeting": "Grüße, 你好 🫖"})
    order = checkout.place(shop, cart, [Line(PRODUCTS[0], 2)], buyer)
    checkout.refund_one(shop, order)
    checkout.cancel(shop, order)
    return received.all


@pytest.fixture(scope="module")
def library() -> Path:
    """Shopify's library, with the one package that its validation imports where Node looks."""
    home = npm.unpacked("@shopify/shopify-api", "13.1.0")
    needed = npm.unpacked("compare-versions", "6.1.1")
    (home / "node_modules").mkdir(exist_ok=True)
    with suppress(FileExistsError):  # by an earlier run
        (home / "node_modules/compare-versions").symlink_to(Path("../..") / needed.name)
    return home


def judged(library: Path, webhooks: list[Sent], secret: str = SECRET) -> list[dict[str, Any]]:
    asked = [
        {"headers": each.headers, "body": base64.b64encode(each.body).decode()} for each in webhooks
    ]
    answered = subprocess.run(
        [npm.program("node"), "--input-type=module", "-e", VALIDATE, str(library), secret],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert answered.returncode == 0, answered.stderr
    return json.loads(answered.stdout)


def test_shopifys_library_takes_every_webhook_of_the_demo_shop_for_shopifys(
    library: Path, sent: list[Sent]
) -> None:
    verdicts = judged(library, sent)
    assert [verdict["topic"] for verdict in verdicts] == TOPICS
    for each, verdict in zip(sent, verdicts, strict=True):
        assert verdict == {
            "valid": True,
            "webhookType": "webhooks",
            "topic": verdict["topic"],
            "hmac": each.headers["X-Shopify-Hmac-Sha256"],
            "domain": "gull.myshopify.com",
            "apiVersion": each.headers["X-Shopify-API-Version"],
            "webhookId": each.headers["X-Shopify-Webhook-Id"],
            "eventId": each.headers["X-Shopify-Event-Id"],
            "triggeredAt": each.headers["X-Shopify-Triggered-At"],
        }


def test_one_byte_changed_anywhere_is_seen(library: Path, sent: list[Sent]) -> None:
    body = sent[0].body
    bent = [
        replace(sent[0], body=body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
        for at in (*range(0, len(body), 97), len(body) - 1)
    ]
    assert judged(library, bent) == [INVALID] * len(bent)


def test_another_secret_and_another_webhooks_signature_are_seen(
    library: Path, sent: list[Sent]
) -> None:
    assert judged(library, sent, "another") == [INVALID] * len(sent)
    swapped = replace(sent[0], headers=sent[2].headers)
    assert judged(library, [swapped]) == [INVALID]


def test_a_header_that_shopify_always_sends_is_missed(library: Path, sent: list[Sent]) -> None:
    unsigned = sent[0].without("X-Shopify-Hmac-Sha256")
    untold = sent[0].without("X-Shopify-Topic")
    assert judged(library, [unsigned, untold]) == [
        {"valid": False, "reason": "missing_hmac"},
        {"valid": False, "reason": "missing_headers", "missingHeaders": ["X-Shopify-Topic"]},
    ]
