"""What a shop is told of its installation: each step broken once, and the page names it."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from sharetrail import calendars
from sharetrail.api.account.installation import InstallationCheck
from sharetrail.clicks import page_events
from sharetrail.clicks.page_event import PageEvent
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import profiles, refusals
from sharetrail.totals import local_days
from tests.recipients import OWNER, Recipient, text
from tests.report_pages import Parsed
from tests.senders import a_message, post_standard
from tests.shops import ORIGIN, SHOPIFY_DOMAIN, Shop

PAGE = f"{ORIGIN}/products/mug"


def look(shop: Shop) -> dict[str, InstallationCheck]:
    """Every check, by what it is about; what the page says is the same."""
    told = shop.read("/v1/installation")
    page = Recipient(shop).look("installation")
    assert page.status == 200
    seen = text(page)
    for check in told["checks"]:
        assert check["heading"] in seen
        for sentence in (*check["seen"], *check["todo"]):
            assert " ".join(sentence.split()) in seen
    broken = [check["check"] for check in told["checks"] if check["health"] == "broken"]
    assert (told["health"] == "broken") == bool(broken)
    return {check["check"]: check for check in told["checks"]}


def broken(shop: Shop) -> set[str]:
    return {about for about, check in look(shop).items() if check["health"] == "broken"}


def said(check: InstallationCheck) -> str:
    return " ".join((*check["seen"], *check["todo"]))


def tell(
    shop: Shop,
    kind: str = "view",
    *,
    consent: str | None = "unasked",
    key: str = "",
    origin: str = ORIGIN,
    **more: Any,
) -> int:
    """A page's beacon, from a browser's address; how it was answered."""
    number = tell.__dict__["number"] = tell.__dict__.get("number", 0) + 1
    event = {"id": f"event-{number:06}", "type": kind, "url": PAGE, **more}
    beacon = {"key": key or shop.facts["publishable_key"], "events": [event]}
    beacon |= {"consent": consent} if consent else {}
    answer = shop.ask("POST", "/v1/events", beacon, {"origin": origin})
    assert shop.cloud.drain()["failed"] == []
    return answer.status


def come(shop: Shop, visitors: int) -> None:
    """So many, each from an address of their own."""
    for number in range(visitors):
        at, address = shop.cloud.clock.now(), f"{number:04}"
        told: dict[str, Any] = {"id": f"visitor-{number}", "merchant": shop.id, "page": PAGE}
        page_events.save(PageEvent(**told, type="visit", at=at, timed=True, address=address))


def checked_out(shop: Shop, order: str, address: str) -> None:
    """As the shop's pixel tells of an order that carried a share, from an address."""
    told: dict[str, Any] = {"id": f"pixel-{order}", "merchant": shop.id, "page": PAGE}
    told |= {"order": order, "carried": "ids", "address": address}
    at = shop.cloud.clock.now()
    page_events.save(PageEvent(**told, type="checkout", at=at, timed=True))


def buy(shop: Shop, *orders: str, trail: str | None = "none", **more: Any) -> None:
    for order in orders:
        assert shop.buy(order, trail=trail, **more).status == 200
        pass_on(shop, timedelta(minutes=5))
    assert shop.cloud.drain()["failed"] == []


def pass_on(shop: Shop, time: timedelta) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + time)


@pytest.fixture
def installed(shop: Shop) -> Shop:
    """A shop where everything works."""
    for _ in range(3):
        assert tell(shop) == 202
    buy(shop, "1001", "1002", "1003")
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00"))
    state = shop.an_order("1001") | {"updated_at": shop.cloud.clock.now().isoformat()}
    shop.deliver("orders/updated", state)
    shop.deliver("orders/cancelled", state | {"cancelled_at": state["updated_at"]})
    assert shop.cloud.drain()["failed"] == []
    return shop


# ── what works, and what nobody knows yet ────────────────────────────────────────────────────────
def test_a_shop_where_everything_works_is_told_so(installed: Shop) -> None:
    checks = look(installed)
    assert {check["health"] for check in checks.values()} == {"ok"}
    assert "Everything works" in text(Recipient(installed).look("installation"))


def test_of_a_shop_that_was_onboarded_a_moment_ago_nothing_is_called_broken(shop: Shop) -> None:
    checks = look(shop)
    assert {check["health"] for check in checks.values()} == {"waiting", "ok"}
    assert "No page of your shop has told us anything yet." in said(checks["script"])
    assert checks["script"]["paste"].startswith("<script defer src=")
    assert checks["webhook"]["paste"].endswith(f"/v1/webhooks/shopify/{shop.id}")


# ── the pages ────────────────────────────────────────────────────────────────────────────────────
def test_a_script_that_is_gone_is_named_by_the_orders_that_lack_it(installed: Shop) -> None:
    pass_on(installed, timedelta(days=8))
    buy(installed, "1004", "1005", "1006", trail=None)
    checks = look(installed)
    assert checks["script"]["health"] == "broken"
    assert "The newest 3 paid orders say nothing of the script." in said(checks["script"])
    assert "?sharetrail=check" in said(checks["script"])
    assert checks["trail"]["health"] == "unknown", "it rests on the script"


def test_a_page_with_a_wrong_key_is_named(shop: Shop) -> None:
    assert tell(shop, key="pk_of_nobody") == 401
    check = look(shop)["reach"]
    assert check["health"] == "broken"
    assert "sends a key that is not in use" in said(check)
    pass_on(shop, timedelta(minutes=1))
    assert tell(shop) == 202
    assert look(shop)["reach"]["health"] == "ok"
    assert "Something was refused on" in said(look(shop)["reach"])


def test_a_wrong_key_from_a_page_of_nobodys_is_noted_of_nobody(shop: Shop) -> None:
    assert tell(shop, key="pk_of_nobody", origin="https://elsewhere.example") == 401
    assert refusals.lately(shop.id, shop.cloud.clock.now()) == ()


def test_a_page_that_is_not_among_the_shops_is_named(shop: Shop) -> None:
    assert tell(shop, origin="https://www.shop.example") == 403
    check = look(shop)["reach"]
    assert check["health"] == "unknown", "anybody can say that"
    assert "www·shop·example uses your key" in said(check)
    assert ORIGIN in said(check)


def test_a_policy_that_lets_the_script_run_and_tell_nothing_is_named(shop: Shop) -> None:
    buy(shop, "1001", trail=shop.click(shop.share().json["code"]))
    checks = look(shop)
    assert checks["script"]["health"] == "ok"
    assert checks["reach"]["health"] == "broken"
    assert "connect-src" in said(checks["reach"])
    assert "connect-src http" in checks["reach"]["paste"]


def test_a_page_without_buttons_is_named_when_it_is_looked_at(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    assert tell(installed, "check", buttons=0) == 202
    check = look(installed)["buttons"]
    assert check["health"] == "unknown", "they were on a screen a while ago"
    assert "shop·example/products/mug" in said(check)
    pass_on(installed, timedelta(minutes=1))
    tell(installed, "check", buttons=2)
    assert look(installed)["buttons"]["health"] == "ok"


def test_buttons_that_nobody_has_had_on_the_screen_are_waited_for(shop: Shop) -> None:
    tell(shop, "check", buttons=1)
    check = look(shop)["buttons"]
    assert check["health"] == "waiting"
    assert "1 row of buttons stands on shop·example/products/mug." in said(check)


def test_buttons_of_the_days_before_are_known_by_what_those_add_up_to(installed: Shop) -> None:
    pass_on(installed, timedelta(days=3))
    assert installed.run("close_days") == []
    pass_on(installed, timedelta(days=2))
    tell(installed, "visit")
    check = look(installed)["buttons"]
    assert check["health"] == "ok"
    pass_on(installed, timedelta(days=6))
    tell(installed, "visit")
    assert look(installed)["buttons"]["health"] == "waiting"


def test_that_nobody_consents_is_named_by_paid_orders(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    buy(installed, *(f"{n}" for n in range(2001, 2011)), trail="denied")
    assert broken(installed) == {"consent"}
    check = look(installed)["consent"]
    assert "Those that allow share clicks to be remembered: 0." in said(check)
    assert "Customer privacy" in said(check)


def test_which_consent_is_in_force_is_told_and_what_the_tag_says_otherwise(shop: Shop) -> None:
    shop.onboarded(country="DE", shopify_domain=None)
    tell(shop, consent="unasked")
    check = look(shop)["consent"]
    assert "In your country shoppers are asked first" in said(check)
    assert 'The tag on your pages says otherwise: data-consent="optional".' in said(check)
    assert shop.read("/v1/installation")["consent"] == "required"


# ── the orders ───────────────────────────────────────────────────────────────────────────────────
def test_orders_that_lose_what_the_script_wrote_are_named(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    buy(installed, "1004", "1005", "1006", trail=None)
    assert broken(installed) == {"script"}, "one visitor may be anybody"
    come(installed, 3)
    assert broken(installed) == {"trail"}
    check = look(installed)["trail"]
    assert "an app replaces the order’s note attributes" in said(check)


def test_a_pixel_that_saw_it_at_the_checkout_tells_where_it_was_lost(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    buy(installed, "1004", trail=None)
    pixel = {"order": "1004", "carried": "ids"}
    assert tell(installed, "checkout", consent=None, origin="null", **pixel) == 202
    check = look(installed)["trail"]
    assert check["health"] == "ok", "whoever placed it may have sent this"
    assert "The pixel saw it said at the checkout of 1 order whose webhook lacks it." in said(check)
    buy(installed, "1005", "1006", trail=None)
    buy(installed, "1007")
    for order in ("1005", "1006"):
        checked_out(installed, order, f"of {order}")
    check = look(installed)["trail"]
    assert check["health"] == "unknown"
    assert "an app replaces the order’s note attributes" in said(check)


def test_an_order_that_nobody_paid_for_lost_nothing_at_the_checkout(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    orders = ("1004", "1005", "1006")
    buy(installed, *orders, trail=None, financial_status="pending")
    for order in orders:
        checked_out(installed, order, f"of {order}")
    check = look(installed)["trail"]
    assert check["health"] == "ok"
    assert "webhook lacks it" not in said(check)


def test_an_order_that_a_pixel_saw_and_no_webhook_told_of_is_a_doubt(installed: Shop) -> None:
    for order in ("1002", "5001", "5001", "5002"):
        tell(installed, "checkout", consent=None, origin="null", order=order, carried="none")
    assert look(installed)["webhook"]["health"] == "ok", "it may be on its way"
    pass_on(installed, timedelta(hours=2))
    check = look(installed)["webhook"]
    assert check["health"] == "unknown"
    assert "The pixel saw 2 orders placed that no webhook told of." in said(check)


def test_a_webhook_with_a_wrong_secret_is_named_until_one_fits(installed: Shop) -> None:
    pass_on(installed, timedelta(minutes=1))
    order = installed.an_order("1004", trail="none")
    wrong = {"x_shopify_hmac_sha256": "AAAA"}
    assert installed.deliver("orders/create", order, **wrong).status == 401
    check = look(installed)["webhook"]
    assert check["health"] == "unknown", "anybody may have sent it"
    assert "its signature does not fit" in said(check)
    pass_on(installed, timedelta(minutes=1))
    buy(installed, "1005")
    assert look(installed)["webhook"]["health"] == "ok"


def test_a_webhook_that_names_another_shop_is_named(shop: Shop) -> None:
    shop.onboarded(shopify_domain="old-mugs.myshopify.com")
    assert shop.buy("1001").status == 422
    check = look(shop)["webhook"]
    assert check["health"] == "broken"
    assert SHOPIFY_DOMAIN.replace(".", "·") in said(check)
    assert "old-mugs.myshopify.com is known now" in said(check)


def test_a_topic_that_never_came_is_named(shop: Shop) -> None:
    buy(shop, "1001")
    check = look(shop)["topics"]
    assert check["health"] == "waiting"
    assert "orders/create, orders/paid: heard last on" in said(check)
    assert "Not heard in 90 days: orders/updated, refunds/create, and" in said(check)
    state = shop.an_order("1001") | {"updated_at": shop.cloud.clock.now().isoformat()}
    refunds = [shop.a_refund("1001", "9", "10.00")]
    shop.deliver("orders/updated", state | {"refunds": refunds})
    assert shop.cloud.drain()["failed"] == []
    check = look(shop)["topics"]
    assert check["health"] == "broken"
    assert "An order was refunded, and refunds/create did not tell of it." in said(check)


def test_a_shop_whose_orders_stop_is_told_so(shop: Shop) -> None:
    for day in range(5):
        buy(shop, *(f"{day}{n:02}" for n in range(1, 9)))
        pass_on(shop, timedelta(hours=23))
    pass_on(shop, timedelta(days=3))
    check = look(shop)["webhook"]
    assert check["health"] == "broken"
    assert "many more were due since" in said(check)
    assert check["broken_since"]


def test_missing_order_numbers_are_a_doubt(shop: Shop) -> None:
    buy(shop, "1001", "1002", "1006", "1009")
    check = look(shop)["webhook"]
    assert check["health"] == "ok", "more are missing than are there: they are numbered otherwise"
    buy(shop, "1003", "1004")
    assert "3 are missing" in said(look(shop)["webhook"])
    assert look(shop)["webhook"]["health"] == "unknown"


# ── the clock ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("hours", "told"), [(1, "60 minutes ahead"), (-1, "60 minutes late")])
def test_a_shop_whose_clock_is_an_hour_off_is_told_so(shop: Shop, hours: int, told: str) -> None:
    for order in ("1001", "1002", "1003"):
        at = shop.cloud.clock.now() + timedelta(hours=hours)
        buy(shop, order, created_at=at.isoformat())
    check = look(shop)["clock"]
    assert check["health"] == "broken"
    assert told in said(check)
    assert "Shopify" in said(check)


def test_a_clock_that_is_ahead_is_seen_in_the_last_hour_of_a_day_too(shop: Shop) -> None:
    zone = profiles.find(shop.id, shop.cloud.clock.now()).tz
    late = shop.cloud.clock.now().astimezone(zone).replace(hour=23, minute=30)
    if late <= shop.cloud.clock.now():
        late += calendars.DAY
    shop.cloud.clock.set_forward(late.astimezone(UTC))
    buy(shop, "1001", created_at=(late + timedelta(hours=1)).isoformat())
    assert look(shop)["clock"]["health"] == "broken"


def test_a_program_that_signs_with_a_wrong_clock_is_told_by_how_much(shop: Shop) -> None:
    early = shop.cloud.clock.now() - timedelta(hours=1)
    assert post_standard(shop, a_message(), early).status == 401
    assert broken(shop) == {"clock"}
    check = look(shop)["clock"]
    assert "your shop’s own program tells reaches us 60 minutes late" in said(check)
    assert "What is signed at such a time is refused." in said(check)
    pass_on(shop, timedelta(minutes=1))
    told = a_message(trail="none") | {"timestamp": shop.cloud.clock.now().isoformat()}
    assert post_standard(shop, told).status == 200
    assert shop.cloud.drain()["failed"] == []
    assert broken(shop) == set()


# ── what else ────────────────────────────────────────────────────────────────────────────────────
def test_a_webhook_that_could_not_be_read_is_named(installed: Shop) -> None:
    odd = {**installed.an_order("1004"), "currency": "dollars"}
    assert installed.deliver("orders/create", odd).status == 202
    assert broken(installed) == {"quarantine"}
    assert "1 signed webhook could not be read." in said(look(installed)["quarantine"])


def test_a_recipient_who_refuses_mail_is_named(installed: Shop) -> None:
    at = installed.cloud.clock.now()
    suppressions.keep(Suppression(merchant=installed.id, recipient=OWNER, why="bounced", at=at))
    assert broken(installed) == {"recipients"}
    assert f"{OWNER} refuses our mails." in said(look(installed)["recipients"])


# ── what strangers make of it ────────────────────────────────────────────────────────────────────
def test_a_stranger_who_is_refused_breaks_nothing_that_works(installed: Shop) -> None:
    tell(installed, key="pk_of_nobody")
    installed.deliver("orders/create", installed.an_order("1"), x_shopify_hmac_sha256="AAAA")
    pass_on(installed, timedelta(minutes=1))
    tell(installed)
    buy(installed, "1007")
    assert broken(installed) == set()


def test_a_page_that_was_looked_at_ahead_of_time_hides_no_buttons_after_it(installed: Shop) -> None:
    ahead = installed.cloud.clock.now() + timedelta(minutes=4)
    tell(installed, "check", buttons=0, at=ahead.isoformat())
    pass_on(installed, timedelta(minutes=1))
    tell(installed, at=installed.cloud.clock.now().isoformat())
    assert look(installed)["buttons"]["health"] == "ok"


def test_a_webhook_to_an_address_that_the_shop_does_not_use_says_nothing(installed: Shop) -> None:
    """Of every merchant there is a secret of `standard`, and an id that anybody can tell."""
    unsigned = {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    path = f"/v1/webhooks/standard/{installed.id}"
    assert installed.ask("POST", path, {"a": 1}, unsigned).status == 401
    assert [
        each.platform for each in refusals.lately(installed.id, installed.cloud.clock.now())
    ] == ["standard"]
    assert look(installed)["webhook"]["health"] == "ok"


def test_what_strangers_write_is_shown_as_text(shop: Shop) -> None:
    url = f"{ORIGIN}/<script>alert(1)</script>"
    event = {"id": "an-event", "type": "view", "url": url}
    beacon = {"key": shop.facts["publishable_key"], "events": [event]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status in (202, 400)
    shop.ask("POST", "/v1/events", beacon, {"origin": "https://<b>evil.example</b>"})
    page = Recipient(shop).look("installation").body.decode()
    assert Parsed(page).is_inert


def test_a_pixel_in_a_hidden_frame_tells_of_checkouts_and_of_nothing_else(shop: Shop) -> None:
    assert tell(shop, "checkout", origin="null", order="1", carried="none") == 202
    assert tell(shop, "view", origin="null") == 403
    assert refusals.lately(shop.id, shop.cloud.clock.now()) == (), "no page of another shop's"


def test_what_tells_of_an_installation_counts_as_nothing(shop: Shop) -> None:
    tell(shop, "check", buttons=1)
    tell(shop, "checkout", origin="null", order="1", carried="none")
    pass_on(shop, timedelta(days=1))
    assert shop.run("close_days") == []
    merchant, now = profiles.find(shop.id, shop.cloud.clock.now()), shop.cloud.clock.now()
    day = calendars.local_day(now - timedelta(days=1), merchant.tz)
    ((_, tally),) = local_days.walk(merchant, day, day, now)
    assert tally.events == {}
    assert local_days.closed_facts(shop.id, day, day)[day][0] == 2
