"""Three plain answers about a week: who shares, whose shares sell, who is influential in general.

Pure. Each is a ranking of its own with a sentence for every place, since one number cannot say all
three: who shares most need not sell, and who sells well may do so to people who were buying anyway.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sharetrail import expectation, money, tallies
from sharetrail.credits import OrderCredits
from sharetrail.expectation import HORIZON, Estimate, Record, Week
from sharetrail.networks import name_of
from sharetrail.performance import Period
from sharetrail.scoring import Score
from sharetrail.share_tree import Branch, Tree

RULE = "answers-1"
MOST = 100
TOP_ORDERS = 3
SECOND_ORDER_WEIGHT = 0.5
"""What a friend of a friend's order says of the first sharer's influence: half."""
By = Literal["shares", "sales", "influence"]


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
class Influential:
    """Who is influential in general, whatever is bought.

    Ranked by the clicks expected in the coming four weeks: expected shares × clicks per share. That
    asks how many people follow when this person shares, in a unit that can be checked next month;
    orders have no part in it, so that it says something that the score does not. Clicks per share
    are drawn towards the merchant's by the score's own rule, so one lucky share stays below a
    steady sharer. What else speaks of influence stands beside it and is not mixed in: no weight
    between followers, friends' orders and clicks could be defended.
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


@dataclass(frozen=True, kw_only=True)
class Answers:
    """At most a hundred places each, best first, ties by id."""

    shares: tuple[Sharer, ...] = ()
    sales: tuple[Seller, ...] = ()
    influence: tuple[Influential, ...] = ()
    rule: str = RULE


def answer(
    period: Period, records: Sequence[Record], scores: Sequence[Score], tree: Tree, currency: str
) -> Answers:
    """The answers as of the period's end; records, scores and tree are of the same period."""
    traffic = _traffic(period)
    return Answers(
        shares=_sharers(traffic),
        sales=_sellers(scores, _credited(period.orders), currency),
        influence=_influential(records, traffic, tree),
    )


def ranked(answers: Answers, by: By) -> Sequence[Sharer | Seller | Influential]:
    told: Mapping[By, Sequence[Sharer | Seller | Influential]] = {
        "shares": answers.shares,
        "sales": answers.sales,
        "influence": answers.influence,
    }
    return told[by]


# ── what they rest on ────────────────────────────────────────────────────────────────────────────
class _Seen(NamedTuple):
    shares: int
    clicks: int


@dataclass(kw_only=True)
class _Traffic:
    """One influencer's shares and clicks by age in weeks, and the last four weeks' visitors."""

    weeks: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    networks: Counter[str] = field(default_factory=Counter)
    """Shares of the last four weeks."""
    unique: int = 0

    def recent(self) -> _Seen:
        found = [week for age, week in self.weeks.items() if age < HORIZON]
        return _Seen(sum(each[0] for each in found), sum(each[1] for each in found))


def _traffic(period: Period) -> dict[str, _Traffic]:
    """A link that was followed before any share of it was seen was shared once: by the shop's own
    server, or in a browser that sent no page events."""
    found: dict[str, _Traffic] = defaultdict(_Traffic)
    heard: set[str] = set()
    for day in sorted(period.days):
        age = (period.last - day).days // 7
        for code, counts in period.days[day].links.items():
            link = period.links.get(code)
            clicks, shares = tallies.valid(counts), counts.get("share", 0)
            if link is None or not (clicks or shares):
                continue
            shares = shares or code not in heard
            heard.add(code)
            theirs = found[link.influencer]
            theirs.weeks[age][0] += shares
            theirs.weeks[age][1] += clicks
            if age < HORIZON:
                theirs.networks[link.network] += shares
                theirs.unique += counts.get(tallies.UNIQUE, 0)
    return found


def _credited(orders: Iterable[OrderCredits]) -> dict[str, list[TopOrder]]:
    found: dict[str, list[TopOrder]] = defaultdict(list)
    for order in orders:
        amounts: Counter[str] = Counter()
        for line in order.by("linear"):
            amounts[line.influencer] += 0 if line.marks else line.amount
        for influencer, amount in amounts.items():
            if amount > 0:
                top = TopOrder(platform=order.platform, order=order.order, amount=amount)
                found[influencer].append(top)
    return found


# ── who shares ───────────────────────────────────────────────────────────────────────────────────
def _sharers(traffic: Mapping[str, _Traffic]) -> tuple[Sharer, ...]:
    recent = {each: theirs.recent() for each, theirs in traffic.items()}
    some = [each for each in recent if recent[each].shares]
    best = sorted(some, key=lambda each: (-recent[each].shares, -recent[each].clicks, each))
    return tuple(_sharer(each, recent[each], traffic[each].networks) for each in best[:MOST])


def _sharer(influencer: str, seen: _Seen, networks: Counter[str]) -> Sharer:
    mostly = min(networks, key=lambda name: (-networks[name], name))
    how = "mostly on" if sum(map(bool, networks.values())) > 1 else "on"
    sentence = (
        f"Shared {_times(seen.shares)} in the last four weeks, {how} {name_of(mostly)}; "
        f"{_count(seen.clicks, 'click')} followed."
    )
    return Sharer(influencer=influencer, shares=seen.shares, clicks=seen.clicks, sentence=sentence)


# ── whose shares sell ────────────────────────────────────────────────────────────────────────────
def _sellers(
    scores: Sequence[Score], credited: Mapping[str, list[TopOrder]], currency: str
) -> tuple[Seller, ...]:
    some = [score for score in scores if score.value > 0]
    best = sorted(some, key=lambda score: (-score.value, score.influencer))
    return tuple(
        _seller(score, credited.get(score.influencer, []), currency) for score in best[:MOST]
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
            f"{text(score.high)}): {_about(parts.c4, 'click')}, of which {100 * parts.rate:.1f} % "
            f"buy for {text(parts.order_value)}{less}."
        ),
    )


# ── who is influential in general ────────────────────────────────────────────────────────────────
def _influential(
    records: Sequence[Record], traffic: Mapping[str, _Traffic], tree: Tree
) -> tuple[Influential, ...]:
    estimates = expectation.estimate_all(_as_shares(records, traffic))
    found = [
        (record.influencer, estimate)
        for record, estimate in zip(records, estimates, strict=True)
        if estimate.expected > 0
    ]
    found.sort(key=lambda it: (-it[1].expected, it[0]))
    return tuple(
        _influencer(each, estimate, traffic[each].unique, tree.branches.get(each))
        for each, estimate in found[:MOST]
    )


def _as_shares(records: Sequence[Record], traffic: Mapping[str, _Traffic]) -> list[Record]:
    """Shares in the place of clicks, and clicks in that of orders worth one each: so the rate is
    clicks per share, and what is expected is clicks, by the very rule of the score."""
    return [
        Record(
            influencer=record.influencer,
            network=record.network,
            weeks=tuple(
                _as_share(traffic.get(record.influencer), age) for age in range(len(record.weeks))
            ),
        )
        for record in records
    ]


def _as_share(theirs: _Traffic | None, age: int) -> Week:
    if theirs is None or age not in theirs.weeks:
        return _SILENT
    return _week(*theirs.weeks[age])


def _week(shares: int, clicks: int) -> Week:
    return Week(
        clicks=shares,
        orders=clicks,
        squares=clicks,
        revenue=clicks,
        shares=0,
        first=0,
        last=0,
    )


_SILENT = _week(0, 0)


def _influencer(
    influencer: str, estimate: Estimate, unique: int, branch: Branch | None
) -> Influential:
    parts = estimate.parts
    recruits = branch.recruits if branch else 0
    joined = f"; {_count(recruits, 'friend')} began to share by their links" if recruits else ""
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
            f"{_about(estimate.expected, 'click').capitalize()} expected in the coming four weeks: "
            f"{_about(parts.c4, 'share')}, each followed {_often(parts.rate)}{joined}."
        ),
    )


# ── words ────────────────────────────────────────────────────────────────────────────────────────
def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _about(amount: float, noun: str) -> str:
    """`about 120 clicks`, `under one share`."""
    return f"about {_count(round(amount), noun)}" if amount >= 0.5 else f"under one {noun}"


def _often(rate: float) -> str:
    return f"about {rate:.0f} times" if rate >= 9.5 else f"about {rate:.1f} times"
