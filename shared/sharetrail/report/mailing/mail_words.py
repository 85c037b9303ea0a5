"""A report as the words that its mail's templates put in place. Pure.

What is a figure and what is a sentence is decided here, so that HTML and text say the same.
"""

from functools import partial
from typing import Any

from sharetrail.report import held_words, page_paths
from sharetrail.report.building import headline, tasks
from sharetrail.report.mailing import (
    csv_sheet,
    figures,
    mail_templates,
    people_section,
    sections,
)
from sharetrail.report.mailing.figures import SENTENCES, told, told_of
from sharetrail.report.report import Report
from sharetrail.report.span_words import this
from sharetrail.words import formats, names, shares, speech
from sharetrail.words.speech import sentence
from sharetrail.words.writing import Writing

_TASK_TITLES = ("task", "two_tasks", "tasks")


def full(report: Report) -> dict[str, Any]:
    """Every name in report.html and report.txt but the recipient's."""
    common = _common(report)
    return {
        **common,
        "subject": _subject(report, common),
        "preview": _preview(report),
        "headline": headline.sentence(report),
        "split": sections.split(report),
        "tasks_title": told(_tasks_title(report)),
        "tasks": [(tasks.title(task), task.reason, task.path) for task in report.tasks],
        "people": people_section.people(report),
        "people_note": _people_note(report),
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
    shop, days = common["shop"], common["days"]
    return {
        **common,
        "subject": told("subject_empty", shop=shop, days=days),
        "preview": heard,
        "title": told("nothing_seen", now=this(report.kind)),
        "heard": heard,
        "told": [(text, path) for text, path in _told_of_none(report) if text],
        "checks": [_check(shop, **each) for each in SENTENCES["checks"]],
        "footer": told("days", clock=Writing.of(report).clock()),
    }


def _check(shop: str, title: str, how: str, about: str) -> tuple[str, str, str]:
    """What to check, how, and where that is told step by step; empty where nothing is to do."""
    path = page_paths.mend(about) if about else ""
    return sentence(title), sentence(how).format(shop=speech.isolated(shop)), path


def _told_of_none(report: Report) -> list[tuple[str, str]]:
    """What there is to say of days in which nothing was seen, and where it leads."""
    waiting = (held_words.waiting(report), page_paths.HELD)
    return [waiting, (sections.restated(report), ""), (sections.notices(report), "")]


def _common(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "words": figures.all_told(),
        "rhythm": told_of("rhythms", report.kind),
        **mail_templates.direction(),
        "shop": names.own_name(report.shop),
        "language": formats.tag(report.language),  # of the days, where we do not speak it
        "days": _days(report),
        "definitions": page_paths.DEFINITIONS,
        "choices": page_paths.CHOICES,
    }


def _days(report: Report) -> str:
    if report.first == report.last:
        return formats.day(report.first, report.language)
    return formats.days(report.first, report.last, report.language)


def _subject(report: Report, common: dict[str, Any]) -> str:
    money = partial(figures.money, report)
    gaps = {name: common[name] for name in ("shop", "days")}
    gaps["amount"] = money(report.earned.influenced)
    is_whole = report.days_before is None
    if report.before and is_whole and report.before.influenced != report.earned.influenced:
        return told("subject_beside", earlier=money(report.before.influenced), **gaps)
    return told("subject", **gaps)


def _people_note(report: Report) -> str:
    """What the bars show, how many of those whose weeks are over had what came, and which changes
    are told."""
    if not any(line.score is not None for line in report.top):
        return told("unscored_note")
    # Of a report that was kept before it was said, its own last day.
    until = Writing.of(report).short_day(report.scored_until or report.last)
    note = told("people_note", until=until)
    return " ".join(filter(None, (note, _tested(report), told("only_clear"))))


def _tested(report: Report) -> str:
    """Nothing where they are few."""
    calibration = report.calibration
    if calibration is None or not calibration.is_enough:
        return ""
    percent = shares.percent(calibration.held, calibration.ranges, report.language)
    return told("tested", percent=percent)


def _preview(report: Report) -> str:
    """What a list of mails shows behind the subject: what to do first."""
    if report.tasks:
        first = report.tasks[0]
        return speech.labelled(tasks.title(first), first.reason)
    return headline.sentence(report)


# ── Footer ───────────────────────────────────────────────────────────────────────────────────────
def _footer(report: Report) -> str:
    sheet = csv_sheet.filename(report) if csv_sheet.has_rows(report) else ""
    everyone = told("everyone", sheet=speech.isolated(sheet)) if sheet else ""
    days = told("days", clock=Writing.of(report).clock())
    return " ".join(filter(None, (everyone, days, told("later"))))


def _last_heard(report: Report) -> str:
    if report.last_event is None:
        return told("never_heard")
    return told("heard", at=Writing.of(report).instant(report.last_event))
