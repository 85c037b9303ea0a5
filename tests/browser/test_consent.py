"""sharetrail.js in a real browser: nothing is kept of who did not agree."""

from tests.browser.pages import BUTTONS, FIRST, SHOPIFY, shop_page

ASKS_FIRST = 'data-consent="required"'
GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"


def nothing_is_kept(shopper):
    kept = shopper.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    return kept == [0, 0, ""] and shopper.context.cookies() == []


def test_where_consent_is_required_nothing_is_kept_before_it_is_given(shopper, stage):
    shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS, install=ASKS_FIRST))
    assert nothing_is_kept(shopper)
    assert (shopper.trail, shopper.visit) == ("denied", "other")
    shopper.page.evaluate("sharetrail.consent(true)")
    assert (shopper.trail, shopper.visit) == (FIRST, FIRST)
    assert shopper.stored["trail"] == [FIRST]
    shopper.until(lambda: [cart["sharetrail"] for cart in stage.carts] == ["denied", FIRST])
    (visit,) = shopper.until(lambda: stage.events_of("visit"))
    assert visit["trail"] == [FIRST]


def test_consent_once_given_is_remembered_on_the_next_page(shopper):
    shopper.land(FIRST, html=shop_page(install=ASKS_FIRST))
    shopper.page.evaluate("sharetrail.consent(true)")
    shopper.go("/socks")
    assert shopper.trail == FIRST


def test_what_was_kept_without_asking_goes_once_the_shop_must_ask(shopper):
    shopper.land(FIRST)
    shopper.go(html=shop_page(install=ASKS_FIRST))
    assert nothing_is_kept(shopper)
    assert shopper.trail == "denied"


def test_withdrawing_consent_deletes_what_is_kept(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    shopper.page.evaluate("sharetrail.consent(false)")
    assert nothing_is_kept(shopper)
    assert (shopper.trail, shopper.visit) == ("denied", "other")
    shopper.until(
        lambda: stage.carts[-1:] == [{"sharetrail": "denied", "sharetrail_visit": "other"}]
    )
    with shopper.leaving():
        pass
    shopper.pause(0.1)
    assert stage.events == []  # the visit that had not left yet never does


def test_withdrawing_consent_in_another_tab_holds_here_too(shopper):
    shopper.land(FIRST)
    other = shopper.context.new_page()
    other.goto(shopper.page.url)
    other.evaluate("sharetrail.consent(false)")
    shopper.until(lambda: shopper.trail == "denied")
    shopper.page.mouse.click(5, 5)
    assert nothing_is_kept(shopper)


def test_global_privacy_control_cannot_be_overruled(shopper, stage):
    shopper.use()
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    shopper.until(lambda: stage.carts)
    shopper.page.add_init_script(GPC)
    shopper.go()
    shopper.page.evaluate("sharetrail.consent(true)")
    assert (shopper.trail, shopper.visit) == ("denied", "other")
    assert nothing_is_kept(shopper)
    shopper.until(lambda: stage.cart.get("sharetrail") == "denied")


ASKING_SHOPIFY = """<script>
  window.answer = {};
  window.Shopify = {customerPrivacy: {analyticsProcessingAllowed: () => answer.allowed}};
</script>"""


def test_shopify_s_own_answer_on_consent_is_heeded_whenever_it_changes(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=ASKING_SHOPIFY.replace("{}", "{allowed: false}", 1)))
    assert shopper.trail == "denied"
    assert nothing_is_kept(shopper)
    for allowed, trail in ((True, FIRST), (False, "denied"), (True, FIRST)):
        shopper.page.evaluate("allowed => { answer.allowed = allowed }", allowed)
        shopper.page.evaluate("document.dispatchEvent(new Event('visitorConsentCollected'))")
        assert shopper.trail == trail
    shopper.until(lambda: len(stage.carts) == 4)


LATE_SHOPIFY = """<script>
  window.Shopify = {loadFeatures(features, then) { Object.assign(window, {features, then}) }};
</script>"""


def test_shopify_is_asked_first_where_it_loads_that_part_late(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=LATE_SHOPIFY))
    assert nothing_is_kept(shopper)
    assert shopper.page.evaluate("features[0].name") == "consent-tracking-api"
    assert stage.carts == []
    shopper.page.evaluate("Shopify.customerPrivacy = {analyticsProcessingAllowed: () => true}")
    shopper.page.evaluate("then()")
    assert shopper.trail == FIRST


def test_without_consent_the_buttons_work_under_a_passing_id(shopper, stage):
    for pages in (1, 2):
        shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS, install=ASKS_FIRST))
        for name in ("Facebook", "X"):
            with shopper.page.expect_popup():
                shopper.press(name)
        shopper.until(lambda links=2 * pages: len(stage.to("/v1/links")) == links)
        assert nothing_is_kept(shopper)
    wishes = [asked.json for asked in stage.to("/v1/links")]
    assert not any("trail" in wish for wish in wishes)
    ids = [wish["influencer"]["id"] for wish in wishes]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    share, *_ = shopper.until(lambda: stage.events_of("share"))
    assert not any("trail" in event for event in stage.events)
    assert share["code"] in ("code000001", "code000002")


def test_who_withdrew_consent_shares_as_somebody_else(shopper, stage):
    shopper.go()
    known = shopper.stored["id"]
    shopper.page.evaluate("sharetrail.consent(false)")
    with shopper.page.expect_popup():
        shopper.press("Facebook")
    (asked,) = shopper.until(lambda: stage.to("/v1/links"))
    assert asked.json["influencer"]["id"] != known
