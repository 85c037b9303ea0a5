"""The overview's words: the ways to other days, and sections whose parts add up."""

import json
import re
from dataclasses import MISSING, fields, replace
from datetime import date

import pytest

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.analysis.seen_on import SeenOn
from sharetrail.aws.items import dump, load
from sharetrail.report import span, span_words
from sharetrail.report.building import headline
from sharetrail.report.earned import Earned
from sharetrail.report.keeping.sent_order import SentOrder, differences
from sharetrail.report.page import frame
from sharetrail.report.page.overview import (
    audience_section,
    earnings_section,
    empty_days,
    groups_section,
    people_section,
    span_choice,
)
from sharetrail.report.page.overview.edition import SentReport
from sharetrail.report.page.overview.empty_days import Heard
from sharetrail.report.report import Audience, Funnel, Report, Restatement, ShareNode, Step
from sharetrail.report.span import SpanKind
from tests import templates
from tests.full_reports import a_full_report, a_held_order, a_task
from tests.overviews import NOW, a_sent_report, html_of
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
    about = span.read(key)
    assert span_words.before(about.kind, about.length) == words


# ── days with nothing ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("key", "heard", "title", "why"),
    [
        ("2026-W50", "2026-11-20", "These days have not come yet", "Today is November 25, 2026."),
        ("2026-W40", "2026-10-19", "Nothing", "The shop was first heard of on October 19, 2026."),
        ("2026-11-25", "2026-10-19", "Nothing was seen so far", "These days are not over yet."),
        ("2026-11-25", "", "Nothing was seen in these days", ""),
        ("2026-W45", "2026-10-19", "Nothing was seen in these days", ""),
    ],
)
def test_days_with_nothing_say_what_is_true_of_them(
    key: str, heard: str, title: str, why: str
) -> None:
    days = Heard(first=date.fromisoformat(heard), last=date(2026, 11, 20)) if heard else Heard()
    told = empty_days.of(span.read(key), days, TODAY, "en_US")
    assert told.title.startswith(title)
    assert told.why == why
    newest = span.of_day(span.read(key).kind, date(2026, 11, 20)) if heard else None
    assert told.newest == newest


def test_only_days_on_which_something_may_be_wrong_ask_whether_the_script_is_there() -> None:
    asks = "the order webhook</a> registered?"
    assert asks in html_of(an_empty_report())
    quiet = empty_days.EmptyDays(why="These days are not over yet.")
    assert asks not in html_of(an_empty_report(), nothing=quiet)


# ── sections ─────────────────────────────────────────────────────────────────────────────────────
def test_what_sharing_earned_comes_in_parts_that_add_up() -> None:
    report = a_full_report()
    parts = earnings_section.parts(report)
    assert sum(part.amount for part in parts) == report.earned.all_net
    assert sum(part.percent for part in parts) == 100
    assert earnings_section.parts(an_empty_report()) == []


def test_a_share_that_is_not_none_or_all_says_so_as_the_mail_does() -> None:
    earned = Earned(last_click=2, all_orders=2, last_click_orders=1, all_net=1_000)
    assert [each.share for each in earnings_section.parts(a_full_report(earned=earned))] == [
        "under 1%",
        "0%",
        "over 99%",
    ]
    devices = Audience(devices={"phone": 9_970, "tablet": 30})
    shares = [each.share for each in audience_section.devices(a_full_report(audience=devices))]
    assert shares == ["over 99%", "under 1%"]


def test_the_chart_over_time_has_what_was_earned_to_the_cent() -> None:
    report = a_full_report()
    chart = earnings_section.over_time(report)
    assert chart is not None
    assert chart.head[1:3] == ("Last click", "Assisted")
    assert len(chart.rows) == 7
    assert chart.marks == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert chart.rows[0][1:3] == ("$321.04", "$143.00")
    assert chart.summary == "Most, $928.07, came in Sat, Nov 21."


def test_long_spans_are_shown_by_week_and_by_month() -> None:
    months = tuple(Step(first=date(2026, n, 1), last_click=n) for n in range(1, 13))
    year = a_full_report(kind="year", first=date(2026, 1, 1), last=date(2026, 12, 31), steps=months)
    chart = earnings_section.over_time(year)
    assert chart is not None
    assert chart.marks == ("Jan", "Jul", "Dec")
    assert chart.rows[0][0] == "January 2026"
    weeks = tuple(Step(first=date(2026, 10, day)) for day in (1, 5, 12))
    few = a_full_report(kind="days", first=date(2026, 10, 1), last=date(2026, 10, 15), steps=weeks)
    chart = earnings_section.over_time(few)
    assert chart is not None
    labels = [row[0].replace("\u2009", " ") for row in chart.rows]
    assert labels == ["October 1 – 4, 2026", "October 5 – 11, 2026", "October 12 – 15, 2026"]
    assert earnings_section.over_time(replace(few, steps=weeks[:1])) is None


def test_a_funnel_step_says_what_it_is_of_the_one_before() -> None:
    rates = {step.words: step.rate for step in earnings_section.funnel(a_full_report())}
    assert rates == {
        "Views": "",
        "Opens": "12% of views",
        "Shares": "28% of opens",
        "Clicks": "3.0 a share",
        "Orders": "3% of clicks",
    }
    assert earnings_section.funnel(an_empty_report()) == []


def test_people_share_one_axis_and_who_has_no_score_has_no_place_on_it() -> None:
    shown = people_section.people(a_full_report())
    assert len(shown) == people_section.PEOPLE
    assert shown[0].at is not None
    assert shown[0].at.high == 100
    assert shown[9].at is None


def test_how_a_score_stands_beside_the_week_before_is_a_whole_sentence() -> None:
    def moved(**changes: object) -> str:
        (person,) = people_section.people(a_full_report(influencers=(an_influencer(0, **changes),)))
        return person.moved

    assert moved(moved="In range.", score_before=30_000) == (
        "The score was $300 a week before: no clear change."
    )
    assert moved(moved="Risen by more clicks.", way="up", score_before=30_000) == (
        "The score was $300 a week before. Risen by more clicks."
    )
    assert moved(moved="Computed in another way since.", score_before=None) == (
        "The score was computed in another way a week before."
    )
    assert moved(moved="") == ""


def test_a_week_that_nobody_scored_says_so() -> None:
    says = "Nobody was <a"
    assert says not in html_of(a_full_report())
    lines = (an_influencer(0, score=None), an_influencer(1, score=None))
    html = html_of(a_full_report(influencers=lines))
    assert says in html
    assert "the dot the score" not in html


def test_what_is_not_known_of_clicks_is_said_where_it_is_missing_alone() -> None:
    hour, country = "At which hour people clicked was not kept", "are not known here"
    full = html_of(a_full_report())
    assert hour not in full
    assert country not in full
    bare = html_of(a_full_report(audience=Audience(devices={"phone": 3})))
    assert hour in bare
    assert country in bare


def test_countries_beyond_the_eighth_are_told_together() -> None:
    counts = {f"{chr(65 + n)}E": 100 - n for n in range(20)} | {"other": 7}
    report = a_full_report(audience=Audience(countries=counts))
    slices = audience_section.countries(report)
    assert len(slices) == audience_section.COUNTRIES
    assert sum(each.count for each in slices) == sum(counts.values())
    assert "Elsewhere" in [each.name for each in slices]


def test_what_was_not_counted_is_not_shown() -> None:
    bare: Report = a_full_report(audience=Audience())
    assert audience_section.hours(bare) is None
    assert audience_section.weekdays(bare) is None
    assert (
        audience_section.countries(bare)
        == audience_section.devices(bare)
        == audience_section.buyers(bare)
        == []
    )


@pytest.mark.parametrize("held", [130, 187, 239])
def test_the_page_says_of_ranges_what_the_api_says_and_does_not_judge(held: int) -> None:
    told = Calibration(weeks=12, ranges=240, held=held, due=150)
    html = html_of(a_full_report(calibration=told))
    assert f"How our ranges held</a><br>{told.sentence('en_US')}</p>" in html
    assert "How our ranges held" not in html_of(a_full_report(calibration=None))


def test_a_report_that_was_kept_names_the_places_with_most_clicks() -> None:
    """Kept with its keys sorted, and read again."""
    places = {"copy": 2, "email": 1, "instagram": 40, "other": 9, "whatsapp": 80}
    kept = load(
        Report,
        json.loads(
            json.dumps(dump(a_full_report(device_seen_on=SeenOn(places=places))), sort_keys=True)
        ),
    )
    told = groups_section.groups(kept)[0].seen_on
    assert "seen: WhatsApp 80, Instagram 40, Copied link 2, and elsewhere 10" in told


def test_who_stands_first_is_said_where_people_are_ranked() -> None:
    assert "Who ever sold stands first, then by" in html_of(a_full_report())


def test_of_the_mail_before_is_told_what_changed_of_either_part() -> None:
    rest = {"rest_mailed": 190_000, "rest_now": 180_200}
    page = html_of(a_full_report(restatement=Restatement(mailed=5_000, now=5_000, **rest)))
    assert "after refunds and late orders it is" not in page
    assert re.search(r"The mail before this said that <[^>]+>\$1,900.00<", page)
    assert "$1,802.00" in page


def test_networks_say_where_links_of_a_devices_own_sheet_were_seen() -> None:
    networks = groups_section.groups(a_full_report())[0]
    assert networks.seen_on == (
        "Clicks on links of a device’s own share sheet, by where they were seen: WhatsApp 80, "
        "Instagram 40, and X 3. 77 clicks do not say."
    )
    assert networks.seen_on in html_of(a_full_report())
    far = SeenOn(places={"other": 9, "x": 7, "whatsapp": 5, "facebook": 4, "pinterest": 2})
    told = groups_section.groups(a_full_report(device_seen_on=far))[0].seen_on
    assert told.endswith(": X 7, WhatsApp 5, Facebook 4, and elsewhere 11.")
    unsaid = a_full_report(device_seen_on=SeenOn(unknown=77))
    assert groups_section.groups(unsaid)[0].seen_on == ""


def test_the_foot_says_how_long_a_click_counts() -> None:
    assert "in the 7 days after it" in html_of(a_full_report(window_days=7))


def test_a_report_without_a_past_compares_with_nothing() -> None:
    alone = a_full_report(before=None, funnel_before=None)
    assert earnings_section.revenue_change(alone).text == ""
    assert {tile.before for tile in earnings_section.tiles(alone)} == {None}
    assert {part.before for part in earnings_section.parts(alone)} == {None}


def test_a_part_of_a_span_stands_beside_the_days_and_nothing_is_made_of_it() -> None:
    whole, part = (a_full_report(heard_since=date(2026, 11, day)) for day in (9, 12))
    assert earnings_section.revenue_change(whole).way == "up"
    assert headline.part_before(whole) == ""
    assert earnings_section.revenue_change(part).text == ""
    judged = [*earnings_section.tiles(part), *earnings_section.funnel(part)]
    assert {each.change.text for each in judged} == {""}
    assert None not in {tile.before for tile in earnings_section.tiles(part)}
    told = "Sharetrail ran on only 4 days the week before, which does not compare."
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
            reason="too few orders to tell",  # as it was kept before 2026-12
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
    assert earnings_section.parts(report) == []
    assert earnings_section.over_time(report) is not None


# ── every branch ─────────────────────────────────────────────────────────────────────────────────
def test_a_full_report_holds_every_field_of_a_report_other_than_its_default() -> None:
    full, bare = a_full_report(kind="month"), []
    for each in fields(Report):
        default = each.default
        if default is MISSING and each.default_factory is not MISSING:
            default = each.default_factory()
        bare += [each.name] if getattr(full, each.name) == default else []
    assert bare == []


KINDS = ("day", "week", "month", "quarter", "year", "days")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_as_sent", [False, True])
@pytest.mark.parametrize(
    "report",
    [
        a_full_report(),
        an_empty_report(),
        an_empty_report(last_event=None),
        a_full_report(before=None, funnel_before=None, reason="", restatement=None),
        an_empty_report(funnel=Funnel(views=9), before=Earned(last_click=1, last_click_orders=1)),
    ],
    ids=["full", "empty", "never heard of", "first", "quiet"],
)
def test_a_page_can_be_written_of_every_report(
    report: Report, is_as_sent: bool, kind: SpanKind
) -> None:
    shown = replace(report, kind=kind)
    assert "</html>" in html_of(shown, sent=a_sent_report(shown), is_as_sent=is_as_sent)
    assert "</html>" in html_of(shown)


def test_the_overview_is_given_every_name_that_any_of_its_branches_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frame, "text", templates.written)
    assert "</html>" in html_of(an_empty_report())


def test_what_waits_since_before_stands_with_what_is_held_and_leads_to_all_that_waits() -> None:
    older = "2 older orders, $96.00, wait for you."
    link = re.escape(f"/reports/{'0' * 40}/held")
    for report in (a_full_report(), a_full_report(held_orders=())):
        assert re.search(rf'<a href="{link}">{re.escape(older)}</a>', html_of(report))
    silent = an_empty_report(older_held=a_full_report().older_held)
    assert older in html_of(silent)
    assert "Held orders</a></h2>" not in html_of(an_empty_report())


def test_what_is_held_stands_right_behind_what_is_to_do() -> None:
    html = html_of(a_full_report())
    heads = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<h2[^>]*>(.*?)</h2>", html)]
    assert heads.index("Held orders") == heads.index("To do") + 1


def test_what_holds_a_whole_order_names_nobody() -> None:
    held = a_held_order("1277", 9_600, influencer="", influencer_name="")
    html = html_of(a_full_report(held_orders=(held,), influencers=(), tasks=(), tree=None))
    (line,) = re.findall(r'<ul class="held">(.*?)</ul>', html, re.DOTALL)
    assert "</span> of it waits until you decide" in line
    assert "people/" not in line


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


def test_sentences_and_figures_stand_apart() -> None:
    page = html_of(a_full_report(), sent=a_sent_report(a_full_report()))
    body = re.sub(r"<(style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    text = re.sub(r"</?(a|b|bdi|span)\b[^>]*>", "", body)
    assert re.findall(r".{9}\w[.;:,](?=[A-Z$]).{9}", text) == []
