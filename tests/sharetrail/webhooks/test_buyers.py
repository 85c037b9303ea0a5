"""Who bought, as each provider tells it: of e-mail, customer and delivery address hashes alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sharetrail.aws.items import dump
from sharetrail.merchants import person_hashes, vault
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Sale
from sharetrail.webhooks.delivery import Delivery
from sharetrail.webhooks.providers import PROVIDERS
from tests.senders import a_merchant, a_message, a_session, a_woo_order, an_event
from tests.shops import SHOPIFY_DOMAIN

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUSE = DeliveryAddress(lines=("Musterweg 2",), postcode="10115", city="Berlin", country="DE")
OTHER = {"line1": "Elsewhere 9", "postal_code": "20095", "city": "Hamburg", "country": "DE"}
STREET = {"line1": "Musterweg 2", "line2": None, "city": "Berlin", "country": "DE"}
IN_STRIPE = {"name": "Mara Muster", "address": {**STREET, "postal_code": "10115", "state": ""}}


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return replace(a_merchant(AT), shopify_domain=SHOPIFY_DOMAIN)


def sale_of(merchant: Merchant, platform: str, payload: Any) -> Sale:
    headers = {
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
        "x-wc-webhook-topic": "order.created",
    }
    told = PROVIDERS[platform].read(
        Delivery(platform=platform, merchant=merchant, headers=headers, payload=payload, now=AT)
    )
    assert told
    stored = json.dumps(dump(told[1]))
    for plain in ("usterweg", "10115", "Berlin", "Mara", "@"):
        assert plain not in stored, "of a person, hashes alone are stored"
    assert told[1].sale
    return told[1].sale


def in_shopify(**address: Any) -> Any:
    return {
        "id": 1001,
        "created_at": AT.isoformat(),
        "currency": "USD",
        "subtotal_price": "50.00",
        "total_price": "50.00",
        "email": "a.na@gmail.com",
        "shipping_address": address or None,
        "billing_address": {"address1": "Elsewhere 9", "zip": "20095", "country_code": "DE"},
        "line_items": [],
    }


def in_woocommerce(**address: Any) -> Any:
    bill = {"email": "a.na@gmail.com", "address_1": "Elsewhere 9", "postcode": "20095"}
    return a_woo_order(AT, shipping=address, billing=bill)


def in_stripe(**changes: Any) -> Any:
    payer = {"email": "a.na@gmail.com", "name": "Mara", "address": OTHER}
    return an_event(
        "checkout.session.completed", a_session(AT, customer_details=payer, **changes), AT
    )


TOLD: dict[str, tuple[str, Callable[..., Any]]] = {
    "Shopify": (
        "shopify",
        lambda: in_shopify(
            first_name="Mara",
            address1="Musterweg 2",
            address2="",
            company="",
            phone="030",
            city="Berlin",
            zip="10115",
            country="Germany",
            country_code="DE",
        ),
    ),
    "WooCommerce": (
        "woocommerce",
        lambda: in_woocommerce(
            first_name="Mara",
            address_1="Musterweg 2",
            address_2="",
            city="Berlin",
            postcode="10115",
            country="DE",
        ),
    ),
    "Stripe": ("stripe", lambda: in_stripe(collected_information={"shipping_details": IN_STRIPE})),
    "Stripe before 2025": ("stripe", lambda: in_stripe(shipping_details=IN_STRIPE)),
    "Stripe before 2023": ("stripe", lambda: in_stripe(shipping=IN_STRIPE)),
    "any shop": (
        "standard",
        lambda: a_message(
            customer={"email": "a.na@gmail.com"},
            delivery_address={
                "line1": "Musterweg 2",
                "postcode": 10115,
                "city": "Berlin",
                "country": "DE",
            },
        ),
    ),
}
NOWHERE: dict[str, tuple[str, Callable[..., Any]]] = {
    "Shopify": ("shopify", in_shopify),
    "WooCommerce": ("woocommerce", lambda: in_woocommerce(country="DE", address_1="")),
    "Stripe": ("stripe", in_stripe),
    "any shop": ("standard", lambda: a_message(delivery_address={"line1": "", "country": "DE"})),
}


@pytest.mark.parametrize("provider", TOLD)
def test_one_house_is_one_hash_whoever_tells_it(merchant: Merchant, provider: str) -> None:
    platform, payload = TOLD[provider]
    told = sale_of(merchant, platform, payload())
    assert told.address == person_hashes.of_address(merchant.id, HOUSE, AT)


@pytest.mark.parametrize("provider", NOWHERE)
def test_where_nothing_is_delivered_the_bills_address_is_none(
    merchant: Merchant, provider: str
) -> None:
    platform, payload = NOWHERE[provider]
    assert sale_of(merchant, platform, payload()).address is None


@pytest.mark.parametrize("provider", TOLD)
def test_a_buyers_address_is_that_of_their_mailbox(merchant: Merchant, provider: str) -> None:
    platform, payload = TOLD[provider]
    told = sale_of(merchant, platform, payload())
    mailbox = person_hashes.of_email(merchant.id, "ana@gmail.com", AT)
    assert told.email == mailbox
    assert told.email_as_written not in (None, mailbox), "so that what was hashed before is found"


def test_an_address_that_is_its_mailbox_is_hashed_once(merchant: Merchant) -> None:
    told = sale_of(merchant, "standard", a_message(customer={"email": " Ana@Example.com"}))
    assert told.email
    assert told.email_as_written is None


def test_another_merchants_hash_of_a_house_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "active", lambda merchant, *_: (merchant.encode(),))
    one, other = (person_hashes.of_address(each, HOUSE, AT) for each in ("m_1", "m_2"))
    assert one != other
