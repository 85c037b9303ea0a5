"""A recipient chooses what to get: what is stored, lifted and begun by it."""

from collections.abc import Collection
from datetime import datetime

from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants.profile import Merchant
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from sharetrail.report.span import OF_RHYTHM, Rhythm

RHYTHMS: tuple[Rhythm, ...] = tuple(OF_RHYTHM)
"""In the order in which they are offered."""


def gets(merchant: Merchant, recipient: str) -> frozenset[Rhythm]:
    """What the recipient gets as things stand: nothing where they want no mail, or none can go."""
    is_open = choices.may_be_mailed(merchant, recipient)
    return choices.of(merchant, recipient) if is_open else frozenset()


def choose(merchant: Merchant, recipient: str, chosen: Collection[Rhythm], now: datetime) -> None:
    """From now on the recipient gets these, or no mail where they are none. Who asks for some wants
    mail again, whatever came back or was called spam before. Again it does no harm.
    """
    choices.choose(merchant, recipient, chosen, now)
    if chosen:
        suppressions.lift_all(merchant.id, recipient, now)
    for rhythm in chosen:
        rhythms.start(merchant, rhythm, now)


def have_again(merchant: Merchant, recipient: str, now: datetime) -> bool:
    """The recipient gets again what they chose before they wanted no mail; none where a mail came
    back or was called spam. False, and nothing is done, where they want none for half an hour.
    """
    if not unsubscribes.undo(merchant.id, recipient, now):
        return False
    for rhythm in choices.of(merchant, recipient):
        rhythms.start(merchant, rhythm, now)
    return True
