"""Reports that should have been built for hours: whatever kept them, somebody waits for a mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail.agenda import jobs
from sharetrail.aws.tables import REPORTS
from sharetrail.merchants import profiles
from sharetrail.report import choices, span
from sharetrail.report.issuing import rhythms, schedule_reports
from sharetrail.report.issuing.schedule_reports import BUILT, KEPT, ZoneRound
from sharetrail.report.report_mail import row_of
from sharetrail.report.span import Span

PATIENCE = timedelta(hours=3)
"""Longer than ten attempts at a report take, after which it stands among what failed."""


def number(now: datetime) -> int:
    """Of weeks of the last two days, in the zones where not all were seen before; and of other
    spans those that nobody has queued."""
    rounds = [each for each in schedule_reports.newest_rounds(now) if each.due + PATIENCE <= now]
    whole = jobs.all_done(BUILT, [each.which for each in rounds])
    missing = {each.which: _missing(each, now) for each in rounds if each.which not in whole}
    jobs.note_done(BUILT, *(w for w, none in missing.items() if not none), until=now + KEPT)
    return sum(missing.values()) + sum(1 for _ in jobs.due("report", now - PATIENCE))


def _missing(zone_round: ZoneRound, now: datetime) -> int:
    asked = span.of_day("week", zone_round.week.first)
    return sum(_is_wanted(each, asked, now) for each in _without(zone_round.zone, asked))


def _without(zone: str, asked: Span) -> Iterator[str]:
    """Merchants of whom no such report stands."""
    ids = [*profiles.ids_in(zone)]
    keys = [{"pk": each, "sk": row_of(asked)} for each in ids]
    built = {row["pk"] for row in REPORTS.get_all(keys, only=["pk"])}
    return (each for each in ids if each not in built)


def _is_wanted(merchant_id: str, asked: Span, now: datetime) -> bool:
    """As whoever issues it asks."""
    merchant = profiles.find(merchant_id, now)
    is_due = not rhythms.why_not(merchant, asked, now)
    return is_due and bool(choices.who_gets(merchant, rhythms.of(asked)))
