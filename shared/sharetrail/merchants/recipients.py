"""Taking a recipient off a merchant's list, and putting them back. Table merchants: the profile,
and `merchant#id / off-list#recipient`, the address case-folded: who was taken off, as long as
nobody named the recipients anew.

Only who was taken off can be put back: no stranger's address comes onto a list by this.
"""

from dataclasses import replace
from datetime import datetime

from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.merchants import profiles, void_links
from sharetrail.merchants.profile import Merchant, UnknownMerchant

_PREFIX = "off-list#"


def take_off(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address is off the list; False, and nothing done, where it would be empty then.
    Written down first: who is off the list can be put back."""
    MERCHANTS.put({**_key(merchant_id, recipient), "recipient": recipient, "at": iso(now)})
    _, after = profiles.revise(merchant_id, lambda before: _without(before, recipient))
    return not after.sends_to(recipient)


def put_back(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address is on the list; False where nobody took it off. Links of before are void,
    as those of whoever becomes a recipient again."""
    if not was_taken_off(merchant_id, recipient):
        return False
    void_links.end(merchant_id, recipient, now)
    profiles.revise(merchant_id, lambda before: _with(before, recipient))
    return True


def was_taken_off(merchant_id: str, recipient: str) -> bool:
    key = _key(merchant_id, recipient)
    return MERCHANTS.get(key["pk"], key["sk"]) is not None


def forget_taken_off(merchant_id: str) -> None:
    """The list was named anew, by whoever may name anybody: what stands is theirs."""
    for row in MERCHANTS.query(f"merchant#{merchant_id}", prefix=_PREFIX):
        MERCHANTS.delete(row["pk"], row["sk"])


def _without(before: Merchant | None, recipient: str) -> Merchant:
    merchant = _there(before)
    others = (r for r in merchant.recipients if r.casefold() != recipient.casefold())
    return replace(merchant, recipients=tuple(others) or merchant.recipients)


def _with(before: Merchant | None, recipient: str) -> Merchant:
    merchant = _there(before)
    if merchant.sends_to(recipient):
        return merchant
    return replace(merchant, recipients=(*merchant.recipients, recipient))


def _there(before: Merchant | None) -> Merchant:
    if before is None:
        raise UnknownMerchant("There is no such merchant.")
    return before


def _key(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"{_PREFIX}{recipient.casefold()}"}
