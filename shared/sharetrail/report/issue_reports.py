"""A merchant's report built, once, and its mails put on their queue."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sharetrail.aws.items import Item
from sharetrail.aws.queues import MAILS
from sharetrail.merchants.profile import Merchant
from sharetrail.report import choices, reports, rhythms
from sharetrail.report.building import build_report, corrections
from sharetrail.report.report_mail import ReportMail, recipient_hash
from sharetrail.report.span import Span


def issue(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
    """Build each of these reports that is due and wanted, unless it was, and queue a mail of it for
    each recipient who chose it; whoever has theirs gets no other. Nothing is built for mailboxes
    that all refuse it.
    """
    for asked in map(rhythms.span_of, abouts):
        rhythms.go_on(merchant, asked, now)
        if rhythms.is_due(merchant, asked, now):
            _issue(merchant, asked, now)


def _issue(merchant: Merchant, asked: Span, now: datetime) -> None:
    kept = reports.find(merchant.id, asked)
    if kept is None and (recipients := choices.who_gets(merchant, rhythms.of(asked))):
        kept = _build(merchant, asked, recipients, now)
    if kept:
        MAILS.send_all((merchant.id, each.body()) for each in _mails(merchant, asked, kept))


def _build(merchant: Merchant, asked: Span, recipients: list[str], now: datetime) -> Item:
    told = corrections.told_before(merchant, asked)
    report = build_report.build(merchant, asked, told.get(asked.before()), now)
    report = replace(report, corrections=corrections.of(merchant, told, asked))
    return reports.keep(report, recipients, now)


def _mails(merchant: Merchant, asked: Span, kept: Item) -> Iterator[ReportMail]:
    """To the recipients of when it was built who are still among the merchant's."""
    for to in merchant.recipients:
        if recipient_hash(to) in (kept.get("to") or ()):
            yield ReportMail.of(merchant.id, asked, kept["snapshot"], to)
