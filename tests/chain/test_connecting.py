"""A shop that is connected by its own system's credentials: webhooks registered, orders read."""

from typing import Any

import pytest

from local.cloud import Cloud
from local.platforms.platforms import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    STRIPE_KEY,
)
from tests.shops import Shop

APP = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def test_a_shopify_shop_goes_from_nothing_to_registered_and_read(shop: Shop) -> None:
    stub = shop.cloud.platforms.shopify
    stub.orders = [shop.an_order("1001"), shop.an_order("1002")]
    shop.onboarded(shopify=APP)
    assert shop.cloud.drain()["failed"] == []
    print(shop.onboarded()["connections"])
    print(stub.webhooks)
    assert shop.order("1001")["order"]["name"] == "#1001"
