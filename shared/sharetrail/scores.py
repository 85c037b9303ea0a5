"""The week's scores: gathered from a merchant's projections, computed by scoring.py, stored.

Tables: the newest score stands on `merchant / influencer`; `merchant / scores#week` in reports
marks a week as scored.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sharetrail import calendars, marks, performance, scoring, tallies, totals
from sharetrail.calendars import Week
from sharetrail.credits import OrderCredits
from sharetrail.items import Item, dump
from sharetrail.merchants import Merchant
from sharetrail.performance import Period
from sharetrail.scoring import Record, Score
from sharetrail.tables import INFLUENCERS, REPORTS

WEEKS = 26
"""How far back a score looks: with a half-life of four weeks the rest is about one percent."""


def are_stored(merchant_id: str, week: Week) -> bool:
    return REPORTS.get(merchant_id, f"scores#{week.first}") is not None


def refresh(merchant: Merchant, week: Week, now: datetime) -> tuple[Score, ...]:
    """Compute and store the scores as they stand at the end of `week`."""
    first = week.before(WEEKS - 1).first
    totals.close_ended(merchant, first, week.last, now)
    period = performance.gather(merchant, first, week.last, now)
    marks.save(merchant.id, week, marks.of_period(period, merchant.fraud))
    scores = scoring.score(records(period, merchant), seed=f"{merchant.id}#{week.first}")
    for each in scores:
        _store(merchant.id, each, week)
    mark: Item = {"pk": merchant.id, "sk": f"scores#{week.first}", "by_rule": scoring.RULE}
    REPORTS.put({**mark, "influencers": len(scores)})
    return scores


def _store(merchant_id: str, score: Score, week: Week) -> None:
    INFLUENCERS.update(
        {"pk": merchant_id, "sk": score.influencer},
        "SET score = :score",
        "attribute_exists(pk)",
        score={**dump(score), "week": week.first.isoformat()},
    )


# ── pure: a period as the records that scoring reads ─────────────────────────────────────────────
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

    def week(self) -> scoring.Week:
        return scoring.Week(
            clicks=self.clicks,
            orders=sum(self.orders),
            squares=sum(share * share for share in self.orders),
            revenue=self.revenue,
            shares=self.shares,
            first=self.first,
            last=self.last,
        )


def records(period: Period, merchant: Merchant) -> list[Record]:
    """Every influencer with a share, click or credit in the period, week by week, newest first.

    The period's last day is a Sunday; the weeks observed begin with the first that saw anything.
    """
    by_age: dict[str, dict[int, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    clicked: dict[str, Counter[str]] = defaultdict(Counter)
    for day, tally in period.days.items():
        age = _weeks_before(period.last, day)
        for code, counts in tally.links.items():
            if link := period.links.get(code):
                week = by_age[link.influencer][age]
                week.clicks += tallies.valid(counts)
                week.shares += counts.get("share", 0)
                clicked[link.influencer][link.network] += tallies.valid(counts)
    for order in period.orders:
        _add_order(by_age, clicked, order, _weeks_before(period.last, _day(order, merchant)))
    observed = 1 + max((age for weeks in by_age.values() for age in weeks), default=0)
    return [
        Record(
            influencer=influencer,
            network=min(clicked[influencer].items(), key=lambda n: (-n[1], n[0]))[0],
            weeks=tuple(weeks[age].week() for age in range(observed)),
        )
        for influencer, weeks in sorted(by_age.items())
    ]


def _add_order(
    by_age: dict[str, dict[int, _Tally]],
    clicked: dict[str, Counter[str]],
    order: OrderCredits,
    age: int,
) -> None:
    if order.net <= 0:
        return  # refunded or cancelled: it earned nothing and proves nothing
    for line in order.by("linear"):
        week = by_age[line.influencer][age]
        week.clicks += not line.human  # an order's own touch was a visit, whatever it looked like
        week.orders.append(line.share)
        week.revenue += line.amount
        clicked[line.influencer].setdefault(line.network, 0)
    for line in order.by("first"):
        by_age[line.influencer][age].first += line.amount
    for line in order.by("last"):
        by_age[line.influencer][age].last += line.amount


def _weeks_before(last: date, day: date) -> int:
    return (last - day).days // 7


def _day(order: OrderCredits, merchant: Merchant) -> date:
    return calendars.local_day(order.placed_at, merchant.tz)
