"""Personal data that a room keeps, as its own kept.py says, next to what writes it. Pure.

docs/privacy.md is made of these (`make privacy`), erasure and export go by them, and no table,
bucket or queue holds anything else of a person (tests/chain/test_personal.py).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Whose = Literal["shopper", "influencer", "recipient", "merchant"]
"""`merchant` is what a shop's people and systems are known by beside their recipients."""
EndedBy = Literal["expiry", "lifecycle", "retention", "schedule", "erasure", "shop"]
"""- expiry: DynamoDB, by the row's `expires`;
- lifecycle, retention: S3 and SQS, CloudWatch and backups, by the template;
- schedule: a function of ours;
- erasure: whoever is asked to erase the person, and the end of the shop;
- shop: the end of the shop alone."""


@dataclass(frozen=True, kw_only=True)
class End:
    by: EndedBy
    after: timedelta | None = None
    """How long it is kept at most, of what ends by itself."""
    since: str = ""
    """As of when that counts: `the click`."""

    @property
    def sentence(self) -> str:
        if self.after is not None:
            return f"by itself, {_days(self.after)} after {self.since}"
        return _ASKED[self.by]


_ASKED: dict[EndedBy, str] = {
    "erasure": "once the person is erased, and with the shop",
    "shop": "with the shop",
}


def _days(after: timedelta) -> str:
    return "one day" if after == timedelta(days=1) else f"{after / timedelta(days=1):g} days"


def expires(after: timedelta, since: str) -> End:
    """By its row's `expires`."""
    return End(by="expiry", after=after, since=since)


def removed(after: timedelta, since: str = "it was written") -> End:
    """By a bucket's rule."""
    return End(by="lifecycle", after=after, since=since)


def retained(after: timedelta, since: str = "it was sent") -> End:
    """In a queue, a log, a stream or a backup."""
    return End(by="retention", after=after, since=since)


ERASED = End(by="erasure")
WITH_SHOP = End(by="shop")


@dataclass(frozen=True, kw_only=True)
class Kept:
    table: str
    """As design.md calls it (`orders`), or `reports bucket`, `mails queue`."""
    row: str
    """Its key, partition and sort key parted by ` / `, with what differs in braces:
    `merchant#{id} / suppressed#{recipient}`. What a gap stands for has no `#`, in a bucket no `/`;
    `{fact...}` may have any; `{day|week}` is one of these."""
    attributes: tuple[str, ...]
    """`sale.email` is one inside another, `sale` is all that is inside; `key` is an object's name,
    and `body` all that it holds."""
    whose: Whose
    what: str
    why: str
    """One sentence, for a shop's privacy officer."""
    until: End
    leaves: str = ""
    """Why erasure leaves it as it is; empty of what it overwrites, or unlinks from the person."""
