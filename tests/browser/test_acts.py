"""Acts on the report page in three engines, by forms alone: no page of theirs has a script."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page as Window
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from local.cloud import Cloud
from sharetrail.analysis import periods
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.suppression import Suppression
from sharetrail.report.keeping.page_links import READS_FOR
from tests.browser.test_report_page import WIDTHS, framed, opened
from tests.recipients import OWNER, Recipient, a_doubted_order
from tests.shops import Shop

LONG = "W" * 60
REFUSING = f"{LONG}@shop.example"


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    return Shop.onboard(cloud, parting_offer="Stay, and have 15 % off: STAY15")


def address(shop: Shop, path: str) -> str:
    return f"http://127.0.0.1:{shop.cloud.server.port}{path}"


def to_unsubscribe(shop: Shop) -> str:
    url = unsubscribes.url_for(shop.id, OWNER, shop.cloud.clock.now())
    return "/unsubscribe/" + url.rpartition("/")[2]


def read(browser: WebDriver) -> str:
    return browser.find_element(By.TAG_NAME, "main").text


def press(browser: WebDriver, words: str) -> None:
    """The button or link that says so; the page that follows is there."""
    path = f"//main//*[self::button or self::a][normalize-space()='{words}']"
    before = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.XPATH, path).click()
    WebDriverWait(browser, 10).until(
        lambda one: one.find_element(By.TAG_NAME, "html") != before and read(one)
    )


def test_a_name_is_written_looked_at_saved_and_undone(shop: Shop, browser: WebDriver) -> None:
    shop.share("ana")
    browser.get(address(shop, f"{Recipient(shop).base}/acts/name?influencer=ana"))
    field = browser.find_element(By.NAME, "value")
    field.clear()
    field.send_keys('Ana "B" & Söhne')
    press(browser, "Next")
    assert shop.read("/v1/influencers/ana")["name"] == "Ana"
    press(browser, "Save the name")
    assert shop.read("/v1/influencers/ana")["name"] == 'Ana "B" & Söhne'
    press(browser, "Undo")
    press(browser, "Save the name")
    assert shop.read("/v1/influencers/ana")["name"] == "Ana"


def test_reports_are_chosen_left_and_had_again(shop: Shop, browser: WebDriver) -> None:
    browser.get(address(shop, f"{Recipient(shop).base}/choices"))
    browser.find_element(By.NAME, "monthly").click()
    press(browser, "Save")
    assert "gets the report every week and every month" in read(browser)
    browser.get(address(shop, to_unsubscribe(shop)))
    assert "The report comes every week and every month." in read(browser)
    press(browser, "Unsubscribe from all")
    assert "Stay, and have 15 % off: STAY15" in read(browser)
    press(browser, "Undo")
    assert "The report comes every week and every month, as before." in read(browser)


# ── how they look ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def looks(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Each page's HTML, with names of sixty letters that have no place to break."""
    shop.onboarded(recipients=[OWNER, REFUSING])
    at = shop.cloud.clock.now()
    bounced = Suppression(merchant=shop.id, recipient=REFUSING, why="bounced", at=at)
    suppressions.keep(bounced)
    shop.share(influencer={"id": "ana", "name": LONG})
    held, owner = a_doubted_order(shop), Recipient(shop)
    code = shop.share(influencer={"id": "bo", "name": LONG}).json["code"]
    owner.act("tag", influencer="bo", value="vip, " + "x" * 40)
    told = owner.act("name", influencer="ana", value=LONG[1:])
    unsubscribe = to_unsubscribe(shop)
    answers = {
        "decide": owner.look("acts/decide", **held),
        "name": owner.look("acts/name", influencer="bo"),
        "tag": owner.look("acts/tag", influencer="bo"),
        "code": owner.look("acts/code", code="X" * 100, value="bo"),
        "link": owner.look("acts/link", code=code),
        "void": owner.look("acts/void"),
        "choices": owner.look("choices"),
        "done": owner.look("acts"),
        "off the list": owner.look("acts/recipient", recipient=REFUSING, value="off"),
        "tried again": owner.look("acts/mailbox", recipient=REFUSING, value="mailed"),
        "no page": owner.look("nothing"),
        "no link": shop.ask("GET", "/reports/none"),
        "told": told,
        "left": shop.ask("POST", unsubscribe, b"leave=1"),
        "unsubscribe": shop.ask("GET", unsubscribe),
    }
    with monkeypatch.context() as busy:
        busy.setattr(periods, "MOST_ORDERS", 0)
        answers["working"] = shop.ask("GET", f"{owner.base}?span={at.date()}")
    for name, later in (("only read", READS_FOR / 2), ("expired", READS_FOR)):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + later)
        answers[name] = owner.look("acts/void")
    others = {name: each.status for name, each in answers.items() if each.status != 200}
    refused = {"no page": 404, "no link": 404, "only read": 403, "expired": 410}
    assert others == {**refused, "working": 202}
    return {name: each.body.decode() for name, each in answers.items()}


def test_nothing_of_an_act_is_wider_than_its_page(
    browser: WebDriver, looks: dict[str, str], tmp_path: Path
) -> None:
    faults = {
        (name, width, direction): framed(browser, page, width, tmp_path)
        for name, html in looks.items()
        for width in WIDTHS
        for direction, page in (("ltr", html), ("rtl", html.replace('dir="ltr"', 'dir="rtl"')))
    }
    assert {at: found for at, found in faults.items() if found} == {}


RUNS = {
    "light": "axe.run({resultTypes: ['violations']})",
    "dark": "axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})",
}
"""By night nothing but colours is another."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to_in_an_act(
    window: Window, axe: str, looks: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    found: dict[str, Any] = {}
    for name, html in looks.items():
        # The page that waits would come again while it is looked at.
        opened(window, html.replace('content="5"', 'content="3600"'), 375, color_scheme=scheme)
        window.evaluate(axe)
        violations = window.evaluate(RUNS[scheme])["violations"]
        # The page that waits has nothing that coming again could take from under one's hands.
        ours = (each for each in violations if (name, each["id"]) != ("working", "meta-refresh"))
        found[name] = [(each["id"], each["nodes"][0]["html"]) for each in ours]
    assert {name: each for name, each in found.items() if each} == {}
