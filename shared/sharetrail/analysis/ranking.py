"""Three plain answers about a week: who shares, whose shares sell, who is influential in general.

Pure. Each is a ranking of its own with a sentence for every place, since one number cannot say all
three: who shares most need not sell, and who sells well may do so to people who were buying anyway.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sharetrail import money
from sharetrail.analysis.influence import Influential, influential_of
from sharetrail.analysis.period import Period
from sharetrail.analysis.score.expectation import Record
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.share_tree import Tree
from sharetrail.analysis.traffic import Recent, Traffic, about, count, times, traffic_of
from sharetrail.attribution.credit import OrderCredits
from sharetrail.sharing.networks import name_of

RANKING_VERSION = "answers-1"
MOST_PLACES = 100
TOP_ORDERS = 3
RankedBy = Literal["shares", "sales", "influence"]


@dataclass(frozen=True, kw_only=True)
class Sharer:
    """Who shares: counts of the last four weeks."""

    influencer: str
    shares: int
    clicks: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TopOrder:
    platform: str
    order: str
    amount: int
    """Credited to the influencer by the linear model, in minor units."""


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Whose shares sell: the score, in minor units, and the largest credits behind it."""

    influencer: str
    value: int
    low: int
    high: int
    orders: tuple[TopOrder, ...] = ()
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Rankings:
    """At most a hundred places each, best first, ties by id."""

    shares: tuple[Sharer, ...] = ()
    sales: tuple[Seller, ...] = ()
    influence: tuple[Influential, ...] = ()
    rule: str = RANKING_VERSION


def rank(
    period: Period, records: Sequence[Record], scores: Sequence[Score], tree: Tree, currency: str
) -> Rankings:
    """The answers as of the period's end; records, scores and tree are of the same period."""
    traffic = traffic_of(period)
    return Rankings(
        shares=_sharers(traffic),
        sales=_sellers(scores, _credited(period.orders), currency),
        influence=influential_of(records, traffic, tree, MOST_PLACES),
    )


def places_of(answers: Rankings, by: RankedBy) -> Sequence[Sharer | Seller | Influential]:
    told: Mapping[RankedBy, Sequence[Sharer | Seller | Influential]] = {
        "shares": answers.shares,
        "sales": answers.sales,
        "influence": answers.influence,
    }
    return told[by]


def _credited(orders: Iterable[OrderCredits]) -> dict[str, list[TopOrder]]:
    found: dict[str, list[TopOrder]] = defaultdict(list)
    for order in orders:
        amounts: Counter[str] = Counter()
        for line in order.by("linear"):
            amounts[line.influencer] += 0 if line.doubts else line.amount
        for influencer, amount in amounts.items():
            if amount > 0:
                top = TopOrder(platform=order.platform, order=order.order, amount=amount)
                found[influencer].append(top)
    return found


# ── who shares ───────────────────────────────────────────────────────────────────────────────────
def _sharers(traffic: Mapping[str, Traffic]) -> tuple[Sharer, ...]:
    recent = {each: theirs.recent() for each, theirs in traffic.items()}
    some = [each for each in recent if recent[each].shares]
    best = sorted(some, key=lambda each: (-recent[each].shares, -recent[each].clicks, each))
    return tuple(_sharer(each, recent[each], traffic[each].networks) for each in best[:MOST_PLACES])


def _sharer(influencer: str, recent: Recent, networks: Counter[str]) -> Sharer:
    mostly = min(networks, key=lambda name: (-networks[name], name))
    how = "mostly on" if sum(map(bool, networks.values())) > 1 else "on"
    sentence = (
        f"Shared {times(recent.shares)} in the last four weeks, {how} {name_of(mostly)}; "
        f"{count(recent.clicks, 'click')} followed."
    )
    return Sharer(
        influencer=influencer, shares=recent.shares, clicks=recent.clicks, sentence=sentence
    )


# ── whose shares sell ────────────────────────────────────────────────────────────────────────────
def _sellers(
    scores: Sequence[Score], credited: Mapping[str, list[TopOrder]], currency: str
) -> tuple[Seller, ...]:
    some = [score for score in scores if score.value > 0]
    best = sorted(some, key=lambda score: (-score.value, score.influencer))
    return tuple(
        _seller(score, credited.get(score.influencer, []), currency) for score in best[:MOST_PLACES]
    )


def _seller(score: Score, orders: list[TopOrder], currency: str) -> Seller:
    def text(amount: float) -> str:
        return f"{money.decimal_text(round(amount), currency)} {currency}"

    parts = score.parts
    discount = round(100 * (1 - parts.closer))
    less = f", less {discount} % for ending what others began" if discount else ""
    largest = sorted(orders, key=lambda each: (-each.amount, each.platform, each.order))
    return Seller(
        influencer=score.influencer,
        value=round(score.value),
        low=round(score.low),
        high=round(score.high),
        orders=tuple(largest[:TOP_ORDERS]),
        sentence=(
            f"{text(score.value)} expected in the coming four weeks ({text(score.low)} to "
            f"{text(score.high)}): {about(parts.c4, 'click')}, of which {100 * parts.rate:.1f} % "
            f"buy for {text(parts.order_value)}{less}."
        ),
    )
