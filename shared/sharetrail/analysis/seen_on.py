"""Where people saw links, as their clicks say, by whatever one asks. Pure.

The rule stands in clicks/seen_on.py; totals that were stored before it know of no place.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from sharetrail.analysis.period import UNKNOWN, Grouping, Period, group_of
from sharetrail.totals.tally import SEEN_ON, Counts, counts_of_kind, merge_counts, valid_clicks


@dataclass(frozen=True, kw_only=True)
class SeenOn:
    counts: Counts
    """Of a link, a network or whatever was asked for."""

    @cached_property
    def places(self) -> Counts:
        """Network, or `other`, → people's clicks; most of them first."""
        clicks = counts_of_kind(self.counts, SEEN_ON)
        return dict(sorted(clicks.items(), key=lambda place: (-place[1], place[0])))

    @property
    def unknown(self) -> int:
        """People's clicks that say nothing."""
        return valid_clicks(self.counts) - sum(self.places.values())

    @property
    def with_unknown(self) -> Counts:
        return {**self.places, UNKNOWN: self.unknown}


NOWHERE = SeenOn(counts={})


def seen_by(period: Period, by: Grouping) -> dict[str, SeenOn]:
    """By group, as period.sums_by has them."""
    groups: dict[str, list[Counts]] = defaultdict(list)
    for code, counts in period.tally.links.items():
        groups[group_of(period.links.get(code), by)].append(counts)
    return {group: SeenOn(counts=merge_counts(each)) for group, each in groups.items()}
