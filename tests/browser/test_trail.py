"""sharetrail.js in a real browser: the trail, the visit, and the address they came in."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.browser.pages import BUTTONS, FIRST, SECOND, SHOPIFY, click_id, shop_page

DAY = timedelta(days=1)


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
    shopper.until(lambda: stage.cart == {"sharetrail": FIRST, "sharetrail_visit": "other"})


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
