"""A merchant's weekly report built, once, and its mails put on their queue."""

from collections.abc import Iterator
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.aws.items import Item
from sharetrail.aws.queues import MAILS
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.report import build_report, weekly_reports
from sharetrail.report.report_mail import ReportMail, recipient_hash


def issue(merchant: Merchant, weeks: tuple[str, ...], now: datetime) -> None:
    """Build the report of each of these weeks that is due, unless it was, and queue a mail of it
    for each recipient; whoever has theirs gets no other.
    """
    for monday in weeks:
        week = calendars.week_of(date.fromisoformat(monday))
        if _is_due(merchant, week, now):
            kept = weekly_reports.find(merchant.id, week.first) or _build(merchant, week, now)
            MAILS.send_all((merchant.id, each.body()) for each in _mails(merchant, week, kept))


def _is_due(merchant: Merchant, week: Week, now: datetime) -> bool:
    """Not before the merchant's own Monday 08:00: its zone may have changed since the report was
    queued. A merchant of today has no report of the week before it came.
    """
    _, newest = calendars.last_report(now, merchant.tz)
    came = calendars.local_day(merchant.created_at, merchant.tz)
    return week.first <= newest.first and came <= week.last


def _build(merchant: Merchant, week: Week, now: datetime) -> Item:
    mailed = weekly_reports.find(merchant.id, week.before().first) or {}
    report = build_report.build(merchant, week, mailed.get("influenced"), now)
    return weekly_reports.keep(report, merchant.recipients, now)


def _mails(merchant: Merchant, week: Week, kept: Item) -> Iterator[ReportMail]:
    """To the recipients of when it was built who are still among the merchant's."""
    for to in merchant.recipients:
        if recipient_hash(to) in (kept.get("to") or ()):
            snapshot = kept["snapshot"]
            yield ReportMail(merchant=merchant.id, week=week.first, snapshot=snapshot, to=to)
