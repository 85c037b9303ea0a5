"""The report's overview as HTML, of a report's values: for tests of how it looks."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.keeping.sent_order import SentOrder, differences
from sharetrail.report.page.overview import show_overview
from sharetrail.report.page.overview.edition import Edition, SentReport
from sharetrail.report.page.overview.empty_days import EmptyDays
from sharetrail.report.page.visit import Visit
from sharetrail.report.report import Report
from sharetrail.words.speech import speaking
from tests.senders import a_merchant

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)


def html_of(
    report: Report,
    *,
    sent: SentReport | None = None,
    is_as_sent: bool = False,
    direction: str = "",
    nothing: EmptyDays | None = None,
) -> str:
    merchant = replace(a_merchant(NOW - timedelta(days=300)), language=report.language)
    link = PageLink(merchant=merchant, recipient="o@shop.example", token="0" * 40, at=NOW)
    visit = Visit(link=link, query={"span": report.span.key}, now=NOW)
    stands = Edition(report=report, sent=sent)
    told = nothing or EmptyDays()
    with speaking(report.language):
        page = show_overview.shown(visit, stands, is_as_sent=is_as_sent, nothing=told)
    html: str = page["body"]
    return re.sub(r'dir="..."', f'dir="{direction}"', html, count=1) if direction else html


def a_sent_report(report: Report) -> SentReport:
    """Of orders of which one came late and thirty were refunded since."""
    sent = [SentOrder("shopify", f"{n}", f"#{n}", 4_800, "last_click") for n in range(1_001, 1_041)]
    now = [order._replace(net=100 * n) for n, order in enumerate(sent[:30])]
    late = SentOrder("shopify", "1099", "#1099", 1_250, "assisted")
    found = differences(sent, [*now, *sent[30:], late])
    then = report.earned.influenced - sum(each.by for each in found)
    return SentReport(
        at=NOW - timedelta(days=1), influenced=then, currency=report.currency, differences=found
    )
