"""sharetrail.js in a real browser: the buttons, from a press to the link, as a good guest."""

import pytest

from tests.browser.pages import ACTS, BUTTONS, FIRST, KEY, SHOPIFY, USED_UP, shop_page

NAMES = ["Facebook", "X", "Pinterest", "WhatsApp", "Telegram", "LinkedIn", "Reddit", "Threads"]
NAMES += ["Bluesky", "E-mail", "SMS", "Copy link"]
CLIPBOARD = ["clipboard-read", "clipboard-write"]


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


INFLUENCER = (
    '<sharetrail-buttons influencer-token="ana.1795985052.x-_" networks="x"></sharetrail-buttons>'
)


def test_a_known_customer_shares_in_their_own_name(shopper, stage):
    shopper.go(html=shop_page(INFLUENCER))
    shopper.press("X")
    (asked,) = shopper.until(lambda: stage.to("/v1/links"))
    assert asked.json["influencer"] == {"token": "ana.1795985052.x-_"}


def test_a_token_that_is_over_leaves_a_visitor_who_shares(shopper, stage):
    stage.refused.add("ana.1795985052.x-_")
    shopper.go(html=shop_page(INFLUENCER))
    with shopper.page.expect_popup() as opened:
        shopper.press("X")
    opened.value.wait_for_url("**/opened/x")
    asked = [each.json["influencer"] for each in stage.to("/v1/links")]
    assert asked == [{"token": "ana.1795985052.x-_"}, {"id": shopper.stored["id"]}]


def test_a_link_takes_from_the_page_what_the_shop_does_not_say(shopper, stage):
    head = (
        '<meta property="og:title" content="The shirt"><meta property="og:image" content="/og.jpg">'
    )
    product = '<sharetrail-buttons product="42" networks="facebook x"></sharetrail-buttons>'
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
    shopper.use(permissions=CLIPBOARD)
    shopper.go()
    with shopper.page.expect_popup():
        shopper.press("Facebook")
    status = shopper.page.get_by_role("status")
    shopper.until(lambda: status.text_content() == "Page address copied")
    assert shopper.context.pages == [shopper.page]
    for name in ("Copy link", "E-mail"):
        shopper.press(name)
    shopper.until(lambda: len(stage.to("/v1/links")) == 3)
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
    field = shopper.page.get_by_role("textbox", name="Copy link")
    field.wait_for()
    assert field.count() == 1
    assert field.input_value() == f"{stage.api}/code000001"
    assert not field.is_editable()
    assert shopper.page.evaluate("getSelection().toString()") == f"{stage.api}/code000001"


SHARE_SHEET = "navigator.share = async (given) => { window.given = given; %s }"


def test_the_device_s_own_share_sheet_gets_the_title_and_the_short_link(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "")
    shopper.go()
    with shopper.leaving():
        shopper.press("Share")
        given = shopper.until(lambda: shopper.page.evaluate("window.given"))
    assert given == {"title": "Linen shirt", "url": f"{stage.api}/code000001"}
    assert stage.to("/v1/links")[0].json["network"] == "device"
    shopper.until(lambda: stage.events_of("share"))


def test_thinking_better_of_it_on_the_share_sheet_is_silent_and_no_share(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "throw new DOMException('', 'AbortError')")
    shopper.go()
    shopper.press("Share")
    shopper.until(lambda: shopper.page.evaluate("window.given"))
    with shopper.leaving():
        assert shopper.page.get_by_role("status").text_content() == ""
    shopper.until(lambda: stage.events_of("open"))
    assert stage.events_of("share") == []


def test_a_share_sheet_that_came_too_late_leaves_the_link_to_copy(shopper, stage):
    shopper.use(prepared=SHARE_SHEET % "throw new DOMException('', 'NotAllowedError')")
    shopper.go()
    shopper.press("Share")
    field = shopper.page.get_by_role("textbox", name="Copy link")
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


@pytest.mark.parametrize("status", [USED_UP, ACTS])
def test_where_no_link_is_made_networks_open_with_a_page_and_no_share_of_a_link_is_told(
    shopper, stage, status
):
    stage.refuses_links = status
    shopper.use(permissions=CLIPBOARD)
    shopper.go()
    shopper.page.evaluate(
        "addEventListener('sharetrail:share', ({detail}) => { window.told = detail })"
    )
    with shopper.page.expect_popup() as opened:
        shopper.press("Facebook")
    opened.value.wait_for_url("**/opened/facebook")
    told = shopper.until(lambda: shopper.page.evaluate("window.told"))
    nothing = {"code": None, "short_url": None}
    own = f"{stage.shop}/opened/facebook"
    assert told == {"network": "facebook", "share_url": own, **nothing}
    shopper.press("Copy link")
    status = shopper.page.get_by_role("status")
    shopper.until(lambda: status.text_content() == "Page address copied")
    assert shopper.page.evaluate("navigator.clipboard.readText()") == f"{stage.shop}/shirt"
    with shopper.leaving():
        shopper.until(lambda: len(stage.to("/v1/links")) == 2)
    shopper.until(lambda: stage.events_of("open"))
    assert stage.events_of("share") == []


def test_where_the_days_links_are_used_up_the_share_sheet_gets_the_pages_own_address(
    shopper, stage
):
    stage.refuses_links = USED_UP
    shopper.use(prepared=SHARE_SHEET % "")
    shopper.go()
    shopper.press("Share")
    given = shopper.until(lambda: shopper.page.evaluate("window.given"))
    assert given == {"title": "Linen shirt", "url": f"{stage.shop}/shirt"}


# ── A good guest on the page ─────────────────────────────────────────────────────────────────────
def test_a_script_included_twice_works_once(shopper, stage):
    shopper.land(FIRST, html=shop_page(SHOPIFY + BUTTONS, times=2))
    assert len(described(shopper)) == len(NAMES)
    with shopper.leaving():
        with shopper.page.expect_popup() as opened:
            shopper.press("Facebook")
        opened.value.wait_for_url("**/opened/facebook")
        shopper.pause(0.1)
    shopper.until(lambda: stage.events_of("share"))
    assert len(stage.events_of("visit")) == len(stage.to("/v1/links")) == len(stage.carts) == 1


def test_a_script_without_a_key_does_nothing(shopper, stage):
    shopper.land(FIRST, html=shop_page(query=""))
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
    shopper.go(
        html=shop_page(
            '<sharetrail-buttons heading="Share" networks="facebook"></sharetrail-buttons>'
        )
    )
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
    shopper.page.get_by_role("textbox", name="Copy link").wait_for()
    shopper.page.evaluate("document.querySelector('sharetrail-buttons').say('Link copied')")
    shopper.page.evaluate(axe)
    found = shopper.page.evaluate("axe.run()")
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
