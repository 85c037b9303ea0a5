"""sharetrail.js in a real browser: where a shop asks for it, its server can read the trail."""

from tests.browser.pages import FIRST, SECOND, SHOPIFY, shop_page
from tests.browser.test_consent import GPC, nothing_is_kept

ASKED = "data-cookie"


def cookies(shopper):
    return {each["name"]: each["value"] for each in shopper.context.cookies()}


def test_without_being_asked_it_sets_no_cookie(shopper):
    shopper.use()
    shopper.land(FIRST)
    assert cookies(shopper) == {}


def test_the_shops_server_is_sent_trail_and_visit(shopper):
    shopper.use()
    shopper.land(FIRST, SECOND, html=shop_page(install=ASKED))
    assert cookies(shopper) == {"sharetrail": f"{FIRST},{SECOND}", "sharetrail_visit": SECOND}
    with shopper.page.expect_request("**/checkout") as asked:
        shopper.page.evaluate("fetch('/checkout')")
    sent = asked.value.all_headers()["cookie"]
    assert sent == f"sharetrail={FIRST},{SECOND}; sharetrail_visit={SECOND}"


def test_it_is_gone_with_the_browser_and_stays_in_the_shop(shopper):
    shopper.use()
    shopper.land(FIRST, html=shop_page(install=ASKED))
    for cookie in shopper.context.cookies():
        assert (cookie["expires"], cookie["domain"], cookie["path"]) == (-1, "localhost", "/")
        assert cookie["sameSite"] == "Lax"


def test_who_followed_no_link_says_so(shopper):
    shopper.use()
    shopper.go(html=shop_page(install=ASKED))
    assert cookies(shopper) == {"sharetrail": "none", "sharetrail_visit": "other"}


def test_without_consent_there_is_none_and_withdrawn_it_goes(shopper):
    shopper.use()
    asks_first = f'{ASKED} data-consent="required"'
    shopper.land(FIRST, html=shop_page(install=asks_first))
    assert nothing_is_kept(shopper)
    shopper.page.evaluate("sharetrail.consent(true)")
    assert cookies(shopper)["sharetrail"] == FIRST
    shopper.page.evaluate("sharetrail.consent(false)")
    assert nothing_is_kept(shopper)


def test_global_privacy_control_is_no_consent(shopper):
    shopper.use(prepared=GPC)
    shopper.land(FIRST, html=shop_page(install=ASKED))
    assert nothing_is_kept(shopper)


def test_another_visit_is_written_anew(shopper):
    shopper.use(clock=True)
    shopper.land(FIRST, html=shop_page(install=ASKED))
    shopper.page.clock.fast_forward(31 * 60_000)
    shopper.page.mouse.click(5, 5)
    shopper.until(lambda: cookies(shopper)["sharetrail_visit"] == "other")
    assert cookies(shopper)["sharetrail"] == FIRST


def test_where_cookies_are_blocked_the_rest_goes_on(shopper, stage):
    blocked = "{get: () => '', set() { throw new Error('blocked') }}"
    shopper.use(prepared=f"Object.defineProperty(document, 'cookie', {blocked})")
    shopper.land(FIRST, html=shop_page(head=SHOPIFY, install=ASKED))
    assert shopper.trail == FIRST
    shopper.until(lambda: stage.cart.get("sharetrail") == FIRST)
