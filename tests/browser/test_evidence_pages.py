"""The pages below the report's overview in Chromium: on a phone and a desk, by day and night, from
right to left, and for those who do not see them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from local.cloud import Cloud
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import WHYS, Suppression
from sharetrail.merchants import notices, profiles
from sharetrail.merchants.notice import SUBJECTS
from sharetrail.report.page.mending import guide
from sharetrail.sharing import links
from tests.report_pages import ReportPage
from tests.shops import Shop

WIDE = "W" * 60
WIDTHS = (375, 1_280)


@pytest.fixture
def report(cloud: Cloud) -> ReportPage:
    """Names of sixty letters that have no place to break, amounts of millions, and two weeks'
    scores."""
    shop = Shop.onboard(cloud, name=WIDE, language="de_DE")
    for who in ("ana", "ben", "cem"):
        shop.share(who, influencer={"id": who, "name": WIDE}, campaign=WIDE, label=WIDE)
    codes = [links.made_behind(shop.id, who, "", 1)[0].code for who in ("ana", "ben", "cem")]
    for week in range(2):
        trail = ",".join(shop.click(code) for code in codes)
        shop.buy(f"{week + 1}001", "9876543.21", trail, name=WIDE)
        cloud.drain()
        cloud.clock.set_forward(cloud.clock.now() + timedelta(days=7))
        shop.run("close_days", "score_influencers")
    shop.buy("3001", "9876543.21", ",".join(shop.click(code) for code in codes), name=WIDE)
    shop.deliver("refunds/create", shop.a_refund("3001", "9", "1000000.00"))
    cloud.drain()
    _break_down(shop)
    for who in ("ana", ""):
        _pay(shop, who)
    return ReportPage(shop)


def _pay(shop: Shop, who: str) -> None:
    now, amount = shop.cloud.clock.now(), {"amount": "1234567.89", "currency": "USD"}
    cost = {"id": f"c{who}", "kind": "gift", "cost": amount, "from": f"{now.date()}", "note": WIDE}
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    body = {**cost, "influencer": who} if who else cost
    assert shop.ask("POST", "/v1/costs", body, key).status == 201


def _break_down(shop: Shop) -> None:
    """An allowance is used up, and two of the recipients' mailboxes take no mail."""
    now, wide = shop.cloud.clock.now(), f"{WIDE}@shop.example"
    shop.onboarded(
        name=WIDE, language="de_DE", recipients=["owner@shop.example", wide, f"a{wide[1:]}"]
    )
    for whom, why in ((wide, WHYS[0]), (f"a{wide[1:]}", WHYS[1])):
        suppressions.keep(Suppression(merchant=shop.id, recipient=whom, why=why, at=now))
    for about in SUBJECTS:
        notices.keep(profiles.find(shop.id, now), about, now)


@pytest.fixture
def paths(report: ReportPage) -> tuple[str, ...]:
    code = links.made_behind(report.shop.id, "ana", "", 1)[0].code
    return (
        *("people", "people/ana", "orders", "orders/shopify/3001", "held", "networks"),
        *("products", "links", f"links/{code}", "definitions", "figures", "mails"),
        *("costs", "acts/cost", "acts/figures"),
        *(f"mend/{about}" for about in guide.guides()),
    )


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_they_fit_print_and_can_be_read_by_everybody(
    window: Page, report: ReportPage, paths: tuple[str, ...], axe: str
) -> None:
    for path in paths:
        window.goto(f"{report.link.url}/{path}?span={report.around}")
        for width in WIDTHS:
            window.set_viewport_size({"width": width, "height": 800})
            for direction in ("rtl", "ltr"):
                window.evaluate("way => document.dir = way", direction)
                assert window.evaluate("document.documentElement.scrollWidth") <= width, path
        window.evaluate(axe)
        assert violations(window, "axe.run(document)") == [], path
        window.emulate_media(color_scheme="dark")
        contrast = "axe.run(document, {runOnly: ['color-contrast']})"
        assert violations(window, contrast) == [], path
        window.emulate_media(color_scheme="light")
    window.goto(f"{report.link.url}/orders/shopify/3001?span={report.around}")
    assert window.locator("a", has_text="Entscheiden").first.is_visible()
    window.emulate_media(media="print")
    assert not window.locator("a", has_text="Entscheiden").first.is_visible()
    assert window.get_by_text("Der Weg dorthin").is_visible()


def violations(window: Page, run: str) -> list[str]:
    found: Any = window.evaluate(run)
    return [each["id"] for each in found["violations"]]
