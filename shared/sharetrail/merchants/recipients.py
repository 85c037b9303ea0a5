"""A merchant's list of recipients: naming one and leaving one out, for whoever may name anybody;
taking one off and putting them back, for the recipients themselves. Table merchants: the profile,
and `merchant#id / off-list#recipient`, the address case-folded: who was taken off, as the list had
them, as long as they are off it and nobody named the recipients anew, for 400 days.

Only who was taken off can be put back, and as the list had them: no stranger's address comes onto a
list by this, nor another spelling of a known one.

Of whoever is off the list, what they chose and wished and that their mailbox refuses mail stand
under a keyed hash of the address, and so does whom an old mail's link unsubscribes. Who comes back
has them again: whoever wanted no mail wants none.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from sharetrail import logs
from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.merchants import person_hashes, profiles, vault, void_links
from sharetrail.merchants.profile import Merchant, UnknownMerchant
from sharetrail.problems import NotFound, Problem

Role = Literal["owner", "reader"]
"""What a recipient's links to the report do: act and read, or read alone."""
MOST = 50
"""Whom a key that leaked could have mailed."""
LIFETIME = timedelta(days=400)
"""Of who was taken off: as long as the act by which they were is told."""
_PREFIX = "off-list#"
_BESIDE = ("reports#", "unsubscribed#", "suppressed#")
"""How the rows begin that a recipient has."""


class UnknownRecipient(NotFound):
    """The address is on no list of the merchant's."""


class LastOwner(Problem):
    """Nobody would be left whose links act."""

    status = 409
    title = "An owner has to stay"


class TooManyRecipients(Problem):
    status = 409
    title = "There are enough recipients"


def name(merchant_id: str, address: str, role: Role | None, now: datetime) -> Merchant:
    """On the list, as it had them, and in this role; whoever is new there is an owner where nothing
    is said, and has no link of before. LastOwner; TooManyRecipients, whatever else they are."""

    def named(before: Merchant | None) -> Merchant:
        merchant = _there(before)
        listed = merchant.as_listed(address)
        if listed is None and len(merchant.recipients) >= MOST:
            raise TooManyRecipients(f"There are {MOST}. Take one off the list first.")
        if listed is None:  # said first, while nobody could open one
            void_links.end(merchant_id, address, now)
            meet(merchant_id, address, now)
        readers = _others(merchant.readers, address)
        if role == "reader" or (role is None and listed and merchant.is_reader(listed)):
            readers = (*readers, listed or address)
        others = () if listed else (address,)
        recipients = (*merchant.recipients, *others)
        return _owned(merchant, replace(merchant, recipients=recipients, readers=readers))

    _, after = profiles.revise(merchant_id, named)
    _forget(merchant_id, address)
    _log("recipient named", merchant_id)
    return after


def leave_out(merchant_id: str, address: str, now: datetime) -> None:
    """Off the list, for whoever may name anybody: so nobody puts them back by a press.
    UnknownRecipient; LastOwner."""
    _forget(merchant_id, address)

    def left(before: Merchant | None) -> Merchant:
        merchant = _there(before)
        if not merchant.sends_to(address):
            raise UnknownRecipient("This address gets no reports.")
        recipients = _others(merchant.recipients, address)
        readers = _others(merchant.readers, address)
        return _owned(merchant, replace(merchant, recipients=recipients, readers=readers))

    before, after = profiles.revise(merchant_id, left)
    part(merchant_id, (before and before.as_listed(address)) or address, now)
    part_others(after, now)
    _log("recipient left out", merchant_id)


def _log(message: str, merchant_id: str) -> None:
    """Who it was stands in the list, and in no log."""
    logs.info(message, merchant=merchant_id)


def _owned(before: Merchant, after: Merchant) -> Merchant:
    if before.owners and not after.owners:
        raise LastOwner("Name another owner first: somebody has to decide on the report's page.")
    return after


def _others(addresses: tuple[str, ...], address: str) -> tuple[str, ...]:
    return tuple(each for each in addresses if each.casefold() != address.casefold())


def take_off(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address is off the list; False, and nothing done, where it would be empty then.
    Written down first: who is off the list can be put back."""
    listed = _there(profiles.read(merchant_id)).as_listed(recipient)
    if listed is None:
        return True
    mark = {**_key(merchant_id, listed), "recipient": listed, "at": iso(now)}
    MERCHANTS.put({**mark, "expires": int((now + LIFETIME).timestamp())})
    _, after = profiles.revise(merchant_id, lambda before: _without(before, listed))
    if after.sends_to(listed):
        _rub_out(mark)
        return False
    part(merchant_id, listed, now)
    return True


def put_back(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address is on the list, as it was before; False where nobody took it off. Its
    links open the report again, but those that were ended: to be taken off ends none."""
    mark = _mark(merchant_id, recipient)
    if mark is None:
        return False
    meet(merchant_id, mark["recipient"], now)
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


def meet(merchant_id: str, address: str, now: datetime) -> None:
    """Who comes onto the list has what stands under their code: said first, while no mail goes
    there. Again it does no harm."""
    code = person_hashes.of_recipient(merchant_id, address, now)
    _rename(merchant_id, code, address)
    _call(merchant_id, address, address, now)


def part(merchant_id: str, address: str, now: datetime) -> None:
    """Who is off the list, spelled as it had them, has nothing more under their address."""
    code = person_hashes.of_recipient(merchant_id, address, now)
    _rename(merchant_id, address, code)
    _call(merchant_id, address, code, now)


def part_others(merchant: Merchant, now: datetime) -> None:
    """The same of whoever stands in clear and is on no list: since before 2026-12, or since a mail
    came back to us after they had gone."""
    for kind in _BESIDE:
        for row in MERCHANTS.query(f"merchant#{merchant.id}", prefix=kind):
            address = row.get("recipient") or row["sk"].removeprefix(kind)
            if "@" in address and not merchant.sends_to(address):
                part(merchant.id, address, now)


def leaving_token(merchant_id: str, address: str, now: datetime) -> str:
    """By which its recipient unsubscribes, in every mail to them."""
    return vault.derived(merchant_id, "unsubscribe", address, now).hex()


def token_key(token: str) -> dict[str, str]:
    return {"pk": f"unsubscribe#{hashlib.sha256(token.encode()).hexdigest()}", "sk": "recipient"}


def _call(merchant_id: str, address: str, name: str, now: datetime) -> None:
    """Whom an old mail's link unsubscribes, if any was mailed."""
    key = token_key(leaving_token(merchant_id, address, now))
    MERCHANTS.update(key, "SET recipient = :name", "attribute_exists(pk)", name=name)


def _rename(merchant_id: str, before: str, after: str) -> None:
    pk = f"merchant#{merchant_id}"
    for kind in _BESIDE:
        row = MERCHANTS.get(pk, kind + before.casefold())
        if row is None:
            continue
        sk = kind + after.casefold()
        named = {"recipient": after} if "recipient" in row else {}
        MERCHANTS.put({**(MERCHANTS.get(pk, sk) or {}), **row, **named, "sk": sk})
        MERCHANTS.delete(pk, row["sk"])


def _forget(merchant_id: str, recipient: str) -> None:
    key = _key(merchant_id, recipient)
    MERCHANTS.delete(key["pk"], key["sk"])


def _without(before: Merchant | None, recipient: str) -> Merchant:
    merchant = _there(before)
    others = _others(merchant.recipients, recipient)
    return replace(merchant, recipients=others or merchant.recipients)


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
