"""The report's first page: all figures of the days, as they stand now or as they were sent."""

from typing import Any

from sharetrail import calendars
from sharetrail.merchants import notice_words
from sharetrail.report import held_words, span_words
from sharetrail.report.building import headline
from sharetrail.report.page import frame
from sharetrail.report.page.overview import (
    audience_section,
    big_spans,
    earnings_section,
    edition,
    empty_days,
    groups_section,
    people_section,
    sentences,
    span_choice,
)
from sharetrail.report.page.overview.edition import Edition
from sharetrail.report.page.overview.empty_days import EmptyDays
from sharetrail.report.page.spending import cost_words
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web.http import Answer
from sharetrail.words.speech import mark, say
from sharetrail.words.writing import Writing

_TITLE = mark("What sharing earned")


def show(visit: Visit) -> Answer:
    if visit.query.get("as") == "sent":
        return shown(visit, _as_sent(visit), is_as_sent=True)
    if of := _now(visit):
        return _as_now(visit, of)
    return frame.render("working", visit, say(_TITLE), status=202, choice=_choice(visit))


def _now(visit: Visit) -> Edition | None:
    """None as long as a worker adds it up. A page that waits looks every few seconds, so one look
    for what is there comes before the days are weighed, which reads a key of each order."""
    merchant, span = visit.merchant, visit.span
    if found := big_spans.find(visit):
        return found
    if edition.is_big(merchant, span):
        return big_spans.find_older_or_ask(visit)
    return edition.read(merchant, span, visit.now)


def _as_sent(visit: Visit) -> Edition:
    sent = edition.as_sent(visit.merchant, visit.span)
    if sent is None:
        raise NoSuchPage(say("No mail was sent about these days."))
    return sent


def _as_now(visit: Visit, of: Edition) -> Answer:
    if not of.report.is_empty:
        return shown(visit, of)
    return shown(visit, of, nothing=empty_days.read(visit.merchant, of.report, visit.now))


_NOTHING = EmptyDays()


def shown(
    visit: Visit, of: Edition, *, is_as_sent: bool = False, nothing: EmptyDays = _NOTHING
) -> Answer:
    found = words(visit, of, is_as_sent=is_as_sent) | {"nothing": nothing}
    return frame.render("overview", visit, say(_TITLE), here="", **found)


def words(visit: Visit, of: Edition, *, is_as_sent: bool = False) -> dict[str, Any]:
    """Every name in overview.html beside those of all pages."""
    report = of.report
    by_order = earnings_section.held_by_order(report)
    writing = Writing.of(report)  # of when it was built: the shop's currency may be another now
    return {
        **writing.words(),
        "report": report,
        "clock": Writing.of(report).clock(),
        "sent": of.sent,
        "is_as_sent": is_as_sent,
        "ways": sentences.WAYS,
        "notice_words": notice_words.of,
        "choice": _choice(visit),
        "before_words": span_words.before(report.kind, report.span.length),
        "parts": earnings_section.parts(report),
        "part_before": headline.part_before(report),
        "change": earnings_section.revenue_change(report),
        "task_words": sentences.TASKS,
        "tiles": earnings_section.tiles(report),
        "over_time": earnings_section.over_time(report),
        "funnel": earnings_section.funnel(report),
        "people": people_section.people(report),
        "is_scored": any(line.score is not None for line in report.influencers),
        "shown_on_phone": people_section.ON_PHONE,
        "cost": cost_words.section_of(report),
        "groups": groups_section.groups(report),
        "countries": audience_section.countries(report),
        "devices": audience_section.devices(report),
        "buyers": audience_section.buyers(report),
        "hours": audience_section.hours(report),
        "weekdays": audience_section.weekdays(report),
        "held_orders": by_order[: earnings_section.HELD],
        "older_held": held_words.waiting(report),
        "held_count": max(len(by_order), report.held.orders),
        "calibration": report.calibration and report.calibration.sentence(report.language),
    }


def _choice(visit: Visit) -> span_choice.SpanChoice:
    merchant = visit.merchant
    came = calendars.local_day(merchant.created_at, merchant.tz)
    today = calendars.local_day(visit.now, merchant.tz)
    return span_choice.choice_of(visit.span, came, today, merchant.language)
