"""A weekly report as the words that its mail's templates put in place. Pure.

What is a figure and what is a sentence is decided here, so that HTML and text say the same.
"""

from functools import partial
from typing import Any

from sharetrail.money import Amount
from sharetrail.report.mailing import sections
from sharetrail.report.mailing.csv_sheet import filename
from sharetrail.report.mailing.sections import SENTENCES
from sharetrail.report.report import Report
from sharetrail.words import formats, names

OTHERS = 20
"""Most lines below the top ten."""


def full(report: Report) -> dict[str, Any]:
    """Every name in report.html and report.txt but the recipient's."""
    common, others, language = _common(report), report.others[:OTHERS], report.language
    influenced = _money(report, report.earned.influenced)
    return {
        **common,
        "subject": f"{common['shop']}: {influenced} influenced by sharing, {common['week']}",
        "preview": _preview(report),
        "headline": {"text": influenced, "size": sections.headline_size(influenced)},
        "earned": report.earned,
        "moved": {
            "influenced": sections.revenue(report, "influenced"),
            "orders": sections.orders(report),
        },
        "split": sections.split(report),
        "compared": SENTENCES["compared" if report.before else "first_week"],
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
        "width": sections.width,
        "footer": _footer(report),
    }


def empty(report: Report) -> dict[str, Any]:
    """Every name in empty.html and empty.txt but the recipient's."""
    common, heard = _common(report), _last_heard(report)
    shop = common["shop"]
    return {
        **common,
        "subject": f"{shop}: nothing was seen, {common['week']}",
        "preview": heard,
        "heard": heard,
        "checks": tuple(
            (title, how.format(shop=shop)) for title, how in SENTENCES["checks"].items()
        ),
        "footer": (f"Days are those of {report.zone}.",),
    }


def _common(report: Report) -> dict[str, Any]:
    changed = report.restatement and report.restatement.mailed != report.restatement.now
    return {
        "report": report,
        "lang": formats.english_tag(report.language),
        "shop": names.own_name(report.shop),
        "language": formats.tag(report.language),
        "week": formats.days(report.first, report.last, report.language),
        "name": names.name,
        "money": partial(_money, report),
        "restated": report.restatement if changed else None,
        "notices": [*_corrections(report), *_notices(report)],
    }


def _corrections(report: Report) -> list[tuple[str, str]]:
    """Of which days, and what it said and says."""
    sentence = "The mail said {}; after refunds and late orders it is {}."
    return [
        (
            formats.days(each.first, each.last, report.language),
            sentence.format(_money(report, each.mailed), _money(report, each.now)),
        )
        for each in report.corrections
    ]


def _notices(report: Report) -> list[tuple[str, str]]:
    """What was used up: on which days, and the sentence."""
    days: dict[str, list[str]] = {}
    for notice in report.notices:
        day = formats.day(notice.day, report.language)
        days.setdefault(notice.sentence, []).append(formats.isolated(day, report.language))
    return [(" · ".join(on), sentence) for sentence, on in days.items()]


def _money(report: Report, minor: int, currency: str | None = None) -> str:
    text = formats.money(Amount(minor, currency or report.currency), report.language)
    return formats.isolated(text, report.language)


def _estimate(report: Report, minor: int) -> str:
    return formats.isolated(
        formats.estimate(report.amount(minor), report.language), report.language
    )


def _preview(report: Report) -> str:
    earned, language = report.earned, report.language
    orders = formats.count(earned.influenced_orders, "influenced order", language=language)
    # Whoever has no score has sold nothing that was paid for.
    leader = next((line for line in report.top if line.revenue > 0 and line.score), None)
    if leader is None:
        return f"{orders}."
    credited = _money(report, leader.revenue)
    return f"{orders}. {names.name(leader.name)} leads with {credited} credited."


# ── Footer ───────────────────────────────────────────────────────────────────────────────────────
def _footer(report: Report) -> tuple[str, ...]:
    rule = f" Credits by rule {report.rule}." if report.rule else ""
    return (
        SENTENCES["window"].format(days=report.window_days) + rule,
        SENTENCES["clicks"],
        f"Days are those of {report.zone}. {_last_heard(report)} {SENTENCES['later']}",
    )


def _last_heard(report: Report) -> str:
    if report.last_event is None:
        return "No visit to a page and no click was ever received from this shop."
    at = formats.instant(report.last_event, report.zone, report.language)
    return f"The last event from the shop was received on {formats.isolated(at, report.language)}."
