"""What is held of orders, as a report tells it: it waits for its date, or for the merchant's word.
Pure. Amounts are minor units of the report's currency.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class HeldSum:
    """So many orders, each once, and what is held of them."""

    orders: int = 0
    amount: int = 0


@dataclass(frozen=True, kw_only=True)
class HeldBy:
    """A decision that a part of an order waits for."""

    decision: str
    """Its id."""
    effect: str
    """wait, doubt or withhold."""
    why: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HeldOrder:
    """A part of an order: the credit that waits for the same decisions. The parts of an order add
    up to what is held of it (held_parts.py); what was kept before 2026-12 has one a decision."""

    platform: str
    order: str
    name: str
    placed_at: datetime
    influencer: str
    """Whose credit it is; empty where it is of more than one person."""
    influencer_name: str
    amount: int
    """Credited and held; of what is withheld, what it would be were all of that released."""
    order_asks: int = 0
    """Of the whole order, what waits for a word."""
    order_waits: int = 0
    """And what else of it waits for its date; neither is known of before 2026-12."""
    decision: str
    """The id of the decision that it waits for first."""
    effect: str
    """wait, doubt or withhold."""
    sentence: str = ""
    """What its rule says of it, until 2026-12."""
    why: str = ""
    """The same in few words, none of them a stranger's: `bought 2 seconds after the click`."""
    until: datetime | None = None
    """Of a wait when it ends; of the others until when somebody is asked."""
    also: tuple[HeldBy, ...] = ()
    """What else it waits for, whatever is said of the first."""
    is_paid: bool = True
    """Whether the order was paid for; of what was kept before 2026-12 nobody knows."""

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of all that it waits for."""
        return self.decision, *(each.decision for each in self.also)

    @property
    def ref(self) -> str:
        """`platform/id`."""
        return f"{self.platform}/{self.order}"

    @property
    def in_all(self) -> int:
        """What is held of the order, by all of its decisions together."""
        return max(self.amount, self.order_asks + self.order_waits)

    @property
    def asks(self) -> int:
        """What waits for a word of the whole order."""
        is_known = self.order_asks or self.order_waits
        return self.order_asks if is_known else self.amount * self.waits_for_a_word

    @property
    def waits(self) -> int:
        """What else of it waits for its date."""
        return self.in_all - self.asks

    @property
    def waits_for_a_word(self) -> bool:
        """Whether somebody should decide: a wait ends by its date."""
        return self.effect != "wait"


@dataclass(frozen=True, kw_only=True)
class OlderHeld:
    """What waits for the merchant's word of orders from before the days, each once: it is told as
    long as it waits, be it in a mail of other days. What nobody has paid for is not among it."""

    asking: HeldSum = HeldSum()
    are_more: bool = False
    """Whether there were orders that nobody looked at: the sum is the least."""
    listed: tuple[HeldOrder, ...] = ()
    """The largest, one of each order."""
    foreign: int = 0
    """How many wait beside them in another currency, which no sum can hold."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """All that is held in the days, be it among the orders that are listed or not."""

    orders: int = 0
    """Each once, though part of it may wait for a word and the rest for a date."""
    asking: HeldSum = HeldSum()
    """What waits for the merchant's word."""
    waiting: HeldSum = HeldSum()
    """What else waits for its date."""
    unpaid: HeldSum = HeldSum()
    """What nobody has paid for; it is in neither."""
    foreign: int = 0
    """What waits for the merchant's word in other currencies, and was paid for: orders that are in
    none of these."""
