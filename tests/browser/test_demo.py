"""`make run` as a person meets it: the shop, a share, a friend, an order, Monday's mail."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from local.demo import opening
from sharetrail import calendars
from sharetrail.webhooks.providers import PROVIDERS
from tests.demos import Demo, started
from tests.ports import free_port

ZONE = ZoneInfo("America/New_York")
NETWORKS = (
    "Facebook",
    "X",
    "Pinterest",
    "WhatsApp",
    "Telegram",
    "LinkedIn",
    "Reddit",
    "Threads",
    "Bluesky",
    "E-mail",
    "SMS",
    "Copy link",
)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with started(free_port()) as demo:
        yield demo


@pytest.fixture
def shopper(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()


def test_the_local_clock_is_the_real_one_until_it_is_moved(demo: Demo) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= demo.now() <= datetime.now(UTC)


def test_the_demo_is_as_large_as_it_says(demo: Demo) -> None:
    assert set(demo.facts) >= {
        "merchant_id",
        "publishable_key",
        "secret_key",
        "webhook_secrets",
        "shop_origin",
        "shopify_domain",
        "now",
    }
    assert set(demo.facts["webhook_secrets"]) == set(PROVIDERS)
    today = calendars.local_day(demo.now(), ZONE)
    path = f"/v1/stats?from={today - timedelta(days=60)}&to={today}&by=link"
    told = demo.ask(path, key=True)["totals"]
    assert told["raw_clicks"] >= 11_000  # on a Monday morning; 300 more with each day
    assert all(count >= 250 for count in told["verdicts"].values())
    assert told["orders"] >= 300
    assert len(demo.ask("/v1/influencers?limit=100", key=True)["items"]) >= 40


def test_last_mondays_report_is_in_the_outbox(demo: Demo) -> None:
    (mail,) = to(demo, opening.OWNER)
    sent = datetime.fromisoformat(mail["sent_at"]).astimezone(ZONE)
    assert (sent.weekday(), sent.hour) == (0, 8)
    assert demo.now() - sent < timedelta(days=7, minutes=10), "or a week ended while it was opened"
    _, week = calendars.last_report(sent, ZONE)
    assert f"{week.first.day}" in mail["subject"]
    assert mail["attachments"][0]["filename"].endswith(".csv")
    (monthly,) = to(demo, opening.STUDIO)
    apart = datetime.fromisoformat(monthly["sent_at"]) - sent
    assert abs(apart) < timedelta(minutes=5)
    assert monthly["subject"] != mail["subject"]


def to(demo: Demo, recipient: str) -> list[dict[str, Any]]:
    """The outbox's mails to them, newest first."""
    return [mail for mail in demo.outbox() if mail["to"] == recipient]


def test_every_network_has_a_button_of_its_name(demo: Demo, shopper: BrowserContext) -> None:
    page = shopper.new_page()
    page.goto(demo.shop)
    page.get_by_role("button", name="More", exact=True).click()
    for name in NETWORKS:
        assert page.get_by_role("button", name=name, exact=True).count() == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_on_the_shop(
    demo: Demo, shopper: BrowserContext, axe: str, direction: str
) -> None:
    page = shopper.new_page()
    page.goto(f"{demo.shop}?dir={direction}")
    page.get_by_role("button", name="WhatsApp").wait_for()
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [each["id"] for each in found] == []


def share(page: Page, demo: Demo) -> str:
    page.goto(demo.shop)
    page.get_by_role("button", name="Copy link").click()
    page.locator("[data-short-url]").wait_for(state="visible")
    return page.locator("[data-short-url]").get_attribute("data-short-url") or ""


def buy(page: Page) -> tuple[str, str]:
    page.get_by_role("button", name="Buy now").click()
    page.locator("[data-order-id]").wait_for()
    order = page.locator("[data-order-id]").get_attribute("data-order-id") or ""
    return order, page.locator("[data-total]").inner_text()


def test_the_whole_chain_from_a_share_button_to_mondays_mail(
    demo: Demo, chromium: Browser, shopper: BrowserContext
) -> None:
    page = shopper.new_page()
    with page.expect_response(lambda r: r.url.endswith("/v1/links")) as made:
        short_url = share(page, demo)
    link = made.value.json()
    assert short_url == link["short_url"]

    friend = chromium.new_context()
    bought = friend.new_page()
    bought.goto(short_url)
    assert bought.url.startswith(demo.facts["shop_origin"])
    bought.get_by_role("button", name="WhatsApp").wait_for()
    bought.wait_for_url(lambda url: "st=" not in url)
    order, total = buy(bought)
    friend.close()

    demo.drain()
    credited = demo.ask(f"/v1/orders/shopify/{order}", key=True)
    assert credited["influence"] == "last_click"
    assert {lines[0]["influencer"] for lines in credited["credits"].values()} == {
        link["influencer"]
    }
    name = demo.ask(f"/v1/influencers/{link['influencer']}", key=True)["name"]

    before = len(to(demo, opening.OWNER))
    week = calendars.week_of(calendars.local_day(demo.now(), ZONE))
    monday = calendars.start_of(week.last + calendars.DAY, ZONE) + timedelta(hours=8)
    demo.ask("/_local/clock", "POST", {"now": monday.isoformat()})
    demo.ask("/_local/schedules/schedule_reports", "POST")
    demo.drain()
    mails = to(demo, opening.OWNER)
    assert len(mails) == before + 1
    (sheet,) = mails[0]["attachments"]
    row = next(row for row in csv.DictReader(io.StringIO(sheet["text"])) if row["name"] == name)
    assert row["last_click_revenue"] == total.removeprefix("$")
    (report,) = set(re.findall(r"http://[\w.:]+/reports/\w+", mails[0]["html"]))
    for place in ("people", f"people/{link['influencer']}"):
        page.goto(f"{report}/{place}")
        page.get_by_text(name).first.wait_for()
    page.get_by_text(total).first.wait_for()

    demo.ask("/_local/schedules/schedule_reports", "POST")
    demo.drain()
    assert len(to(demo, opening.OWNER)) == before + 1


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_by_whichever_address_one_comes_the_first_share_is_a_link(
    demo: Demo, shopper: BrowserContext, name: str
) -> None:
    page = shopper.new_page()
    page.goto(demo.url.replace("127.0.0.1", name))
    page.get_by_role("link", name="Visit the demo shop").click()
    assert page.url == demo.shop
    page.goto(demo.shop.replace("localhost", name))
    with page.expect_response(lambda r: r.url.endswith("/v1/links")) as made:
        page.get_by_role("button", name="Copy link").click()
    assert made.value.ok
    assert made.value.url.startswith(demo.url)
    assert made.value.headers["access-control-allow-origin"] == demo.facts["shop_origin"]
    assert not demo.url.startswith(demo.facts["shop_origin"])


@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_on_the_console_and_nothing_is_wider_than_the_phone(
    demo: Demo, shopper: BrowserContext, axe: str, width: int
) -> None:
    page = shopper.new_page()
    page.set_viewport_size({"width": width, "height": 800})

    def look() -> None:
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [each["id"] for each in found] == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    for path in ("/_local/", "/_local/outbox", "/_local/nothing", "/_local/onboard"):
        page.goto(demo.url + path)
        look()
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_function("document.activeElement.name === 'shop_host'")
    look()
    page.get_by_label("Shop address").fill(f"kettles-{width}.example")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_text("1. Put the script into every page").wait_for()
    page.get_by_role("button", name="Copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("pk_")
    look()


def test_life_goes_on_while_the_clock_moves(demo: Demo) -> None:
    today = calendars.local_day(demo.now(), ZONE)
    demo.ask("/_local/clock", "POST", {"now": (demo.now() + timedelta(days=2)).isoformat()})
    demo.ask("/_local/schedules/close_days", "POST")
    demo.drain()
    # The story ends with the second week's Sunday, which on a Monday's early morning is yesterday.
    first, last = today - timedelta(days=7), today - timedelta(days=1)
    told = demo.ask(f"/v1/stats?from={first}&to={last}&by=day", key=True)
    assert all(row["clicks"] > 50 for row in told["rows"])
    assert all(row["orders"] for row in told["rows"])
