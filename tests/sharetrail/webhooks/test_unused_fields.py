"""An order is not kept out by what nobody reads: each field of a real body but money, currency,
ids, times and what decides between them may be anything, and the order is read all the same."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest

from local.shop import buyers
from local.shop.prices import Discount, Line, Tax
from local.shop.shopify.order_payload import order_payload
from local.shop.shopify.refund_payload import after_refund, refund_payload
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import fold_facts
from sharetrail.problems import Problem
from sharetrail.webhooks import shopify, stripe, woocommerce
from sharetrail.webhooks.delivery import Delivery
from tests import recorded
from tests.local.shop.visitors import KETTLE, MUG
from tests.senders import a_charge, a_dispute, a_merchant, a_session, an_event
from tests.shops import SHOPIFY_DOMAIN

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
ODD = [
    None,
    True,
    -1,
    0.1 + 0.2,
    1e300,
    "",
    "12,50",
    "x" * 5_000,
    "😀\x00",
    [],
    {},
    [[{"a": None}]],
]

ORDER = order_payload(
    id=1001,
    name="#1001",
    created_at=AT,
    lines=[Line(KETTLE, 1), Line(MUG, 3)],
    customer=buyers.of("someone"),
    discount=Discount(code="MAYA10", amount=1_020),
    tax=Tax(rate=Fraction(1, 4)),
    shipping=500,
    note_attributes={"sharetrail": "none", "gift": "yes"},
    landing_site="/products/mug?st=x",
    referring_site="https://instagram.com/",
)
REFUND = refund_payload(
    id=9,
    order=ORDER,
    created_at=AT + timedelta(hours=1),
    quantities={ORDER["line_items"][0]["id"]: 1},
)
UPDATED = after_refund(ORDER, REFUND)
STREET = {"line1": "Musterweg 2", "line2": None, "city": "Berlin", "country": "DE"}
SHIPPED = {"name": "Mara", "address": {**STREET, "postal_code": "10115"}}
ORDER["shipping_address"] = UPDATED["shipping_address"] = {
    "address1": "Musterweg 2",
    "address2": None,
    "city": "Berlin",
    "zip": "10115",
    "country_code": "DE",
    "country": "Germany",
}
SESSION = a_session(
    AT,
    collected_information={"shipping_details": SHIPPED},
    shipping_details={**SHIPPED, "address": dict(SHIPPED["address"])},
    shipping=None,
)
ORDER, REFUND, UPDATED = json.loads(json.dumps([ORDER, REFUND, UPDATED]))

# What decides: a path's names, `*` for a place in a list.
_LINE = {"price", "discount_allocations", "tax_lines"}
_SHOPIFY_ORDER = {
    "id",
    "created_at",
    "currency",
    "subtotal_price",
    "total_price",
    "total_tax",
    "line_items",
    "line_items.*",
    *(f"line_items.*.{name}" for name in _LINE),
    "line_items.*.discount_allocations.*",
    "line_items.*.discount_allocations.*.amount",
    "line_items.*.tax_lines.*",
    "line_items.*.tax_lines.*.price",
}
_REFUND = {
    "id",
    "order_id",
    "created_at",
    "refund_line_items",
    "refund_line_items.*",
    "refund_line_items.*.subtotal",
    "refund_line_items.*.total_tax",
    "transactions",
    "transactions.*",
    "transactions.*.amount",
    "transactions.*.currency",
    "order_adjustments",
    "order_adjustments.*",
    "order_adjustments.*.amount",
}
_OF_UPDATE = {
    "updated_at",
    "current_subtotal_price",
    "refunds",
    "refunds.*",
    "refunds.*.id",
    "refunds.*.refund_line_items",
    "refunds.*.refund_line_items.*",
    "refunds.*.refund_line_items.*.subtotal",
    "refunds.*.refund_line_items.*.total_tax",
}
_WOOCOMMERCE = {
    "id",
    "status",
    "currency",
    "total",
    "total_tax",
    "shipping_total",
    "date_created_gmt",
    "date_modified_gmt",
    "date_paid_gmt",
    "line_items",
    "line_items.*",
    "line_items.*.subtotal",
    "line_items.*.total",
    "fee_lines",
    "fee_lines.*",
    "fee_lines.*.total",
    "refunds",
    "refunds.*",
    "refunds.*.id",
    "refunds.*.total",
}
_EVENT = {"type", "created", "data", "data.object", "data.object.object", "data.object.id"}
_SESSION = _EVENT | {
    f"data.object.{name}"
    for name in (
        "amount_total",
        "created",
        "currency",
        "payment_intent",
        "payment_status",
        "customer",
        "shipping_cost",
        "shipping_cost.amount_total",
        "shipping_cost.amount_tax",
        "total_details",
        "total_details.amount_discount",
        "total_details.amount_shipping",
        "total_details.amount_tax",
    )
}
_CHARGE = _EVENT | {
    f"data.object.{name}" for name in ("amount_refunded", "currency", "payment_intent")
}
_DISPUTE = _EVENT | {
    f"data.object.{name}" for name in ("amount", "currency", "payment_intent", "status")
}


def _woo(name: str) -> Any:
    return next(each.payload for each in recorded.woocommerce() if each.name == name)


BODIES: dict[str, tuple[ModuleType, str, Any, set[str]]] = {
    "a Shopify order": (shopify, "orders/create", ORDER, _SHOPIFY_ORDER),
    "a Shopify order paid": (
        shopify,
        "orders/paid",
        ORDER,
        _SHOPIFY_ORDER | {"updated_at", "processed_at"},
    ),
    "a Shopify update": (shopify, "orders/updated", UPDATED, _SHOPIFY_ORDER | _OF_UPDATE),
    "a Shopify refund": (shopify, "refunds/create", REFUND, _REFUND),
    "a Shopify cancellation": (
        shopify,
        "orders/cancelled",
        {**ORDER, "cancelled_at": AT.isoformat()},
        {"id", "cancelled_at"},
    ),
    "a WooCommerce order": (woocommerce, "order.created", _woo("0100_order.created"), _WOOCOMMERCE),
    "a WooCommerce refund": (
        woocommerce,
        "order.updated",
        _woo("0039_order.updated"),
        _WOOCOMMERCE,
    ),
    "a Stripe session": (
        stripe,
        "",
        an_event("checkout.session.completed", SESSION, AT),
        _SESSION,
    ),
    "a Stripe charge": (stripe, "", an_event("charge.refunded", a_charge(100), AT), _CHARGE),
    "a Stripe dispute": (
        stripe,
        "",
        an_event("charge.dispute.closed", a_dispute("lost"), AT),
        _DISPUTE,
    ),
}


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:

    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return replace(a_merchant(AT, "localhost:18602"), shopify_domain=SHOPIFY_DOMAIN)


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        yield (*here, key)
        if isinstance(each, dict | list):
            yield from places(each, (*here, key))


def name_of(place: tuple[Any, ...]) -> str:
    return ".".join("*" if isinstance(key, int) else str(key) for key in place)


@contextmanager
def replaced(body: Any, place: tuple[Any, ...], odd: Any) -> Iterator[Any]:
    """The body with something else in a place, for a while: copies would take most of the time."""
    parent = body
    for key in place[:-1]:
        parent = parent[key]
    kept, parent[place[-1]] = parent[place[-1]], odd
    try:
        yield body
    finally:
        parent[place[-1]] = kept


def read(merchant: Merchant, provider: ModuleType, topic: str, body: Any) -> Any:
    name = provider.__name__.rpartition(".")[2]
    headers = {
        "x-shopify-topic": topic,
        "x-wc-webhook-topic": topic,
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
    }
    return provider.read(
        Delivery(platform=name, merchant=merchant, headers=headers, payload=body, now=AT)
    )


@pytest.mark.parametrize("kind", BODIES)
def test_what_nobody_needs_may_be_anything(merchant: Merchant, kind: str) -> None:
    provider, topic, body, used = BODIES[kind]
    _, plain = read(merchant, provider, topic, body)
    net = getattr(fold_facts([plain]), "net", None)
    fields = {name_of(place): place for place in places(body)}  # of a list's places the last
    unused = [place for name, place in fields.items() if name not in used]
    assert len(unused) >= 10
    for place in unused:
        for odd in ODD:
            try:
                with replaced(body, place, odd) as changed:
                    told = read(merchant, provider, topic, changed)
            except Problem as problem:
                raise AssertionError((name_of(place), odd, problem.errors)) from problem
            if told and name_of(place) not in MOVES_MONEY:
                assert getattr(fold_facts([told[1]]), "net", None) == net, (name_of(place), odd)


MOVES_MONEY = {
    "test",
    "livemode",
    "data.object.livemode",
    "taxes_included",
    *(f"refunds.*.transactions.*.{name}" for name in ("kind", "status", "amount", "currency")),
    "refunds.*.transactions",
    "refunds.*.transactions.*",
    "refunds.*.refund_line_items.*.line_item",
    "refunds.*.refund_line_items.*.line_item.product_id",
    "refunds.*.total_tax",
    "line_items.*.quantity",
    "line_items.*.total_tax",
    "shipping_tax",
}
"""Read, and never a reason to keep an order out; anything else there is as if nothing were."""


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_used_and_does_not_fit_is_not_guessed(merchant: Merchant, kind: str) -> None:
    """Money that is none, above all: the body is kept until somebody mends it."""
    provider, topic, body, used = BODIES[kind]
    money = ("price", "amount", "subtotal", "amount_total", "amount_refunded", "total_price")
    named = [p for p in places(body) if name_of(p) in used and str(p[-1]) in money]
    for place in named:
        with replaced(body, place, "12,50") as changed, pytest.raises(Problem):
            read(merchant, provider, topic, changed)
