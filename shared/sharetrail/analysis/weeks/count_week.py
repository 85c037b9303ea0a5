"""Adding a week up from what still stands: the totals of its days, and its orders' credits."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from sharetrail.analysis.markov.journey import WeekJourneys, step_of
from sharetrail.analysis.markov.journeys import read_trails
from sharetrail.analysis.score.history import Histories
from sharetrail.analysis.share_tree import LinkFigures
from sharetrail.analysis.weeks.week_sums import WeekSums, sums_of
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from sharetrail.totals import local_days
from sharetrail.totals.tally import Tally, valid_clicks


@dataclass(frozen=True, kw_only=True)
class CountedWeek:
    sums: WeekSums
    journeys: WeekJourneys
    revisions: dict[tuple[str, str], int]
    """Platform and id → which revision of an order was read."""


@dataclass
class _Counts:
    """What is added up of one week, in one pass over its days and orders."""

    histories: Histories
    figures: LinkFigures = field(default_factory=LinkFigures)
    journeys: WeekJourneys = field(default_factory=WeekJourneys)
    links: dict[str, Link] = field(default_factory=dict)

    def add_day(self, tally: Tally) -> None:
        for code, counts in tally.links.items():
            if link := self.links.get(code):
                self.journeys.add_clicks(step_of(link), valid_clicks(counts))

    def add_order(self, order: OrderCredits) -> None:
        details = order.details
        self.histories.add_order(order, details)
        self.figures.add_order(details)
        self.journeys.add_order(order, details)


def count(
    merchant: Merchant, week: Week, now: datetime, *, has_days: bool, is_recent: bool
) -> CountedWeek:
    """`has_days` is whether there is a fact of any of its days; `is_recent` whether journeys may
    still be looked at: of older weeks the trails are gone."""
    counts = _Counts(Histories(merchant, week.last, weeks=1))
    if has_days:
        _add_days(counts, merchant, week, now)
    orders = _newest(merchant, week)
    for order in orders.values():
        if order.counts and order.currency == merchant.currency:
            counts.add_order(order)
    if has_days and is_recent:
        journeys = counts.journeys
        journeys.trails, journeys.trail_steps = read_trails(merchant, week, counts.links, now)
    credited = links.find_all(counts.figures.revenue.keys() - counts.links.keys())
    known = links.with_ancestors({**counts.links, **credited})
    return CountedWeek(
        sums=sums_of(counts.histories.by_influencer, counts.figures, known),
        journeys=counts.journeys,
        revisions={key: order.revision for key, order in orders.items()},
    )


def _add_days(counts: _Counts, merchant: Merchant, week: Week, now: datetime) -> None:
    unknown: set[str] = set()
    for day, tally in local_days.walk(merchant, week.first, week.last, now):
        new = tally.links.keys() - counts.links.keys() - unknown
        counts.links |= links.find_all(new)
        unknown |= new - counts.links.keys()
        counts.histories.add_day(day, tally, counts.links)
        counts.figures.add_day(tally)
        counts.add_day(tally)


def _newest(merchant: Merchant, week: Week) -> dict[tuple[str, str], OrderCredits]:
    """The week's orders, once each: while one moves its index may show it twice."""
    found: dict[tuple[str, str], list[OrderCredits]] = defaultdict(list)
    for order in credits.between(OrderCredits, merchant.id, week.first, week.last):
        found[order.platform, order.order].append(order)
    return {key: max(each, key=attrgetter("revision")) for key, each in found.items()}
