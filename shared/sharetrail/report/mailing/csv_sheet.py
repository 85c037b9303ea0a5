"""The mail's attached tables, as words/sheets.py writes them. Pure."""

from sharetrail.analysis.seen_on import NOWHERE
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Report
from sharetrail.words import names, sheets
from sharetrail.words.sheets import harmless


def filename(report: Report) -> str:
    return f"influencers-{report.first.isoformat()}.csv"


def has_rows(report: Report) -> bool:
    """Whether there is somebody to tell of; of days without a sign of the shop nobody is."""
    return bool(report.influencers or report.quiet) and not report.is_empty


def influencers(report: Report) -> str:
    """Everyone of the days in every column, and whoever was credited in the span before alone, so
    that `credited_before` adds up as well: one at least. What is not known is an empty cell.

    The rank is the mail's and the page's, of everybody by one rule: by `expected_4_weeks`, below
    whom has one by `credited_revenue` less `unpaid`; and below all who ever sold what was paid for
    those who did not, the named before the unnamed. Who has nothing in the days has none. `held`,
    `upheld` and `unpaid` are parts of `credited_revenue` that do not overlap.

    `last_click_revenue` is of orders whose own visit a click of theirs began, `assisted_revenue` of
    every other order with one: both whole orders, so they overlap between people;
    `credited_revenue` never does.
    """
    rows = [_row(rank, line, report) for rank, line in enumerate(report.influencers, start=1)]
    rows += [_row(None, line, report) for line in report.quiet]
    return sheets.written(rows[0], rows)


def _row(rank: int | None, line: InfluencerLine, report: Report) -> dict[str, object]:
    def amount(minor: int | None) -> str:
        return "" if minor is None else report.amount(minor)

    knows_doubts = report.built_at is not None  # reports of before 2026-12 know neither
    return {
        "rank": rank,
        "influencer": harmless(line.id),
        "name": harmless(names.name(line.name)),
        "tags": harmless("; ".join(line.tags)),
        "tier": harmless(line.tier),
        "percentile": line.percentile,
        "expected_4_weeks": amount(line.score),
        "expected_low_80": amount(line.low),
        "expected_high_80": amount(line.high),
        "expected_before": amount(line.score_before),
        "moved": harmless(line.moved),
        "discount": harmless(line.discount),
        "links_followed": line.links_followed,
        "clicks": line.clicks,
        "orders": line.orders,
        "currency": report.currency,
        "credited_revenue": amount(line.revenue),
        "credited_before": amount(line.revenue_before),
        "held": amount(line.held if knows_doubts else None),
        "upheld": amount(line.upheld if knows_doubts else None),
        "unpaid": amount(line.unpaid if knows_doubts else None),
        "last_click_revenue": amount(line.last_click),
        "assisted_revenue": amount(line.assisted),
        "advice": harmless(line.advice),
        "seen_on": _places(line),
    }


def _places(line: InfluencerLine) -> str:
    """`instagram 40; x 12; unknown 31`: people's clicks by where the link was seen."""
    seen = line.seen_on.with_unknown if line.clicks and line.seen_on != NOWHERE else {}
    return "; ".join(f"{place} {clicks}" for place, clicks in seen.items())
