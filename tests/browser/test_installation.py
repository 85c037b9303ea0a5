"""A plain page, installed by docs/install.md alone: it works, and each step that is broken is named
by the installation's own page. Script and API are the real ones."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request

from local.cloud import Cloud
from tests.browser.pages import Shopper, Stage
from tests.shops import Shop

DOCS = (Path(__file__).parents[2] / "docs/install.md").read_text()
CHECK = "?sharetrail=check"
STRICT = "default-src 'none'; require-trusted-types-for 'script'; style-src 'none'; "


def block(heading: str, language: str) -> str:
    """The first code of the docs under a heading, without the indent of a list."""
    below = DOCS.split(f"# {heading}\n")[1]
    code = re.search(rf"^( *)```{language}\n(.*?)^\1```", below, re.MULTILINE | re.DOTALL)
    assert code
    return re.sub(rf"^{code[1]}", "", code[2], flags=re.MULTILINE).strip()


class Installation:
    """A shop on the stage's host, whose API is the local cloud."""

    def __init__(self, cloud: Cloud, stage: Stage, shopper: Shopper) -> None:
        self.stage, self.shopper = stage, shopper
        self._waits_for = 0
        stage.api = f"http://127.0.0.1:{cloud.server.port}"
        host = urlsplit(stage.shop).netloc
        self.shop = Shop.onboard(cloud, shop_host=host, country="US")
        self.key = self.shop.facts["publishable_key"]

    def filled(self, code: str, key: str = "") -> str:
        """With the shop's own values in the place of the docs' examples."""
        own = code.replace("https://go.shop.example", self.stage.api)
        return own.replace("https://shop.example", self.stage.shop).replace("pk_…", key or self.key)

    def open(
        self, *parts: str, key: str = "", path: str = f"/kettle{CHECK}", policy: str = ""
    ) -> None:
        """A page with these parts, the head's first, and what it had to tell."""
        head, *body = (self.filled(each, key) for each in parts)
        self.stage.headers = {"content-security-policy": policy} if policy else {}
        page = f"<!doctype html><title>Kettle</title>{head}<h1>Kettle</h1>{''.join(body)}"
        self.shopper.go(path, html=page)
        self.shopper.pause(3.2)
        self.hear()
        with self.shopper.leaving():
            pass
        self.shopper.pause(0.2)
        assert self.shop.cloud.drain()["failed"] == []

    def hear(self) -> None:
        """Until all that the page has asked so far is answered."""
        self.shopper.until(lambda: self._waits_for == 0)

    @contextmanager
    def listening(self) -> Iterator[Self]:
        context = self.shopper.context
        context.on("request", self._asked)
        for name in ("requestfinished", "requestfailed"):
            context.on(name, self._answered)
        yield self
        context.remove_listener("request", self._asked)
        for name in ("requestfinished", "requestfailed"):
            context.remove_listener(name, self._answered)

    def _asked(self, _: Request) -> None:
        self._waits_for += 1

    def _answered(self, _: Request) -> None:
        self._waits_for -= 1

    @property
    def checks(self) -> dict[str, Any]:
        return {each["check"]: each for each in self.shop.read("/v1/installation")["checks"]}

    def state(self, about: str) -> str:
        return str(self.checks[about]["health"])


@pytest.fixture
def installation(cloud: Cloud, stage: Stage, shopper: Shopper) -> Iterator[Installation]:
    with Installation(cloud, stage, shopper).listening() as installation:
        yield installation


SCRIPT, BUTTONS = block("The script", "html"), block("The buttons", "html")
ROOM = re.search(r"<style>.*?</style>", DOCS)
POLICY = block("Content security policy", "")


def test_a_plain_page_that_is_installed_by_the_docs_works(installation: Installation) -> None:
    assert ROOM
    installation.open(ROOM[0] + SCRIPT, BUTTONS)
    states = {
        about: installation.state(about) for about in ("script", "reach", "buttons", "consent")
    }
    assert set(states.values()) == {"ok"}
    assert (
        "In your country shoppers need not be asked first"
        in installation.checks["consent"]["seen"][0]
    )


def test_a_page_without_the_script_is_heard_of_by_nobody(installation: Installation) -> None:
    installation.open("", BUTTONS)
    check = installation.checks["script"]
    assert check["health"] == "waiting"
    assert html.unescape(check["paste"]) == installation.filled(SCRIPT, "pk_…")


def test_a_page_with_another_key_is_named(installation: Installation) -> None:
    installation.open(SCRIPT, BUTTONS, key="pk_of_nobody")
    assert installation.state("reach") == "broken"
    assert "a key that is not in use" in installation.checks["reach"]["seen"][0]


def test_a_page_with_another_shops_key_is_named(installation: Installation) -> None:
    asked = {"shop_host": "teas.example", "shopify_domain": "teas.myshopify.com"}
    other = Shop.onboard(installation.shop.cloud, **asked)
    installation.open(SCRIPT, BUTTONS, key=other.facts["publishable_key"])
    assert installation.state("reach") == "broken"
    assert "a key that is not in use" in installation.checks["reach"]["seen"][0]


def test_a_page_with_the_secret_key_is_named(installation: Installation) -> None:
    installation.open(SCRIPT, BUTTONS, key=installation.shop.facts["secret_key"])
    check = installation.checks["reach"]
    assert check["health"] == "broken"
    assert "whoever looks at the page can read the key" in check["seen"][0]
    assert installation.shop.read("/v1/installation")["health"] == "broken"


def test_links_that_lose_the_click_on_the_way_to_the_page_are_named(
    installation: Installation,
) -> None:
    """As where a redirect, or what a page cache answers with, drops what is behind the `?`."""
    installation.open(SCRIPT, BUTTONS)
    shop = installation.shop
    code = shop.share(url=f"{installation.stage.shop}/kettle").json["code"]
    for _ in range(5):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
        click = shop.click(code)
    installation.open(SCRIPT, BUTTONS, path="/kettle")
    check = installation.checks["reach"]
    assert check["health"] == "unknown"
    assert any("let it keep st" in each for each in check["todo"])
    installation.open(SCRIPT, BUTTONS, path=f"/kettle?st={click}")
    assert installation.state("reach") == "ok"


def test_a_route_that_is_drawn_without_a_load_is_seen_with_its_buttons(
    installation: Installation,
) -> None:
    draw = """<div id="root"></div><script>
      const draw = (buttons) => { root.innerHTML = `<h2>A route</h2>${buttons}`; };
      draw("");
      setTimeout(() => { history.pushState({}, "", "/kettle/2"); draw(`BUTTONS`); }, 300);
    </script>""".replace("BUTTONS", BUTTONS)
    installation.open(SCRIPT, draw)
    assert {installation.state(each) for each in ("script", "buttons")} == {"ok"}
    assert "/kettle/2" in installation.checks["script"]["seen"][0]


def test_a_page_without_buttons_is_named(installation: Installation) -> None:
    installation.open(SCRIPT)
    assert (installation.state("script"), installation.state("buttons")) == ("ok", "broken")
    assert "/kettle" in installation.checks["buttons"]["seen"][0]


def test_the_docs_policy_is_all_that_the_page_needs(installation: Installation) -> None:
    installation.open(SCRIPT, BUTTONS, policy=STRICT + installation.filled(POLICY))
    assert {installation.state(about) for about in ("script", "reach", "buttons")} == {"ok"}
    assert installation.checks["reach"]["paste"] is None


def test_a_policy_that_blocks_what_pages_tell_is_named_once_somebody_bought(
    installation: Installation,
) -> None:
    shop, page = installation.shop, f"{installation.stage.shop}/kettle"
    code = shop.share(url=page).json["code"]
    click = shop.click(code)
    policy = f"script-src {installation.stage.api}; connect-src 'self'"
    installation.open(SCRIPT, BUTTONS, path=f"/kettle?st={click}", policy=policy)
    installation.stage.headers = {}
    installation.shopper.go("/cart")  # the trail outlives the page
    trail = installation.shopper.trail
    assert trail == click
    shop.buy("1001", trail=trail)
    assert shop.cloud.drain()["failed"] == []
    check = installation.checks["reach"]
    assert (installation.state("script"), check["health"]) == ("ok", "broken")
    assert check["paste"] == installation.filled(POLICY)


def test_a_policy_that_blocks_the_script_looks_like_one_that_is_gone(
    installation: Installation,
) -> None:
    installation.open(SCRIPT, BUTTONS, policy="script-src 'none'")
    check = installation.checks["script"]
    assert check["health"] == "waiting"
    assert "content security policy" in " ".join(check["todo"])


def test_a_page_that_asks_and_gets_no_yes_says_that_nobody_consents(
    installation: Installation,
) -> None:
    asking = SCRIPT.replace("defer", 'defer data-consent="required"')
    installation.open(asking, BUTTONS)
    check = installation.checks["consent"]
    assert check["health"] == "waiting"
    assert "Visitors lately: 1. Those who allow it: 0." in check["seen"]
    agree = "<script>addEventListener('load', () => sharetrail.consent(true))</script>"
    installation.open(asking, BUTTONS, agree)
    check = installation.checks["consent"]
    assert check["health"] == "ok"
    assert any('data-consent="required"' in sentence for sentence in check["seen"])


# ── the pixel ────────────────────────────────────────────────────────────────────────────────────
PIXEL = block("The pixel", "js")
STAND_IN = """<script>
  const analytics = {subscribe: (name, tell) => { if (name === "checkout_completed") tell(%s) }};
</script><script>%s</script>"""
"""As Shopify runs it: in a frame with scripts and without an origin."""


def complete(installation: Installation, checkout: str) -> None:
    now: datetime = installation.shop.cloud.clock.now()
    said = f'id: "sh-88153c5a-8F2D", timestamp: "{now.isoformat()}"'
    event = f"{{{said}, data: {{checkout: {checkout}}}}}"
    inner = html.escape(STAND_IN % (event, installation.filled(PIXEL)))
    frame = f'<iframe sandbox="allow-scripts" srcdoc="{inner}"></iframe>'
    installation.shopper.go("/checkouts/1", html=f"<!doctype html><title>Thanks</title>{frame}")
    installation.shopper.pause(0.5)
    installation.hear()
    assert installation.shop.cloud.drain()["failed"] == []


CHECKOUTS = {
    "a cart": '{order: {id: "gid://shopify/Order/1004"}, attributes: [{key: "gift", value: "yes"},'
    ' {key: "sharetrail", value: "none"}], lineItems: [{properties: []}]}',
    "a buy button": "{order: {id: 1004}, attributes: [], lineItems: [{properties:"
    ' [{key: "_sharetrail", value: "0123456789abcdefghjkmnpqrs"}]}]}',
}


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_the_pixel_of_the_docs_tells_that_it_was_lost_behind_the_checkout(
    installation: Installation, kind: str
) -> None:
    installation.shop.buy("1004", trail=None)
    complete(installation, CHECKOUTS[kind])
    check = installation.checks["trail"]
    assert (
        "The pixel saw it said at the checkout of 1 order whose webhook lacks it." in check["seen"]
    )


def test_the_pixel_of_the_docs_tells_that_it_never_was_there(installation: Installation) -> None:
    installation.shop.buy("1004", trail=None)
    complete(installation, "{order: {id: 1004}}")
    assert installation.state("trail") != "broken"


def test_an_order_that_the_pixel_saw_and_no_webhook_told_of_is_told_an_hour_later(
    installation: Installation,
) -> None:
    complete(installation, CHECKOUTS["a cart"])
    installation.shop.buy("1005")
    clock = installation.shop.cloud.clock
    clock.set_forward(clock.now() + timedelta(hours=2))
    assert installation.shop.cloud.drain()["failed"] == []
    assert installation.state("webhook") == "unknown"
