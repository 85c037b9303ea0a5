"""Merchants as stored. Table: `merchant#id / profile`; what one merchant alone may have is claimed
by a row of its own, `origin#https://… / merchant`, `host#… / merchant`, `shopify#… / merchant`.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import sleep
from typing import TypeVar

from sharetrail import logs
from sharetrail.aws import clients
from sharetrail.aws.items import Item, dump, load, stored_names
from sharetrail.aws.tables import MERCHANTS, MERCHANTS_BY_ZONE, Change, Contended
from sharetrail.aws.warm_cache import STANDS, Aged
from sharetrail.merchants.profile import (
    Merchant,
    Overtaken,
    Residence,
    Storefront,
    Taken,
    UnknownMerchant,
)

P = TypeVar("P", Merchant, Storefront, Residence)
_ATTEMPTS = 8
_LONGEST_PAUSE = 25  # milliseconds, doubled with every attempt
AGE = timedelta(minutes=1)
"""How old what a warm instance knows may be."""
_recent: Aged[Merchant] = Aged(AGE, stands=STANDS)
_storefronts: Aged[Storefront] = Aged(AGE, stands=STANDS)
_residences: Aged[Residence] = Aged(AGE, stands=STANDS)


_owners: Aged[str] = Aged(timedelta(seconds=30))
"""Whose an origin is, or that it is nobody's."""


def find(merchant_id: str, now: datetime) -> Merchant:
    """The merchant, a minute old at most or as STANDS says. UnknownMerchant without one."""
    found = _recent.get(merchant_id, now, lambda brisk: read(merchant_id, brisk=brisk))
    return _there(merchant_id, found)


def find_if_any(merchant_id: str, now: datetime) -> Merchant | None:
    """The same for whoever works off what was told of a shop, which may have been erased since:
    then there is nothing to do, and nobody to do it for."""
    try:
        return find(merchant_id, now)
    except UnknownMerchant:
        logs.info("of no merchant any more", merchant=merchant_id)
        return None


def storefront(merchant_id: str, now: datetime) -> Storefront:
    """The same for shoppers: nothing else of the merchant is read."""

    def part(brisk: bool) -> Storefront | None:
        with clients.prompt():  # botocore's patience is longer than a shopper's
            return _read_part(Storefront, merchant_id, brisk)

    return _there(merchant_id, _storefronts.get(merchant_id, now, part))


def residence(merchant_id: str, now: datetime) -> Residence:
    """The same for the script: where the shop is, and nothing else."""

    def part(brisk: bool) -> Residence | None:
        return _read_part(Residence, merchant_id, brisk)

    return _there(merchant_id, _residences.get(merchant_id, now, part))


def _there(merchant_id: str, found: P | None) -> P:
    if found is None:
        raise UnknownMerchant(f"There is no merchant {merchant_id!r}.")
    return found


def read(merchant_id: str, *, brisk: bool = False) -> Merchant | None:
    """The merchant as the table has it this moment."""
    item = _item(merchant_id, brisk=brisk)
    return load(Merchant, item) if item else None


def _item(merchant_id: str, *, brisk: bool = False) -> Item | None:
    return MERCHANTS.get(f"merchant#{merchant_id}", "profile", brisk=brisk)


def _read_part(cls: type[P], merchant_id: str, brisk: bool) -> P | None:
    only = stored_names(cls)
    item = MERCHANTS.get(f"merchant#{merchant_id}", "profile", only, brisk=brisk)
    return load(cls, item) if item is not None else None


def revise(
    merchant_id: str, revised: Callable[[Merchant | None], Merchant]
) -> tuple[Merchant | None, Merchant]:
    """The merchant before and after, whose profile and claims are written at once: as `revised` of
    what stands, which it is asked anew about wherever somebody else was faster.

    Taken where another merchant has claimed a part of it, Overtaken after eight lost races; either
    way nothing is changed.
    """
    for attempt in range(_ATTEMPTS):
        item = _item(merchant_id) or {}
        before = load(Merchant, item) if item else None
        merchant = revised(before)
        if _replace(item.get("revision"), before, merchant):
            for kept in (_recent, _storefronts, _residences, _owners):
                kept.clear()
            return before, merchant
        sleep(secrets.randbelow(_LONGEST_PAUSE * 2**attempt) / 1_000)
    raise Overtaken("Other runs for this shop were faster, again and again. Run it once more.")


def _replace(revision: str | None, before: Merchant | None, merchant: Merchant) -> bool:
    """Whether the profile was still of this revision, and is replaced. Those stored before
    2026-12 have none, nor has one that is not there."""
    claims = _claims(merchant)
    given_up = sorted(_claims(before).keys() - claims.keys()) if before else []
    changes = [
        _profile(revision, merchant),
        *(_claim(key, merchant.id) for key in claims),
        *(Change(delete=_place(key)) for key in given_up if _owner(key) == merchant.id),
    ]
    try:
        unmet = MERCHANTS.write_together(changes)
    except Contended:
        return False
    if unmet and 0 not in unmet:
        taken = [[*claims][place - 1] for place in unmet]
        raise _taken({key: claims[key] for key in taken})
    return not unmet


def _profile(revision: str | None, merchant: Merchant) -> Change:
    key = {"pk": f"merchant#{merchant.id}", "sk": "profile"}
    return Change(
        put={**key, **dump(merchant), "revision": secrets.token_hex(8)},
        condition="revision = :old" if revision else "attribute_not_exists(revision)",
        values={"old": revision} if revision else {},
    )


def _claims(merchant: Merchant) -> dict[str, str]:
    """What the merchant alone may have: its row's hash key, and the setting that names it."""
    shopify = [merchant.shopify_domain] if merchant.shopify_domain else []
    return {
        **{f"origin#{each}": "origins" for each in merchant.origins},
        **{f"host#{each}": "hosts" for each in merchant.hosts},
        **{f"shopify#{each}": "shopify_domain" for each in shopify},
    }


def _claim(key: str, merchant_id: str) -> Change:
    owner = {"merchant": merchant_id}
    return Change(
        put={**_place(key), **owner},
        condition="attribute_not_exists(pk) OR merchant = :merchant",
        values=owner,
    )


def _taken(claims: dict[str, str]) -> Taken:
    errors = {
        name: f"{key.partition('#')[2]} is another merchant's" for key, name in claims.items()
    }
    return Taken("; ".join(errors.values()) + ".", errors=errors)


def owner_of(origin: str, *, brisk: bool = False) -> str | None:
    """The id of the merchant whose shop lives at this origin."""
    return _owner(f"origin#{origin}", brisk=brisk)


def known_owner_of(origin: str, now: datetime) -> str | None:
    """The same, half a minute old at most: whoever asks again and again has it read once."""
    return _owners.get(origin, now, lambda brisk: owner_of(origin, brisk=brisk))


def _owner(key: str, *, brisk: bool = False) -> str | None:
    place = _place(key)
    item = MERCHANTS.get(place["pk"], place["sk"], only=["merchant"], brisk=brisk)
    return item["merchant"] if item else None


def _place(key: str) -> dict[str, str]:
    return {"pk": key, "sk": "merchant"}


def ids() -> Iterator[str]:
    """Every merchant's: for what is due for everybody, and for nothing else."""
    return map(_id, MERCHANTS.scan("zone", only=["pk"]))


def ids_in(zone: str) -> Iterator[str]:
    """Those of the merchants whose days are this zone's."""
    return map(_id, MERCHANTS.query(zone, index=MERCHANTS_BY_ZONE, only=["pk"]))


def _id(row: Item) -> str:
    merchant_id: str = row["pk"].partition("#")[2]
    return merchant_id
