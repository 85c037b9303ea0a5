"""The composed mail in Chromium, as a desktop and as a phone show it, images blocked."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from sharetrail.mail.message import Mail
from sharetrail.merchants.notice import SUBJECTS, Notice
from sharetrail.report.earned import Earned
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Report
from tests.reports import a_group, a_report, an_empty_report, an_influencer, fifty_shops

PAGE = "https://links.example/reports/" + "0f" * 20
URL = "https://links.example/unsubscribe/" + "8f" * 32
LONG = "W" * 60
WIDTHS = (600, 375)
AMOUNT = re.compile(r"[$£][\d.,]+|[\d.,]+\u00a0[€£]")

# Every piece of text a reader sees, with its computed size and box.
SEEN = """() => {
  const seen = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, around = node.parentElement, range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!node.textContent.trim() || !box.width || !around.checkVisibility()) continue;
    const style = getComputedStyle(around);
    seen.push({text: node.textContent.trim(), size: parseFloat(style.fontSize),
      left: box.left, right: box.right, lines: range.getClientRects().length,
      digits: style.fontVariantNumeric});
  }
  return seen;
}"""


def a_german_shop() -> Report:
    """Amounts of twelve characters beside names of sixty that have no place to break."""
    return a_report(
        shop=LONG,
        language="de_DE",
        notices=tuple(
            Notice(day=date(2026, 11, 16 + n), about=about) for n in range(7) for about in SUBJECTS
        ),
        currency="EUR",
        zone="Europe/Berlin",
        earned=Earned(
            last_click=123_456_789,
            assisted=98_765_432,
            last_click_orders=40,
            assisted_orders=22,
            all_orders=410,
            all_net=923_456_789,
        ),
        influencers=tuple(
            an_influencer(n, name=LONG, orders=12_345, clicks=1_234_567, revenue=123_456_789)
            for n in range(30)
        ),
        networks=(a_group(LONG, clicks=1_234_567, orders=12_345, revenue=123_456_789),),
        products=(a_group(LONG, clicks=1_234_567, orders=12_345, revenue=123_456_789),),
    )


REPORTS = {"full": a_report, "german": a_german_shop, "empty": an_empty_report}


@pytest.fixture(params=REPORTS)
def mail(request: pytest.FixtureRequest) -> Mail:
    return compose(REPORTS[request.param](), "owner@lindenloom.example", URL, PAGE)


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    """One window for all mails: each fills it anew."""
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    yield page
    context.close()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, reader: Page) -> Page:
    reader.set_viewport_size({"width": request.param, "height": 800})
    reader.emulate_media(color_scheme="light")
    return reader


def opened(page: Page, mail: Mail) -> list[dict[str, Any]]:
    page.set_content(mail.html)
    seen: list[dict[str, Any]] = page.evaluate(SEEN)
    assert len(seen) > 10
    return seen


def test_nothing_scrolls_sideways_or_is_cut_off(page: Page, mail: Mail) -> None:
    seen = opened(page, mail)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = [each["text"] for each in seen if each["left"] < 8 or each["right"] > width - 8]
    assert outside == []


def test_no_text_is_smaller_than_twelve_pixels(page: Page, mail: Mail) -> None:
    assert [each["text"] for each in opened(page, mail) if each["size"] < 12] == []


def test_no_amount_breaks_over_two_lines(page: Page, mail: Mail) -> None:
    amounts = [each for each in opened(page, mail) if AMOUNT.fullmatch(each["text"])]
    assert amounts or "nothing was seen" in mail.subject
    assert [each["text"] for each in amounts if each["lines"] > 1] == []
    assert {each["digits"] for each in amounts} <= {"tabular-nums"}


def test_everything_is_readable_with_images_blocked(page: Page) -> None:
    report = a_report()
    seen = " ".join(
        each["text"] for each in opened(page, compose(report, "o@b.example", URL, PAGE))
    )
    for words in ("$4,218.50", "Mara Lindqvist", "Instagram", "Oak side table", "Unsubscribe"):
        assert words in seen
    assert page.locator("img").count() == 0
    bars = page.locator("td.gap").evaluate_all("bars => bars.map(bar => bar.clientWidth)")
    assert len(bars) == 3
    assert sum(bars) > 300


def test_a_phone_shows_all_that_a_desk_does(reader: Page, mail: Mail) -> None:
    shown = []
    for width in WIDTHS:
        reader.set_viewport_size({"width": width, "height": 800})
        shown.append([each["text"] for each in opened(reader, mail)])
    assert shown[0] == shown[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("report", [a_report, an_empty_report])
def test_axe_finds_nothing_to_object_to(
    reader: Page, axe: str, report: Callable[[], Report], scheme: Literal["light", "dark"]
) -> None:
    reader.set_viewport_size({"width": 600, "height": 800})
    reader.emulate_media(color_scheme=scheme)
    opened(reader, compose(report(), "owner@lindenloom.example", URL, PAGE))
    reader.evaluate(axe)
    found = reader.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations']})"
    )
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


HEIGHT, WORDS, PART = 1_624, 350, 0.95
"""Two screens of a phone, what one reads in a minute, and for how many shops both must hold."""
LONGER = 1.05
"""What German and Arabic take more room than English, with the footer."""
# Without the footer; an amount is a word, so a no-break space parts none.
MEASURED = """() => {
  const foot = document.querySelector(".foot"), height = foot.getBoundingClientRect().top;
  foot.remove();
  return [Math.ceil(height), document.body.innerText.split(/[ \\n\\t]+/).filter(Boolean).length];
}"""


def test_of_fifty_shops_mails_nearly_all_are_read_in_a_minute(reader: Page) -> None:
    reader.set_viewport_size({"width": 375, "height": 812})
    reader.emulate_media(color_scheme="light")
    long, whole, names = {}, [], []
    for name, report in fifty_shops():
        names.append(name)
        opened(reader, compose(report, "owner@lindenloom.example", URL, PAGE))
        whole.append(reader.evaluate("document.documentElement.scrollHeight"))
        height, words = reader.evaluate(MEASURED)
        if height > HEIGHT or words > WORDS:
            long[name] = height, words
    assert len(long) <= (1 - PART) * len(whole), long
    in_english = [each for each, name in zip(whole, names, strict=True) if "en_" in name]
    assert sum(each <= HEIGHT for each in in_english) >= PART * len(in_english), "with the footer"
    assert sum(each <= HEIGHT * LONGER for each in whole) >= PART * len(whole), "in any language"


def test_dark_mode_has_a_dark_page(page: Page, mail: Mail) -> None:
    page.emulate_media(color_scheme="dark")
    opened(page, mail)
    shades = page.evaluate(
        """() => ['.card', '.page', 'body'].map(
          name => getComputedStyle(document.querySelector(name)).backgroundColor)"""
    )
    for shade in shades:
        assert max(int(part) for part in shade[4:-1].split(", ")) < 64


# Apple's Mail makes links of what it takes for a date or a number.
FOUND = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) if (/\\d/.test(walker.currentNode.data)) texts.push(walker.currentNode);
  return texts.filter(text => text.parentElement.getClientRects().length).map(text => {
    const before = getComputedStyle(text.parentElement);
    const link = document.createElement("a");
    link.href = "x-apple-data-detectors://1";
    link.setAttribute("x-apple-data-detectors", "true");
    text.replaceWith(link);
    link.append(text);
    const {color, textDecorationLine} = getComputedStyle(link);
    return color === before.color && textDecorationLine === "none";
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_phone_takes_for_a_date_or_a_number_keeps_its_looks(
    reader: Page, mail: Mail, scheme: Literal["light", "dark"]
) -> None:
    reader.emulate_media(color_scheme=scheme)
    reader.set_content(mail.html)
    looks = reader.evaluate(FOUND)
    assert looks
    assert all(looks)
