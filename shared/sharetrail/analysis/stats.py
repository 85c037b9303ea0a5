"""A period's figures, added up as its days and then its orders pass: of a year no more is held than
is told of it. Pure; periods.py reads one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, cast, get_args

from sharetrail import calendars
from sharetrail.analysis.period import Grouping, Sums, add_order, group_of
from sharetrail.attribution.credit import OrderFigures
from sharetrail.problems import Problem
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import FOLLOWED, HUMAN, SEEN_ON, Counts, Tally, merge_counts

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Dimension = Literal["day", Grouping, "country", "device", "referrer", "seen_on"]
_GROUPINGS = get_args(Grouping)
MOST_GROUPS = 100_000
"""Rows of an answer: there is no room for more of them, neither here nor in an answer."""


class TooManyGroups(Problem):
    """The period holds more of what is asked by than can be told."""

    status = 422
    title = "The period holds too much to be told"


@dataclass(kw_only=True)
class Totals:
    """What a day comes to, or all of them. Money in minor units of the merchant's currency."""

    events: Counter[str] = field(default_factory=Counter)
    clicks: Counter[str] = field(default_factory=Counter)
    """As a link's counts have them."""
    orders: Counter[str] = field(default_factory=Counter)
    """By influence; those that were cancelled stay, with nothing."""
    revenue: Counter[str] = field(default_factory=Counter)
    """Net, by influence."""

    def add_order(self, order: OrderFigures) -> None:
        self.orders[order.influence] += 1
        self.revenue[order.influence] += order.net

    @property
    def influenced(self) -> int:
        return self.revenue.total() - self.revenue["none"]


class Stats:
    """The figures of a period, by what is asked."""

    def __init__(self, by: Dimension | None, zone: "ZoneInfo", now: datetime) -> None:
        self.totals = Totals()
        self.days: dict[date, Totals] = {}
        """Those that have begun, where it is asked by day."""
        self.groups: dict[str, Sums] = defaultdict(Sums)
        self.seen: dict[str, Counter[str]] = defaultdict(Counter)
        """By group: people's clicks, and where they saw the link."""
        self.foreign: list[tuple[str, str]] = []
        """Sales in other currencies, by id and currency: never added to these."""
        self._by, self._zone, self._now = by, zone, now
        self._grouping = cast("Grouping", by) if by in _GROUPINGS else None
        self._group_of: dict[str, str] = {}
        self._followed: set[str] = set()

    def unknown_links(self, tally: Tally) -> set[str]:
        """The codes that add_day has to be told of."""
        return tally.links.keys() - self._group_of.keys() if self._grouping else set()

    def add_day(self, day: date, tally: Tally, links: Mapping[str, Link]) -> None:
        """`links` are those of its codes that were unknown, and that there are. TooManyGroups."""
        clicks = merge_counts(tally.links.values())
        self.totals.events.update(tally.events)
        self.totals.clicks.update(clicks)
        if self._by == "day":
            plain = {name: n for name, n in clicks.items() if ":" not in name}
            self.days[day] = Totals(events=Counter(tally.events), clicks=Counter(plain))
        if self._grouping:
            for code in self.unknown_links(tally):
                self._group_of[code] = group_of(links.get(code), self._grouping)
            for code, counts in tally.links.items():
                self._add_link(code, counts)
            if len(self.groups) > MOST_GROUPS:
                raise TooManyGroups(f"At most {MOST_GROUPS:,} rows: ask for fewer days.")

    def _add_link(self, code: str, counts: Counts) -> None:
        group = self._group_of[code]
        sums, seen = self.groups[group], self.seen[group]
        sums.add_clicks(counts)
        if FOLLOWED in counts and code not in self._followed:
            self._followed.add(code)
            sums.links_followed += 1
        for name, n in counts.items():
            if name == HUMAN or name.startswith(SEEN_ON):
                seen[name] += n

    def add_order(self, order: OrderFigures, currency: str) -> None:
        """`currency` is the merchant's."""
        if not order.counts:
            return
        if order.currency != currency:
            self.foreign.append((order.order, order.currency))
            return
        self.totals.add_order(order)
        if day := self.days.get(calendars.local_day(order.placed_at, self._zone)):
            day.add_order(order)
        if self._grouping:
            add_order(self.groups, order, self._grouping, self._now)
