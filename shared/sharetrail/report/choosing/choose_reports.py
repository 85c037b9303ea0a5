"""A recipient chooses what to get."""

from collections.abc import Collection
from datetime import datetime

from sharetrail.mail import unsubscribes
from sharetrail.merchants.profile import Merchant
from sharetrail.report import choices
from sharetrail.report.span import OF_RHYTHM, Rhythm

RHYTHMS: tuple[Rhythm, ...] = tuple(OF_RHYTHM)
"""In the order in which they are offered."""


def gets(merchant: Merchant, recipient: str) -> frozenset[Rhythm]:
    """What the recipient gets as things stand: nothing where they want no mail."""
    if unsubscribes.is_unsubscribed(merchant.id, recipient):
        return frozenset()
    return choices.of(merchant, recipient)


def choose(merchant: Merchant, recipient: str, rhythms: Collection[Rhythm], now: datetime) -> None:
    """From now on the recipient gets these, or no mail where they are none."""
    choices.choose(merchant, recipient, rhythms, now)
