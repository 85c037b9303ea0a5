"""How often somebody gets a report, and which is due next.

The weekly one is everybody's and queued by zone (schedule_reports.py). A day's, a month's or a
quarter's is due of those merchants alone where somebody chose it, as a job on the agenda: whoever
issues one has noted the next before, as long as somebody wants it. So a run that dies breaks no
chain; and every chain is noted that somebody wants once a week, with the weekly report, and by
whoever onboards the merchant again, which may give a recipient back their mail.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.merchants.profile import Merchant
from sharetrail.report import span
from sharetrail.report.choices import Choice
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


def start_all(merchant: Merchant, chosen: Mapping[str, Choice], now: datetime) -> None:
    """The same of all that any recipient chose."""
    for rhythm in sorted({each for choice in chosen.values() for each in choice.rhythms}):
        start(merchant, rhythm, now)


def go_on(merchant: Merchant, asked: Span, *, is_wanted: bool, now: datetime) -> None:
    """Before a day's, month's or quarter's report is issued: have the next one noted as long as
    they are wanted, or this one again where it is not due in the merchant's zone of today."""
    newest = span.last_due(asked.kind, now, merchant.tz)
    if asked > newest:
        _note(merchant, asked)
    elif is_wanted:
        _note(merchant, _next(merchant, asked, newest))


def _next(merchant: Merchant, asked: Span, newest: Span) -> Span:
    """The first behind it that was not noted yet: an old message that is sent back walks no way
    again that others went."""
    following = max(asked.after(), _oldest(newest))
    if following > newest:
        return following
    noted = jobs.noted(merchant.id, "report", about_of(following), about_of(newest))
    while following <= newest and about_of(following) in noted:
        following = following.after()
    return following


def why_not(merchant: Merchant, asked: Span, now: datetime) -> str:
    """Why a report is not issued; empty where it is due. It is not before the merchant's own 08:00:
    its zone may have changed since the report was queued. A merchant of today has no report of the
    days before it came. What was missed for long is passed over, but a week's, which is queued in
    time or by a person."""
    came = calendars.local_day(merchant.created_at, merchant.tz)
    newest = span.last_due(asked.kind, now, merchant.tz)
    if asked > newest:
        return "it is not due yet"
    if asked < _oldest(newest) and of(asked) != "weekly":
        return "it is older than what is made up for"
    return "" if came <= asked.last else "the merchant came after it"


def is_late(merchant: Merchant, asked: Span, now: datetime) -> bool:
    """Whether a newer one of its kind is due already."""
    return asked < span.last_due(asked.kind, now, merchant.tz)


def _oldest(newest: Span) -> Span:
    return span.of_day(newest.kind, newest.first - _CAUGHT_UP)


def of(asked: Span) -> Rhythm:
    """In which a report of these days is mailed."""
    return _RHYTHM_OF[asked.kind]


# ── as the agenda has them ───────────────────────────────────────────────────────────────────────
def job_of(merchant_id: str, asked: Span) -> Job:
    return Job(kind="report", merchant=merchant_id, about=about_of(asked))


def about_of(asked: Span) -> str:
    """A week's is called by its Monday alone."""
    rhythm = of(asked)
    return f"{asked.first}" if rhythm == "weekly" else f"{rhythm}#{asked.first}"


def span_of(about: str) -> Span:
    """The days that a job is about."""
    rhythm, _, first = about.rpartition("#")
    return span.of_day(OF_RHYTHM[rhythm or "weekly"], date.fromisoformat(first))  # type: ignore[index]


def _note(merchant: Merchant, asked: Span) -> None:
    jobs.note(job_of(merchant.id, asked), span.due_at(asked, merchant.tz))
