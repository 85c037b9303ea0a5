"""sharetrail.js in a real browser: which events the API is told, and when they leave."""

import re

import pytest

from tests.browser.pages import BUTTONS, FIRST, KEY, SECOND, shop_page


def test_events_leave_together_as_plain_text_with_the_key(shopper, stage):
    shopper.land(
        FIRST,
        html=shop_page(
            '<sharetrail-buttons product="42" networks="facebook x"></sharetrail-buttons>'
        ),
    )
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
        shopper.look()
        shopper.page.clock.run_for(seconds * 1000)
        shopper.page.evaluate("scrollTo(0, 0)")
        shopper.look()
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
            with shopper.page.expect_popup() as opened:
                shopper.press(name)
            opened.value.wait_for_url(f"**/opened/{name.lower()}")
            shopper.pause(0.05)
    shopper.until(lambda: len(stage.events_of("share")) >= 2)
    shopper.pause(0.1)
    codes = sorted(event["code"] for event in stage.events_of("share"))
    assert codes == ["code000001", "code000002"]


def test_a_visit_is_told_once_and_only_where_there_is_a_trail(shopper, stage):
    shopper.go()
    shopper.land(FIRST)
    shopper.go("/socks")
    shopper.go("/shirt?utm_source=newsletter", referer="https://newsletter.example/")
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
