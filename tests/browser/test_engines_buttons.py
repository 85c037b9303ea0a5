"""<sharetrail-buttons> in three engines: few, in the reader's words, and truthful."""

import re
from pathlib import Path

import pytest

from functions.serve_script import app
from sharetrail.words import languages
from tests.browser import engines
from tests.browser.pages import BUTTONS, FIRST, Stage, shop_page
from tests.browser.visitor import Visitor

LANGUAGES = [*languages.LANGUAGES]
CLIPBOARD = """<script>
  window.copied = [];
  Object.defineProperty(navigator, "clipboard", {value: {
    writeText: async (text) => { copied.push(text) },
  }});
</script>"""
NO_CLIPBOARD = CLIPBOARD.replace("copied.push(text)", "throw new Error('shut')")
SHEET = "<script>navigator.share = async (given) => {{ window.given = given; {} }}</script>"
WINDOW = """<script>
  window.open = () => window.page = {{location: {{}}, closed: {}, close() {{}}}}
</script>"""


def shares(visitor: Visitor, stage: Stage, count: int) -> list[dict]:
    """Those told of once the page has been left, which tells last what it holds: so many."""
    visitor.until(lambda: len(stage.events_of("share")) >= count)
    visitor.leave()
    visitor.until(lambda: stage.events_of("open"))
    if not count:
        visitor.pause(0.3)
    assert len(stage.events_of("share")) == count
    return stage.events_of("share")


# ── Which stand there ────────────────────────────────────────────────────────────────────────────
def test_a_few_buttons_stand_there_and_the_rest_behind_more(visitor, stage):
    visitor.go(html=shop_page("<sharetrail-buttons></sharetrail-buttons>", head=SHEET.format("")))
    assert visitor.labels == ["Share", "WhatsApp", "Copy link", "E-mail", "More"]
    more = visitor.button("more")
    assert more.get_attribute("aria-expanded") == "false"
    more.click()
    assert more.get_attribute("aria-expanded") == "true"
    assert len(visitor.labels) == 14
    visitor.press("facebook")
    visitor.until(lambda: stage.to("/v1/links"))
    more.click()
    assert visitor.labels == ["Share", "WhatsApp", "Copy link", "E-mail", "More"]


def test_a_device_without_a_share_sheet_has_no_button_for_it(visitor):
    head = "<script>Object.defineProperty(navigator, 'share', {value: undefined})</script>"
    visitor.go(html=shop_page("<sharetrail-buttons></sharetrail-buttons>", head=head))
    assert visitor.labels == ["WhatsApp", "Copy link", "E-mail", "More"]


def test_a_shop_s_choice_shows_no_more_than_that_unless_it_asks_for_more(visitor):
    visitor.go(html=shop_page('<sharetrail-buttons networks="x copy"></sharetrail-buttons>'))
    assert visitor.labels == ["X", "Copy link"]
    visitor.run(
        "document.querySelector('sharetrail-buttons').setAttribute('networks', 'copy more')"
    )
    assert visitor.labels == ["Copy link", "More"]


# ── Their words ──────────────────────────────────────────────────────────────────────────────────
def texts() -> dict[str, list[str]]:
    source = Path(app.__file__).with_name("sharetrail.js").read_text("utf-8")
    block = source[source.index("const TEXTS = {") :].partition("};")[0]
    told = dict(re.findall(r'(\w\w): "([^"]+)"', block))
    return {lang: (words + "|E-mail").split("|")[:6] for lang, words in told.items()}


def test_every_language_has_every_word():
    assert list(texts()) == LANGUAGES
    assert all(len(words) == 6 and all(words) for words in texts().values())


def test_the_buttons_speak_the_language_of_where_they_stand(visitor):
    places = [*LANGUAGES, "pt-BR", "zh-Hant", "tlh", ""]
    element = BUTTONS.replace("networks", 'class="all" networks')
    visitor.go(html=shop_page("".join(f'<div lang="{lang}">{element}</div>' for lang in places)))
    shown = visitor.run("""return [...document.querySelectorAll(".all")].map((buttons) => {
      const root = buttons.shadowRoot;
      const [group, message] = ["[role=group]", "[role=status]"].map((s) => root.querySelector(s));
      buttons.say("copied");
      const labels = ["copy", "email"].map((id) => root.querySelector(`.${id}`).title);
      return [group.lang, group.getAttribute("aria-label"), ...labels, message.textContent];
    })""")
    for lang, words in zip(places, shown, strict=True):
        ours = lang[:2] if lang[:2] in LANGUAGES else "en"
        share, copy, _, copied, _, email = texts()[ours]
        assert words == [ours, share, copy, email, copied]


def test_an_element_may_be_in_another_language_and_a_shop_has_the_last_word(visitor):
    said = 'lang="de" networks="copy email more" text-email="Per Post"'
    visitor.go(html=shop_page(f"<sharetrail-buttons {said}></sharetrail-buttons>", lang="fr"))
    assert visitor.labels == ["Link kopieren", "Per Post", "Mehr"]


# ── What counts as a share ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("network", "seconds"), [("sms", 1), ("email", 2.2)])
def test_a_program_that_does_not_open_is_no_share(visitor, stage, network, seconds):
    nowhere = "<script>addEventListener('blur', (event) => event.stopImmediatePropagation(), true)"
    visitor.go(html=shop_page(BUTTONS, head=nowhere + "</script>"))
    stage.opens = "#nowhere"
    visitor.press(network)
    visitor.until(lambda: "nowhere" in visitor.driver.current_url)
    visitor.pause(seconds)
    shares(visitor, stage, 0)


@pytest.mark.parametrize("network", ["sms", "email"])
def test_a_program_that_takes_the_focus_is_a_share(visitor, stage, network):
    takes = "addEventListener('hashchange', () => dispatchEvent(new Event('blur')))"
    visitor.go(html=shop_page(BUTTONS, head=f"<script>{takes}</script>"))
    stage.opens = "#a-program"
    visitor.press(network)
    (share,) = shares(visitor, stage, 1)
    assert share["code"] == "code000001"


@pytest.mark.parametrize(("is_closed", "count"), [("true", 0), ("false", 1)])
def test_a_window_closed_at_once_is_no_share(visitor, stage, is_closed, count):
    focus = "<script>document.hasFocus = () => true</script>"
    visitor.go(html=shop_page(BUTTONS, head=WINDOW.format(is_closed) + focus))
    visitor.press("facebook")
    visitor.until(lambda: visitor.run("return window.page?.location.href"))
    visitor.pause(1.2)
    shares(visitor, stage, count)


def test_a_network_that_cuts_the_tie_to_its_window_keeps_its_share(visitor, stage):
    """Cross-Origin-Opener-Policy: the window looks closed, and has the focus."""
    focus = "<script>document.hasFocus = () => false</script>"
    visitor.go(html=shop_page(BUTTONS, head=WINDOW.format("true") + focus))
    visitor.press("facebook")
    visitor.until(lambda: visitor.run("return window.page?.location.href"))
    visitor.pause(1.2)
    shares(visitor, stage, 1)


def test_the_share_sheet_standing_open_keeps_no_button_busy(visitor, stage):
    sheet = SHEET.format("return new Promise(() => {})")
    visitor.go(html=shop_page(BUTTONS, head=sheet))
    visitor.press("device")
    visitor.until(lambda: visitor.run("return window.given"))
    visitor.until(lambda: visitor.button("device").get_attribute("aria-busy") is None)
    shares(visitor, stage, 0)


@pytest.mark.parametrize("error", ["AbortError", "InvalidStateError"])
def test_a_share_sheet_that_is_closed_or_stands_open_already_is_no_share(visitor, stage, error):
    sheet = SHEET.format(f"throw new DOMException('', '{error}')")
    visitor.go(html=shop_page(BUTTONS, head=sheet))
    visitor.press("device")
    visitor.until(lambda: visitor.run("return window.given"))
    visitor.pause(0.1)
    assert visitor.inside("root.querySelector('input')") is None
    shares(visitor, stage, 0)


# ── Where there is no short link ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("network", ["copy", "facebook", "email", "device"])
def test_a_failed_share_copies_the_page_s_own_address_and_says_so(visitor, stage, network):
    stage.broken.add("/v1/links")
    head = CLIPBOARD + SHEET.format("") + WINDOW.format("false")
    visitor.go("/shirt?size=m&utm_source=x", html=shop_page(BUTTONS, head=head))
    visitor.press(network)
    visitor.until(lambda: visitor.message == "Page address copied")
    assert visitor.run("return copied") == [f"{stage.shop}/shirt?size=m"]
    assert visitor.driver.current_url.startswith(f"{stage.shop}/shirt")
    shares(visitor, stage, 0)


def test_where_nothing_can_be_copied_the_address_stands_there_selected(visitor, stage):
    stage.broken.add("/v1/links")
    visitor.go(html=shop_page(BUTTONS, head=NO_CLIPBOARD))
    visitor.press("facebook")
    visitor.until(lambda: visitor.inside("root.querySelector('input')?.value"))
    assert visitor.inside("root.querySelector('input').value") == f"{stage.shop}/shirt"
    assert visitor.inside("root.querySelector('input').getAttribute('aria-label')") == "Copy link"


def test_a_link_that_stands_there_is_shared_once_it_is_copied(visitor, stage):
    visitor.land(FIRST, html=shop_page(BUTTONS, head=NO_CLIPBOARD))
    visitor.press("copy")
    visitor.until(lambda: visitor.inside("root.querySelector('input')?.value"))
    visitor.pause(0.1)
    assert stage.events_of("share") == []
    visitor.inside("root.querySelector('input').dispatchEvent(new Event('copy'))")
    shares(visitor, stage, 1)


# ── Their room ───────────────────────────────────────────────────────────────────────────────────
RESERVED = "<style>sharetrail-buttons:not(:defined) { display: block; min-height: 44px }</style>"
BELOW = "document.getElementById('below').getBoundingClientRect().top"


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_on_the_page_moves_when_the_buttons_come_speak_or_offer_a_link(
    visitor, stage, width
):
    where = '<sharetrail-buttons></sharetrail-buttons><p id="below">Below</p>'
    where += f"<script>window.before = {BELOW}</script>"
    visitor.driver.set_window_size(width, 900)
    visitor.go(html=shop_page(where, head=RESERVED + NO_CLIPBOARD))
    visitor.until(lambda: visitor.labels)
    assert visitor.run(f"return {BELOW} - before") == 0
    visitor.press("copy")
    visitor.until(lambda: visitor.inside("root.querySelector('input')?.value"))
    visitor.run("document.querySelector('sharetrail-buttons').say('copied')")
    assert visitor.run(f"return {BELOW} - before") == 0
    visitor.driver.set_window_size(1280, 900)


# ── Forced colours ───────────────────────────────────────────────────────────────────────────────
CAN_BE_READ = """
  const {color, backgroundColor} = getComputedStyle(root.querySelector('[role=status]'));
  return [matchMedia('(forced-colors: active)').matches, color !== backgroundColor];
"""


@pytest.mark.parametrize("engine", ["firefox", "chromium"])  # WebKit has none
def test_every_message_can_be_read_in_forced_colours(stage, engine):
    forced = {"browser.display.document_color_use": 2}
    with engines.running(engine, forced) as driver, Visitor(driver, stage) as visitor:
        if engine == "chromium":
            features = [{"name": "forced-colors", "value": "active"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        visitor.go(html=shop_page(BUTTONS, head=CLIPBOARD))
        visitor.press("copy")
        visitor.until(lambda: visitor.message == "Link copied")
        found = "const root = document.querySelector('sharetrail-buttons').shadowRoot;"
        assert visitor.run(found + CAN_BE_READ) == [True, True]
