"""Each step of an installation broken once: what its owner is told, and that it ends when mended.

Browsers are played by the calls that they send; tests/browser/test_installation.py has real ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from sharetrail.clicks import page_events
from sharetrail.clicks.page_event import PageConsent, PageEvent
from sharetrail.platforms import calling
from tests.chain.test_connecting import KEY, WRONG, connect, next_day
from tests.chain.test_installation import PAGE, buy, come, look, pass_on, said, tell
from tests.recipients import Recipient
from tests.senders import (
    WOOCOMMERCE_SECRET,
    a_message,
    a_woo_order,
    later,
    post_standard,
    send_woo,
)
from tests.shops import HOST, SHOPIFY_DOMAIN, Shop

Act = Callable[[Shop], object]
OTHER = "old-mugs.myshopify.com"
ALSO = f"www.{HOST}"


@dataclass(frozen=True, kw_only=True)
class Step:
    breaks: Act
    mends: Act
    check: str
    health: str = "broken"
    says: str
    does: str
    """What it says to do about it."""
    mended: str = "ok"


def nothing(_: Shop) -> None: ...


def heard(shop: Shop) -> None:
    assert tell(shop) == 202


def with_a_revoked_key(shop: Shop) -> None:
    old = shop.facts["publishable_key"]
    shop.facts["publishable_key"] = shop.onboarded(rotate=["publishable"])["publishable_key"]
    pass_on(shop, timedelta(days=2))
    assert tell(shop, key=old) == 401


def with_another_merchants_key(shop: Shop) -> None:
    asked = {"shop_host": "teas.example", "shopify_domain": "teas.myshopify.com"}
    other = Shop.onboard(shop.cloud, **asked)
    assert tell(shop, key=other.facts["publishable_key"]) == 403


def with_the_secret_key(shop: Shop) -> None:
    assert tell(shop, key=shop.facts["secret_key"]) == 403


def make_another_secret_key(shop: Shop) -> None:
    heard(shop)
    assert look(shop)["reach"]["health"] == "broken", "whoever looked at the page still has it"
    pass_on(shop, timedelta(minutes=1))
    shop.facts["secret_key"] = shop.onboarded(rotate=["secret"])["secret_key"]


def from_elsewhere(shop: Shop) -> None:
    assert tell(shop, origin=f"https://{ALSO}") == 403


def admit_it(shop: Shop) -> None:
    shop.onboarded(hosts=[ALSO], origins=[f"https://{ALSO}"])
    pass_on(shop, timedelta(minutes=2))
    assert tell(shop, origin=f"https://{ALSO}") == 202


def follow_and_buy(shop: Shop) -> None:
    """As where connect-src lets nothing through: the trail is there, and no page tells of it."""
    buy(shop, "1001", trail=shop.click(shop.share().json["code"]))


def followed_in_vain(shop: Shop) -> None:
    """As where a redirect drops `st`: pages are heard, and none of a visitor by a link."""
    heard(shop)
    code = shop.share().json["code"]
    for _ in range(5):
        pass_on(shop, timedelta(minutes=1))
        shop.click(code)
    assert shop.cloud.drain()["failed"] == []


def arrived(shop: Shop) -> None:
    trail = [shop.click(shop.share(by="bea").json["code"])]
    assert tell(shop, "visit", trail=trail) == 202


def without_buttons(shop: Shop) -> None:
    assert tell(shop, "check", buttons=0) == 202


def answered(shop: Shop, consent: PageConsent) -> None:
    for number in range(10):
        told = {"id": f"{consent}-{number:04}", "merchant": shop.id, "page": PAGE}
        at, address = shop.cloud.clock.now(), f"{number:04}"
        page_events.save(
            PageEvent(**told, type="view", at=at, timed=True, address=address, consent=consent)
        )
    assert tell(shop, consent=consent) == 202


def never_granted(shop: Shop) -> None:
    shop.onboarded(country="DE")
    answered(shop, "denied")


def granted(shop: Shop) -> None:
    pass_on(shop, timedelta(minutes=1))
    answered(shop, "given")


def lose_the_trail(shop: Shop) -> None:
    heard(shop)
    come(shop, 3)
    buy(shop, "1001", "1002", "1003", trail=None)


def keep_the_trail(shop: Shop) -> None:
    buy(shop, "1004", "1005", "1006")


def sign_wrongly(shop: Shop) -> None:
    order = shop.an_order("1001", trail="none")
    wrong = {"x_shopify_hmac_sha256": "AAAA"}
    assert shop.deliver("orders/create", order, **wrong).status == 401


def buys(shop: Shop) -> None:
    buy(shop, "1001")


def own_program_signs_wrongly(shop: Shop) -> None:
    message = a_message() | {"timestamp": shop.cloud.clock.now().isoformat()}
    assert post_standard(shop, message, secret="whsec_d3Jvbmc=").status == 401


def own_program_tells(shop: Shop) -> None:
    message = a_message(trail="none") | {"timestamp": shop.cloud.clock.now().isoformat()}
    assert post_standard(shop, message).status == 200
    assert shop.cloud.drain()["failed"] == []


def woo_tells(shop: Shop, status: int = 200, **changes: str) -> None:
    payload = a_woo_order(shop.cloud.clock.now(), **changes)
    assert send_woo(shop, "order.created", payload).status == status
    assert shop.cloud.drain()["failed"] == []


def woo_tells_unasked(shop: Shop) -> None:
    """Webhooks are set up at the shop, and their secret was never given here."""
    other = Shop.onboard(shop.cloud, shop_host="teas.example", webhook_secrets={}, **OF_TEAS)
    shop.facts = other.facts
    woo_tells(shop, 401)


OF_TEAS = {"shopify_domain": None, "recipients": ["owner@shop.example"]}


def give_the_secret(shop: Shop) -> None:
    secrets = {"woocommerce": WOOCOMMERCE_SECRET}
    shop.onboarded(shop_host="teas.example", webhook_secrets=secrets, **OF_TEAS)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=10))
    assert "/v1/webhooks/woocommerce/" in str(look(shop)["webhook"]["paste"])
    payload = a_woo_order(shop.cloud.clock.now())
    source = {"x_wc_webhook_source": "https://teas.example/"}
    assert send_woo(shop, "order.created", payload, **source).status == 200
    assert shop.cloud.drain()["failed"] == []


def of_another_shop(shop: Shop) -> None:
    order = shop.an_order("1001", trail="none")
    answer = shop.deliver("orders/create", order, x_shopify_shop_domain=OTHER)
    assert answer.status == 422


def of_another_woo_shop(shop: Shop) -> None:
    payload = a_woo_order(shop.cloud.clock.now())
    source = {"x_wc_webhook_source": "https://teas.example/"}
    assert send_woo(shop, "order.created", payload, **source).status == 422


def signed_ahead(shop: Shop) -> None:
    ahead = shop.cloud.clock.now() + timedelta(minutes=10)
    assert post_standard(shop, a_message(), ahead).status == 401


def signed_late(shop: Shop) -> None:
    late = shop.cloud.clock.now() - timedelta(minutes=10)
    assert post_standard(shop, a_message(), late).status == 401


def refunded_beside(shop: Shop) -> None:
    """Only `orders/updated` tells of it."""
    buy(shop, "1001")
    state = shop.an_order("1001") | {"updated_at": shop.cloud.clock.now().isoformat()}
    shop.deliver("orders/updated", state | {"refunds": [shop.a_refund("1001", "9", "10.00")]})
    shop.deliver("orders/cancelled", state | {"cancelled_at": state["updated_at"]})
    assert shop.cloud.drain()["failed"] == []


def refunds_told(shop: Shop) -> None:
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00"))
    assert shop.cloud.drain()["failed"] == []


def updates_told(shop: Shop) -> None:
    payload = a_woo_order(shop.cloud.clock.now())
    pass_on(shop, timedelta(minutes=5))
    done = later(payload, shop.cloud.clock.now(), status="completed")
    assert send_woo(shop, "order.updated", done).status == 200
    assert shop.cloud.drain()["failed"] == []


def unreadable(shop: Shop) -> None:
    odd = shop.an_order("1001") | {"currency": "dollars"}
    assert shop.deliver("orders/create", odd).status == 202


def sent_again(shop: Shop) -> None:
    buys(shop)
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    (kept,) = shop.read("/v1/quarantine")["items"]
    assert shop.ask("DELETE", f"/v1/quarantine/{kept['id']}", headers=key).status == 200


STEPS = {
    "no script": Step(
        breaks=nothing,
        mends=heard,
        check="script",
        health="waiting",
        says="No page of your shop has told us anything yet.",
        does="Paste the script’s line into the head of every page",
    ),
    "a key that was made up": Step(
        breaks=lambda shop: tell(shop, key="pk_of_nobody"),
        mends=heard,
        check="reach",
        says="sends a key that is not in use",
        does="Compare the key in the script’s line",
    ),
    "a key that was revoked": Step(
        breaks=with_a_revoked_key,
        mends=heard,
        check="reach",
        says="sends a key that is not in use",
        does="Compare the key in the script’s line",
    ),
    "another merchant's key": Step(
        breaks=with_another_merchants_key,
        mends=heard,
        check="reach",
        says="sends a key that is not in use",
        does="Compare the key in the script’s line",
    ),
    "the secret key": Step(
        breaks=with_the_secret_key,
        mends=make_another_secret_key,
        check="reach",
        says="A page sends your secret key (sk_…)",
        does="Have a new secret key made",
    ),
    "a page elsewhere": Step(
        breaks=from_elsewhere,
        mends=admit_it,
        check="reach",
        health="unknown",
        says="www·shop·example uses your key",
        does="have it added to your shop’s hosts and origins",
    ),
    "a policy without connect-src": Step(
        breaks=follow_and_buy,
        mends=heard,
        check="reach",
        says="no page told us of their visit",
        does="connect-src has to name the script’s own address",
    ),
    "a redirect that drops st": Step(
        breaks=followed_in_vain,
        mends=arrived,
        check="reach",
        health="unknown",
        says="Times that share links were followed lately: 5.",
        does="let it keep st",
    ),
    "no buttons": Step(
        breaks=without_buttons,
        mends=heard,
        check="buttons",
        says="there are no buttons",
        does="Put the buttons where people share",
    ),
    "no consent": Step(
        breaks=never_granted,
        mends=granted,
        check="consent",
        says="Those who allow it: 0.",
        does="Customer privacy",
    ),
    "no trail in orders": Step(
        breaks=lose_the_trail,
        mends=keep_the_trail,
        check="trail",
        says="The newest 3 paid orders say nothing of the script.",
        does="keep the attribute sharetrail",
    ),
    "no webhook": Step(
        breaks=nothing,
        mends=buys,
        check="webhook",
        health="waiting",
        says="We heard of no order of the last 90 days.",
        does="Register the webhooks with your shop system",
    ),
    "a wrong webhook secret": Step(
        breaks=sign_wrongly,
        mends=buys,
        check="webhook",
        health="waiting",
        says="its signature does not fit",
        does="Give the signing secret that Shopify shows today",
    ),
    "a wrong webhook secret of one's own program": Step(
        breaks=own_program_signs_wrongly,
        mends=own_program_tells,
        check="webhook",
        health="waiting",
        says="for your shop’s own program",
        does="Sign with the secret that onboarding showed for it (whsec_…).",
    ),
    "a webhook secret that was never given": Step(
        breaks=woo_tells_unasked,
        mends=give_the_secret,
        check="webhook",
        health="waiting",
        says="for WooCommerce",
        does="Give the signing secret that WooCommerce shows today",
    ),
    "another Shopify shop's webhook": Step(
        breaks=of_another_shop,
        mends=buys,
        check="webhook",
        says="names another shop: old-mugs·myshopify·com.",
        does=f"{SHOPIFY_DOMAIN} is known now",
    ),
    "another WooCommerce shop's webhook": Step(
        breaks=of_another_woo_shop,
        mends=woo_tells,
        check="webhook",
        says="names another shop: teas·example.",
        does="have it set as its address",
    ),
    "a clock ten minutes ahead": Step(
        breaks=signed_ahead,
        mends=own_program_tells,
        check="clock",
        says="Your shop’s own program tells of orders with a clock that is 10 minutes ahead",
        does="set its clock by itself (NTP)",
    ),
    "a clock ten minutes behind": Step(
        breaks=signed_late,
        mends=own_program_tells,
        check="clock",
        says="reaches us 10 minutes late",
        does="set its clock by itself (NTP)",
    ),
    "refunds that are not told": Step(
        breaks=refunded_beside,
        mends=refunds_told,
        check="topics",
        says="An order was refunded, and refunds/create did not tell of it.",
        does="Register a webhook for refunds/create.",
    ),
    "updates that are not told": Step(
        breaks=woo_tells,
        mends=updates_told,
        check="topics",
        health="waiting",
        says="Not heard in 90 days: order.updated.",
        does="refund and cancel a test order",
    ),
    "a body that cannot be read": Step(
        breaks=unreadable,
        mends=sent_again,
        check="quarantine",
        says="1 signed webhook could not be read.",
        does="Then have what was kept forgotten",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_each_step_broken_once_is_named_and_no_more_once_it_is_mended(
    shop: Shop, name: str
) -> None:
    step = STEPS[name]
    step.breaks(shop)
    check = look(shop)[step.check]
    assert check["health"] == step.health
    assert step.says in " ".join(check["seen"])
    assert step.does in " ".join(check["todo"])
    pass_on(shop, timedelta(minutes=10))
    step.mends(shop)
    check = look(shop)[step.check]
    assert check["health"] == step.mended
    assert step.says not in said(check)


def test_whoever_is_onboarded_has_the_page_before_any_mail_has_come(shop: Shop) -> None:
    (page,) = shop.onboarded()["installation_pages"].items()
    assert page[0] == "owner@shop.example"
    path = page[1].partition("/reports/")[2]
    answer = shop.ask("GET", f"/reports/{path}")
    assert answer.status == 200
    assert "No page of your shop has told us anything yet." in answer.body.decode()


def test_who_becomes_a_recipient_has_a_page_that_opens_at_once(shop: Shop) -> None:
    pages = shop.onboarded(recipients=["new@shop.example"])["installation_pages"]
    path = pages["new@shop.example"].partition("/reports/")[2]
    assert shop.ask("GET", f"/reports/{path}").status == 200


def test_a_few_clicks_by_programs_say_nothing_of_redirects(shop: Shop) -> None:
    heard(shop)
    code = shop.share().json["code"]
    for _ in range(5):
        pass_on(shop, timedelta(minutes=1))
        shop.click(code, "curl/8.5.0")
    assert look(shop)["reach"]["health"] == "ok"


def test_who_follows_links_before_the_script_is_there_says_nothing_of_redirects(shop: Shop) -> None:
    code = shop.share().json["code"]
    for _ in range(5):
        pass_on(shop, timedelta(minutes=1))
        shop.click(code)
    pass_on(shop, timedelta(minutes=1))
    heard(shop)
    assert look(shop)["reach"]["health"] == "ok"


def test_the_pixel_is_seen_to_work(shop: Shop) -> None:
    buys(shop)
    pixel = {"order": "1001", "carried": "none", "consent": None, "origin": "null"}
    assert tell(shop, "checkout", key="pk_of_nobody", **pixel) == 401
    assert "pixel" not in said(look(shop)["trail"])
    assert tell(shop, "checkout", **pixel) == 202
    check = look(shop)["trail"]
    assert check["health"] == "ok"
    assert "The pixel told of an order last on" in said(check)


def test_a_stranger_with_a_made_up_secret_key_is_nobody(shop: Shop) -> None:
    heard(shop)
    assert tell(shop, key="sk_of_nobody") == 401
    assert "secret key" not in said(look(shop)["reach"])


def test_a_server_tells_of_pages_with_the_secret_key(shop: Shop) -> None:
    event = {"id": "from-a-server", "type": "view", "url": PAGE}
    beacon = {"key": shop.facts["secret_key"], "events": [event]}
    assert shop.ask("POST", "/v1/events", beacon).status == 202
    assert Recipient(shop).look("installation").status == 200


# ── what a connected shop system says of its webhooks ────────────────────────────────────────────
@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "PAUSE", 0.001)


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("platform", WRONG)
def test_a_key_that_the_shop_system_refuses_is_named_until_it_fits(
    shop: Shop, platform: str
) -> None:
    assert "connection" not in look(shop), "nothing is connected"
    connect(shop, platform, **{platform: WRONG[platform]})
    check = look(shop)["connection"]
    assert check["health"] == "broken"
    assert "could not be looked at to the end" in said(check)
    assert "connect once more" in said(check)
    connect(shop, platform)
    checks = look(shop)
    assert checks["connection"]["health"] == "ok"
    assert "we register the webhooks ourselves" in said(checks["webhook"])
    assert "secret" not in said(checks["webhook"])


@pytest.mark.usefixtures("_at_once")
def test_webhooks_that_the_shop_system_paused_are_told_once_they_are_mended(shop: Shop) -> None:
    stub = shop.cloud.platforms.woocommerce
    connect(shop, "woocommerce")
    assert "mended" not in said(look(shop)["connection"])
    stub.webhooks[1]["status"] = "paused"
    next_day(shop)
    check = look(shop)["connection"]
    assert check["health"] == "ok"
    assert "Its webhooks had stopped, and were mended on" in said(check)
    pass_on(shop, timedelta(days=8))
    assert shop.run("sweep") == []
    assert "mended" not in said(look(shop)["connection"])


@pytest.mark.usefixtures("_at_once")
def test_a_shop_system_that_is_away_is_a_doubt(shop: Shop) -> None:
    shop.cloud.platforms.faults.plan("broken", times=200)
    shop.onboarded(webhook_secrets={}, woocommerce=KEY)
    shop.cloud.drain()
    check = look(shop)["connection"]
    assert check["health"] == "unknown"
    assert "We try again tomorrow." in said(check)
