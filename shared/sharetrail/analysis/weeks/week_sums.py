"""What a week adds up to, by influencer and by link, as it is kept: in columns. Pure.

Weeks are merged from the newest to the oldest, and what they come to is the same as if all of their
days and orders had been told at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from sys import intern
from typing import Any

from sharetrail.analysis.score.expectation import HORIZON
from sharetrail.analysis.score.history import History, HistoryWeek, TopOrder
from sharetrail.analysis.share_tree import Leaf, LinkFigures
from sharetrail.packing import squeeze, unpack
from sharetrail.sharing.link import Link

_WEEK = tuple(each.name for each in fields(HistoryWeek))
_COUNTS = ("unique", "clicks", "bots", "orders", "returns", "by_code", "code_alone")
_ORDERS, _RECENT = _WEEK.index("orders"), _COUNTS.index("unique")
"""Counted of the last four weeks alone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_of_week, _counts = attrgetter(*_WEEK), attrgetter(*_COUNTS)
Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class WeekSums:
    influencers: list[Row]
    """Who; whether the week saw anything of them; networks, top orders and amounts on hold; and the
    numbers of a history, and of its week."""
    links: list[Row]
    """Its code, influencer, network, the link above it and when it was made; people's clicks,
    whether one is proof that it was shared, and the linear revenue (None where nothing was credited
    to it). Those that only stand above others have none of these."""

    @property
    def is_empty(self) -> bool:
        return not self.influencers and not self.links

    def squeezed(self) -> bytes:
        return squeeze([[*zip(*rows, strict=True)] for rows in (self.influencers, self.links)])

    @classmethod
    def of(cls, squeezed: bytes) -> "WeekSums":
        influencers, links = unpack(squeezed)
        return cls(influencers=[*zip(*influencers, strict=True)], links=[*zip(*links, strict=True)])


NOTHING = WeekSums(influencers=[], links=[])


def sums_of(
    histories: Mapping[str, History], figures: LinkFigures, links: Mapping[str, Link]
) -> WeekSums:
    """Of histories of this week alone; `links` hold those that stand above others too."""
    return WeekSums(
        influencers=[_influencer(who, histories[who]) for who in sorted(histories)],
        links=[_link(links[code], figures) for code in sorted(links)],
    )


def _influencer(who: str, history: History) -> Row:
    tops = [[each.platform, each.order, each.amount] for each in history.top_orders]
    week = history.weeks.get(0)
    numbers = (*_counts(history), *_of_week(week or HistoryWeek()))
    return who, int(week is not None), history.networks, tops, history.held, *numbers


def _link(link: Link, figures: LinkFigures) -> Row:
    made = (link.created_at - _EPOCH) // _MILLISECOND
    of_link = (link.code, link.influencer, link.shared_on, link.parent_code, made)
    clicks = figures.clicks.get(link.code, 0)
    return *of_link, clicks, int(link.code in figures.followed), figures.revenue.get(link.code)


class MergedWeeks:
    """What weeks hold of everybody, told from the newest to the oldest."""

    def __init__(self) -> None:
        self.by_influencer: dict[str, History] = {}
        self.figures = LinkFigures()
        self.leaves: dict[str, Leaf] = {}
        self._recent: set[str] = set()
        """Links that were followed in the last four weeks."""
        self._alike: dict[Row, HistoryWeek] = {}
        """Most weeks of most influencers saw a few clicks and no order."""

    def add(self, age: int, sums: WeekSums) -> None:
        for row in sums.influencers:
            self._add_influencer(age, *row)
        for link in sums.links:
            self._add_link(age, *link)

    def _add_influencer(
        self,
        age: int,
        who: str,
        is_heard: int,
        networks: dict[str, int],
        tops: list[list[Any]],
        held: dict[str, int],
        *numbers: Any,
    ) -> None:
        theirs = self.by_influencer.get(who)
        if theirs is None:
            theirs = self.by_influencer[intern(who)] = History(weeks={})
        counts, week = numbers[: len(_COUNTS)], numbers[len(_COUNTS) :]
        if is_heard:
            theirs.weeks[age] = self._week(week)
        for network, clicks in networks.items():
            theirs.networks[network] = theirs.networks.get(network, 0) + clicks
        if tops:
            theirs.add_tops(TopOrder(platform=p, order=o, amount=n) for p, o, n in tops)
        for day, amount in held.items():
            theirs.held[day] += amount
        if age < HORIZON:
            theirs.unique += counts[_RECENT]
        for name, number in zip(_COUNTS[1:], counts[1:], strict=True):
            if number:
                setattr(theirs, name, getattr(theirs, name) + number)

    def _week(self, week: Row) -> HistoryWeek:
        if week[_ORDERS]:
            return HistoryWeek(*week)
        if week not in self._alike:
            self._alike[week] = HistoryWeek(*week)
        return self._alike[week]

    def _add_link(
        self,
        age: int,
        code: str,
        influencer: str,
        network: str,
        parent: str | None,
        made: int,
        clicks: int,
        is_followed: int,
        revenue: int | None,
    ) -> None:
        figures = self.figures
        if code not in self.leaves:
            at = _EPOCH + made * _MILLISECOND
            self.leaves[code] = Leaf(code, intern(influencer), parent, at)
        if clicks:
            figures.clicks[code] = figures.clicks.get(code, 0) + clicks
        if is_followed:
            figures.followed.add(code)
            if age < HORIZON and code not in self._recent:
                self._recent.add(code)
                self.by_influencer[influencer].shares[network] += 1
        if revenue is not None:
            figures.revenue[code] = figures.revenue.get(code, 0) + revenue


def merge(weeks: Iterable[tuple[int, WeekSums]]) -> MergedWeeks:
    """Weeks by their age, the newest first."""
    merged = MergedWeeks()
    for age, sums in weeks:
        merged.add(age, sums)
    return merged
