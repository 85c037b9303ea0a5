"""Below the report's overview: every figure's evidence, to whoever has a recipient's link."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.cloud import Cloud
from sharetrail.merchants import profiles
from sharetrail.report.page import page_links
from tests.senders import post_standard
from tests.shops import Answer, Shop, monday

TAG = re.compile(r"<(style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)
OK, NOT_FOUND = 200, 404


class Report:
    """The report page, as its owner sees it."""

    def __init__(self, shop: Shop) -> None:
        now = shop.cloud.clock.now()
        merchant = profiles.find(shop.id, now)
        self.shop, self.link = shop, page_links.make(merchant, merchant.recipients[0], now)

    def ask(self, path: str) -> Answer:
        """Below the report's own address, as addresses are written."""
        return self.shop.ask("GET", f"/reports/{self.link.token}/{path}")

    def html(self, path: str) -> str:
        answer = self.ask(path)
        assert answer.status == OK, (path, answer.body)
        return answer.body.decode()

    def text(self, path: str) -> str:
        """What one reads: of a page about today where nothing else is asked."""
        return read(self.html(path))


def read(html: str) -> str:
    main = html[html.index("<main>") : html.index("</main>")]
    return " ".join(unescape(TAG.sub(" ", main)).split())


def today(shop: Shop) -> str:
    """A span that holds whatever was done in a test that lasts an hour."""
    day = shop.cloud.clock.now().date()
    return f"span={day - timedelta(days=1)}..{day + timedelta(days=1)}"


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Ana's link on WhatsApp and Ben's in a campaign each brought orders; one was refunded."""
    ana = shop.share("ana", campaign="Autumn").json["code"]
    ben = shop.share("ben", network="instagram", label="Reel").json["code"]
    first, second = shop.click(ana), shop.click(ben)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    shop.buy("1001", "50.00", f"{first},{second}", visit=second)
    shop.buy("1002", "30.00", first, visit="other")
    shop.buy("1003", "20.00")
    shop.deliver("refunds/create", shop.a_refund("1002", "9", "10.00"))
    shop.cloud.drain()
    return shop


def test_look(sold: Shop) -> None:
    report = Report(sold)
    span = today(sold)
    for path in ("people", "people/ana", "orders", "orders/shopify/1001", "orders/shopify/1002","orders/shopify/1003", "held", "networks", "products", "links", "definitions", "mails"):
        print("=====", path)
        print(report.text(f"{path}?{span}"))
