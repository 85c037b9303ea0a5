"""GET /v1/stats: a period's figures, in total and by day, network, influencer, campaign, product,
link, country, device or referrer. Amounts leave as decimal text."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from sharetrail import calendars, crediting, money, performance, periods, tallies
from sharetrail.credits import CreditLine, OrderCredits
from sharetrail.items import iso
from sharetrail.links import Link
from sharetrail.merchants import Merchant
from sharetrail.performance import Period, Sums

By = Literal[
    "day", "network", "influencer", "campaign", "product", "link", "country", "device", "referrer"
]
DISAGREE = 2.0
"""Models disagree where one gives more than so many times what another does …"""
NOTABLE = 0.02
"""… of a group that has more than this part of the influenced revenue under some model."""

_GROUPS: dict[str, tuple[Callable[[Link], str], Callable[[CreditLine], str]]] = {
    "network": (lambda link: link.network, lambda line: line.network),
    "influencer": (lambda link: link.influencer, lambda line: line.influencer),
    "campaign": (lambda link: link.campaign, lambda line: line.campaign),
    "product": (lambda link: link.product.id if link.product else "", lambda line: line.product),
    "link": (lambda link: link.code, lambda line: line.link),
}


def answer(
    merchant: Merchant, first: date | None, last: date | None, by: By | None, now: datetime
) -> dict[str, Any]:
    """The figures of the local days from `first` to `last`; without them, of the last 7 days."""
    first, last = periods.asked(merchant, first, last, now)
    period = performance.gather(merchant, first, last, now)
    rows = _days(period, merchant) if by == "day" else _rows(period, by, merchant)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "basis": _basis(merchant, period, now),
        "totals": totals_of(period, merchant),
        **({"by": by, "rows": rows} if by else {}),
    }


def _basis(merchant: Merchant, period: Period, now: datetime) -> dict[str, Any]:
    """What the figures rest on."""
    rule = crediting.rule_of(merchant)
    return {
        "window_days": rule.window_days,
        "coupons": rule.coupons,
        "rule": rule.name,
        "half_lives_days": [1, 7, 14],
        "until": iso(now),
        "left_out": {
            "orders_in_other_currencies": len(period.foreign),
            "always": "test orders; views without a click; whatever is no share",
        },
    }


def totals_of(period: Period, merchant: Merchant) -> dict[str, Any]:
    tally = period.tally
    clicks = tallies.merge_counts(tally.links.values())
    paid = performance.influenced(period.orders)
    return {
        "views": tally.events.get("view", 0),
        "opens": tally.events.get("open", 0),
        "shares": tally.events.get("share", 0),
        "clicks": {
            "raw": tallies.raw(clicks),
            "valid": tallies.valid(clicks),
            "unique": clicks.get(tallies.UNIQUE, 0),
            "verdicts": {kind: clicks.get(kind, 0) for kind in tallies.VERDICTS},
        },
        "orders": {"all": len(period.orders), "influenced": len(paid)},
        "revenue": {
            "all": _text(sum(order.net for order in period.orders), merchant),
            "influenced": _text(sum(order.net for order in paid), merchant),
            "not_influenced": _text(performance.revenue_of(period.orders, "none"), merchant),
            "last_click": _text(performance.revenue_of(paid, "last_click"), merchant),
            "assisted": _text(performance.revenue_of(paid, "assisted"), merchant),
        },
        "other_currencies": [
            {"order": order.order, "currency": order.currency} for order in period.foreign
        ],
    }


def _days(period: Period, merchant: Merchant) -> list[dict[str, Any]]:
    return [
        {"day": day.isoformat(), **totals_of(_one_day(period, day, merchant), merchant)}
        for day in sorted(period.days)
    ]


def _one_day(period: Period, day: date, merchant: Merchant) -> Period:
    return Period(
        first=day,
        last=day,
        days={day: period.days[day]},
        links=period.links,
        orders=tuple(o for o in period.orders if _local_day(o, merchant) == day),
        foreign=(),
    )


def _local_day(order: OrderCredits, merchant: Merchant) -> date:
    return calendars.local_day(order.placed_at, merchant.tz)


def _rows(period: Period, by: By | None, merchant: Merchant) -> list[dict[str, Any]]:
    if by is None:
        return []
    if by in tallies.KINDS:
        return _kinds(period, by)
    found = performance.sums(period, *_GROUPS[by])
    whole = sum(order.net for order in performance.influenced(period.orders))
    rows = [{by: name, **_row(sums, whole, merchant)} for name, sums in found.items()]
    return sorted(rows, key=lambda row: (-row["clicks"]["valid"], row[by]))


def _kinds(period: Period, by: str) -> list[dict[str, Any]]:
    """People's clicks by country, device or referrer; a click that names none is in no row."""
    counts = tallies.by_kind(tallies.merge_counts(period.tally.links.values()), by)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [{by: name, "clicks": {"valid": counts[name]}} for name in order]


def _row(sums: Sums, whole: int, merchant: Merchant) -> dict[str, Any]:
    """`whole` is the period's influenced revenue. Revenue by model, `last_click` and `closer` add
    up over the rows; `influenced`, `assisted` and `on_path` overlap and never do.
    """
    kinds = ("influenced", "last_click", "assisted", "closer", "on_path")
    low, high = _range(sums)
    return {
        "shares": sums.shares,
        "clicks": {"raw": sums.raw, "valid": sums.valid, "unique": sums.unique},
        "orders": sums.orders,
        "revenue": {model: _text(amount, merchant) for model, amount in sums.revenue.items()},
        **{kind: _text(getattr(sums, kind), merchant) for kind in kinds},
        "range": {"low": _text(low, merchant), "high": _text(high, merchant)},
        "models_disagree": high > DISAGREE * low and high > NOTABLE * whole,
    }


def _range(sums: Sums) -> tuple[int, int]:
    """The least and the most that any model gives."""
    given = sums.revenue.values()
    return min(given, default=0), max(given, default=0)


def _text(amount: int, merchant: Merchant) -> str:
    return money.decimal_text(amount, merchant.currency)
