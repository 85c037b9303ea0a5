"""A span's report as it stands now, and what has changed since it was sent. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import datetime

from sharetrail.analysis import periods
from sharetrail.attribution import credits
from sharetrail.kpis import scorecards
from sharetrail.kpis.comparison import Days
from sharetrail.kpis.scorecard import Funnels
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report.building import build_report
from sharetrail.report.keeping import reports, sent_orders
from sharetrail.report.keeping.kept_report import KeptReport
from sharetrail.report.keeping.sent_order import (
    Difference,
    SentOrder,
    differences,
    whole_change,
)
from sharetrail.report.report import Report
from sharetrail.report.span import Span
from sharetrail.totals import local_days
from sharetrail.words.speech import mark

MOST_ORDERS_EVER = 300_000
"""What has room in a worker's 1.7 GB …"""
MOST_PACKED_EVER = 40_000_000
"""… and so many bytes of closed days."""


class TooMuch(Problem):
    """The days hold more than there is room for."""

    status = 422
    title = mark("These days are too much for one page")


@dataclass(frozen=True, kw_only=True)
class SentReport:
    at: datetime
    influenced: int
    """Minor units of `currency`."""
    currency: str
    differences: tuple[Difference, ...] = ()
    whole_change: int = 0
    """By how much the sum of all orders changed, be they through sharing or not."""
    is_explained: bool = True
    """False of those whose orders are not kept: sent before 2026-12, or 13 months ago."""

    def rest(self, now: int) -> int:
        """What no order explains: of those that changed while the report was built."""
        return now - self.influenced - self._by

    @property
    def without_sharing(self) -> int:
        """By how much the sum of what came without it changed."""
        return self.whole_change - self._by

    @property
    def _by(self) -> int:
        return sum(each.by for each in self.differences)


@dataclass(frozen=True, kw_only=True)
class Edition:
    report: Report
    sent: SentReport | None = None
    """None of days that were never mailed."""
    figures: Funnels | None = None
    """Key figures, where a worker added up the days."""


def is_big(merchant: Merchant, span: Span) -> bool:
    """Whether it takes longer than somebody waits: by its numbers, and those of the span before."""
    return periods.is_big(merchant.id, span.before().first, span.last)


def read(merchant: Merchant, span: Span, now: datetime) -> Edition:
    before = reports.find(merchant.id, span.before())
    mailed = before.influenced if before else None
    report = build_report.build(merchant, span, mailed, now, settles=False)
    kept = reports.find(merchant.id, span)
    return Edition(report=report, sent=_sent(report, kept) if kept else None)


def read_big(merchant: Merchant, span: Span, now: datetime) -> Edition:
    """The same by a worker, who has minutes. TooMuch beyond what it can hold."""
    days = (merchant.id, span.before().first, span.last)
    too_many_clicks = local_days.weigh_more(MOST_PACKED_EVER, *days)
    if too_many_clicks or credits.are_more(MOST_ORDERS_EVER, *days):
        raise TooMuch(mark("Ask for fewer days: a quarter, or a month."))
    figures = scorecards.gather_big(merchant, Days(first=span.first, last=span.last), now)
    return replace(read(merchant, span, now), figures=figures)


def as_sent(merchant: Merchant, span: Span) -> Edition | None:
    """The report that was mailed, as it was; None where none was, or it is kept no more."""
    kept = reports.find(merchant.id, span)
    if kept is None:
        return None
    try:
        report = reports.read(merchant.id, span, kept.snapshot)
    except reports.Gone:
        return None
    sent = SentReport(at=kept.at, influenced=report.earned.influenced, currency=report.currency)
    return Edition(report=report, sent=sent)


def _sent(report: Report, kept: KeptReport) -> SentReport:
    """`report` stands as of now, and `kept` is of what was sent."""
    sent = SentReport(
        at=kept.at,
        influenced=kept.influenced,
        currency=kept.currency or report.currency,
        is_explained=False,
    )
    orders = _orders(report, kept) if kept.is_in(report.currency) else None
    return _explained(sent, report, orders) if orders is not None else sent


def _orders(report: Report, kept: KeptReport) -> list[SentOrder] | None:
    if kept.orders is None:
        return None
    return sent_orders.read(report.merchant, report.first, kept.orders)


def _explained(sent: SentReport, report: Report, orders: list[SentOrder]) -> SentReport:
    now = sent_orders.as_of_now(report.merchant, report.span, report.currency)
    return replace(
        sent,
        differences=differences(orders, now),
        whole_change=whole_change(orders, now),
        is_explained=True,
    )
