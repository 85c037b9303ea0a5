"""A merchant's report built, once, and its mails put on their queue."""

from collections.abc import Iterator
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.aws.items import Item
from sharetrail.aws.queues import MAILS
from sharetrail.merchants.profile import Merchant
from sharetrail.report import build_report, reports, span
from sharetrail.report.report_mail import ReportMail, recipient_hash
from sharetrail.report.span import Span


def issue(merchant: Merchant, weeks: tuple[str, ...], now: datetime) -> None:
    """Build the report of each of these weeks that is due, unless it was, and queue a mail of it
    for each recipient; whoever has theirs gets no other.
    """
    for monday in weeks:
        week = span.of_day("week", date.fromisoformat(monday))
        if _is_due(merchant, week, now):
            kept = reports.find(merchant.id, week) or _build(merchant, week, now)
            MAILS.send_all((merchant.id, each.body()) for each in _mails(merchant, week, kept))


def _is_due(merchant: Merchant, asked: Span, now: datetime) -> bool:
    """Not before the merchant's own 08:00: its zone may have changed since the report was
    queued. A merchant of today has no report of the days before it came.
    """
    came = calendars.local_day(merchant.created_at, merchant.tz)
    newest = span.last_due(asked.kind, now, merchant.tz)
    return asked.first <= newest.first and came <= asked.last


def _build(merchant: Merchant, asked: Span, now: datetime) -> Item:
    mailed = reports.find(merchant.id, asked.before()) or {}
    report = build_report.build(merchant, asked, mailed.get("influenced"), now)
    return reports.keep(report, merchant.recipients, now)


def _mails(merchant: Merchant, asked: Span, kept: Item) -> Iterator[ReportMail]:
    """To the recipients of when it was built who are still among the merchant's."""
    for to in merchant.recipients:
        if recipient_hash(to) in (kept.get("to") or ()):
            yield ReportMail.of(merchant.id, asked, kept["snapshot"], to)
