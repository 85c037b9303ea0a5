"""A merchant's report built, once, and its mails put on their queue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sharetrail import logs
from sharetrail.aws.queues import MAILS
from sharetrail.merchants.profile import Merchant
from sharetrail.report import choices, span
from sharetrail.report.building import build_report, corrections
from sharetrail.report.choices import Choice
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import reports
from sharetrail.report.keeping.kept_report import KeptReport
from sharetrail.report.keeping.recipient_codes import codes_of
from sharetrail.report.report_mail import ReportMail
from sharetrail.report.span import Span


def issue(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
    """Build each of these reports that is due and wanted, unless it was, and queue a mail of it for
    each recipient who chose it; whoever has theirs gets no other. The log says of each that is not
    issued why.
    """
    chosen = choices.find_all(merchant)
    for asked in map(rhythms.span_of, abouts):
        getting = choices.who_gets(merchant, rhythms.of(asked), chosen)
        _note_next(merchant, asked, chosen, is_wanted=bool(getting), now=now)
        why_not = rhythms.why_not(merchant, asked, now)
        if not why_not and not _issue(merchant, asked, {to: chosen[to] for to in getting}, now):
            why_not = "nobody wants it who wanted it then"
        if rhythms.of(asked) == "weekly" and merchant.created_at < reports.ALL_END_SINCE:
            reports.end_endless(merchant.id, now)
        if why_not:
            logs.info("a report is not issued", merchant=merchant.id, about=asked.key, why=why_not)


def _note_next(
    merchant: Merchant, asked: Span, chosen: Mapping[str, Choice], *, is_wanted: bool, now: datetime
) -> None:
    """Before it is issued, so that a run that dies breaks no chain."""
    if rhythms.of(asked) == "weekly":
        rhythms.start_all(merchant, chosen, now)
    else:
        rhythms.go_on(merchant, asked, is_wanted=is_wanted, now=now)


def _issue(merchant: Merchant, asked: Span, getting: Mapping[str, Choice], now: datetime) -> bool:
    """False where there is nobody to issue it to: nothing is built for mailboxes that all refuse
    it. Who gets it was among its recipients when it was built, and is still. One that comes late,
    since it waited or was sent back, is for nobody who has chosen since: they did not want it then,
    or have had enough of them in between.
    """
    kept = reports.find(merchant.id, asked)
    recipients = [*getting]
    if rhythms.is_late(merchant, asked, now):
        then = kept.at if kept else span.due_at(asked, merchant.tz)
        recipients = [to for to, choice in getting.items() if choice.stood(then)]
    if kept is None and recipients:
        kept = _build(merchant, asked, recipients, now)
    if kept:
        mails = _mails(merchant, asked, kept, recipients, now)
        MAILS.send_all((merchant.id, each.body()) for each in mails)
    return bool(kept)


def _build(merchant: Merchant, asked: Span, recipients: list[str], now: datetime) -> KeptReport:
    told = corrections.told_before(merchant, asked)
    report = build_report.build(merchant, asked, told.get(asked.before()), now)
    report = replace(report, corrections=corrections.of(merchant, told, asked))
    return reports.keep(report, recipients, now)


def _mails(
    merchant: Merchant, asked: Span, kept: KeptReport, recipients: list[str], now: datetime
) -> list[ReportMail]:
    """To those of them for whom it was built."""
    return [
        ReportMail.of(merchant.id, asked, kept.snapshot, to)
        for to in recipients
        if kept.is_for(codes_of(merchant.id, to, now))
    ]
