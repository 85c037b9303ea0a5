"""Three plain answers about a week: who shares, whose shares sell, who is influential in general.

Pure. Each is a ranking of its own with a sentence for every place, since one number cannot say all
three: who shares most need not sell, and who sells well may do so to people who were buying anyway.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from sharetrail.analysis.influence import Influential, about, count, influential_of
from sharetrail.analysis.score.expectation import Record
from sharetrail.analysis.score.history import History, Recent, TopOrder
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.share_tree import Tree
from sharetrail.money import Amount
from sharetrail.sharing.networks import name_of
from sharetrail.words.languages import ENGLISH
from sharetrail.words.speech import speaking

RANKING_VERSION = "answers-2"
MOST_PLACES = 100
RankedBy = Literal["shares", "sales", "influence"]


@dataclass(frozen=True, kw_only=True)
class Sharer:
    """Who shares: counts of the last four weeks."""

    influencer: str
    links_followed: int = 0
    clicks: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Whose shares sell: the score, in minor units, and the largest credits behind it."""

    influencer: str
    value: int
    low: int
    high: int
    orders: tuple[TopOrder, ...] = ()
    sentence: str


Place = Sharer | Seller | Influential


@dataclass(frozen=True, kw_only=True)
class Rankings:
    """At most a hundred places each, best first, ties by id."""

    shares: tuple[Sharer, ...] = ()
    sales: tuple[Seller, ...] = ()
    influence: tuple[Influential, ...] = ()
    rule: str = RANKING_VERSION

    def by(self, by: RankedBy) -> tuple[Place, ...]:
        places: tuple[Place, ...] = getattr(self, by)
        return places


def rank(
    histories: Mapping[str, History],
    records: Sequence[Record],
    scores: Sequence[Score],
    tree: Tree,
    currency: str,
) -> Rankings:
    """The answers as of the last week; all that they are made of is of the same weeks. `scores`
    are best first. Its sentences are kept, and English."""
    with speaking(ENGLISH):
        return _rank(histories, records, scores, tree, currency)


def _rank(
    histories: Mapping[str, History],
    records: Sequence[Record],
    scores: Sequence[Score],
    tree: Tree,
    currency: str,
) -> Rankings:
    return Rankings(
        shares=_sharers(histories),
        sales=tuple(
            _seller(score, histories[score.influencer].top_orders, currency)
            for score in best_sellers(scores)
        ),
        influence=influential_of(records, histories, tree, MOST_PLACES),
    )


def best_sellers(scores: Sequence[Score]) -> list[Score]:
    """Of scores, best first, those whom the ranking by sales shows."""
    return [*islice((each for each in scores if each.has_sold), MOST_PLACES)]


# ── who shares ───────────────────────────────────────────────────────────────────────────────────
def _sharers(histories: Mapping[str, History]) -> tuple[Sharer, ...]:
    recent = {each: history.recent() for each, history in histories.items()}
    some = [each for each in recent if recent[each].links_followed]
    best = sorted(some, key=lambda each: (-recent[each].links_followed, -recent[each].clicks, each))
    return tuple(_sharer(each, recent[each], histories[each].shares) for each in best[:MOST_PLACES])


def _sharer(influencer: str, recent: Recent, networks: Counter[str]) -> Sharer:
    mostly = min(networks, key=lambda name: (-networks[name], name))
    how = "mostly on" if sum(map(bool, networks.values())) > 1 else "on"
    sentence = (
        f"{_links(recent.links_followed)} followed in the last four weeks, {how} "
        f"{name_of(mostly)}; {count(recent.clicks, 'click')} followed."
    )
    return Sharer(influencer=influencer, **recent._asdict(), sentence=sentence)


def _links(count: int) -> str:
    return "One of their links was" if count == 1 else f"{count:,} of their links were"


# ── whose shares sell ────────────────────────────────────────────────────────────────────────────
def _seller(score: Score, top_orders: Sequence[TopOrder], currency: str) -> Seller:
    value, low, high, order_value = (
        Amount(amount, currency)
        for amount in (score.value, score.low, score.high, score.parts.order_value)
    )
    parts = score.parts
    discount = round(100 * (1 - parts.closer))
    less = f", less {discount} % for ending what others began" if discount else ""
    return Seller(
        influencer=score.influencer,
        value=value.minor,
        low=low.minor,
        high=high.minor,
        orders=tuple(top_orders),
        sentence=(
            f"{value} {currency} expected in the coming four weeks ({low} {currency} to "
            f"{high} {currency}): {about(parts.c4, 'click')}, of which {100 * parts.rate:.1f} % "
            f"buy for {order_value} {currency}{less}."
        ),
    )
