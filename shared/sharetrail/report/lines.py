"""A line of a report's tables: a person's, a network's, a product's or a campaign's days. Pure;
amounts are minor units of the report's currency.
"""

from dataclasses import dataclass, field
from typing import Any, Self

from sharetrail.analysis.period import Sums
from sharetrail.analysis.score import score_discount
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.report.held import HeldSum


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A network's, a product's or an influencer's week."""

    name: str
    id: str = ""
    """By which its orders are asked for."""
    links_followed: int | None = None
    """Links that people followed this week; what pages say of shares stands in the funnel. None
    before 2026-12."""
    clicks: int = 0
    """People's clicks; bots, previews and repeats are not among them."""
    orders: int = 0
    """Orders with a click of the group's in the window; an order can count for several groups."""
    revenue: int = 0
    """Credited by the linear model: unlike orders, it never overlaps."""
    held: int = 0
    """Of it, what is held: it waits, or is in doubt and nobody decided. Withheld credit is in
    neither."""
    upheld: int = 0
    """Of it, what the merchant decided is not earned."""
    revenue_before: int | None = None
    """Credited in the span before; None where nothing stands of that."""
    clicks_before: int | None = None
    orders_before: int | None = None

    @classmethod
    def of(cls, name: str, sums: Sums, **more: Any) -> Self:
        return cls(
            name=name,
            links_followed=sums.links_followed,
            clicks=sums.valid,
            orders=sums.orders,
            revenue=sums.revenue.get("linear", 0),
            held=sums.held,
            upheld=sums.upheld,
            **more,
        )


@dataclass(frozen=True, kw_only=True)
class InfluencerLine(GroupLine):
    """Somebody's. Of theirs `held` and `upheld` are of what was paid for, so with `unpaid` and
    `earned` they add up to their revenue."""

    id: str
    last_click: int | None = None
    """Net of the orders whose own visit a click of theirs began: what last click means everywhere.
    None before 2026-12, as what is next."""
    assisted: int | None = None
    """Net of every other order with a touch of theirs: it overlaps with others'."""
    score: int | None = None
    """Expected credited net revenue over the four weeks after the report's `scored_until`; None
    where not scored."""
    low: int | None = None
    high: int | None = None
    """The score's 80 % interval."""
    percentile: int | None = None
    score_before: int | None = None
    """The score of the week before; None where there is none, or it was made by another rule."""
    moved: str = ""
    """Whether the score rose or fell since, and why, in a sentence: Change.brief."""
    way: str = ""
    """up or down, where the score left the range of the week before."""
    discount: str = ""
    """Why the score is discounted, and by how much, in a sentence; empty where it is not. Mail and
    page say `told_discount`."""
    discounted: int | None = None
    """By how many percent; None before 2026-12."""
    seen_on: SeenOn = NOWHERE
    """Where people saw their links."""
    recruits: int = 0
    """Who began to share by their links, in the weeks that the score looks at: as their browsers
    say, so a word and no money."""
    tier: str = ""
    """gold, rising, steady, unproven or review."""
    advice: str = ""
    tags: tuple[str, ...] = ()
    """The merchant's own words for them, in the merchant's order."""
    unpaid: int = 0
    """Of their revenue, what nobody has paid for yet."""
    unpaid_before: int = 0
    """The same of the span before."""
    asking: HeldSum = field(default_factory=HeldSum)
    """Of their orders that were paid for, what waits for the merchant's word."""

    @property
    def paid(self) -> int:
        """Credited, and paid for."""
        return self.revenue - self.unpaid

    @property
    def paid_before(self) -> int | None:
        return None if self.revenue_before is None else self.revenue_before - self.unpaid_before

    @property
    def earned(self) -> int:
        """Credited and paid for, and neither held nor decided not to be earned."""
        return self.paid - self.held - self.upheld

    @property
    def told_discount(self) -> str:
        """The discount, where it is one that a reader can see."""
        is_small = self.discounted is not None and not score_discount.is_telling(self.discounted)
        return "" if is_small else self.discount

    @property
    def has_sold(self) -> bool:
        return self.earned > 0
