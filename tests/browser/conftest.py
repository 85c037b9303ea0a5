"""What every browser test needs: one browser an engine and session, axe-core, and a small world."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from selenium.webdriver.remote.webdriver import WebDriver

from tests import npm
from tests.browser import engines, pages
from tests.browser.pages import Shopper, Stage
from tests.browser.visitor import Visitor

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=engines.ENGINES)
def browser(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    """Each of the three engines in turn: what a test says holds in all of them."""
    with engines.running(request.param) as driver:
        yield driver


@pytest.fixture
def visitor(browser: WebDriver, stage: Stage) -> Iterator[Visitor]:
    """A visitor new to the shop, in every engine."""
    with Visitor(browser, stage) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, fetched once."""
    return (npm.unpacked("axe-core", "4.14.1") / "axe.min.js").read_text()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(pages.PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def shopper(window: Page, stage: Stage) -> Iterator[Shopper]:
    """A visitor new to the shop; whatever a page throws fails the test."""
    shopper = Shopper(window, stage)
    yield shopper
    shopper.leave()
    assert shopper.errors == []
