"""A cursor is its list's: of another merchant's it shows nobody but one's own."""

from urllib.parse import quote

import pytest

from local.cloud import Cloud
from tests.shops import Answer, Shop

LISTS = ["codes", "influencers", "keys", "links", "orders", "recipients"]


@pytest.fixture
def two(cloud: Cloud) -> tuple[Shop, Shop]:
    host = {"shop_host": "other.example", "origins": ["https://other.example"]}
    one = Shop.onboard(cloud)
    return one, Shop.onboard(cloud, **host, shopify_domain="other.myshopify.com")


def call(shop: Shop, method: str, path: str, body: object = None) -> Answer:
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, path, body, key)


def fill(shop: Shop, host: str, mark: str) -> None:
    """Two of all that is listed, and its mark on each."""
    for n in range(2):
        who = {"id": f"{mark}{n}", "name": f"{mark} {n}"}
        link = {"url": f"https://{host}/{mark}{n}", "network": "email", "influencer": who}
        for method, path, body in (
            ("POST", "/v1/links", link),
            ("POST", "/v1/codes", {"code": f"{mark}{n}", "influencer": f"{mark}{n}"}),
            ("POST", "/v1/keys", {"name": f"{mark}{n}"}),
            ("PUT", f"/v1/recipients/{mark}{n}@{host}", {}),
        ):
            assert call(shop, method, path, body).status in (200, 201), path


@pytest.mark.parametrize("of", LISTS)
def test_a_cursor_of_another_merchants_list_shows_nobody_but_ones_own(
    two: tuple[Shop, Shop], of: str
) -> None:
    one, other = two
    fill(one, "shop.example", "mine")
    fill(other, "other.example", "yours")
    for n in range(2):
        one.buy(f"700{n}")
    one.cloud.drain()
    cursor = call(one, "GET", f"/v1/{of}?limit=1").json["cursor"]
    answer = call(other, "GET", f"/v1/{of}?cursor={quote(cursor)}")
    assert answer.status in (200, 400)
    assert b"mine" not in answer.body
    assert b'"7001"' not in answer.body
    assert call(one, "GET", f"/v1/{of}?cursor={quote(cursor)}").json["items"]
