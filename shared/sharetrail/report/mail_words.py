"""A weekly report as the words that its mail's templates put in place. Pure.

What is a figure and what is a sentence is decided here, so that HTML and text say the same.
"""

from functools import partial
from typing import Any

from sharetrail.money import Amount
from sharetrail.report import sections
from sharetrail.report.csv_sheet import filename
from sharetrail.report.weekly_report import WeeklyReport
from sharetrail.words import formats

OTHERS = 20
"""Most lines below the top ten."""
_COMPARED = (
    "A change against last week is given only where it is more than chance and worth a "
    "word: “no clear change” and “too few to tell” mean just that."
)
_FIRST_WEEK = "This is the first week, so there is nothing to compare it with yet."
_WINDOW = (
    "An order counts as influenced if a share click came in the {days} days before it. Revenue is "
    "net: after discounts and refunds, without tax and shipping. “Credited” says who was on the "
    "way to an order, not why it was placed."
)
_CLICKS = "Clicks are people’s clicks: bots, link previews and repeats are not among them."
_LATER = "What comes later changes these figures, and the next mail says by how much."
_CHECKS = {
    "The script is on the product pages": "Open a product page and look for sharetrail.js in its "
    "source; the browser’s console says so if something blocks it.",
    "The webhook is registered": "The shop system’s list of webhooks must name Sharetrail’s "
    "address for orders and refunds, and show no failed deliveries.",
    "Onboarding finds the shop": "Run onboard_merchant again for {shop}: nothing is doubled, and "
    "it says when the first event, click and order came.",
}


def full(report: WeeklyReport) -> dict[str, Any]:
    """Every name in report.html and report.txt but the recipient's."""
    common, others, language = _common(report), report.others[:OTHERS], report.language
    influenced = _money(report, report.earned.influenced)
    return {
        **common,
        "subject": f"{common['shop']}: {influenced} influenced by sharing, {common['week']}",
        "preview": _preview(report),
        "earned": report.earned,
        "moved": {
            "influenced": sections.revenue(report, "influenced"),
            "orders": sections.orders(report),
        },
        "split": sections.split(report),
        "compared": _COMPARED if report.before else _FIRST_WEEK,
        "top": report.top,
        "others": others,
        "rest": len(report.influencers) - len(report.top) - len(others),
        "sheet": filename(report),
        "groups": (sections.networks(report), sections.products(report)),
        "steps": sections.steps(report),
        "estimate": partial(_estimate, report),
        "number": partial(formats.number, language=language),
        "sure": formats.percent(80, 100, language),
        "count": partial(formats.count, language=language),
        "plural": formats.plural,
        "bar": sections.bar,
        "footer": _footer(report),
    }


def empty(report: WeeklyReport) -> dict[str, Any]:
    """Every name in empty.html and empty.txt but the recipient's."""
    common, heard = _common(report), _last_heard(report)
    shop = common["shop"]
    return {
        **common,
        "subject": f"{shop}: nothing was seen, {common['week']}",
        "preview": heard,
        "heard": heard,
        "checks": tuple((title, how.format(shop=shop)) for title, how in _CHECKS.items()),
        "footer": (f"Days are those of {report.zone}.",),
    }


def _common(report: WeeklyReport) -> dict[str, Any]:
    changed = report.restatement and report.restatement.mailed != report.restatement.now
    return {
        "report": report,
        "lang": formats.english_tag(report.language),
        "shop": formats.name(report.shop),
        "language": formats.tag(report.language),
        "week": formats.days(report.first, report.last, report.language),
        "name": formats.name,
        "money": partial(_money, report),
        "restated": report.restatement if changed else None,
    }


def _money(report: WeeklyReport, minor: int, currency: str | None = None) -> str:
    return formats.money(Amount(minor, currency or report.currency), report.language)


def _estimate(report: WeeklyReport, minor: int) -> str:
    return formats.estimate(report.amount(minor), report.language)


def _preview(report: WeeklyReport) -> str:
    earned, language = report.earned, report.language
    orders = formats.count(earned.influenced_orders, "influenced order", language=language)
    leader = next((line for line in report.top if line.revenue > 0), None)
    if leader is None:
        return f"{orders}."
    credited = _money(report, leader.revenue)
    return f"{orders}. {formats.name(leader.name)} leads with {credited} credited."


# ── Footer ───────────────────────────────────────────────────────────────────────────────────────
def _footer(report: WeeklyReport) -> tuple[str, ...]:
    rule = f" Credits by rule {report.rule}." if report.rule else ""
    return (
        _WINDOW.format(days=report.window_days) + rule,
        _CLICKS,
        f"Days are those of {report.zone}. {_last_heard(report)} {_LATER}",
    )


def _last_heard(report: WeeklyReport) -> str:
    if report.last_event is None:
        return "Nothing was ever received from this shop."
    at = formats.instant(report.last_event, report.zone, report.language)
    return f"The last event from the shop was received on {at}."
