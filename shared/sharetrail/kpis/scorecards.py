"""Scorecards as they are read: from projections, and what the merchant told."""

from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis import periods, share_trees
from sharetrail.analysis.period import Period
from sharetrail.analysis.share_tree import KFactor, LinkFigures, leaf_of
from sharetrail.kpis import comparison, holiday, network_figures, own_targets
from sharetrail.kpis.benchmarks import BENCHMARKS
from sharetrail.kpis.comparison import Days
from sharetrail.kpis.funnel import Funnel, funnel_of
from sharetrail.kpis.network_figure import spans_of
from sharetrail.kpis.scorecard import Scorecard, scorecard_of
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.sharing import links


class TooMuch(Problem):
    """The days hold more than can be added up while somebody waits."""

    status = 422
    title = "These days hold too much to be added up at once"


def read(merchant: Merchant, days: Days, now: datetime) -> Scorecard:
    """Of days that hold too much, TooMuch; of others that do, the comparison is left out."""
    if periods.is_big(merchant.id, days.first, days.last):
        raise TooMuch("Ask for fewer days, a week say.")
    kept = holiday.of_years(days.first.year - 2, days.last.year, merchant.country)
    year = comparison.last_year(days, kept)
    return scorecard_of(
        _funnel(merchant, days, now),
        _beside(merchant, comparison.before(days), now),
        _beside(merchant, year.days, now),
        year,
        (*own_targets.find(merchant.id), *BENCHMARKS),
        is_over=calendars.local_day(now, merchant.tz) > days.last,
    )


def _beside(merchant: Merchant, days: Days, now: datetime) -> Funnel | None:
    """Of days that came before the shop nothing is looked for."""
    if days.last < calendars.local_day(merchant.created_at, merchant.tz):
        return Funnel(first=days.first, last=days.last, currency=merchant.currency, heard=False)
    if periods.is_big(merchant.id, days.first, days.last):
        return None
    return _funnel(merchant, days, now)


def _funnel(merchant: Merchant, days: Days, now: datetime) -> Funnel:
    period = periods.gather(merchant, days.first, days.last, now)
    told = network_figures.around(merchant.id, days.first, days.last)
    networks = spans_of(told, days.first, days.last)
    return funnel_of(period, merchant.currency, _k_factor(merchant, period), networks)


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
