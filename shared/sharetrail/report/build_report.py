"""Building a week's report from the merchant's projections."""

from dataclasses import replace
from datetime import datetime

from sharetrail.analysis import periods, score_influencers
from sharetrail.analysis.period import UNKNOWN, Period, Sums, influenced, revenue_of, sums_by
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.score.score_changes import ScoredWeek
from sharetrail.attribution.models import rule_of
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.report.weekly_report import (
    Earned,
    Funnel,
    GroupLine,
    InfluencerLine,
    OtherCurrency,
    Restatement,
    WeeklyReport,
)
from sharetrail.sharing import influencers, networks
from sharetrail.totals import local_days, shop_activity

_SHOWN_PRODUCTS = 10


def build(merchant: Merchant, week: Week, mailed: int | None, now: datetime) -> WeeklyReport:
    """The report of a week that has ended.

    `mailed` is the influenced revenue that the mail of the week before named, if there was one.
    """
    earlier = week.before()
    local_days.close_ended(merchant, earlier.first, week.last, now)
    if not score_history.is_scored(merchant.id, week.first):
        score_influencers.refresh(merchant, week, now)
    this = periods.gather(merchant, week.first, week.last, now)
    before = periods.gather(merchant, earlier.first, earlier.last, now)
    compared = not before.is_silent
    earned_before = _earned(before) if compared else None
    rule = rule_of(merchant)
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
        networks=_networks(this),
        products=_products(this)[:_SHOWN_PRODUCTS],
        funnel=_funnel(this),
        funnel_before=_funnel(before) if compared else None,
        other_currencies=_other_currencies(this),
        restatement=_restatement(mailed, earned_before),
        last_event=shop_activity.last_event(merchant, now),
        window_days=merchant.window_days,
        rule=rule.name,
    )


def _earned(period: Period) -> Earned:
    paid = influenced(period.orders)
    return Earned(
        last_click=revenue_of(paid, "last_click"),
        assisted=revenue_of(paid, "assisted"),
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
        orders=len(influenced(period.orders)),
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
    found = sums_by(period, "influencer")
    found.pop(UNKNOWN, None)
    names = influencers.names(merchant.id, set(found))
    scored = score_history.of_week(merchant.id, found, week.first)
    lines = [
        _influencer(each, names.get(each, each), sums, scored.get(each))
        for each, sums in found.items()
    ]
    by_score = sorted(lines, key=lambda line: (-(line.score or 0), -line.revenue, line.id))
    rest = sorted(by_score[10:], key=lambda line: (-line.revenue, -line.orders, line.id))
    return (*by_score[:10], *rest)


def _influencer(
    influencer_id: str, name: str, sums: Sums, scored: ScoredWeek | None
) -> InfluencerLine:
    line = InfluencerLine(
        id=influencer_id,
        name=name,
        shares=sums.shares,
        clicks=sums.valid,
        orders=sums.orders,
        revenue=sums.revenue.get("linear", 0),
        closed=sums.revenue.get("last", 0),
    )
    return _with_score(line, scored.score) if scored else line


def _with_score(line: InfluencerLine, score: Score) -> InfluencerLine:
    return replace(
        line,
        score=round(score.value),
        low=round(score.low),
        high=round(score.high),
        percentile=round(score.percentile),
        tier=score.tier,
        advice=score.advice,
    )


# ── where and what ───────────────────────────────────────────────────────────────────────────────
def _networks(period: Period) -> tuple[GroupLine, ...]:
    found = sums_by(period, "network")
    found.pop(UNKNOWN, None)
    return _sorted([_line(networks.name_of(name), sums) for name, sums in found.items()])


def _products(period: Period) -> tuple[GroupLine, ...]:
    """By the product whose link was shared, which need not be the one that was bought."""
    titles = {
        link.product.id: link.product.title or link.product.id
        for link in period.links.values()
        if link.product
    }
    found = sums_by(period, "product")
    named = {group: sums for group, sums in found.items() if group in titles}
    return _sorted([_line(titles[group], sums) for group, sums in named.items()])


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
