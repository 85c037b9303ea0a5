"""Building a week's report from the merchant's projections."""

from collections.abc import Callable
from datetime import datetime

from sharetrail import (
    crediting,
    heard,
    influencers,
    networks,
    performance,
    score_history,
    scores,
    totals,
)
from sharetrail.calendars import Week
from sharetrail.items import Item
from sharetrail.links import Link
from sharetrail.merchants import Merchant
from sharetrail.performance import Period, Sums
from sharetrail.weekly import (
    Earned,
    Funnel,
    GroupLine,
    InfluencerLine,
    OtherCurrency,
    Restatement,
    WeeklyReport,
)

_SHOWN_PRODUCTS = 10


def build(merchant: Merchant, week: Week, mailed: int | None, now: datetime) -> WeeklyReport:
    """The report of a week that has ended.

    `mailed` is the influenced revenue that the mail of the week before named, if there was one.
    """
    earlier = week.before()
    totals.close_ended(merchant, earlier.first, week.last, now)
    if not scores.are_stored(merchant.id, week):
        scores.refresh(merchant, week, now)
    this = performance.gather(merchant, week.first, week.last, now)
    before = performance.gather(merchant, earlier.first, earlier.last, now)
    compared = not before.is_silent
    earned_before = _earned(before) if compared else None
    rule = crediting.rule_of(merchant)
    return WeeklyReport(
        merchant=merchant.id,
        shop=merchant.name,
        currency=merchant.currency,
        zone=merchant.zone,
        language=merchant.language,
        first=week.first,
        last=week.last,
        earned=_earned(this),
        before=earned_before,
        influencers=_influencers(this, merchant, week),
        networks=_lines(this, lambda link: link.network, networks.name_of),
        products=_products(this)[:_SHOWN_PRODUCTS],
        funnel=_funnel(this),
        funnel_before=_funnel(before) if compared else None,
        other_currencies=_other_currencies(this),
        restatement=_restatement(mailed, earned_before),
        last_event=heard.last_event(merchant, now),
        window_days=merchant.window_days,
        rule=rule.name,
    )


def _earned(period: Period) -> Earned:
    paid = performance.influenced(period.orders)
    return Earned(
        last_click=performance.revenue_of(paid, "last_click"),
        assisted=performance.revenue_of(paid, "assisted"),
        last_click_orders=sum(order.influence == "last_click" for order in paid),
        assisted_orders=sum(order.influence == "assisted" for order in paid),
        all_orders=len(period.orders),
        all_net=sum(order.net for order in period.orders),
    )


def _funnel(period: Period) -> Funnel:
    tally = period.tally
    return Funnel(
        views=tally.events.get("view", 0),
        opens=tally.events.get("open", 0),
        shares=tally.events.get("share", 0),
        clicks=sum(counts.get("human", 0) for counts in tally.links.values()),
        orders=len(performance.influenced(period.orders)),
    )


def _restatement(mailed: int | None, before: Earned | None) -> Restatement | None:
    """A line only where last week's figure has changed since it was mailed."""
    if mailed is None or before is None or mailed == before.influenced:
        return None
    return Restatement(mailed=mailed, now=before.influenced)


def _other_currencies(period: Period) -> tuple[OtherCurrency, ...]:
    currencies = sorted({order.currency for order in period.foreign})
    by_currency = {c: [o for o in period.foreign if o.currency == c] for c in currencies}
    return tuple(
        OtherCurrency(currency=c, orders=len(found), net=sum(order.net for order in found))
        for c, found in by_currency.items()
    )


# ── who ──────────────────────────────────────────────────────────────────────────────────────────
def _influencers(period: Period, merchant: Merchant, week: Week) -> tuple[InfluencerLine, ...]:
    """Everyone with a share, a click or an order this week: the ten best by score first, then by
    what they were credited this week.
    """
    found = performance.sums(period, lambda link: link.influencer, lambda line: line.influencer)
    found.pop(performance.UNKNOWN, None)
    names = influencers.names(merchant.id, set(found))
    scored = score_history.of_week(merchant.id, found, week.first)
    lines = [
        _influencer(each, names.get(each, each), sums, scored.get(each, {}))
        for each, sums in found.items()
    ]
    by_score = sorted(lines, key=lambda line: (-(line.score or 0), -line.revenue, line.id))
    rest = sorted(by_score[10:], key=lambda line: (-line.revenue, -line.orders, line.id))
    return (*by_score[:10], *rest)


def _influencer(influencer_id: str, name: str, sums: Sums, score: Item) -> InfluencerLine:
    return InfluencerLine(
        id=influencer_id,
        name=name,
        shares=sums.shares,
        clicks=sums.valid,
        orders=sums.orders,
        revenue=sums.revenue.get("linear", 0),
        closed=sums.revenue.get("last", 0),
        score=_whole(score.get("value")),
        low=_whole(score.get("low")),
        high=_whole(score.get("high")),
        percentile=_whole(score.get("percentile")),
        tier=score.get("tier", ""),
        advice=score.get("advice", ""),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


# ── where and what ───────────────────────────────────────────────────────────────────────────────
def _lines(
    period: Period, of: Callable[[Link], str], name: Callable[[str], str]
) -> tuple[GroupLine, ...]:
    found = performance.sums(period, of, lambda line: line.network)
    found.pop(performance.UNKNOWN, None)
    return _sorted([_line(name(group), sums) for group, sums in found.items()])


def _products(period: Period) -> tuple[GroupLine, ...]:
    """By the product whose link was shared, which need not be the one that was bought."""
    titles = {
        link.product.id: link.product.title or link.product.id
        for link in period.links.values()
        if link.product
    }
    found = performance.sums(period, _product_of, lambda line: line.product)
    named = {group: sums for group, sums in found.items() if group in titles}
    return _sorted([_line(titles[group], sums) for group, sums in named.items()])


def _product_of(link: Link) -> str:
    return link.product.id if link.product else ""


def _line(name: str, sums: Sums) -> GroupLine:
    return GroupLine(
        name=name,
        shares=sums.shares,
        clicks=sums.valid,
        orders=sums.orders,
        revenue=sums.revenue.get("linear", 0),
    )


def _sorted(lines: list[GroupLine]) -> tuple[GroupLine, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.revenue, -line.clicks, line.name)))
