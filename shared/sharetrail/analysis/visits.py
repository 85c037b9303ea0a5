"""When people clicked and what their clicks say of them, added up as days pass. Pure.

Of a year no more is held than of a day, but a number each.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sharetrail.totals import tally as tallies
from sharetrail.totals.tally import SEEN_ON, Counts, Tally, merge_counts, valid_clicks

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_HOURS = 24
_WEEK = 7


@dataclass(kw_only=True)
class Visits:
    """People's clicks, in a merchant's own time."""

    zone: "ZoneInfo"
    by_day: dict[date, int] = field(default_factory=dict)
    """Of the days that are closed or have begun."""
    counts: Counter[str] = field(default_factory=Counter)
    """`country:DE`, `device:phone`, `referrer:t.co`, `seen_on:x`."""
    _by_hour: Counter[int] = field(default_factory=Counter)

    def add_day(self, day: date, tally: Tally) -> None:
        counts = merge_counts(tally.links.values())
        self.by_day[day] = valid_clicks(counts)
        self.counts.update({name: n for name, n in counts.items() if ":" in name})
        for quarter, n in tally.quarters.items():
            self._by_hour[tallies.start_of(quarter).astimezone(self.zone).hour] += n

    @property
    def hours(self) -> tuple[int, ...]:
        """From midnight on, twenty-four; none where no day says when it was clicked. What days say
        of which older rules counted is not known, so the sum can be less than the clicks."""
        return tuple(self._by_hour[hour] for hour in range(_HOURS)) if self._by_hour else ()

    @property
    def weekdays(self) -> tuple[int, ...]:
        """From Monday on, seven; none of less than a week, of which some have no day."""
        if len(self.by_day) < _WEEK:
            return ()
        clicks = Counter[int]()
        for day, n in self.by_day.items():
            clicks[day.weekday()] += n
        return tuple(clicks[weekday] for weekday in range(_WEEK))


def by_link_and_place(tally: Tally) -> dict[str, Counts]:
    """The tally's links with their clicks by verdict, and where the links were seen."""
    return {
        code: {name: n for name, n in counts.items() if ":" not in name or name.startswith(SEEN_ON)}
        for code, counts in tally.links.items()
    }
