"""The mail's attached tables: CSV by RFC 4180, safe to open in a spreadsheet. Pure.

UTF-8 with a byte order mark, without which Excel reads another encoding; commas and decimal points
whatever the language, so that a program reads every merchant's sheet alike.
"""

import csv
import io
import unicodedata
from typing import Any

from sharetrail.money import Amount
from sharetrail.report.weekly_report import InfluencerLine, WeeklyReport
from sharetrail.words import formats

_BOM = "\ufeff"
_HEADER = (
    "rank",
    "influencer",
    "name",
    "tier",
    "percentile",
    "shares",
    "clicks",
    "orders",
    "currency",
    "credited_revenue",
    "last_click_revenue",
    "expected_4_weeks",
    "expected_low_80",
    "expected_high_80",
    "advice",
)


def filename(report: WeeklyReport) -> str:
    return f"influencers-{report.first.isoformat()}.csv"


def influencers(report: WeeklyReport) -> str:
    """Everyone of the week, best first, in every column; what is not known is an empty cell."""
    lines = io.StringIO()
    writer = csv.writer(lines)  # RFC 4180: quotes where needed, CRLF
    writer.writerow(_HEADER)
    for rank, line in enumerate(report.influencers, start=1):
        writer.writerow(_row(rank, line, report.currency))
    return _BOM + lines.getvalue()


def _row(rank: int, line: InfluencerLine, currency: str) -> tuple[Any, ...]:
    def amount(minor: int | None) -> str:
        return "" if minor is None else Amount(minor, currency)

    return (
        rank,
        harmless(line.id),
        harmless(formats.name(line.name)),
        harmless(line.tier),
        "" if line.percentile is None else line.percentile,
        line.shares,
        line.clicks,
        line.orders,
        currency,
        amount(line.revenue),
        amount(line.closed),
        amount(line.score),
        amount(line.low),
        amount(line.high),
        harmless(line.advice),
    )


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, told apart by a leading `'` (OWASP, CSV
    injection); full-width and small twins too, which some of them fold. Not for our own numbers.
    """
    first = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\u3000"))[:1]
    return f"'{text}" if first and first in "=+-@|\t\r\n" else text
