"""The report's overview as people see it: three engines, a phone and a desk, light, dark, right to
left, on paper."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page as Window
from selenium.webdriver.remote.webdriver import WebDriver

from sharetrail.report.report import Report
from tests.full_reports import a_full_report, a_held_order
from tests.overviews import a_sent_report, html_of
from tests.reports import a_group, an_empty_report, an_influencer

LONG = "W" * 60
WIDTHS = (320, 375, 1_280)
DARK = "@media (prefers-color-scheme: dark)"

# What is wrong with a page as it is laid out: what is wider than the page and does not scroll by
# itself, what of a figure is broken over two lines, and labels of a chart that touch each other.
FAULTS = """(function (page) {
  const width = page.documentElement.clientWidth, faults = [];
  const whole = page.documentElement.getBoundingClientRect();  // less a bar to scroll by
  if (page.documentElement.scrollWidth > width) faults.push(`${page.documentElement.scrollWidth}`);
  const scrolls = (each) => each.closest('.scroll, .hidden, thead, svg');
  for (const each of page.body.querySelectorAll('*')) {
    const box = each.getBoundingClientRect();
    if (!box.width || scrolls(each)) continue;
    const is_wide = box.left < whole.left - 0.5 || box.right > whole.right + 0.5;
    if (is_wide) faults.push(`wide: ${each.outerHTML.slice(0, 90)}`);
  }
  for (const each of page.querySelectorAll('.n, .num')) {
    if (each.children.length || scrolls(each)) continue;
    const range = page.createRange();
    range.selectNodeContents(each);
    const line = parseFloat(getComputedStyle(each).lineHeight);
    const is_broken = range.getBoundingClientRect().height > 1.8 * line;
    if (is_broken) faults.push(`broken: ${each.textContent}`);
  }
  for (const labels of page.querySelectorAll('.marks, .heights')) {
    const boxes = [...labels.children].map((each) => {
      const range = page.createRange();
      range.selectNodeContents(each);
      return range.getBoundingClientRect();
    });
    for (let n = 1; n < boxes.length; n++) {
      const [a, b] = [boxes[n - 1], boxes[n]];
      const beside = a.right <= b.left || b.right <= a.left;
      const below = a.bottom <= b.top || b.bottom <= a.top;
      if (!beside && !below) faults.push(`touching: ${labels.children[n].textContent}`);
    }
  }
  return faults;
})"""


def a_german_report() -> Report:
    """Amounts of twelve characters beside names of sixty that have no place to break."""
    big = {
        "revenue": 123_456_789,
        "revenue_before": 99_999_999,
        "orders": 12_345,
        "held": 987_654_321,
    }
    return a_full_report(
        language="de_DE",
        currency="EUR",
        zone="Europe/Berlin",
        influencers=tuple(an_influencer(n, name=LONG, score=98_765_432, **big) for n in range(12)),
        networks=tuple(a_group(LONG, id="x", clicks=1_234_567, **big) for _ in range(12)),
        campaigns=(a_group(LONG, id="x", **big),),
        held_orders=(a_held_order("1", 123_456_789, name=LONG, influencer_name=LONG),),
    )


REPORTS: dict[str, Callable[[], Report]] = {
    "full": a_full_report,
    "german": a_german_report,
    "arabic": lambda: a_full_report(language="ar_EG", currency="EGP", zone="Africa/Cairo"),
    "empty": an_empty_report,
}


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


def framed(driver: WebDriver, html: str, width: int, folder: Path) -> list[str]:
    """The faults of a page that is so wide: in a frame, since no window of a desk is that small."""
    outer = folder / "page.html"
    outer.write_text(
        '<!doctype html><meta charset="utf-8"><body style="margin:0"><iframe style="border:0;'
        f'width:{width}px;height:800px" srcdoc="{escape(html)}"></iframe>',
        "utf-8",
    )
    driver.get(outer.as_uri())
    look = f"return {FAULTS}(document.querySelector('iframe').contentDocument)"
    found: list[str] = driver.execute_script(look)
    return found


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_the_page_in_any_engine(
    browser: WebDriver, report: Report, direction: str, tmp_path: Path
) -> None:
    html = html_of(report, sent=a_sent_report(report), direction=direction)
    faults = {width: framed(browser, html, width, tmp_path) for width in WIDTHS}
    faults[0] = framed(browser, html.replace(DARK, "@media all"), 375, tmp_path)
    assert {at: found for at, found in faults.items() if found} == {}


# ── Chromium ─────────────────────────────────────────────────────────────────────────────────────
def opened(window: Window, html: str, width: int, **media: Any) -> None:
    window.set_viewport_size({"width": width, "height": 800})
    window.emulate_media(**{"media": "screen", "color_scheme": "light", **media})
    window.set_content(html)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1_280])
def test_axe_finds_nothing_to_object_to(
    window: Window, axe: str, report: Report, scheme: Literal["light", "dark"], width: int
) -> None:
    opened(window, html_of(report, sent=a_sent_report(report)), width, color_scheme=scheme)
    window.evaluate(axe)
    found = window.evaluate("axe.run({resultTypes: ['violations']})")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_every_drawing_says_what_it_shows_and_has_its_figures_as_a_table(window: Window) -> None:
    opened(window, html_of(a_full_report()), 1_280)
    for chart in window.locator("figure svg").all():
        assert chart.get_attribute("role") == "img"
        assert (chart.locator("> title").text_content() or "").strip()
        assert (chart.locator("> desc").text_content() or "").strip()
        assert chart.locator("text").count() == 0  # it stretches
    assert window.locator("figure svg").count() == window.locator("figure table").count() == 3


def test_right_to_left_a_drawing_begins_at_the_right(window: Window) -> None:
    edges = {}
    for direction in ("ltr", "rtl"):
        opened(window, html_of(a_full_report(), direction=direction), 1_280)
        box = window.locator("figure svg rect").first.bounding_box()
        assert box is not None
        edges[direction] = box["x"]
    assert edges["ltr"] < 640 < edges["rtl"]


def test_on_paper_it_is_black_on_white_and_hides_no_figure(window: Window) -> None:
    a4 = 703  # pixels between margins of 12 mm
    opened(window, html_of(a_full_report()), a4, media="print", color_scheme="dark")
    assert (
        window.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert window.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert window.evaluate("document.documentElement.scrollWidth") <= a4
    assert window.locator("#over-time-title").count() == 1
    table = window.locator("figure table").first
    assert table.evaluate("each => each.getBoundingClientRect().height") > 100
    assert not window.locator("nav.pages").is_visible()


def test_on_paper_a_long_table_of_a_chart_stands_in_columns(window: Window) -> None:
    opened(window, html_of(a_full_report()), 703, media="print")
    table = window.locator("table.pairs")
    assert table.count() == 1
    assert table.evaluate("each => each.rows.length") == 25
    assert table.evaluate("each => each.getBoundingClientRect().height") < 300


def people_shown(window: Window) -> int:
    rows = window.locator("table.people tbody tr")
    return sum(row.is_visible() for row in rows.all())


def test_on_a_phone_five_people_are_shown_until_one_asks_for_the_others(window: Window) -> None:
    html = html_of(a_full_report())
    opened(window, html, 375)
    assert people_shown(window) == 5
    window.get_by_text("5 more people").click()
    assert people_shown(window) == 10
    window.get_by_text("Fewer people").click()
    assert people_shown(window) == 5


def test_at_a_desk_and_on_paper_all_ten_people_are_shown(window: Window) -> None:
    for media, width in (("screen", 1_280), ("print", 375), ("print", 703)):
        opened(window, html_of(a_full_report()), width, media=media)
        assert people_shown(window) == 10
        assert not window.locator(".fold").is_visible()


def test_without_a_script_one_chooses_other_days(window: Window) -> None:
    html = html_of(a_full_report())
    assert "<script" not in html
    opened(window, html, 375)
    window.locator(".choice summary").click()
    assert window.locator('input[name="from"]').input_value() == "2026-11-16"
    assert window.locator('input[name="to"]').input_value() == "2026-11-22"
    led = window.locator(".kinds a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    assert [each.partition("span=")[2] for each in led] == [
        "2026-11-22",
        "2026-W47",
        "2026-11",
        "2026-Q4",
        "2026",
    ]
