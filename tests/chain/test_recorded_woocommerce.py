"""A real WooCommerce's deliveries over HTTP, signed again: answered, kept, credited."""

import base64
import hashlib
import hmac
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from sharetrail.aws.tables import LINKS
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click, is_click_id, time_of_click
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from tests import recorded
from tests.recorded import Recorded
from tests.shops import PHONE, WOOCOMMERCE_SECRET, Answer, Shop

ALL = recorded.woocommerce()
HOST = "localhost:18602"


@pytest.fixture
def shop(cloud: Any) -> Shop:
    return Shop.onboard(
        cloud, currency="EUR", zone="Europe/Berlin", hosts=[HOST, "localhost:18604"]
    )


def deliver(shop: Shop, delivery: Recorded) -> Answer:
    digest = hmac.new(WOOCOMMERCE_SECRET.encode(), delivery.body, hashlib.sha256).digest()
    signed = {"x-wc-webhook-signature": base64.b64encode(digest).decode()} if delivery.topic else {}
    return shop.ask(
        "POST", f"/v1/webhooks/woocommerce/{shop.id}", delivery.body, delivery.headers | signed
    )


def clicked(shop: Shop) -> None:
    """The clicks that the recorded orders carry, on a link of Ana's."""
    code = "0123456789"
    at = ALL[0].at
    link = Link(
        code=code,
        merchant=shop.id,
        influencer="ana",
        url=f"http://{HOST}/",
        network="whatsapp",
        created_at=at,
    )
    LINKS.put_once(links.item(link))
    for click in {each for delivery in ALL for each in _ids(delivery)}:
        when = time_of_click(click)
        clicks.save(Click(id=click, merchant=shop.id, code=code, at=when, agent=PHONE))


def _ids(delivery: Recorded) -> set[str]:
    if not delivery.order or "meta_data" not in delivery.payload:
        return set()
    said = [each["value"] for each in delivery.payload["meta_data"]]
    texts = [text for text in said if isinstance(text, str)]
    return {each for text in texts for each in text.split(",") if is_click_id(each)}


def test_all_that_a_real_shop_sent_is_answered_with_a_2xx_and_ends_right(shop: Shop) -> None:
    clicked(shop)
    statuses = Counter(deliver(shop, each).status for each in ALL if not each.is_old)
    assert statuses == {200: 85, 202: 3}
    assert shop.cloud.drain()["failed"] == []
    told = {
        order: shop.order(order, "woocommerce")
        for order in {each.order for each in ALL if not each.is_old} - {""}
    }
    assert {
        n: told[n]["net"]["amount"] for n in ("38", "40", "42", "44", "52", "54", "67", "80", "82")
    } == {
        "38": "24.98",
        "40": "57.16",
        "42": "64.97",
        "44": "0.00",
        "52": "0.00",
        "54": "64.97",
        "67": "49.96",
        "80": "45",
        "82": "45.240",
    }
    assert told["52"]["cancelled"]
    assert not told["54"]["cancelled"]
    influence = {order: each["influence"] for order, each in told.items()}
    assert influence["22"] == influence["23"] == influence["609"] == "last_click"
    assert influence["611"] == "assisted", "a renewal carries its first order's trail"
    assert influence["604"] == "none"
    kept = shop.read("/v1/quarantine")["items"]
    assert {each["topic"] for each in kept} == {"order.created", "order.updated"}
    assert any("administrator" in each["reason"] for each in kept)


def test_renewals_earn_nothing_where_the_shop_says_so(shop: Shop) -> None:
    clicked(shop)
    shop.onboarded(shop_host="shop.example", renewals="renewals_ignored", currency="EUR")
    for each in ALL:
        if each.order in ("609", "611"):
            deliver(shop, each)
    shop.cloud.drain()
    renewal = shop.order("611", "woocommerce")
    assert (renewal["influence"], renewal["credits"]) == ("none", {})
    assert renewal["left_out"] == [
        "The order renews a subscription; renewals earn no credit under the shop's rule."
    ]
    assert shop.order("609", "woocommerce")["influence"] == "last_click"


def test_an_old_woocommerces_deliveries_are_read_alike(shop: Shop) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    for each in ALL:
        if each.is_old:
            assert deliver(shop, each).status == 200
    shop.cloud.drain()
    assert shop.order("23", "woocommerce")["cancelled"]
