"""Sending a report to one recipient, once; the mail is kept before it leaves.

Table reports: `merchant / week#date#recipient` (or day, month, quarter) holds the claim and then
the message id, for as long as the mail is kept. A run that dies between sending and noting the
message id is done again after 15 minutes: rather one mail twice than none.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from botocore.exceptions import ClientError

from sharetrail.aws import environment
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.mail import message, unsubscribes
from sharetrail.mail.pace import Pace
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import page_links, reports, sent_mail, sent_mails
from sharetrail.report.mailing import compose_mail
from sharetrail.report.report import Report
from sharetrail.report.report_mail import ReportMail, key_of

CLAIM_HOLDS = timedelta(minutes=15)
ATTEMPTS_APART = timedelta(minutes=10)
"""For how long the queue of mails keeps one out of sight that was taken."""
_pace = Pace()
_report = lru_cache(maxsize=4)(reports.read)
"""What a warm instance has read: what is named by a hash never changes."""


class NotSent(Exception):
    """Another run is at this mail, or died over it; the queue brings it again."""


def send(mail: ReportMail, now: datetime) -> None:
    """Mail the report to its recipient, who may have it already, or by now be none, have chosen
    otherwise, want no mail, or have refused one; of a shop that was erased there is none.

    NotSent as it says; BadRecipient, or as SES refused, where a mail did not leave.
    """
    merchant = profiles.find_if_any(mail.merchant, now)
    if merchant is None or not _is_wanted(merchant, mail):
        return
    report = _as_it_stands(mail)
    code = sent_mails.code_for(mail.merchant, mail.to, mail.span, now)
    key = key_of(mail.merchant, mail.span, code)
    if _claim(key, now):
        _send(report, merchant, mail, code, now)
    elif not _is_sent(key):
        raise NotSent(f"of {mail.merchant}, {mail.first}: another run has claimed it")


def _as_it_stands(mail: ReportMail) -> Report:
    """Where somebody in it was erased, it was written anew since the mail was queued."""
    try:
        return _report(mail.merchant, mail.span, mail.snapshot)
    except reports.Gone:
        standing = reports.read_standing(mail.merchant, mail.span)
        if standing is None:
            raise
        return standing


def _is_wanted(merchant: Merchant, mail: ReportMail) -> bool:
    is_chosen = rhythms.of(mail.span) in choices.of(merchant, mail.to)
    return is_chosen and choices.may_be_mailed(merchant, mail.to)


def _send(report: Report, merchant: Merchant, mail: ReportMail, code: str, now: datetime) -> None:
    key = key_of(mail.merchant, mail.span, code)
    try:
        raw = _kept(report, merchant, mail, code, now)
        _pace.wait(environment.mails_per_second())
        message_id = message.send(mail.to, raw, merchant.id)
    except (ClientError, message.BadRecipient):
        # A mail that SES refused, or an address of before 2026-12 that is none, was not sent: the
        # next run may try at once.
        REPORTS.update(key, "SET claimed = :never", never="")
        raise
    REPORTS.update(key, "SET message = :message, sent = :at", message=message_id, at=iso(now))


def _kept(report: Report, merchant: Merchant, mail: ReportMail, code: str, now: datetime) -> bytes:
    """The mail as it is sent, at every attempt; anew where the links of the one that was kept are
    no longer good for acting: their recipient ended them, or it waited for more than a week."""
    address = unsubscribes.url_for(merchant.id, mail.to, now)
    page = page_links.make(merchant, mail.to, now).url
    composed = compose_mail.compose(report, mail.to, address, page)
    raw = message.mime(composed, environment.mail_from(), now)
    kept = sent_mails.keep(merchant.id, code, mail.span, raw)
    if kept == raw or _is_good(kept, now):
        return kept
    sent_mails.replace(merchant.id, code, mail.span, raw)
    return raw


def _is_good(kept: bytes, now: datetime) -> bool:
    """Whether its links open the page at its address of today, and are fresh."""
    tokens = sent_mail.page_tokens(kept, environment.public_base_url())
    try:
        return bool(tokens) and all(page_links.find(each, now).is_fresh(now) for each in tokens)
    except Problem:
        return False


def _claim(key: dict[str, str], now: datetime) -> bool:
    """Whether this run is the one to send: nobody has, and nobody is at it just now."""
    return REPORTS.put_if(
        {**key, "claimed": iso(now), "expires": int((now + sent_mails.LIFETIME).timestamp())},
        "attribute_not_exists(pk) OR (attribute_not_exists(message) AND claimed < :stale)",
        stale=iso(now - CLAIM_HOLDS),
    )


def _is_sent(key: dict[str, str]) -> bool:
    return "message" in (REPORTS.get(key["pk"], key["sk"]) or {})
