"""Where people saw links, as their clicks say, by whatever one asks. Pure.

The rule stands in clicks/seen_on.py; totals that were stored before it know of no place.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self

from sharetrail.analysis.period import UNKNOWN, Grouping, Period, group_of
from sharetrail.totals.tally import HUMAN, SEEN_ON, Counts, counts_of_kind, most_first, valid_clicks


@dataclass(frozen=True, kw_only=True)
class SeenOn:
    places: Counts = field(default_factory=dict)
    """Network, or `other`, → people's clicks; most of them first."""
    unknown: int = 0
    """People's clicks that say nothing."""

    def __post_init__(self) -> None:
        """Kept reports have them sorted by name; whoever shows places takes the first ones."""
        object.__setattr__(self, "places", most_first(self.places))

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """`counts` are a link's, or those of many links added up."""
        clicks = counts_of_kind(counts, SEEN_ON)
        return cls(places=clicks, unknown=valid_clicks(counts) - sum(clicks.values()))

    @property
    def clicks(self) -> int:
        return sum(self.places.values()) + self.unknown

    @property
    def with_unknown(self) -> Counts:
        return {**self.places, UNKNOWN: self.unknown}


NOWHERE = SeenOn()


def seen_by(period: Period, by: Grouping) -> dict[str, SeenOn]:
    """By group, as period.sums_by has them."""
    groups: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    for code, counts in period.tally.links.items():
        sums = groups[group_of(period.links.get(code), by)]
        for name, n in counts.items():
            if name == HUMAN or name.startswith(SEEN_ON):
                sums[name] += n
    return {group: SeenOn.of(sums) for group, sums in groups.items()}
