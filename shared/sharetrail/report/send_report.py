"""Building a week's report and sending it once a recipient.

Table reports: `merchant / week#date` is a sent report with its snapshot's hash; for each mail
`merchant / week#date#recipient` holds the claim and then the message id. The snapshot itself is an
object in the reports bucket. A run that dies between sending and noting the message id is done
again after 15 minutes: rather one mail twice than none.
"""

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from sharetrail.aws import clients, environment
from sharetrail.aws.items import dump
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.mail import message, unsubscribes
from sharetrail.merchants import profiles
from sharetrail.report import build_report, compose_mail, schedule_reports
from sharetrail.report.weekly_report import WeeklyReport

CLAIM_HOLDS = timedelta(minutes=15)


class NotSent(Exception):
    """Some recipient's mail did not leave; the queue brings the report again."""


def send(due: schedule_reports.DueReport, now: datetime) -> None:
    """Build the week's report, keep it, and mail it to whoever still wants it and has not got it.

    NotSent, once everyone was tried, where a mail did not leave.
    """
    merchant = profiles.find(due.merchant, now)
    if schedule_reports.sent(due):
        return
    earlier = schedule_reports.sent(replace(due, week=due.week.before())) or {}
    report = build_report.build(merchant, due.week, earlier.get("influenced"), now)
    snapshot = _keep(report)
    failed = [to for to in merchant.recipients if not _send_to(report, to, now)]
    if failed:
        raise NotSent(f"{len(failed)} of {len(merchant.recipients)} mails did not leave")
    REPORTS.put_once(
        {
            **due.key,
            "snapshot": snapshot,
            "influenced": report.earned.influenced,
            "by_rule": report.rule,
            "at": iso(now),
        }
    )


def _send_to(report: WeeklyReport, to: str, now: datetime) -> bool:
    """Whether this recipient has the mail, or wants none."""
    if unsubscribes.is_unsubscribed(report.merchant, to):
        return True
    whom = hashlib.sha256(to.casefold().encode()).hexdigest()[:32]
    key = {"pk": report.merchant, "sk": f"week#{report.first}#{whom}"}
    if not _claim(key, now):
        return "message" in (REPORTS.get(key["pk"], key["sk"]) or {})
    try:
        mail = compose_mail.compose(report, to, unsubscribes.url_for(report.merchant, to, now))
        message_id = message.send(mail, now)
    except (ClientError, message.BadRecipient):
        # A mail that SES refused, or an address of before 2026-12 that is none, was not sent: the
        # next run may try at once, and the other recipients have theirs.
        REPORTS.update(key, "SET claimed = :never", never="")
        return False
    REPORTS.update(key, "SET message = :message, sent = :at", message=message_id, at=iso(now))
    return True


def _claim(key: dict[str, str], now: datetime) -> bool:
    """Whether this run is the one to send: nobody has, and nobody is at it just now."""
    return REPORTS.put_if(
        {**key, "claimed": iso(now)},
        "attribute_not_exists(pk) OR (attribute_not_exists(message) AND claimed < :stale)",
        stale=iso(now - CLAIM_HOLDS),
    )


def _keep(report: WeeklyReport) -> str:
    """Store the report's values, so that a past mail can be reproduced; the hash of its bytes."""
    body = json.dumps(dump(report), sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(body).hexdigest()
    clients.s3().put_object(
        Bucket=environment.reports_bucket(),
        Key=f"{report.merchant}/{report.first}/{digest}.json",
        Body=body,
        ContentType="application/json",
    )
    return digest
