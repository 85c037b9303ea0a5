"""The overview's words: the ways to other days, and sections whose parts add up."""

import re
from dataclasses import replace
from datetime import date

import pytest

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.report import span
from sharetrail.report.building import reason
from sharetrail.report.page.overview import (
    audience,
    earnings,
    people,
    sentences,
    span_choice,
)
from sharetrail.report.page.overview.standing import SentReport
from sharetrail.report.report import Audience, Earned, Report, ShareNode, Step
from sharetrail.report.sent_order import SentOrder, differences
from tests.full_reports import a_full_report, a_held_order, a_task
from tests.overviews import NOW, html_of
from tests.reports import a_group, an_empty_report, an_influencer

CAME, TODAY = date(2026, 3, 4), date(2026, 11, 25)


def choice(key: str, language: str = "en_US") -> span_choice.SpanChoice:
    return span_choice.choice_of(span.read(key), CAME, TODAY, language)


# ── other days ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("2026-11-22", "November 22, 2026"),
        ("2026-W47", "November 16 – 22, 2026"),
        ("2026-11", "November 2026"),
        ("2026-Q4", "Q4 2026"),
        ("2026", "2026"),
        ("2026-10-30..2026-11-02", "October 30 – November 2, 2026"),
        ("2026-11-02..2026-11-02", "November 2, 2026"),
    ],
)
def test_days_are_called_as_people_call_them(key: str, title: str) -> None:
    assert choice(key).title.replace("\u2009", " ") == title


def test_one_goes_back_to_when_the_shop_came_and_on_to_today() -> None:
    assert choice("2026-W47").before == span.read("2026-W46")
    assert choice("2026-W47").after == span.read("2026-W48")
    assert choice("2026-W48").after is None
    assert choice("2026-03").before is None
    assert choice("2026-W11").before == span.read("2026-W10")
    assert choice("2026-W10").before is None


def test_another_kind_is_about_the_end_of_the_same_days_and_no_later_than_today() -> None:
    by_label = {label: each.key for label, each, _ in choice("2026-Q4").kinds}
    assert by_label == {
        "Day": "2026-11-25",
        "Week": "2026-W48",
        "Month": "2026-11",
        "Quarter": "2026-Q4",
        "Year": "2026",
    }
    assert [label for label, _, shown in choice("2026-Q4").kinds if shown] == ["Quarter"]
    assert choice("2026-Q4").so_far
    assert not choice("2026-Q3").so_far


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026-W47", "the week before"),
        ("2026-Q4", "the quarter before"),
        ("2026-11-01..2026-11-09", "the 9 days before"),
        ("2026-11-01..2026-11-01", "the day before"),
    ],
)
def test_what_one_compares_with_has_a_name(key: str, words: str) -> None:
    assert span_choice.before_words(span.read(key)) == words


# ── sections ─────────────────────────────────────────────────────────────────────────────────────
def test_what_sharing_earned_comes_in_parts_that_add_up() -> None:
    report = a_full_report()
    parts = earnings.parts(report)
    assert sum(part.amount for part in parts) == report.earned.all_net
    assert sum(part.percent for part in parts) == 100
    assert earnings.parts(an_empty_report()) == []


def test_the_chart_over_time_has_what_was_earned_to_the_cent() -> None:
    report = a_full_report()
    chart = earnings.over_time(report)
    assert chart is not None
    assert chart.head[1:3] == ("Last click", "Assisted")
    assert len(chart.rows) == 7
    assert chart.marks == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert chart.rows[0][1:3] == ("$321.04", "$143.00")
    assert chart.summary == "Most, $928.07, came in Sat, Nov 21."


def test_long_spans_are_shown_by_week_and_by_month() -> None:
    months = tuple(Step(first=date(2026, n, 1), last_click=n) for n in range(1, 13))
    year = a_full_report(kind="year", first=date(2026, 1, 1), last=date(2026, 12, 31), steps=months)
    chart = earnings.over_time(year)
    assert chart is not None
    assert chart.marks == ("Jan", "Jul", "Dec")
    assert chart.rows[0][0] == "January 2026"
    weeks = tuple(Step(first=date(2026, 10, day)) for day in (1, 5, 12))
    few = a_full_report(kind="days", first=date(2026, 10, 1), last=date(2026, 10, 15), steps=weeks)
    chart = earnings.over_time(few)
    assert chart is not None
    labels = [row[0].replace("\u2009", " ") for row in chart.rows]
    assert labels == ["October 1 – 4, 2026", "October 5 – 11, 2026", "October 12 – 15, 2026"]
    assert earnings.over_time(replace(few, steps=weeks[:1])) is None


def test_a_funnel_step_says_what_it_is_of_the_one_before() -> None:
    rates = {step.words: step.rate for step in earnings.funnel(a_full_report())}
    assert rates == {
        "Views": "",
        "Opens": "12% of views",
        "Shares": "28% of opens",
        "Clicks": "3.0 a share",
        "Orders": "3% of clicks",
    }
    assert earnings.funnel(an_empty_report()) == []


def test_people_share_one_axis_and_who_has_no_score_has_no_place_on_it() -> None:
    shown = people.people(a_full_report())
    assert len(shown) == people.PEOPLE
    assert shown[0].at is not None
    assert shown[0].at.high == 100
    assert shown[9].at is None


def test_countries_beyond_the_eighth_are_told_together() -> None:
    counts = {f"{chr(65 + n)}E": 100 - n for n in range(20)} | {"other": 7}
    report = a_full_report(audience=Audience(countries=counts))
    slices = audience.countries(report)
    assert len(slices) == audience.COUNTRIES
    assert sum(each.count for each in slices) == sum(counts.values())
    assert "Elsewhere" in [each.name for each in slices]


def test_what_was_not_counted_is_not_shown() -> None:
    bare: Report = a_full_report(audience=Audience())
    assert audience.hours(bare) is None
    assert audience.weekdays(bare) is None
    assert audience.countries(bare) == audience.devices(bare) == audience.buyers(bare) == []


@pytest.mark.parametrize(
    ("ranges", "held", "words"),
    [
        (19, 19, "Too few"),
        (240, 187, "78% (187 of 240) held what came: as sure as they said."),
        (240, 120, "too narrow"),
        (240, 239, "wider than they had to be"),
    ],
)
def test_ranges_are_judged_by_how_many_held(ranges: int, held: int, words: str) -> None:
    told = Calibration(weeks=12, ranges=ranges, held=held)
    assert words in sentences.calibration(a_full_report(calibration=told))
    assert sentences.calibration(a_full_report(calibration=None)) == ""


def test_a_report_without_a_past_compares_with_nothing() -> None:
    alone = a_full_report(before=None, funnel_before=None)
    assert earnings.revenue_change(alone).text == ""
    assert {tile.before for tile in earnings.tiles(alone)} == {None}
    assert {part.before for part in earnings.parts(alone)} == {None}


def test_a_part_of_a_span_stands_beside_the_days_and_nothing_is_made_of_it() -> None:
    whole, part = (a_full_report(heard_since=date(2026, 11, day)) for day in (9, 12))
    assert earnings.revenue_change(whole).way == "up"
    assert reason.part_before(part) == "the week before had 4 days with us"
    assert reason.part_before(whole) == ""
    assert earnings.revenue_change(part).text == ""
    judged = [*earnings.tiles(part), *earnings.funnel(part)]
    assert {each.change.text for each in judged} == {""}
    assert None not in {tile.before for tile in earnings.tiles(part)}
    told = "The week before had 4 days with us, and does not compare."
    assert told in html_of(part)
    assert told not in html_of(whole)


def test_too_few_orders_are_said_once_of_a_sum() -> None:
    few = Earned(last_click=9_000, last_click_orders=3, all_orders=40, all_net=10_000)
    page = html_of(
        a_full_report(
            earned=few,
            before=few.__class__(
                last_click=5_000, last_click_orders=2, all_orders=40, all_net=10_000
            ),
            reason=reason.TOO_FEW,
        )
    )
    assert ": too few orders to tell" in page
    assert "Too few orders to tell" not in page


def test_a_forecast_says_from_which_day_on_it_looks() -> None:
    """Of days longer ago it is the forecast that stood then."""
    page = html_of(a_full_report(scored_until=date(2026, 11, 15)))
    assert "in the four weeks after November 15, 2026." in page


def test_a_year_of_refunds_is_drawn_without_a_fault() -> None:
    earned = Earned(last_click=-500, assisted=0, last_click_orders=1, all_orders=1, all_net=-500)
    steps = (Step(first=date(2026, 11, 16), last_click=-500), Step(first=date(2026, 11, 17)))
    report = a_full_report(earned=earned, steps=steps)
    assert earnings.parts(report) == []
    assert earnings.over_time(report) is not None


# ── what strangers say ───────────────────────────────────────────────────────────────────────────
EVIL = "<script>\"evil'{{7*7}}</script>"


def test_whatever_text_a_report_has_it_is_text_on_the_page() -> None:
    line = an_influencer(0, id=EVIL, name=EVIL, moved=EVIL, discount=EVIL, tier=EVIL)
    group = a_group(EVIL, id=EVIL)
    report = a_full_report(
        shop=EVIL,
        reason=EVIL,
        rule=EVIL,
        influencers=(line,),
        networks=(group,),
        products=(group,),
        campaigns=(group,),
        held_orders=(
            a_held_order(EVIL, 1, name=EVIL, influencer=EVIL, influencer_name=EVIL, sentence=EVIL),
        ),
        tasks=(a_task("thank", EVIL, EVIL),),
        tree=ShareNode(id=EVIL, name=EVIL),
        undeliverable=(EVIL,),
        audience=Audience(countries={EVIL: 3}, devices={EVIL: 2}),
    )
    order = SentOrder(EVIL, EVIL, EVIL, 100, "assisted")
    sent = SentReport(at=NOW, influenced=0, currency="USD", differences=differences([], [order]))
    html = html_of(report, sent=sent)
    assert "<script" not in html
    assert "evil" in html
    led = re.findall(r'href="([^"]*)"', html)
    assert all(each.startswith("/reports/") and "<" not in each for each in led)
