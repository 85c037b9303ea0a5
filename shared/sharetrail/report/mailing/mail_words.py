"""A report as the words that its mail's templates put in place. Pure.

What is a figure and what is a sentence is decided here, so that HTML and text say the same.
"""

from functools import partial
from typing import Any

from sharetrail.report import held_words, page_paths
from sharetrail.report.building import headline, tasks
from sharetrail.report.mailing import csv_sheet, figures, people_section, sections
from sharetrail.report.mailing.figures import SENTENCES
from sharetrail.report.report import Report
from sharetrail.report.span_words import this
from sharetrail.words import formats, names
from sharetrail.words.writing import Writing

_TASK_TITLES = ("task", "two_tasks", "tasks")


def full(report: Report) -> dict[str, Any]:
    """Every name in report.html and report.txt but the recipient's."""
    common, until = _common(report), _scored_until(report)
    note = "people_note" if any(line.score is not None for line in report.top) else "unscored_note"
    return {
        **common,
        "subject": f"{common['shop']}: {_result(report)}, {common['days']}",
        "preview": _preview(report),
        "headline": headline.sentence(report),
        "split": sections.split(report),
        "tasks_title": SENTENCES[_tasks_title(report)],
        "tasks": [(tasks.title(task), task.reason, task.path) for task in report.tasks],
        "people": people_section.people(report),
        "people_note": SENTENCES[note].format(until=until, tested=_tested(report)),
        "expected": SENTENCES["expected"].format(until=until),
        "lines": sections.lines(report),
        "footer": _footer(report),
    }


def _tasks_title(report: Report) -> str:
    """It promises no more than was seen: some orders are counted, and none of the tasks."""
    if report.tasks:
        return _TASK_TITLES[len(report.tasks) - 1]
    return "nothing_broken" if held_words.waiting(report) else "no_tasks"


def empty(report: Report) -> dict[str, Any]:
    """Every name in empty.html and empty.txt but the recipient's."""
    common, heard = _common(report), _last_heard(report)
    shop = common["shop"]
    title = SENTENCES["nothing_seen"].format(this=this(report.kind))
    return {
        **common,
        "subject": f"{shop}: nothing was seen, {common['days']}",
        "preview": heard,
        "title": title,
        "heard": heard,
        "told": [(text, path) for text, path in _told_of_none(report) if text],
        "checks": [_check(shop, **each) for each in SENTENCES["checks"]],
        "footer": SENTENCES["days"].format(clock=formats.clock(report.zone)),
    }


def _check(shop: str, title: str, how: str, about: str) -> tuple[str, str, str]:
    """What to check, how, and where that is told step by step; empty where nothing is to do."""
    return title, how.format(shop=shop), page_paths.mend(about) if about else ""


def _told_of_none(report: Report) -> list[tuple[str, str]]:
    """What there is to say of days in which nothing was seen, and where it leads."""
    waiting = (held_words.waiting(report), page_paths.HELD)
    return [waiting, (sections.restated(report), ""), (sections.notices(report), "")]


def _common(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "say": SENTENCES,
        "rhythm": SENTENCES["rhythms"][report.kind],
        "lang": formats.english_tag(report.language),
        "shop": names.own_name(report.shop),
        "language": formats.tag(report.language),
        "days": _days(report),
        "definitions": page_paths.DEFINITIONS,
        "choices": page_paths.CHOICES,
    }


def _days(report: Report) -> str:
    if report.first == report.last:
        return formats.day(report.first, report.language)
    return formats.days(report.first, report.last, report.language)


def _scored_until(report: Report) -> str:
    """Of a report that was kept before it was said, its own last day."""
    return Writing.of(report).short_day(report.scored_until or report.last)


def _result(report: Report) -> str:
    money = partial(figures.money, report)
    brought = f"sharing brought {money(report.earned.influenced)}"
    is_whole = report.days_before is None
    if report.before and is_whole and report.before.influenced != report.earned.influenced:
        return f"{brought} ({money(report.before.influenced)} before)"
    return brought


def _tested(report: Report) -> str:
    """How many of the ranges whose weeks are over had what came; nothing where they are few."""
    told = report.calibration
    if told is None or not told.is_enough:
        return ""
    held = formats.percent(told.held, told.ranges, report.language)
    return str(SENTENCES["tested"]).format(held=held)


def _preview(report: Report) -> str:
    """What a list of mails shows behind the subject: what to do first."""
    if report.tasks:
        first = report.tasks[0]
        return f"{tasks.title(first)}: {first.reason}"
    return headline.sentence(report)


# ── Footer ───────────────────────────────────────────────────────────────────────────────────────
def _footer(report: Report) -> str:
    sheet = csv_sheet.filename(report) if csv_sheet.has_rows(report) else ""
    everyone = SENTENCES["everyone"].format(sheet=sheet) if sheet else ""
    days = SENTENCES["days"].format(clock=formats.clock(report.zone))
    return " ".join(filter(None, (everyone, days, SENTENCES["later"])))


def _last_heard(report: Report) -> str:
    if report.last_event is None:
        return str(SENTENCES["never_heard"])
    return str(SENTENCES["heard"]).format(at=Writing.of(report).instant(report.last_event))
