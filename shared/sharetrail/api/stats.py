"""GET /v1/stats: a period's figures, in total and by day, network, influencer, campaign, product,
link, country, device, referrer or where links were seen, and what its days were short of. Amounts
leave as decimal text."""

from typing import Any, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.analysis import periods
from sharetrail.analysis.period import Grouping, Period, Sums, influenced, revenue_of, sums_by
from sharetrail.analysis.seen_on import NOWHERE, SeenOn, seen_by
from sharetrail.api import day_range
from sharetrail.api.resolver import merchant_of, now_of
from sharetrail.attribution.models import rule_of
from sharetrail.calendars import iso
from sharetrail.merchants import notices
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import tally

Dimension = Literal["day", Grouping, "country", "device", "referrer", "seen_on"]

router = Router()


@router.get("/v1/stats")
def show_stats(
    first: day_range.First = None,
    last: day_range.Last = None,
    by: Dimension | None = None,
) -> dict[str, Any]:
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.within(merchant, first, last, now)
    period, rule = periods.gather(merchant, first, last, now), rule_of(merchant)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "basis": {
            "window_days": rule.window_days,
            "coupons": rule.coupons,
            "rule": rule.name,
            "half_lives_days": [1, 7, 14],
            "until": iso(now),
            "left_out": {
                "orders_in_other_currencies": len(period.foreign),
                "always": "test orders; views without a click; whatever is no share",
            },
        },
        "notices": notices.told(notices.of_days(merchant, first, last)),
        "totals": _totals(period, merchant),
        **({"by": by, "rows": _rows(period, by, merchant)} if by else {}),
    }


def _totals(period: Period, merchant: Merchant) -> dict[str, Any]:
    events = period.tally.events
    clicks = tally.merge_counts(period.tally.links.values())
    paid = influenced(period.orders)
    return {
        "views": events.get("view", 0),
        "opens": events.get("open", 0),
        "shares": events.get("share", 0),
        "clicks": {
            "raw": tally.raw_clicks(clicks),
            "valid": tally.valid_clicks(clicks),
            "unique": clicks.get(tally.UNIQUE, 0),
            "verdicts": {kind: clicks.get(kind, 0) for kind in tally.VERDICTS},
        },
        "orders": {"all": len(period.orders), "influenced": len(paid)},
        "revenue": {
            "all": merchant.amount(sum(order.net for order in period.orders)),
            "influenced": merchant.amount(sum(order.net for order in paid)),
            "not_influenced": merchant.amount(revenue_of(period.orders, "none")),
            "last_click": merchant.amount(revenue_of(paid, "last_click")),
            "assisted": merchant.amount(revenue_of(paid, "assisted")),
        },
        "other_currencies": [
            {"order": order.order, "currency": order.currency} for order in period.foreign
        ],
    }


def _rows(period: Period, by: Dimension, merchant: Merchant) -> list[dict[str, Any]]:
    match by:
        case "day":
            return [
                {"day": day.isoformat(), **_totals(period.of_day(day, merchant.tz), merchant)}
                for day in sorted(period.days)
            ]
        case "country" | "device" | "referrer":
            return _kinds(period, by)
        case "seen_on":
            return _places(period)
        case _:
            return _groups(period, by, merchant)


def _groups(period: Period, by: Grouping, merchant: Merchant) -> list[dict[str, Any]]:
    whole = sum(order.net for order in influenced(period.orders))
    seen = seen_by(period, by)
    rows = [
        {by: name, **_row(sums, whole, merchant), "seen_on": seen.get(name, NOWHERE).with_unknown}
        for name, sums in sums_by(period, by).items()
    ]
    return sorted(rows, key=lambda row: (-row["clicks"]["valid"], row[by]))


def _kinds(period: Period, by: str) -> list[dict[str, Any]]:
    """People's clicks by country, device or referrer; a click that names none is in no row."""
    counts = tally.counts_of_kind(tally.merge_counts(period.tally.links.values()), by)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [{by: name, "clicks": {"valid": counts[name]}} for name in order]


def _places(period: Period) -> list[dict[str, Any]]:
    """People's clicks by where they say that they saw the link; those that say nothing are told
    last."""
    seen = SeenOn.of(tally.merge_counts(period.tally.links.values()))
    return [{"seen_on": name, "clicks": {"valid": n}} for name, n in seen.with_unknown.items()]


def _row(sums: Sums, whole: int, merchant: Merchant) -> dict[str, Any]:
    """`whole` is the period's influenced revenue. Revenue by model, `last_click` and `closer` add
    up over the rows; `influenced`, `assisted` and `on_path` overlap and never do.
    """
    kinds = ("influenced", "last_click", "assisted", "closer", "on_path")
    low, high = sums.model_range
    return {
        "links_followed": sums.links_followed,
        "clicks": {"raw": sums.raw, "valid": sums.valid, "unique": sums.unique},
        "orders": sums.orders,
        "revenue": {model: merchant.amount(amount) for model, amount in sums.revenue.items()},
        **{kind: merchant.amount(getattr(sums, kind)) for kind in kinds},
        "range": {"low": merchant.amount(low), "high": merchant.amount(high)},
        "models_disagree": sums.is_disputed(whole),
    }
