"""A new link to the report page, mailed to whom the old one was made for, at most once an hour and
three times a day.

Table reports: `merchant / new-link#recipient`, when the newest was claimed, and when it was sent,
for two days. A run that dies between the two is done again when somebody asks after two minutes:
rather one mail twice than none. Whoever has an old link can ask for one and gains nothing: it goes
to the recipient's own mailbox alone.
"""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from sharetrail.aws import environment
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.mail import message, unsubscribes
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.problems import Problem
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.keeping.recipient_codes import code_of
from sharetrail.report.mailing import new_link_mail
from sharetrail.words.speech import mark, say

APART = timedelta(hours=1)
OF_A_DAY = 3
LIFETIME = timedelta(days=2)
"""Then it says nothing any more: see APART."""
CLAIM_HOLDS = timedelta(minutes=2)
"""Longer than a run may take."""


class SentAlready(Problem):
    """One was mailed within the hour."""

    status = 429
    title = mark("A new link is on its way already")


class BeingSent(Problem):
    """Another run is at it, or died over it."""

    status = 429
    title = mark("A new link is being sent")


class SentOften(Problem):
    """As many were mailed as a day may have."""

    status = 429
    title = mark("Enough new links for a day")


def send(link: PageLink, now: datetime) -> None:
    """To the recipient of a link that may have expired. SentAlready, BeingSent, SentOften; as SES
    refused, where the mail did not leave, and then it may be asked for at once."""
    whose = f"new-link#{code_of(link.merchant.id, link.recipient, now)}"
    key = {"pk": link.merchant.id, "sk": whose}
    _claim(key, now)
    try:
        _allow(link, whose, now)
        _send(link, now)
    except (SentOften, ClientError, message.BadRecipient):
        REPORTS.update(key, "REMOVE claimed")
        raise
    REPORTS.update(key, "SET sent = :at REMOVE claimed", at=iso(now))


def _claim(key: dict[str, str], now: datetime) -> None:
    """For this run to send it: none was within the hour, and nobody is at it just now."""
    if not REPORTS.update(
        key,
        "SET claimed = :now, expires = :expires",
        "(attribute_not_exists(sent) OR sent <= :hour_ago)"
        " AND (attribute_not_exists(claimed) OR claimed <= :stale)",
        now=iso(now),
        hour_ago=iso(now - APART),
        stale=iso(now - CLAIM_HOLDS),
        expires=int((now + LIFETIME).timestamp()),
    ):
        row = REPORTS.get(key["pk"], key["sk"]) or {}
        if row.get("sent", "") > iso(now - APART):
            raise SentAlready(
                say("Look into the mailbox: it was sent within the last hour."),
                headers={"retry_after": f"{APART.total_seconds():.0f}"},
            )
        raise BeingSent(
            say("Look into the mailbox in a minute, and ask again if nothing has come."),
            headers={"retry_after": "60"},
        )


def _allow(link: PageLink, whose: str, now: datetime) -> None:
    hour = f"{now:%Y-%m-%dT%H}"  # asked again after it was not sent it is the same
    allowance = Allowance(name=whose, most=OF_A_DAY)
    if not daily_allowances.take(link.merchant, allowance, {hour}, now):
        raise SentOften(
            say("{most} a day are possible: the newest is in the mailbox.", most=OF_A_DAY),
            headers=daily_allowances.nothing_left(link.merchant, allowance, now),
        )


def _send(old: PageLink, now: datetime) -> None:
    merchant, to = old.merchant, old.recipient
    link = page_links.make(merchant, to, now)
    mail = new_link_mail.compose(link, unsubscribes.url_for(merchant.id, to, now))
    message.send(to, message.mime(mail, environment.mail_from(), now), merchant.id)
