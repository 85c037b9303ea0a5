"""An influencer's shares and clicks by week, as rankings count and tell them. Pure."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from sharetrail.analysis.period import Period
from sharetrail.analysis.score.expectation import HORIZON
from sharetrail.totals.tally import UNIQUE, valid_clicks


class Recent(NamedTuple):
    shares: int
    clicks: int


@dataclass(kw_only=True)
class Traffic:
    """One influencer's shares and clicks by age in weeks, and the last four weeks' visitors."""

    weeks: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    networks: Counter[str] = field(default_factory=Counter)
    """Shares of the last four weeks."""
    unique: int = 0

    def recent(self) -> Recent:
        found = [week for age, week in self.weeks.items() if age < HORIZON]
        return Recent(sum(each[0] for each in found), sum(each[1] for each in found))


def traffic_of(period: Period) -> dict[str, Traffic]:
    """A link that was followed before any share of it was seen was shared once: by the shop's own
    server, or in a browser that sent no page events."""
    found: dict[str, Traffic] = defaultdict(Traffic)
    heard: set[str] = set()
    for day in sorted(period.days):
        age = (period.last - day).days // 7
        for code, counts in period.days[day].links.items():
            link = period.links.get(code)
            clicks, shares = valid_clicks(counts), counts.get("share", 0)
            if link is None or not (clicks or shares):
                continue
            shares = shares or code not in heard
            heard.add(code)
            theirs = found[link.influencer]
            theirs.weeks[age][0] += shares
            theirs.weeks[age][1] += clicks
            if age < HORIZON:
                theirs.networks[link.network] += shares
                theirs.unique += counts.get(UNIQUE, 0)
    return found


# ── words ────────────────────────────────────────────────────────────────────────────────────────
def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def about(amount: float, noun: str) -> str:
    """`about 120 clicks`, `under one share`."""
    return f"about {count(round(amount), noun)}" if amount >= 0.5 else f"under one {noun}"
