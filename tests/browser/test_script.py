"""sharetrail.js in a real browser, between a stub shop and a stub API."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.browser.pages import BUTTONS, KEY, SHOPIFY, click_id, shop_page

NAMES = ["Facebook", "X", "Pinterest", "WhatsApp", "Telegram", "LinkedIn", "Reddit", "Threads"]
NAMES += ["Bluesky", "E-mail", "SMS", "Copy link"]
ASKS_FIRST = f'data-key="{KEY}" data-consent="required"'
GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
DAY = timedelta(days=1)

FIRST, SECOND = click_id(timedelta(hours=2), "a"), click_id(timedelta(hours=1), "b")


# ── The trail and the visit ──────────────────────────────────────────────────────────────────────
def test_a_landing_is_kept_as_the_trail_and_as_what_began_the_visit(shopper):
    shopper.land(FIRST)
    assert (shopper.trail, shopper.visit) == (FIRST, FIRST)
    shopper.go("/socks", referer=shopper.page.url)
    assert (shopper.trail, shopper.visit) == (FIRST, FIRST)


def test_a_visitor_without_a_click_has_no_trail(shopper):
    shopper.go()
    assert (shopper.trail, shopper.visit) == ("none", "other")


def test_the_trail_travels_oldest_first_and_names_no_click_twice(shopper):
    shopper.land(SECOND, FIRST, SECOND)
    assert shopper.trail == f"{FIRST},{SECOND}"
    assert shopper.visit == SECOND


def test_the_first_and_the_newest_nineteen_are_kept(shopper):
    clicks = [click_id(DAY * (25 - n), f"{n:02}") for n in range(23)]
    shopper.land(clicks[0])
    stored = json.dumps({**shopper.stored, "trail": clicks[:-1]})
    shopper.page.evaluate("stored => localStorage.setItem('sharetrail', stored)", stored)
    shopper.land(clicks[-1])
    assert shopper.trail.split(",") == [clicks[0], *clicks[-19:]]
    assert shopper.stored["trail"] == [clicks[0], *clicks[-19:]]


def test_a_click_leaves_the_trail_after_thirty_days(shopper):
    shopper.use(clock=True)
    shopper.land(old := click_id(DAY * 29, "a"))
    assert shopper.trail == old
    shopper.land(FIRST)
    assert shopper.trail == f"{old},{FIRST}"
    shopper.page.clock.fast_forward(timedelta(days=1, minutes=1).total_seconds() * 1000)
    assert shopper.trail == FIRST


def test_what_is_no_click_id_of_the_last_thirty_days_is_ignored(shopper):
    for click in (
        click_id(DAY * 30 + timedelta(minutes=1)),
        click_id(timedelta(minutes=-11)),
        FIRST.upper(),
        FIRST[:-1],
        FIRST + "0",
        FIRST[:9] + "8" + FIRST[10:],
        FIRST[:-1] + "u",
        "",
        "%E0%A4%A",
        "<b>",
    ):
        shopper.land(click)
        assert (shopper.trail, shopper.visit) == ("none", "other")


def test_a_clock_that_is_ten_minutes_slow_loses_no_click(shopper):
    shopper.land(early := click_id(timedelta(minutes=-9)))
    assert shopper.trail == early


def test_coming_from_elsewhere_begins_another_visit_and_keeps_the_trail(shopper):
    shopper.land(FIRST)
    shopper.go(referer="https://newsletter.example/")
    assert (shopper.trail, shopper.visit) == (FIRST, "other")


def test_a_page_of_the_shop_or_of_the_short_domain_is_not_elsewhere(shopper, stage):
    shopper.land(FIRST)
    for referer in ("", stage.shop + "/", stage.api + "/"):
        shopper.go(referer=referer)
        assert shopper.visit == FIRST


def test_reloading_the_landing_page_is_no_other_visit_although_it_repeats_the_referrer(
    shopper, stage
):
    blog = stage.shop.replace("localhost", "blog.localhost")
    shopper.go(html=shop_page(f'<a href="{stage.shop}/shirt?st={FIRST}">Look!</a>'))
    shopper.page.goto(f"{blog}/post")
    shopper.page.get_by_text("Look!").click()
    shopper.until(lambda: shopper.page.url == f"{stage.shop}/shirt")
    shopper.page.reload()
    assert shopper.page.evaluate("document.referrer") == f"{blog}/"
    assert shopper.visit == FIRST


def test_half_an_hour_without_activity_ends_the_visit(shopper, stage):
    shopper.use(clock=True)
    shopper.land(FIRST)
    shopper.page.clock.fast_forward(31 * 60_000)
    shopper.go()
    assert (shopper.trail, shopper.visit) == (FIRST, "other")


def test_reading_one_page_for_long_goes_on_with_the_visit(shopper):
    shopper.use(clock=True)
    shopper.land(FIRST)
    for _ in range(2):
        shopper.page.clock.fast_forward(20 * 60_000)
        shopper.page.mouse.click(5, 5)
    assert shopper.visit == FIRST
    shopper.go()
    assert shopper.visit == FIRST


def test_a_page_left_open_begins_another_visit_where_it_is_touched_again(shopper, stage):
    shopper.use(clock=True)
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    shopper.page.clock.fast_forward(31 * 60_000)
    shopper.page.mouse.click(5, 5)
    assert shopper.visit == "other"
    shopper.until(lambda: stage.carts[-1] == {"sharetrail": FIRST, "sharetrail_visit": "other"})


def test_a_click_in_another_tab_is_known_here(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    other = shopper.context.new_page()
    other.goto(f"{stage.shop}/shirt?st={SECOND}")
    assert shopper.trail == f"{FIRST},{SECOND}"


def test_one_visitor_keeps_one_random_sharer_id(shopper):
    shopper.go()
    sharer = shopper.stored["id"]
    assert re.fullmatch("[0-9a-f]{32}", sharer)
    shopper.go("/socks")
    assert shopper.stored["id"] == sharer


def test_whatever_stands_in_storage_the_script_goes_on(shopper, stage):
    for text in (
        "",
        "null",
        "7",
        "[]",
        "{",
        '"sharetrail"',
        '{"id": 1, "trail": "x", "visit": {}, "seen": "y", "agreed": []}',
        '{"id": ["a"], "trail": [null, 3, {}, [[]]], "visit": null, "seen": 1e999}',
        json.dumps({"id": None, "trail": {"length": 3}, "seen": {"a": 1}}),
        '{"__proto__": null, "trail": [' + "[" * 5000 + "]" * 5000 + "]}",
    ):
        shopper.page.goto(f"{stage.shop}/opened/a-page-without-the-script")
        shopper.page.evaluate("text => localStorage.setItem('sharetrail', text)", text)
        shopper.land(FIRST)
        assert (shopper.trail, shopper.visit) == (FIRST, FIRST)
        assert re.fullmatch("[0-9a-f]{32}", shopper.stored["id"])


@pytest.mark.parametrize(
    "blocked",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})",
        "Object.defineProperty(window, 'localStorage', {value: null})",
        "Storage.prototype.setItem = () => { throw new Error('full') }",
    ],
)
def test_where_storage_is_blocked_it_works_from_memory(shopper, stage, blocked):
    shopper.use(prepared=blocked)
    shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS))
    assert (shopper.trail, shopper.visit) == (FIRST, FIRST)
    shopper.press("Facebook")
    shopper.press("X")
    first, second = shopper.until(lambda: len(stage.to("/v1/links")) == 2 and stage.to("/v1/links"))
    assert first.json["influencer"] == second.json["influencer"]
    assert first.json["trail"] == [FIRST]


def test_a_page_prepared_in_the_background_is_no_visit_until_it_is_shown(shopper):
    prerendering = "Object.defineProperty(document, 'prerendering', {value: true})"
    shopper.use(prepared=prerendering)
    shopper.land(FIRST)
    assert shopper.stored is None
    shopper.page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
    assert shopper.trail == FIRST


# ── The address bar ──────────────────────────────────────────────────────────────────────────────
def test_the_click_leaves_the_address_and_all_else_stays_byte_for_byte(shopper, stage):
    shopper.use()
    rest = "?q=red%20shirt+m&empty=&x&utm_source=facebook"
    shopper.go(f"/shirt{rest}&st={FIRST}&last=%2F#size")
    shopper.until(lambda: shopper.page.url == f"{stage.shop}/shirt{rest}&last=%2F#size")
    assert shopper.page.evaluate("history.length") == 2  # the empty first page, and this one


def test_an_address_with_nothing_else_loses_its_question_mark(shopper, stage):
    shopper.land(FIRST)
    shopper.until(lambda: shopper.page.url == f"{stage.shop}/shirt")


def test_a_parameter_of_the_shop_s_own_that_is_called_st_stays(shopper):
    shopper.go("/shirt?st=linen")
    shopper.pause(0.1)
    assert shopper.page.url.endswith("/shirt?st=linen")


def test_inside_an_app_the_click_stays_so_that_open_in_safari_carries_it(shopper):
    told_by_the_anchor = "{get: () => decodeURIComponent(location.hash.slice(1))}"
    shopper.use(prepared=f"Object.defineProperty(navigator, 'userAgent', {told_by_the_anchor})")
    for app in (
        "Mozilla/5.0 (iPhone) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Instagram 312.0.0.32.114",
        "Mozilla/5.0 (iPhone) Safari/604.1 Line/13.19.0",
        "Mozilla/5.0 (iPhone) musical_ly_33.0.0 BytedanceWebview/d8a21c6",
        "Mozilla/5.0 (iPhone) Mobile/15E148 [Pinterest/iOS]",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Snapchat/12.66.0.30",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Twitter for iPhone/10.20",
        "Mozilla/5.0 (iPhone) Mobile/15E148 [LinkedInApp]/9.29",
        "Mozilla/5.0 (iPhone) Mobile/15E148 MicroMessenger/8.0.44",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) Chrome/120.0 Mobile Safari/537.36",
    ):
        shopper.go(f"/shirt?st={FIRST}#{quote(app)}")
        shopper.pause(0.03)
        assert f"st={FIRST}" in shopper.page.url, app
        assert shopper.trail == FIRST


# ── The cart ─────────────────────────────────────────────────────────────────────────────────────
def test_shopify_s_cart_learns_the_trail_and_the_visit(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    (asked,) = shopper.until(lambda: stage.to("/cart/update.js"))
    assert asked.headers["content-type"] == "application/json"
    assert asked.json == {"attributes": {"sharetrail": FIRST, "sharetrail_visit": FIRST}}


def test_a_cart_without_a_trail_says_that_the_script_ran(shopper, stage):
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.until(lambda: stage.carts == [{"sharetrail": "none", "sharetrail_visit": "other"}])


def test_the_cart_is_found_where_shopify_keeps_it_in_this_language(shopper, stage):
    shopper.go(html=shop_page(head="<script>window.Shopify = {routes: {root: '/fr/'}}</script>"))
    shopper.until(lambda: stage.to("/fr/cart/update.js"))


def test_the_cart_is_told_again_only_of_what_changed(shopper, stage):
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.page.evaluate("sharetrail.consent(true)")
    shopper.page.evaluate("sharetrail.consent(false)")
    shopper.page.evaluate("sharetrail.consent(false)")
    shopper.until(lambda: len(stage.carts) == 2)
    shopper.pause(0.1)
    assert [cart["sharetrail"] for cart in stage.carts] == ["none", "denied"]


def test_a_cart_that_could_not_be_told_is_told_with_the_next_chance(shopper, stage):
    stage.broken.add("/cart/update.js")
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.until(lambda: len(stage.carts) == 1)
    shopper.pause(0.1)
    shopper.page.evaluate("sharetrail.consent(true)")
    shopper.until(lambda: len(stage.carts) == 2)


def test_a_shop_that_is_not_on_shopify_has_no_such_cart(shopper, stage):
    shopper.land(FIRST, html=shop_page('<form action="/cart/add"></form>'))
    shopper.pause(0.2)
    assert stage.carts == []
    assert shopper.page.locator("form input").count() == 0


def test_product_forms_carry_the_trail_past_the_cart_now_and_later(shopper):
    form = '<form class="{}" action="/fr/cart/add" method="post"></form>'
    shopper.land(FIRST, html=shop_page(SHOPIFY + form.format("now")))
    assert values_in(shopper, "form.now") == {
        "properties[_sharetrail]": FIRST,
        "properties[_sharetrail_visit]": FIRST,
    }
    shopper.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)",
                          f"<div>{form.format('later')}</div>")  # fmt: skip
    shopper.until(lambda: values_in(shopper, "form.later") == values_in(shopper, "form.now"))
    shopper.page.evaluate("sharetrail.consent(false)")
    for form in ("form.now", "form.later"):
        assert values_in(shopper, form) == {
            "properties[_sharetrail]": "denied",
            "properties[_sharetrail_visit]": "other",
        }


def values_in(shopper, form):
    return shopper.page.evaluate(
        "form => Object.fromEntries(new FormData(document.querySelector(form)))", form
    )


# ── Consent ──────────────────────────────────────────────────────────────────────────────────────
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
    shopper.until(lambda: stage.carts[-1]["sharetrail"] == "denied")


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


def test_shopify_that_knows_nothing_against_it_allows(shopper):
    shopper.land(FIRST, html=shop_page(head=ASKING_SHOPIFY))
    assert shopper.trail == FIRST


def test_a_shopify_that_fails_to_answer_does_not_allow(shopper):
    fails = (
        "<script>Shopify.customerPrivacy.analyticsProcessingAllowed = () => { throw 1 }</script>"
    )
    shopper.land(FIRST, html=shop_page(head=ASKING_SHOPIFY + fails))
    assert shopper.trail == "denied"


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
    ids = set()
    for _ in range(2):
        shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS, install=ASKS_FIRST))
        with shopper.page.expect_popup():
            shopper.press("Facebook")
        asked = shopper.until(lambda: stage.to("/v1/links"))[-1]
        assert "trail" not in asked.json
        ids.add(asked.json["influencer"]["id"])
        with shopper.page.expect_popup():
            shopper.press("X")
        assert stage.to("/v1/links")[-1].json["influencer"]["id"] in ids
        assert nothing_is_kept(shopper)
    assert len(ids) == 2
    share, *_ = shopper.until(lambda: stage.events_of("share"))
    assert not any("trail" in event for event in stage.events)
    assert share["code"] == "code000001"


def test_who_withdrew_consent_shares_as_somebody_else(shopper, stage):
    shopper.go()
    known = shopper.stored["id"]
    shopper.page.evaluate("sharetrail.consent(false)")
    with shopper.page.expect_popup():
        shopper.press("Facebook")
    assert stage.to("/v1/links")[0].json["influencer"]["id"] != known


# ── Events ───────────────────────────────────────────────────────────────────────────────────────
def test_events_leave_together_as_plain_text_with_the_key(shopper, stage):
    shopper.land(FIRST, html=shop_page('<sharetrail-buttons product="42"></sharetrail-buttons>'))
    shopper.page.get_by_role("button", name="Facebook").hover()
    (asked,) = shopper.until(lambda: stage.to("/v1/events"))
    assert asked.headers["content-type"] == "text/plain;charset=UTF-8"
    assert asked.json["key"] == KEY
    assert {event["type"] for event in asked.json["events"]} == {"visit", "open", "view"}
    assert len({event["id"] for event in asked.json["events"]}) == 3
    for event in asked.json["events"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["at"])
        assert event["url"] == f"{stage.shop}/shirt"
        assert event.get("product") == (None if event["type"] == "visit" else {"id": "42"})


def test_events_leave_at_once_when_the_page_is_left(shopper, stage):
    shopper.land(FIRST)
    with shopper.leaving():
        shopper.page.get_by_role("button", name="X", exact=True).focus()
    shopper.until(lambda: {"visit", "open"} == {event["type"] for event in stage.events}, 0.7)


def test_events_leave_at_once_when_the_tab_is_hidden(shopper, stage):
    shopper.land(FIRST)
    shopper.page.evaluate("""() => {
      Object.defineProperty(document, "hidden", {get: () => true});
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    shopper.until(lambda: stage.events_of("visit"), 0.7)


def test_a_browser_without_beacons_sends_events_all_the_same(shopper, stage):
    shopper.use(prepared="navigator.sendBeacon = () => false")
    shopper.land(FIRST)
    (asked,) = shopper.until(lambda: stage.to("/v1/events"))
    assert asked.headers["content-type"] == "text/plain;charset=UTF-8"


def test_a_view_is_half_of_the_buttons_for_a_second_and_counts_once(shopper, stage):
    shopper.use(clock=True)
    group = shopper.page.get_by_role("group").first

    def look(seconds):
        group.scroll_into_view_if_needed()
        shopper.pause(0.1)
        shopper.page.clock.run_for(seconds * 1000)
        shopper.page.evaluate("scrollTo(0, 0)")
        shopper.pause(0.1)
        shopper.page.clock.run_for(3000)

    shopper.go(html=shop_page(f'<div style="height: 2000px"></div>{BUTTONS}{BUTTONS}'))
    look(seconds=0.5)
    shopper.pause(0.1)
    assert stage.events == []
    look(seconds=1)
    look(seconds=1)
    shopper.until(lambda: stage.events)
    assert [event["type"] for event in stage.events] == ["view"]


def test_buttons_in_a_hidden_tab_are_not_seen(shopper, stage):
    away = "window.away = true; Object.defineProperty(document, 'hidden', {get: () => away})"
    shopper.use(prepared=away, clock=True)
    shopper.go()
    shopper.pause(0.1)
    shopper.page.clock.run_for(1500)
    shopper.pause(0.1)
    assert stage.events == []
    shopper.page.evaluate("away = false")
    shopper.page.clock.run_for(1500)
    shopper.page.clock.run_for(1500)
    shopper.until(lambda: stage.events_of("view"))


@pytest.mark.parametrize("sign", ["focus", "hover", "tap"])
def test_focus_hover_and_tap_open_the_buttons_once_a_page(shopper, stage, sign):
    shopper.use(has_touch=True)
    stage.broken.add("/v1/links")
    shopper.go()
    with shopper.leaving():
        for name in ("Facebook", "X"):
            getattr(shopper.page.get_by_role("button", name=name, exact=True), sign)()
    shopper.until(lambda: stage.events_of("open"))
    assert len(stage.events_of("open")) == 1


def test_a_share_counts_once_a_page_and_network_and_names_its_link(shopper, stage):
    shopper.go()
    with shopper.leaving():
        for name in ("Facebook", "Facebook", "X"):
            with shopper.page.expect_popup():
                shopper.press(name)
            shopper.pause(0.05)
    shopper.until(lambda: stage.events_of("share"))
    assert [event["code"] for event in stage.events_of("share")] == ["code000001", "code000002"]


def test_a_visit_is_told_once_and_only_where_there_is_a_trail(shopper, stage):
    shopper.go()
    shopper.land(FIRST)
    shopper.go("/socks")
    shopper.go(referer="https://newsletter.example/")
    with shopper.leaving():
        pass
    shopper.until(lambda: len(stage.events_of("visit")) == 2)
    assert [event["trail"] for event in stage.events_of("visit")] == [[FIRST], [FIRST]]


def test_an_event_names_the_canonical_page_else_the_address_without_click_and_anchor(
    shopper, stage
):
    shopper.go(f"/shirt?size=m&st={FIRST}#reviews")
    canonical = '<link rel="canonical" href="/products/shirt">'
    shopper.go(f"/shirt?size=m&st={SECOND}", html=shop_page(head=canonical))
    with shopper.leaving():
        pass
    shopper.until(lambda: len(stage.events) == 2)
    assert [event["url"] for event in stage.events] == [
        f"{stage.shop}/shirt?size=m",
        f"{stage.shop}/products/shirt",
    ]


# ── The buttons ──────────────────────────────────────────────────────────────────────────────────
def names(shopper):
    return [button.accessible_name for button in described(shopper)]


def described(shopper):
    return shopper.page.get_by_role("group", name="Share", exact=True).get_by_role("button").all()


def test_each_network_is_a_button_named_after_it(shopper):
    shopper.go()
    buttons = described(shopper)
    assert len(buttons) == len(NAMES)
    for button, name in zip(buttons, NAMES, strict=True):
        assert button.get_attribute("type") == "button"
        assert shopper.page.get_by_role("button", name=name, exact=True).count() == 1


def test_a_shop_chooses_the_networks_and_their_order(shopper):
    chosen = '<sharetrail-buttons networks=" copy, x ,nonsense,constructor,x">'
    shopper.go(html=shop_page(chosen + "</sharetrail-buttons>"))
    labels = [button.get_attribute("aria-label") for button in described(shopper)]
    assert labels == ["Copy link", "X"]


def test_a_heading_stands_above_the_buttons(shopper):
    buttons = '<sharetrail-buttons heading="Tell <b>friends"></sharetrail-buttons>'
    shopper.go(html=shop_page(buttons))
    assert shopper.page.get_by_text("Tell <b>friends").is_visible()


def test_the_tab_key_walks_from_button_to_button(shopper):
    shopper.go(html=shop_page('<a href="#">Before</a>' + BUTTONS + '<a href="#">After</a>'))
    focused = []
    for _ in range(14):
        shopper.page.keyboard.press("Tab")
        focused.append(
            shopper.page.evaluate("""() => {
              const focused = document.activeElement;
              return focused.shadowRoot?.activeElement.ariaLabel ?? focused.textContent;
            }""")
        )
    assert focused == ["Before", *NAMES, "After"]


def test_pressing_a_network_asks_for_a_link_and_opens_its_window(shopper, stage):
    shopper.land(FIRST)
    with shopper.page.expect_popup() as opened:
        shopper.press("Facebook")
    opened.value.wait_for_url("**/opened/facebook")
    assert opened.value.evaluate("window.opener") is None
    (asked,) = stage.to("/v1/links")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert "cookie" not in asked.headers
    assert asked.json == {
        "url": f"{stage.shop}/shirt",
        "network": "facebook",
        "influencer": {"id": shopper.stored["id"]},
        "trail": [FIRST],
    }


def test_a_link_carries_what_the_shop_says_of_it(shopper, stage):
    said = (
        'url="/products/shirt?variant=1|2" title="Shirt" image="/shirt.jpg" product="42"'
        ' campaign="summer" label="below-price" networks="x"'
    )
    shopper.go(html=shop_page(f"<sharetrail-buttons {said}></sharetrail-buttons>"))
    shopper.press("X")
    (asked,) = shopper.until(lambda: stage.to("/v1/links"))
    assert asked.json == {
        "url": f"{stage.shop}/products/shirt?variant=1%7C2",
        "network": "x",
        "influencer": {"id": shopper.stored["id"]},
        "campaign": "summer",
        "label": "below-price",
        "product": {"id": "42", "title": "Shirt", "image": f"{stage.shop}/shirt.jpg"},
    }


def test_a_link_takes_from_the_page_what_the_shop_does_not_say(shopper, stage):
    head = (
        '<meta property="og:title" content="The shirt"><meta property="og:image" content="/og.jpg">'
    )
    product = '<sharetrail-buttons product="42"></sharetrail-buttons>'
    address = f"/shirt?utm_source=x&size=m&utm_medium=share&st={FIRST}#top"
    shopper.go(address, html=shop_page(product, head=head))
    shopper.press("X")
    (asked,) = shopper.until(lambda: stage.to("/v1/links"))
    assert asked.json["url"] == f"{stage.shop}/shirt?size=m"
    assert asked.json["product"] == {
        "id": "42",
        "title": "The shirt",
        "image": f"{stage.shop}/og.jpg",
    }


def test_the_window_opens_within_the_gesture_before_the_link_is_known(shopper, stage):
    stage.links_open.clear()
    shopper.go()
    with shopper.page.expect_popup() as opened:
        shopper.press("Facebook")
    assert opened.value.url == "about:blank"
    stage.links_open.set()
    opened.value.wait_for_url("**/opened/facebook")


def test_where_windows_are_blocked_the_network_opens_in_this_one(shopper):
    shopper.use(prepared="window.open = () => null")
    shopper.go()
    shopper.press("Facebook")
    shopper.page.wait_for_url("**/opened/facebook")


@pytest.mark.parametrize(("name", "network"), [("E-mail", "email"), ("SMS", "sms")])
def test_mail_and_messages_open_their_own_program(shopper, name, network):
    shopper.go()
    shopper.press(name)
    shopper.page.wait_for_url(f"**/opened/{network}")


def test_pressing_twice_asks_once(shopper, stage):
    shopper.go()
    for _ in range(2):
        with shopper.page.expect_popup() as opened:
            shopper.press("Facebook")
        opened.value.wait_for_url("**/opened/facebook")
    assert len(stage.to("/v1/links")) == 1


def test_a_double_click_opens_one_window(shopper):
    shopper.use(prepared="window.opened = 0; window.open = () => ({location: {}, at: ++opened})")
    shopper.go()
    described(shopper)[0].evaluate("button => { button.click(); button.click() }")
    assert shopper.page.evaluate("opened") == 1


def test_a_failure_is_said_closes_the_window_and_can_be_tried_again(shopper, stage):
    stage.broken.add("/v1/links")
    shopper.go()
    with shopper.page.expect_popup():
        shopper.press("Facebook")
    status = shopper.page.get_by_role("status")
    shopper.until(lambda: status.text_content() == "Sharing is not available right now")
    assert shopper.context.pages == [shopper.page]
    for name in ("Copy link", "E-mail"):
        shopper.press(name)
    shopper.pause(0.1)
    assert shopper.page.url == f"{stage.shop}/shirt"
    stage.broken.clear()
    with shopper.page.expect_popup() as opened:
        shopper.press("Facebook")
    opened.value.wait_for_url("**/opened/facebook")


def test_copying_writes_the_short_link_and_says_so_for_a_while(shopper, stage):
    shopper.use(permissions=CLIPBOARD, clock=True)
    shopper.go()
    shopper.press("Copy link")
    status = shopper.page.get_by_role("status")
    shopper.until(lambda: status.text_content() == "Link copied")
    assert status.is_visible()
    assert status.get_attribute("aria-live") == "polite"
    assert shopper.page.evaluate("navigator.clipboard.readText()") == f"{stage.api}/code000001"
    assert shopper.page.get_by_role("button", name="Copy link", exact=True).is_visible()
    shopper.page.clock.fast_forward(6000)
    assert status.text_content() == ""


@pytest.mark.parametrize(
    "older",
    [
        "delete window.ClipboardItem",
        "window.Clipboard && (Clipboard.prototype.write = () => Promise.reject(new Error('text')))",
    ],
)
def test_an_older_clipboard_takes_the_text(shopper, stage, older):
    shopper.use(permissions=CLIPBOARD, prepared=older)
    shopper.go()
    shopper.press("Copy link")
    shopper.until(lambda: shopper.page.get_by_role("status").text_content() == "Link copied")
    assert shopper.page.evaluate("navigator.clipboard.readText()") == f"{stage.api}/code000001"


def test_where_there_is_no_clipboard_the_link_stands_there_selected(shopper, stage):
    shopper.use(prepared="Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    shopper.go()
    for _ in range(2):
        shopper.press("Copy link")
    field = shopper.page.get_by_role("textbox", name="Link")
    field.wait_for()
    assert field.count() == 1
    assert field.input_value() == f"{stage.api}/code000001"
    assert not field.is_editable()
    assert shopper.page.evaluate("getSelection().toString()") == f"{stage.api}/code000001"


def test_a_failure_to_copy_is_said_where_there_is_no_clipboard_too(shopper, stage):
    stage.broken.add("/v1/links")
    shopper.use(prepared="Object.defineProperty(navigator, 'clipboard', {value: {}})")
    shopper.go()
    shopper.press("Copy link")
    status = shopper.page.get_by_role("status")
    shopper.until(lambda: status.text_content() == "Sharing is not available right now")


SHARE_SHEET = "navigator.share = async (given) => { window.given = given; %s }"


def test_the_device_s_own_share_sheet_gets_the_title_and_the_short_link(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "")
    shopper.go()
    with shopper.leaving():
        shopper.press("More")
        given = shopper.until(lambda: shopper.page.evaluate("window.given"))
    assert given == {"title": "Linen shirt", "url": f"{stage.api}/code000001"}
    assert stage.to("/v1/links")[0].json["network"] == "device"
    shopper.until(lambda: stage.events_of("share"))


def test_thinking_better_of_it_on_the_share_sheet_is_silent_and_no_share(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "throw new DOMException('', 'AbortError')")
    shopper.go()
    shopper.press("More")
    shopper.until(lambda: shopper.page.evaluate("window.given"))
    with shopper.leaving():
        assert shopper.page.get_by_role("status").text_content() == ""
    shopper.until(lambda: stage.events_of("open"))
    assert stage.events_of("share") == []


def test_a_share_sheet_that_came_too_late_leaves_the_link_to_copy(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "throw new DOMException('', 'NotAllowedError')")
    shopper.go()
    shopper.press("More")
    field = shopper.page.get_by_role("textbox", name="Link")
    field.wait_for()
    assert field.input_value() == f"{stage.api}/code000001"


def test_a_share_is_told_to_the_page(shopper, stage):
    shopper.go()
    shopper.page.evaluate(
        "addEventListener('sharetrail:share', ({detail}) => { window.told = detail })"
    )
    with shopper.page.expect_popup():
        shopper.press("Facebook")
    told = shopper.until(lambda: shopper.page.evaluate("window.told"))
    assert told == {
        "network": "facebook",
        "code": "code000001",
        "short_url": f"{stage.api}/code000001",
        "share_url": f"{stage.shop}/opened/facebook",
    }


# ── A good guest on the page ─────────────────────────────────────────────────────────────────────
def test_a_script_included_twice_works_once(shopper, stage):
    shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS, times=2))
    assert len(described(shopper)) == len(NAMES)
    with shopper.leaving():
        with shopper.page.expect_popup():
            shopper.press("Facebook")
        shopper.pause(0.1)
    shopper.until(lambda: stage.events_of("share"))
    assert len(stage.events_of("visit")) == len(stage.to("/v1/links")) == len(stage.carts) == 1


def test_a_script_without_a_key_does_nothing(shopper, stage):
    shopper.land(FIRST, html=shop_page(install=""))
    assert shopper.page.evaluate("window.sharetrail") is None
    assert f"st={FIRST}" in shopper.page.url


def test_another_s_element_of_our_name_does_not_stop_the_trail(shopper):
    other = "customElements.define('sharetrail-buttons', class extends HTMLElement {})"
    shopper.use(prepared=other)
    shopper.land(FIRST)
    assert shopper.trail == FIRST


def test_a_strict_content_policy_leaves_the_buttons_as_they_are(shopper, stage):
    stage.headers["content-security-policy"] = (
        f"default-src 'none'; script-src {stage.api}; connect-src {stage.api}; "
        "require-trusted-types-for 'script'"
    )
    shopper.go(html=shop_page('<sharetrail-buttons heading="Share"></sharetrail-buttons>'))
    box = described(shopper)[0].bounding_box()
    assert (box["width"], box["height"]) == (44, 44)
    with shopper.page.expect_popup() as opened:
        shopper.press("Facebook")
    opened.value.wait_for_url("**/opened/facebook")


def test_buttons_that_come_later_work_too(shopper, stage):
    shopper.go(html=shop_page(""))
    shopper.page.evaluate("html => document.querySelector('main').innerHTML = html", BUTTONS)
    shopper.press("X")
    shopper.until(lambda: stage.to("/v1/links"))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_buttons_are_easy_to_hit_and_stay_inside_the_page(shopper, direction, width):
    shopper.use(viewport={"width": width, "height": 700}, prepared=SHARE_SHEET % "")
    head = "<style>body { margin: 16px }</style>"
    shopper.go(html=shop_page(head=head, direction=direction))
    boxes = [button.bounding_box() for button in described(shopper)]
    assert {(box["width"], box["height"]) for box in boxes} == {(44, 44)}
    assert (boxes[0]["x"] < boxes[1]["x"]) == (direction == "ltr")
    assert len({box["y"] for box in boxes}) == (2 if width == 375 else 1)
    assert shopper.page.evaluate("document.documentElement.scrollWidth") == width
    shopper.page.evaluate("document.querySelector('sharetrail-buttons').say('Link copied')")
    status = shopper.page.get_by_role("status").bounding_box()
    group = shopper.page.get_by_role("group").bounding_box()
    assert status["y"] == group["y"] + group["height"] + 8
    ends = [box["x"] + (box["width"] if direction == "rtl" else 0) for box in (status, group)]
    assert ends[0] == pytest.approx(ends[1])


def test_a_shop_sets_size_gap_and_corners(shopper):
    style = "--sharetrail-size: 60px; --sharetrail-gap: 20px; --sharetrail-radius: 4px"
    shopper.go(html=shop_page(f'<sharetrail-buttons style="{style}"></sharetrail-buttons>'))
    first, second, *_ = described(shopper)
    assert first.bounding_box()["width"] == 60
    assert second.bounding_box()["x"] - first.bounding_box()["x"] == 80
    assert first.evaluate("button => getComputedStyle(button).borderRadius") == "4px"


def test_who_asked_for_less_motion_gets_none(shopper):
    def moved(motion):
        shopper.page.emulate_media(reduced_motion=motion)
        button = described(shopper)[0]
        button.hover()
        return button.evaluate("""button => {
          button.getAnimations().forEach((animation) => animation.finish());
          return getComputedStyle(button).transform;
        }""")

    shopper.go()
    assert moved("no-preference") == "matrix(1, 0, 0, 1, 0, -2)"
    assert moved("reduce") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_to_complain_of(shopper, axe, direction, scheme):
    shopper.use(prepared="Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    head = f"<style>:root {{ color-scheme: {scheme} }}</style>"
    buttons = '<sharetrail-buttons heading="Share this shirt"></sharetrail-buttons>'
    shopper.go(html=shop_page(buttons, head=head, direction=direction))
    shopper.press("Copy link")
    shopper.page.get_by_role("textbox", name="Link").wait_for()
    shopper.page.evaluate("document.querySelector('sharetrail-buttons').say('Link copied')")
    shopper.page.evaluate(axe)
    found = shopper.page.evaluate("axe.run()")
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
