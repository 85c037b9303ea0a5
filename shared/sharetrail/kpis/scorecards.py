"""Scorecards as they are read: from projections, and what the merchant told."""

from dataclasses import replace
from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis import periods, share_trees
from sharetrail.analysis.period import Period
from sharetrail.analysis.share_tree import KFactor, LinkFigures, leaf_of
from sharetrail.attribution import credits
from sharetrail.costs import returns
from sharetrail.kpis import comparison, holiday, network_figures, own_targets
from sharetrail.kpis.benchmarks import BENCHMARKS
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.funnel import Funnel, Outlay, funnel_of
from sharetrail.kpis.network_figure import spans_of
from sharetrail.kpis.scorecard import Funnels, Scorecard, scorecard_of
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.sharing import links
from sharetrail.totals import local_days, shop_activity
from sharetrail.words.speech import mark

MOST_ORDERS_EVER = 300_000
"""What has room in a worker's 1.7 GB, of each of the spans that are added up in turn …"""
MOST_PACKED_EVER = 40_000_000
"""… and so many bytes of closed days."""


class TooMuchToAddUp(Problem):
    """The days hold more than can be added up."""

    status = 422
    title = mark("These days hold too much to be added up")


def is_big(merchant: Merchant, days: Days) -> bool:
    """Whether it takes longer than somebody waits: these and those before are one span of days, and
    those of a year ago may have half as much."""
    before, year = comparison.before(days), _year(merchant, days).days
    if periods.is_big(merchant.id, before.first, days.last):
        return True
    return _has_more(merchant, year, periods.MOST_ORDERS // 2, periods.MOST_PACKED // 2)


def read(merchant: Merchant, days: Days, now: datetime) -> Scorecard:
    """Of days that are not big."""
    return card_of(merchant, days, _gather(merchant, days, now), now)


def read_big(merchant: Merchant, days: Days, now: datetime) -> Scorecard:
    return card_of(merchant, days, gather_big(merchant, days, now), now)


def gather_big(merchant: Merchant, days: Days, now: datetime) -> Funnels:
    """By a worker, who has minutes. TooMuchToAddUp beyond what it can hold; what is too much to
    compare with is left out."""
    if _has_no_room(merchant, days):
        raise TooMuchToAddUp(mark("Ask for fewer days: a quarter, or a month."))
    return _gather(merchant, days, now)


def card_of(merchant: Merchant, days: Days, funnels: Funnels, now: datetime) -> Scorecard:
    return scorecard_of(
        funnels,
        _year(merchant, days),
        (*own_targets.find(merchant.id), *BENCHMARKS),
        is_over=calendars.local_day(now, merchant.tz) > days.last,
    )


def _has_no_room(merchant: Merchant, days: Days) -> bool:
    return _has_more(merchant, days, MOST_ORDERS_EVER, MOST_PACKED_EVER)


def _has_more(merchant: Merchant, days: Days, orders: int, packed: int) -> bool:
    asked = (merchant.id, days.first, days.last)
    return local_days.weigh_more(packed, *asked) or credits.are_more(orders, *asked)


def _year(merchant: Merchant, days: Days) -> LastYear:
    kept = holiday.of_years(days.first.year - 2, days.last.year, merchant.country)
    return comparison.last_year(days, kept)


def _gather(merchant: Merchant, days: Days, now: datetime) -> Funnels:
    heard_since = shop_activity.first_heard(merchant, now)

    def beside(other: Days) -> Funnel | None:
        """Of days that came before the shop nothing is looked for."""
        if other.last < heard_since:
            return _nothing(merchant, other)
        if _has_no_room(merchant, other):
            return None
        return replace(_funnel(merchant, other, now), is_whole=other.first >= heard_since)

    return Funnels(
        now=_funnel(merchant, days, now),
        before=beside(comparison.before(days)),
        last_year=beside(_year(merchant, days).days),
    )


def _nothing(merchant: Merchant, days: Days) -> Funnel:
    return Funnel(first=days.first, last=days.last, currency=merchant.currency, heard=False)


def _funnel(merchant: Merchant, days: Days, now: datetime) -> Funnel:
    period = periods.gather(merchant, days.first, days.last, now)
    told = network_figures.around(merchant.id, days.first, days.last)
    networks = spans_of(told, days.first, days.last)
    k_factor, outlay = _k_factor(merchant, period), _outlay(merchant, period)
    return funnel_of(period, merchant.currency, k_factor, networks, outlay)


def _outlay(merchant: Merchant, period: Period) -> Outlay | None:
    """None of days for which no cost is known."""
    days, orders = (period.first, period.last), period.orders
    told = returns.known_of_days("influencer", merchant, *days, orders, period.as_of)
    whole = told.whole
    if not told.is_known:
        return None
    return Outlay(
        spent=whole.spend.total,
        orders=whole.orders,
        earned=whole.earned,
        apart=told.apart,
        untold=whole.untold,
    )


def _k_factor(merchant: Merchant, period: Period) -> KFactor:
    """As the share tree of the same days tells it: of what was gathered of them already."""
    figures = LinkFigures()
    figures.add_day(period.tally)
    for order in period.orders:
        figures.add_order(order.details)
    credited = links.find_all(figures.revenue.keys() - period.links.keys())
    known = links.with_ancestors({**period.links, **credited})
    leaves = {code: leaf_of(link) for code, link in known.items()}
    return share_trees.of_leaves(merchant, period.first, period.last, figures, leaves).k_factor
