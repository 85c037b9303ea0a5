"""Taking a recipient off a merchant's list, and putting them back. Table merchants: the profile,
and `merchant#id / off-list#recipient`, the address case-folded: who was taken off, as the list had
them, as long as they are off it and nobody named the recipients anew.

Only who was taken off can be put back, and as the list had them: no stranger's address comes onto a
list by this, nor another spelling of a known one.
"""

from dataclasses import replace
from datetime import datetime

from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant, UnknownMerchant

_PREFIX = "off-list#"


def take_off(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address is off the list; False, and nothing done, where it would be empty then.
    Written down first: who is off the list can be put back."""
    listed = _there(profiles.read(merchant_id)).as_listed(recipient)
    if listed is None:
        return True
    mark = {**_key(merchant_id, listed), "recipient": listed, "at": iso(now)}
    MERCHANTS.put(mark)
    _, after = profiles.revise(merchant_id, lambda before: _without(before, listed))
    if after.sends_to(listed):
        _rub_out(mark)
        return False
    return True


def put_back(merchant_id: str, recipient: str) -> bool:
    """Whether the address is on the list, as it was before; False where nobody took it off. Its
    links open the report again, but those that were ended: to be taken off ends none."""
    mark = _mark(merchant_id, recipient)
    if mark is None:
        return False
    profiles.revise(merchant_id, lambda before: _with(before, mark["recipient"]))
    _rub_out(mark)
    return True


def taken_off(merchant_id: str, recipient: str) -> str | None:
    """The address as the list had it; None where nobody took it off."""
    mark = _mark(merchant_id, recipient)
    return mark["recipient"] if mark else None


def forget_taken_off(merchant_id: str) -> None:
    """The list is named anew, by whoever may name anybody: what stands is theirs."""
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


def _mark(merchant_id: str, recipient: str) -> Item | None:
    key = _key(merchant_id, recipient)
    return MERCHANTS.get(key["pk"], key["sk"])


def _rub_out(mark: Item) -> None:
    """Unless somebody took the address off again meanwhile."""
    MERCHANTS.delete_if(mark["pk"], mark["sk"], "#at = :at", ["at"], at=mark["at"])


def _key(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"{_PREFIX}{recipient.casefold()}"}
