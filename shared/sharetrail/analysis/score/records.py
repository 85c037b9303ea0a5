"""A period as the records that scoring reads: everyone, week by week. Pure."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.analysis.period import Period
from sharetrail.analysis.score import expectation
from sharetrail.analysis.score.expectation import Record
from sharetrail.attribution.credit import CreditLine, OrderCredits
from sharetrail.merchants.profile import Merchant
from sharetrail.totals.tally import valid_clicks

_NO_DOUBT = "hold:repeat_buyer"
"""A buyer who comes back says nothing against whoever led them here: it is about the payout."""


@dataclass(kw_only=True)
class _Tally:
    """One influencer's week, while it is being added up."""

    clicks: int = 0
    shares: int = 0
    first: int = 0
    last: int = 0
    orders: list[float] = field(default_factory=list)
    """The linear share of each credited order."""
    revenue: int = 0
    flagged: int = 0

    def week(self) -> expectation.InfluencerWeek:
        return expectation.InfluencerWeek(
            clicks=self.clicks,
            orders=sum(self.orders),
            squares=sum(share * share for share in self.orders),
            revenue=self.revenue,
            shares=self.shares,
            first=self.first,
            last=self.last,
            flagged=self.flagged,
        )


_SILENT = _Tally().week()
"""Most weeks of most influencers: kept once."""


def records_of(period: Period, merchant: Merchant) -> list[Record]:
    """Every influencer with a share, click or credit in the period, week by week, newest first.

    The period's last day is a Sunday; the weeks observed begin with the first that saw anything.
    """
    by_age: dict[str, dict[int, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    clicked: dict[str, Counter[str]] = defaultdict(Counter)
    end = calendars.start_of(period.last + calendars.DAY, merchant.tz)
    for day, tally in period.days.items():
        age = _weeks_before(period.last, day)
        for code, counts in tally.links.items():
            if link := period.links.get(code):
                week = by_age[link.influencer][age]
                week.clicks += valid_clicks(counts)
                week.shares += counts.get("share", 0)
                clicked[link.influencer][link.network] += valid_clicks(counts)
    for order in period.orders:
        _add_order(
            by_age,
            clicked,
            order,
            _weeks_before(period.last, _day(order, merchant)),
            _kinds_of_doubt(order, end),
        )
    observed = 1 + max((age for weeks in by_age.values() for age in weeks), default=0)
    return [
        Record(
            influencer=influencer,
            network=min(clicked[influencer].items(), key=lambda n: (-n[1], n[0]))[0],
            weeks=tuple(weeks[age].week() if age in weeks else _SILENT for age in range(observed)),
        )
        for influencer, weeks in sorted(by_age.items())
    ]


def _add_order(
    by_age: dict[str, dict[int, _Tally]],
    networks: dict[str, Counter[str]],
    order: OrderCredits,
    age: int,
    kinds: tuple[str, ...],
) -> None:
    """`kinds` are how the doubts begin that leave a line out of everything but `flagged`."""
    if order.net <= 0:
        return  # refunded or cancelled: it earned nothing and proves nothing
    models = order.models

    def is_doubted(line: CreditLine) -> bool:
        return any(doubt.startswith(kinds) and doubt != _NO_DOUBT for doubt in line.doubts)

    for line in models.get("linear", ()):
        week = by_age[line.influencer][age]
        networks[line.influencer].setdefault(line.network, 0)
        if is_doubted(line):
            week.flagged += line.amount
            continue
        week.clicks += not line.human  # an order's own touch was a visit, whatever it looked like
        week.orders.append(line.share)
        week.revenue += line.amount
    for line in models.get("first", ()):
        by_age[line.influencer][age].first += 0 if is_doubted(line) else line.amount
    for line in models.get("last", ()):
        by_age[line.influencer][age].last += 0 if is_doubted(line) else line.amount


def _kinds_of_doubt(order: OrderCredits, end: datetime) -> tuple[str, ...]:
    """Flags for good; holds until they were released or ended by themselves before `end`."""
    holds = [decision for decision in order.decisions if decision.effect == "hold"]
    have_ended = holds and all(
        hold.released_at or (hold.until and hold.until <= end) for hold in holds
    )
    return ("flag:",) if have_ended else ("flag:", "hold:")


def _weeks_before(last: date, day: date) -> int:
    return (last - day).days // 7


def _day(order: OrderCredits, merchant: Merchant) -> date:
    return calendars.local_day(order.placed_at, merchant.tz)
