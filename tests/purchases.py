"""What shoppers and an adversary bought, and what must be known of it: told without any code of the
product's attribution, for the machine in tests/proofs/test_buyers_adversary_machine.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

WINDOW = timedelta(days=30)
COMMISSION = Fraction(3, 10)
STRENGTHS = ("sure", "corroborated", "bare")
WEIGHTY = STRENGTHS[:2]


@dataclass(kw_only=True)
class Purchase:
    number: str
    by: str
    """Who really bought; nothing that a shop knows."""
    platform: str
    email: str
    account: str | None
    is_login: bool
    """Whether the account proves who bought."""
    door: str | None
    ids: tuple[str, ...]
    placed: datetime
    net: int
    paid: datetime | None = None
    refunded: int = 0
    is_cancelled: bool = False

    @property
    def names(self) -> set[str]:
        return {self.email, *filter(None, [self.account])}

    @property
    def household(self) -> set[str]:
        return self.names | {*filter(None, [self.door])}

    @property
    def left(self) -> int:
        return 0 if self.is_cancelled else max(0, self.net - self.refunded)

    @property
    def stands(self) -> bool:
        return self.paid is not None and self.left > 0

    def knows(self, other: "Purchase") -> str | None:
        """How well its buyer is known to be the other's."""
        if not self.names & other.names:
            return None
        if self.is_login and other.is_login and self.account == other.account:
            return "sure"
        return "corroborated" if self.door and self.door == other.door else "bare"


@dataclass(kw_only=True)
class Truth:
    evidence: dict[str, str] = field(default_factory=dict)
    """Clicks that the purchase does not carry itself, and how well they are known to be its."""
    counted: set[str] = field(default_factory=set)
    thin: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    """Clicks that another household's paid order carried first."""


def truth_of(bought: Purchase, all_: Sequence[Purchase], clicked: Mapping[str, datetime]) -> Truth:
    told = _told(bought, all_)
    truth = Truth()
    for click, by in told.items():
        known = min((bought.knows(each) or "bare" for each in by), key=STRENGTHS.index)
        claims = [each for each in all_ if click in each.ids and each.stands]
        is_disputed = known != "bare" and _is_disputed(claims, bought.placed)
        truth.evidence[click] = "disputed" if is_disputed else known
        if truth.evidence[click] in WEIGHTY and _is_thin(bought, by, all_):
            truth.thin.add(click)
    weighty = {each for each, how in truth.evidence.items() if how in WEIGHTY}
    weighty -= truth.thin  # withheld until the merchant releases it
    truth.counted = {
        click for click in {*bought.ids} | weighty if bought.placed - clicked[click] <= WINDOW
    }
    for click in bought.ids:
        claims = [each for each in all_ if click in each.ids and each.stands]
        if claims and not bought.household & _first(claims).household:
            truth.kept.add(click)
    return truth


def _told(bought: Purchase, all_: Iterable[Purchase]) -> dict[str, list[Purchase]]:
    """Click → the buyer's other orders that say it: each paid for before this one was placed."""
    told: dict[str, list[Purchase]] = defaultdict(list)
    for each in all_:
        is_before = each.stands and each.paid is not None and each.paid <= bought.placed
        if each is not bought and is_before and bought.knows(each):
            for click in {*each.ids} - {*bought.ids}:
                told[click].append(each)
    return told


def _first(claims: Iterable[Purchase]) -> Purchase:
    return min(claims, key=lambda each: (each.paid, each.platform, each.number))


def _is_disputed(claims: Sequence[Purchase], at: datetime) -> bool:
    first = _first(claims)
    others = [each for each in claims if not each.household & first.household]
    return any(each.paid and each.paid <= at for each in others)


def _is_thin(bought: Purchase, by: Iterable[Purchase], all_: Iterable[Purchase]) -> bool:
    """Whether the orders that told a click came to too little beside the buyer's orders since, as
    far as those were paid for, of the same account or door; this one counts in any case. An order
    of the same account and door both is the buyer's own."""
    tellers = [each for each in by if bought.knows(each) in WEIGHTY]
    if any(bought.knows(t) == "sure" and bought.door and bought.door == t.door for t in tellers):
        return False
    since = min(each.paid for each in tellers if each.paid)
    brought = [
        each.left
        for each in all_
        if each not in tellers
        and since <= each.placed <= bought.placed
        and (each is bought or (each.stands and bought.knows(each) in WEIGHTY))
    ]
    return sum(each.left for each in tellers) < COMMISSION * sum(brought)


def is_touched(bought: Purchase, hers: Iterable[Purchase], truth: Truth) -> bool:
    """Whether paid orders of an adversary's may say anything of an honest one: under the buyer's
    name to the buyer's door, or of a click that the order has or is known by."""
    known = {*bought.ids, *truth.evidence}
    return any(bought.knows(each) == "corroborated" or known & {*each.ids} for each in hers)
