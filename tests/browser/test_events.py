"""sharetrail.js in a real browser: which events the API is told, and when they leave."""

import re

import pytest

from tests.browser.pages import BUTTONS, FIRST, KEY, SECOND, shop_page


def test_events_leave_together_as_plain_text_with_the_key(shopper, stage):
    shopper.use(clock=True)
    shopper.land(
        FIRST,
        html=shop_page(
            '<sharetrail-buttons product="42" networks="facebook x"></sharetrail-buttons>'
        ),
    )
    shopper.page.get_by_role("button", name="Facebook").hover()
    shopper.look()
    for _ in range(2):
        shopper.page.clock.run_for(1000)
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
    shopper.use(clock=True)
    shopper.land(FIRST)
    with shopper.leaving():
        shopper.page.get_by_role("button", name="X", exact=True).focus()
    shopper.until(lambda: {"visit", "open"} <= {event["type"] for event in stage.events})


def test_events_leave_at_once_when_the_tab_is_hidden(shopper, stage):
    shopper.use(clock=True)
    shopper.land(FIRST)
    shopper.page.evaluate("""() => {
      Object.defineProperty(document, "hidden", {get: () => true});
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    shopper.until(lambda: stage.events_of("visit"))


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
    shopper.until(lambda: len(stage.events_of("visit")) == 2)
    assert [event["url"] for event in stage.events_of("visit")] == [
        f"{stage.shop}/shirt?size=m",
        f"{stage.shop}/products/shirt",
    ]


def stays(stage):
    return [(event.get("page"), event["seconds"]) for event in stage.events_of("stay")]


def test_a_page_tells_how_long_it_was_looked_at_and_which_of_its_visit_it_is(shopper, stage):
    shopper.use(clock=True)
    shopper.land(FIRST)
    shopper.page.clock.run_for(40_000)
    shopper.go("/socks")
    shopper.page.clock.run_for(20_000)
    shopper.go("/shirt")
    shopper.page.clock.run_for(3_000)
    with shopper.leaving():
        pass
    shopper.until(lambda: len(stays(stage)) == 3)
    assert [(place, round(seconds, -1)) for place, seconds in stays(stage)] == [
        (1, 40),
        (2, 20),
        (3, 0),
    ]
    assert set(stage.events_of("stay")[0]) == {"id", "type", "url", "at", "seconds", "page"}


def test_a_tab_that_is_not_in_front_is_not_looked_at(shopper, stage):
    hidden = "window.away = false; Object.defineProperty(document, 'hidden', {get: () => away})"
    shopper.use(prepared=hidden, clock=True)

    def turn(away):
        shopper.page.evaluate(
            "to => { away = to; document.dispatchEvent(new Event('visibilitychange')) }", away
        )

    shopper.land(FIRST)
    shopper.page.clock.run_for(30_000)
    turn(True)
    shopper.until(lambda: stays(stage))
    shopper.page.clock.run_for(600_000)
    turn(False)
    shopper.page.clock.run_for(12_000)
    turn(True)
    shopper.until(lambda: len(stays(stage)) == 2)
    turn(False)
    shopper.page.clock.run_for(4_000)  # a glance, of a page that was told of
    turn(True)
    shopper.pause(0.2)
    assert [place for place, _ in stays(stage)] == [1, None]
    assert [round(seconds / 10) for _, seconds in stays(stage)] == [3, 1]


def test_a_reload_is_no_second_page_and_another_place_of_the_page_is_one(shopper, stage):
    shopper.land(FIRST)
    shopper.page.reload()
    with shopper.leaving():
        shopper.page.evaluate("""() => {
          history.pushState({}, "", "/socks");
          document.body.append(document.createElement("p"));
        }""")
        shopper.pause(0.3)
    shopper.until(lambda: len(stays(stage)) == 2)
    assert [place for place, _ in stays(stage)] == [1, 2]


def test_no_page_of_whom_no_share_click_brought_tells_how_long_it_was_looked_at(shopper, stage):
    shopper.use(clock=True)
    shopper.go()
    shopper.page.clock.run_for(60_000)
    with shopper.leaving():
        pass
    shopper.pause(0.2)
    assert stage.events_of("stay") == []


def test_without_consent_no_page_tells_how_long_it_was_looked_at(shopper, stage):
    shopper.use(clock=True)
    shopper.land(FIRST, html=shop_page(install='data-consent="required"'))
    shopper.page.clock.run_for(60_000)
    with shopper.leaving():
        pass
    shopper.pause(0.2)
    assert stage.events_of("stay") == []


def test_a_lead_is_told_once_a_page_with_what_led_there(shopper, stage):
    shopper.land(FIRST)
    with shopper.leaving():
        shopper.page.evaluate("sharetrail.lead(); sharetrail.lead()")
    shopper.until(lambda: stage.events_of("lead"))
    assert [event["trail"] for event in stage.events_of("lead")] == [[FIRST]]
