"""How often somebody gets a report, and which is due next.

The weekly one is everybody's and queued by zone (schedule_reports.py). A day's, a month's or a
quarter's is due of those merchants alone where somebody chose it, as a job on the agenda: whoever
issues one has noted the next before, as long as somebody wants it. So a run that dies breaks no
chain; and once a week, with the weekly report, every chain is noted that somebody wants.
"""

from datetime import date, datetime

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.merchants.profile import Merchant
from sharetrail.report import choices, span
from sharetrail.report.span import OF_RHYTHM, Rhythm, Span

_CAUGHT_UP = 7 * calendars.DAY
"""Of reports that were not issued in time, how far before the newest the oldest begins that is
still worth a mail: the page has all of them."""
_RHYTHM_OF = {kind: rhythm for rhythm, kind in OF_RHYTHM.items()}


def start(merchant: Merchant, rhythm: Rhythm, now: datetime) -> None:
    """Somebody chose it: the next report is the first that is not due yet. Again changes nothing.
    To be called once the choice is stored, or whoever issues one meanwhile sees nobody who wants
    it.
    """
    if rhythm != "weekly":
        _note(merchant, span.last_due(OF_RHYTHM[rhythm], now, merchant.tz).after())


def start_all(merchant: Merchant, now: datetime) -> None:
    """The same of all that any recipient chose."""
    for rhythm in sorted({each for to in merchant.recipients for each in choices.of(merchant, to)}):
        start(merchant, rhythm, now)


def go_on(merchant: Merchant, asked: Span, now: datetime) -> None:
    """Before a report is issued: have the next one noted, or this one again where it is not due in
    the merchant's zone of today."""
    rhythm = of(asked)
    if rhythm == "weekly":
        start_all(merchant, now)
        return
    newest = span.last_due(asked.kind, now, merchant.tz)
    if asked > newest:
        _note(merchant, asked)
    elif choices.who_gets(merchant, rhythm):
        _note(merchant, max(asked.after(), _oldest(newest)))


def is_due(merchant: Merchant, asked: Span, now: datetime) -> bool:
    """Not before the merchant's own 08:00: its zone may have changed since the report was queued. A
    merchant of today has no report of the days before it came. What was missed for long is passed
    over, but a week's, which is queued in time or by a person."""
    came = calendars.local_day(merchant.created_at, merchant.tz)
    newest = span.last_due(asked.kind, now, merchant.tz)
    oldest = asked if of(asked) == "weekly" else _oldest(newest)
    return oldest <= asked <= newest and came <= asked.last


def _oldest(newest: Span) -> Span:
    return span.of_day(newest.kind, newest.first - _CAUGHT_UP)


def of(asked: Span) -> Rhythm:
    """In which a report of these days is mailed."""
    return _RHYTHM_OF[asked.kind]


# ── as the agenda has them ───────────────────────────────────────────────────────────────────────
def job_of(merchant_id: str, asked: Span) -> Job:
    """A week's is called by its Monday alone."""
    rhythm = of(asked)
    about = f"{asked.first}" if rhythm == "weekly" else f"{rhythm}#{asked.first}"
    return Job(kind="report", merchant=merchant_id, about=about)


def span_of(about: str) -> Span:
    """The days that a job is about."""
    rhythm, _, first = about.rpartition("#")
    return span.of_day(OF_RHYTHM[rhythm or "weekly"], date.fromisoformat(first))  # type: ignore[index]


def _note(merchant: Merchant, asked: Span) -> None:
    jobs.note(job_of(merchant.id, asked), span.due_at(asked, merchant.tz))
