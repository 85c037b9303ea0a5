"""Which reports are due, and putting each on the queue.

Table reports: `merchant / week#date` says that a week's report was sent.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws import queues
from sharetrail.aws.items import Item
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant

DUE_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class DueReport:
    merchant: str
    week: Week

    @property
    def key(self) -> dict[str, str]:
        return {"pk": self.merchant, "sk": f"week#{self.week.first}"}


def due(now: datetime) -> Iterator[DueReport]:
    """Merchants whose Monday 08:00 passed at most a day ago and whose week has no report yet."""
    for merchant in profiles.everyone():
        at, week = calendars.last_report(now, merchant.tz)
        report = DueReport(merchant=merchant.id, week=week)
        if now - at <= DUE_FOR and not sent(report) and _existed(merchant, week):
            yield report


def enqueue(report: DueReport) -> None:
    """Put the report on the queue."""
    body = json.dumps({"merchant": report.merchant, "week": report.week.first.isoformat()})
    queues.REPORTS.send(body)


def read_message(body: str) -> DueReport:
    """What `enqueue` put there."""
    fields = json.loads(body)
    return DueReport(merchant=fields["merchant"], week=Week(date.fromisoformat(fields["week"])))


def sent(report: DueReport) -> Item | None:
    """What is kept of a report that was sent; None before it is."""
    return REPORTS.get(report.key["pk"], report.key["sk"])


def _existed(merchant: Merchant, week: Week) -> bool:
    """A merchant of today has no report of the week before it came."""
    return calendars.local_day(merchant.created_at, merchant.tz) <= week.last
