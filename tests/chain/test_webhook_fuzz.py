"""Whatever is sent to a webhook's address, the answer is a 2xx or a 4xx, and no reader stumbles:
not over headers, not over bodies, not over what is signed and bent in a place or two."""

import base64
import copy
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.receive_order.app import handler
from sharetrail.webhooks.payloads.standard import MODELS
from sharetrail.webhooks.providers import PROVIDERS
from tests.events import MERCHANT, SATURDAY, stored
from tests.senders import (
    Payload,
    a_charge,
    a_dispute,
    a_message,
    a_session,
    a_stripe_refund,
    a_woo_order,
    a_woo_refund,
    an_event,
    meta,
    stripe_headers,
    woo_headers,
)
from tests.shops import SHOPIFY_DOMAIN, SHOPIFY_SECRET, Shop

EXAMPLES = int(os.environ.get("FUZZ", "150"))
"""How many of each, and the same in every run; FUZZ=10000 for a night of others."""
FUZZ = settings(
    max_examples=EXAMPLES,
    derandomize="FUZZ" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RECORDED = stored()["receive_order_standard"]
HEADERS = [
    "x-shopify-hmac-sha256",
    "x-shopify-topic",
    "x-shopify-shop-domain",
    "x-shopify-test",
    "x-wc-webhook-signature",
    "x-wc-webhook-topic",
    "x-wc-webhook-source",
    "stripe-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "content-type",
]
RAW = "@raw@"
"""What follows it stands in the body as it is: JSON that json.dumps does not write."""

Answer = dict[str, Any]
Deliver = Callable[[str, dict[str, str], bytes], Answer]


@pytest.fixture
def deliver(shop: Shop) -> Deliver:
    """Hands the handler what API Gateway would, at the recorded events' time."""
    assert shop.id == MERCHANT

    def deliver(provider: str, headers: dict[str, str], body: bytes) -> Answer:
        event = copy.deepcopy(RECORDED)
        event["pathParameters"] = {"provider": provider, "merchant_id": shop.id}
        event["headers"] = headers
        event["body"] = base64.b64encode(body).decode()
        event["isBase64Encoded"] = True
        return handler(event, None)

    return deliver


def is_sound(answer: Answer) -> bool:
    if "body" in answer:
        assert json.loads(answer["body"])
        assert len(answer["body"]) < 10_000
        assert "stumbled" not in answer["body"], answer["body"]
    return 200 <= answer["statusCode"] < 300 or 400 <= answer["statusCode"] < 500


# ── anything at all ──────────────────────────────────────────────────────────────────────────────
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", ",", "=", "é", "v1,", "t=1,v1=", "t=,v1=é", "\x00", "a" * 8_192, "," * 99]
    ),
    st.binary(max_size=40).map(lambda raw: base64.b64encode(raw).decode()),
    st.integers(-(10**15), 10**15).map(str),
)
signs_of_ours = st.sampled_from(
    ["order.updated", "orders/create", SHOPIFY_DOMAIN, str(int(SATURDAY.timestamp()))]
)


@given(
    provider=st.sampled_from([*PROVIDERS, "magento", "", "../stripe"]),
    headers=st.dictionaries(st.sampled_from(HEADERS), texts | signs_of_ours, max_size=8),
    body=st.one_of(
        st.binary(max_size=200),
        st.sampled_from(
            [b"webhook_id=7", b"{}", b"[]", b"null", b"[" * 9_999, b"\xff", b'{"a":NaN}']
        ),
    ),
)
@FUZZ
def test_what_nobody_signed_is_refused_and_never_an_error(
    deliver: Deliver, provider: str, headers: dict[str, str], body: bytes
) -> None:
    answer = deliver(provider, headers, body)
    assert is_sound(answer)
    is_ping = provider == "woocommerce" and body == b"webhook_id=7"
    assert answer["statusCode"] >= 400 or is_ping


# ── valid payloads, bent and signed ──────────────────────────────────────────────────────────────
AT = SATURDAY.astimezone(UTC)
SHOPIFY_ORDER: Payload = {
    "id": 1001,
    "name": "#1001",
    "created_at": "2026-11-21T12:00:00Z",
    "processed_at": "2026-11-21T12:00:00Z",
    "updated_at": "2026-11-21T12:30:00Z",
    "cancelled_at": "2026-11-21T13:00:00Z",
    "currency": "USD",
    "presentment_currency": "EUR",
    "subtotal_price": "45.00",
    "current_subtotal_price": "45.00",
    "total_price": "59.50",
    "total_tax": "8.55",
    "total_shipping_price_set": {"shop_money": {"amount": "5.00", "currency_code": "USD"}},
    "taxes_included": True,
    "test": False,
    "email": "buyer@example.com",
    "customer": {"id": 77, "email": "buyer@example.com"},
    "landing_site": "/products/mug?st=x&utm_medium=share&utm_content=0123456789",
    "note_attributes": [{"name": "sharetrail", "value": "none"}],
    "discount_codes": [{"code": "spring5", "amount": "5.00"}],
    "line_items": [
        {
            "product_id": 1,
            "sku": "MUG",
            "title": "Mug",
            "quantity": 2,
            "price": "25.00",
            "tax_lines": [{"price": "8.55"}],
            "discount_allocations": [{"amount": "5.00"}],
            "properties": [{"name": "_sharetrail", "value": "none"}],
        }
    ],
    "refunds": [{"id": 9, "refund_line_items": [{"subtotal": "10.00", "total_tax": "1.90"}]}],
}
SHOPIFY: dict[str, Payload] = {
    **dict.fromkeys(
        ("orders/create", "orders/paid", "orders/updated", "orders/cancelled"), SHOPIFY_ORDER
    ),
    "refunds/create": {
        "id": 9,
        "order_id": 1001,
        "created_at": "2026-11-21T12:00:00Z",
        "refund_line_items": [{"quantity": 1, "subtotal": "10.00", "total_tax": "1.90"}],
        "order_adjustments": [{"kind": "refund_discrepancy", "amount": "-1.00"}],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "10.00", "currency": "USD"}
        ],
    },
    "disputes/create": {
        "id": 9,
        "order_id": 1001,
        "type": "chargeback",
        "amount": "50.00",
        "currency": "USD",
        "status": "needs_response",
        "initiated_at": "2026-11-21T12:00:00Z",
    },
}
WOOCOMMERCE: dict[str, Payload] = {
    "order.created": a_woo_order(
        AT,
        refunds=[a_woo_refund(1, "-1.00")],
        fee_lines=[{"id": 1, "total": "-1.00"}],
        meta_data=meta(
            _sharetrail="none",
            _sharetrail_visit="other",
            _wc_order_attribution_session_entry="https://shop.example/?st=x",
            _wc_order_attribution_utm_medium="share",
            _wc_order_attribution_utm_content="0123456789",
        ),
    ),
    "order.deleted": {"id": 1001},
}
SESSION = a_session(
    AT,
    metadata={"sharetrail": "none", "sharetrail_visit": "other"},
    presentment_details={"presentment_amount": 1, "presentment_currency": "eur"},
)
STRIPE: dict[str, Payload] = {
    kind: an_event(kind, thing, AT)
    for kind, thing in (
        ("checkout.session.completed", SESSION),
        ("checkout.session.async_payment_succeeded", SESSION),
        ("charge.refunded", a_charge(100)),
        ("refund.failed", a_stripe_refund(100)),
        ("charge.dispute.closed", a_dispute("lost")),
    )
}
STANDARD: dict[str, Payload] = {kind: a_message(kind) for kind in MODELS}
VALID = {"shopify": SHOPIFY, "woocommerce": WOOCOMMERCE, "stripe": STRIPE, "standard": STANDARD}


def signed(shop: Shop, provider: str, topic: str, body: bytes) -> dict[str, str]:
    at = datetime.fromtimestamp(RECORDED["requestContext"]["timeEpoch"] / 1000, UTC)
    if provider == "woocommerce":
        return woo_headers(topic, body)
    if provider == "stripe":
        return stripe_headers(body, at)
    if provider == "shopify":
        return {
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": SHOPIFY_DOMAIN,
            "x-shopify-hmac-sha256": _b64(SHOPIFY_SECRET.encode(), body),
        }
    key = base64.b64decode(shop.facts["webhook_secrets"]["standard"].removeprefix("whsec_"))
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_b64(key, f'msg_1.{stamp}.'.encode() + body)}",
    }


def _b64(secret: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, message, hashlib.sha256)).decode()


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "12,50",
            "1e400",
            "NaN",
            "9" * 15,
            "9" * 16,
            "0.000000000000001",
            "٣.٥",
            "JPY",
            "KWD",
            "usd",
            "soon",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-11-21T12:00:00",
            "2026-02-30T12:00:00Z",
            "1e9",
            "http://[",
            "\ud800",
            "\x00",
            "#",
            "a#b#c",
            "x" * 5_000,
            "😀" * 3_000,
            f"{RAW}1e400",
            f"{RAW}-0",
            f"{RAW}{'1' * 5_000}",
            f"{RAW}NaN",
            f"{RAW}-Infinity",
            f"{RAW}{'[' * 5_000}",
            f'{RAW}{{"a": 1, "a": 2}}',
        ]
    ),
    st.lists(st.integers() | st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.sampled_from([[{}] * 3_000, [1] * 9_000, {"id": {"id": {"id": 1}}}]),
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, each in inside:
        found.append((*here, key))
        if isinstance(each, dict | list):
            found += places(each, (*here, key))
    return found


def bent(payload: Any, place: tuple[Any, ...], odd: Any, how: str) -> Any:
    whole = copy.deepcopy(payload)
    parent = whole
    for key in place[:-1]:
        parent = parent[key]
    if how == "taken out":
        del parent[place[-1]]
    elif how == "many times" and isinstance(parent, list):
        parent *= 900
    else:
        parent[place[-1]] = odd
    return whole


def body_of(payload: Any) -> bytes:
    parts = json.dumps(payload).split(f'"{RAW}')
    raw = [part.partition('"') for part in parts[1:]]
    text = parts[0] + "".join(f"{odd}{rest}" for odd, _, rest in raw)
    return text.encode(errors="replace")


@pytest.mark.parametrize("provider", PROVIDERS)
@given(data=st.data())
@FUZZ
def test_what_is_signed_and_bent_in_a_place_or_two_is_never_an_error(
    deliver: Deliver, shop: Shop, provider: str, data: st.DataObject
) -> None:
    topic = data.draw(st.sampled_from(sorted(VALID[provider])))
    payload = VALID[provider][topic]
    for _ in range(data.draw(st.integers(1, 2))):
        if inside := places(payload):
            place = data.draw(st.sampled_from(inside))
            how = data.draw(st.sampled_from(["odd", "odd", "odd", "taken out", "many times"]))
            payload = bent(payload, place, data.draw(ODD), how)
    body = body_of(payload)
    assert is_sound(deliver(provider, signed(shop, provider, topic, body), body))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_none_of_them_is_refused_before_it_is_bent(
    deliver: Deliver, shop: Shop, provider: str
) -> None:
    for topic, payload in VALID[provider].items():
        body = body_of(payload)
        answer = deliver(provider, signed(shop, provider, topic, body), body)
        assert answer["statusCode"] == 200, (topic, answer)
