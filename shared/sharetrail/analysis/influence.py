"""Who is influential in general, whatever is bought: how many clicks their shares are expected to
bring. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest

from sharetrail.analysis.score import expectation
from sharetrail.analysis.score.expectation import SILENT, Estimate, InfluencerWeek, Record
from sharetrail.analysis.score.history import History
from sharetrail.analysis.share_tree import Branch, Tree
from sharetrail.sharing.link import is_anonymous

SECOND_ORDER_WEIGHT = 0.5
"""What a friend of a friend's order says of the first sharer's influence: half."""


@dataclass(frozen=True, kw_only=True)
class Influential:
    """Who is influential in general, whatever is bought.

    Ranked by the clicks expected in the coming four weeks: expected shares × clicks per share. That
    asks how many people follow when this person shares, in a unit that can be checked next month. A
    share is a link that people followed in a week, since what pages say of shares, anybody can say,
    and of one address few clicks count (tally.FOLLOWED). Orders have no part in it, so that it says
    something that the score does not. Clicks per share are drawn towards the merchant's by the
    score's own rule, so one lucky share stays below a steady sharer. What else speaks of influence
    stands beside it and is not mixed in: no weight between followers, friends' orders and clicks
    could be defended.
    """

    influencer: str
    clicks: float
    """Expected in the coming four weeks, with its 80 % interval."""
    low: float
    high: float
    shares: float
    """Expected in the coming four weeks."""
    clicks_per_share: float
    unique: int
    """Visitors by day of the last four weeks' closed days."""
    recruits: int
    second_order: int
    """Half of the linear revenue of others' links directly below theirs, in minor units; like the
    recruits of all weeks that a score looks at."""
    sentence: str


def influential_of(
    records: Sequence[Record], histories: Mapping[str, History], tree: Tree, most: int
) -> tuple[Influential, ...]:
    """The `most` influential, first who is expected to bring most clicks."""
    expected = (each for each in _estimates(records, histories) if each[1].expected > 0)
    return tuple(
        _influencer(each, estimate, histories[each].unique, tree.branches.get(each))
        for each, estimate in nsmallest(most, expected, key=lambda it: (-it[1].expected, it[0]))
    )


def _estimates(
    records: Sequence[Record], histories: Mapping[str, History]
) -> Iterator[tuple[str, Estimate]]:
    """Whom the merchant knows is drawn towards others whom they know, since anybody can share
    without a name and follow that; and whoever has no name towards all."""
    everyone = [_as_shares(record, histories[record.influencer]) for record in records]
    known = [shared for shared in everyone if not is_anonymous(shared.influencer)]
    for shared, estimate in zip(known, expectation.estimate_all(known), strict=True):
        yield shared.influencer, estimate
    if len(known) < len(everyone):
        for shared, estimate in zip(everyone, expectation.estimate_all(everyone), strict=True):
            if is_anonymous(shared.influencer):
                yield shared.influencer, estimate


def _as_shares(record: Record, history: History) -> Record:
    """Shares in the place of clicks, and clicks in that of orders worth one each: so the rate is
    clicks per share, and what is expected is clicks, by the very rule of the score."""
    weeks = map(history.weeks.get, range(len(record.weeks)))
    shared = tuple(_as_share(week.shares, week.follows) if week else SILENT for week in weeks)
    return replace(record, weeks=shared, is_anonymous=False)


@lru_cache(maxsize=10_000)
def _as_share(shares: float, clicks: float) -> InfluencerWeek:
    """Most weeks of most influencers are alike, and are kept once."""
    return InfluencerWeek(clicks=shares, orders=clicks, squares=clicks, revenue=clicks)


def _influencer(
    influencer: str, estimate: Estimate, unique: int, branch: Branch | None
) -> Influential:
    parts = estimate.parts
    recruits = branch.recruits if branch else 0
    joined = f"; {count(recruits, 'friend')} began to share by their links" if recruits else ""
    return Influential(
        influencer=influencer,
        clicks=estimate.expected,
        low=estimate.low,
        high=estimate.high,
        shares=parts.c4,
        clicks_per_share=parts.rate,
        unique=unique,
        recruits=recruits,
        second_order=round(SECOND_ORDER_WEIGHT * branch.second_order) if branch else 0,
        sentence=(
            f"{about(estimate.expected, 'click').capitalize()} expected in the coming four weeks: "
            f"{about(parts.c4, 'share')}, each followed {_often(parts.rate)}{joined}."
        ),
    )


def _often(rate: float) -> str:
    return f"about {rate:.0f} times" if rate >= 9.5 else f"about {rate:.1f} times"


def about(amount: float, noun: str) -> str:
    """`about 120 clicks`, `under one share`."""
    return f"about {count(round(amount), noun)}" if amount >= 0.5 else f"under one {noun}"


def count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
