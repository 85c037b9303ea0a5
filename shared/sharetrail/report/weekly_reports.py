"""Weekly reports as kept: each is an object in the reports bucket, by the hash of its bytes.

Table reports: `merchant / week#date` names the one snapshot of a week that is mailed, and by their
hashes to whom; written once. So what was mailed can be reproduced.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from sharetrail.aws import clients, environment, hashed_objects
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.report.report_mail import recipient_hash
from sharetrail.report.weekly_report import WeeklyReport


def find(merchant_id: str, week: date) -> Item | None:
    """What stands of the week's report; None before it is built."""
    return REPORTS.get(merchant_id, _sk(week))


def keep(report: WeeklyReport, recipients: Iterable[str], now: datetime) -> Item:
    """Store the report and say that it is the week's, to be mailed to these; what stands of the
    week then, which another run may have said."""
    issue = {
        "pk": report.merchant,
        "sk": _sk(report.first),
        "snapshot": _store(report),
        "to": {recipient_hash(each) for each in recipients} or None,
        "influenced": report.earned.influenced,
        "by_rule": report.rule,
        "at": iso(now),
    }
    is_first = REPORTS.put_once(issue)
    return issue if is_first else find(report.merchant, report.first) or issue


def read(merchant_id: str, week: date, snapshot: str) -> WeeklyReport:
    """The report that was kept under this hash."""
    key = _object_key(merchant_id, week, snapshot)
    kept = clients.s3().get_object(Bucket=environment.reports_bucket(), Key=key)
    return load(WeeklyReport, json.loads(kept["Body"].read()))


def _store(report: WeeklyReport) -> str:
    """The hash of its bytes."""
    body = json.dumps(dump(report), sort_keys=True, ensure_ascii=False).encode()
    key_of = partial(_object_key, report.merchant, report.first)
    return hashed_objects.put(key_of, body, "application/json")


def _sk(week: date) -> str:
    return f"week#{week}"


def _object_key(merchant_id: str, week: date, digest: str) -> str:
    return f"{merchant_id}/{week}/{digest}.json"
