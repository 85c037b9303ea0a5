"""What days cost, and what came back, in sentences: for the overview and a person's page. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from sharetrail.costs import few
from sharetrail.costs.cost import Cost, CostKind
from sharetrail.costs.spend import Return
from sharetrail.money import digits
from sharetrail.report.report import Report
from sharetrail.words.speech import listed, mark, say, say_n
from sharetrail.words.writing import Writing

KINDS: dict[CostKind, str] = {
    "fee": mark("Fees"),
    "gift": mark("Gifts"),
    "discount": mark("Discounts"),
    "other": mark("Other costs"),
}
NO_COST = "(none)"
"""In the place of what a cost says: it is none."""
PEOPLE = 8
"""Who cost most, on the overview."""


_OF_DAY: dict[CostKind, str] = {
    "fee": mark("Fee of {amount}, {days}"),
    "gift": mark("Gift worth {amount}, {days}"),
    "discount": mark("Discount of {amount}, {days}"),
    "other": mark("Other cost of {amount}, {days}"),
}


def named(cost: Cost, writing: Writing) -> str:
    """A cost as people call it: `Fee of $500.00, November 1 – 30, 2026`."""
    is_day = cost.first == cost.last
    days = writing.day(cost.first) if is_day else writing.days(cost.first, cost.last)
    return say(_OF_DAY[cost.kind], amount=writing.money(cost.amount, cost.currency), days=days)


def done(label: str, was: str, became: str, after: str) -> str:
    """What was entered or taken back, as a line of the list of acts; names as they may be shown."""
    is_none = after == NO_COST
    what = was if is_none else became
    if is_none:
        if label:
            return say("Taken back, for {name}: {cost}", name=label, cost=what)
        return say("Taken back: {cost}", cost=what)
    if label:
        return say("Entered, for {name}: {cost}", name=label, cost=what)
    return say("Entered: {cost}", cost=what)


@dataclass(frozen=True, kw_only=True)
class CostTile:
    anchor: str
    """Of its definition."""
    label: str
    value: str
    range: str
    """80 %; empty where too few orders would make it say nothing."""


@dataclass(frozen=True, kw_only=True)
class CostWords:
    """Of sums; empty where there is nothing to say."""

    spent: int
    parts: tuple[tuple[str, int], ...]
    """Names of kinds and what they came to, of those that there were."""
    tiles: tuple[CostTile, ...]
    untold: str
    apart: str = ""


def words_of(sums: Return, writing: Writing, apart: tuple[Cost, ...] = ()) -> CostWords:
    amounts = {kind: getattr(sums.spend, kind) for kind in KINDS}
    return CostWords(
        spent=sums.spend.total,
        parts=tuple((say(KINDS[kind]), amount) for kind, amount in amounts.items() if amount),
        tiles=tuple(_tiles(sums, writing)),
        untold=_untold(sums),
        apart=_apart(apart, writing),
    )


def _tiles(sums: Return, writing: Writing) -> Iterator[CostTile]:
    if sums.cost_per_order is not None:
        yield CostTile(
            anchor="cost_per_order",
            label=say_n(sums.orders, "For the {n} paid order", "For each of {n} paid orders"),
            value=writing.money(round(sums.cost_per_order)),
            range=_between(sums, sums.cost_per_order_range, writing),
        )
    if sums.spend.total:
        unit = _unit(writing.currency)
        low, high = sums.return_range or (0, None)
        yield CostTile(
            anchor="return_on_spend",
            label=say("Earned for each {unit} spent", unit=writing.money(unit)),
            value=writing.money(round((sums.return_on_spend or 0) * unit)),
            range=_between(sums, (low * unit, None if high is None else high * unit), writing),
        )


def _between(sums: Return, ends: tuple[float, float | None], writing: Writing) -> str:
    low, high = ends
    if high is None or sums.orders < few.TOO_FEW or round(low) == round(high):
        return ""
    return say(
        "{low} to {high}, four times in five",
        low=writing.money(round(low)),
        high=writing.money(round(high)),
    )


def _unit(currency: str) -> int:
    """One of the currency's units, or a hundred where they are small."""
    return int(10 ** max(2, digits(currency)))


def _untold(sums: Return) -> str:
    if not sums.untold:
        return ""
    return say_n(
        sums.untold,
        "A code was used once more, and the shop does not tell what it took off.",
        "Codes were used {n} times more, and the shop does not tell what they took off.",
    )


def _apart(costs: tuple[Cost, ...], writing: Writing) -> str:
    if not costs:
        return ""
    amounts = listed(writing.money(each.amount, each.currency) for each in costs)
    return say("Not added, for lack of an exchange rate: {amounts}.", amounts=amounts)


@dataclass(frozen=True, kw_only=True)
class PersonCost:
    id: str
    """Empty of what is for the programme as a whole."""
    name: str
    spent: int
    earned: int
    per_order: int | None


@dataclass(frozen=True, kw_only=True)
class CostSection:
    """Of the overview."""

    is_known: bool
    words: CostWords
    people: list[PersonCost]
    """Who cost most, at most PEOPLE; below them what is for nobody in particular."""
    others: int
    """People for whom there is no room."""


def section_of(report: Report) -> CostSection:
    returns = report.returns
    rows = sorted(
        (_person(who, returns.names.get(who, who), sums) for who, sums in returns.groups.items()),
        key=lambda row: (-row.spent, row.name, row.id),
    )
    people = [row for row in rows if row.id and row.spent]
    return CostSection(
        is_known=returns.is_known,
        words=words_of(returns.whole, Writing.of(report), returns.apart),
        people=[*people[:PEOPLE], *(row for row in rows if not row.id and row.spent)],
        others=len(people[PEOPLE:]),
    )


def _person(who: str, name: str, sums: Return) -> PersonCost:
    return PersonCost(
        id=who,
        name=name,
        spent=sums.spend.total,
        earned=sums.earned,
        per_order=None if sums.cost_per_order is None else round(sums.cost_per_order),
    )
