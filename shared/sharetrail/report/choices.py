"""What a recipient chose to get. Table merchants: `merchant#id / reports#recipient`, the address
case-folded.

Whoever wants no mail at all is known to mail/unsubscribes.py alone: what was chosen before stays,
and is there again once that wish is withdrawn.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants.profile import Merchant
from sharetrail.report.span import OF_RHYTHM, Rhythm

UNCHOSEN: frozenset[Rhythm] = frozenset(["weekly"])
"""What a recipient gets who chose nothing yet."""


@dataclass(frozen=True)
class Choice:
    rhythms: frozenset[Rhythm]
    at: datetime | None
    """When it was made; None of who chose nothing yet."""

    def stood(self, at: datetime) -> bool:
        """Whether it is what they had chosen then."""
        return self.at is None or self.at <= at


def of(merchant: Merchant, recipient: str) -> frozenset[Rhythm]:
    """What the recipient chose, be it that they want no mail at the moment."""
    return find(merchant, recipient).rhythms


def find(merchant: Merchant, recipient: str) -> Choice:
    """The same, and when they did."""
    key = _key(merchant, recipient)
    row = MERCHANTS.get(key["pk"], key["sk"])
    if row is None:
        return Choice(UNCHOSEN, None)
    return Choice(frozenset(row["rhythms"]) & OF_RHYTHM.keys(), moment(row["chosen"]))


def find_all(merchant: Merchant) -> dict[str, Choice]:
    """Of all recipients."""
    return {each: find(merchant, each) for each in merchant.recipients}


def choose(merchant: Merchant, recipient: str, rhythms: Collection[Rhythm], now: datetime) -> None:
    """From now on the recipient gets these; of two choices the later stands, in whichever order
    they come. None of them is a wish for no mail; any of them takes back such a wish of before.
    """
    if not rhythms:
        unsubscribes.unsubscribe(merchant.id, recipient, now)
        return
    choose_for(merchant, recipient, rhythms, now)
    unsubscribes.resubscribe(merchant.id, recipient, now)


def choose_for(
    merchant: Merchant, recipient: str, rhythms: Collection[Rhythm], now: datetime
) -> None:
    """The same by the merchant, who speaks for nobody's wish: whoever wants no mail gets none."""
    MERCHANTS.put_if(
        {**_key(merchant, recipient), "rhythms": sorted(rhythms), "chosen": iso(now)},
        "attribute_not_exists(pk) OR chosen <= :now",
        now=iso(now),
    )


def who_gets(
    merchant: Merchant, rhythm: Rhythm, chosen: Mapping[str, Choice] | None = None
) -> list[str]:
    """Those of the merchant's recipients who chose it, want mail and can be sent some. `chosen` is
    what all of them chose, where that was read already."""
    choices = find_all(merchant) if chosen is None else chosen
    return [
        each
        for each in merchant.recipients
        if rhythm in choices[each].rhythms and may_be_mailed(merchant, each)
    ]


def may_be_mailed(merchant: Merchant, recipient: str) -> bool:
    """Whether reports go to the address, its owner wants mail and its mailbox takes some."""
    return (
        merchant.sends_to(recipient)
        and not unsubscribes.is_unsubscribed(merchant.id, recipient)
        and not suppressions.find(merchant.id, recipient)
    )


def _key(merchant: Merchant, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant.id}", "sk": f"reports#{recipient.casefold()}"}
