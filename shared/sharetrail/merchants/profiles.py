"""Merchants as stored. Table: `merchant#id / profile`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from sharetrail.aws.items import dump, load, stored_names
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants.profile import (
    Merchant,
    OriginTaken,
    Residence,
    Storefront,
    UnknownMerchant,
)

P = TypeVar("P", Merchant, Storefront, Residence)
_MINUTE = timedelta(minutes=1)
STANDS = timedelta(hours=6)
"""How old what an instance knows may be while the table is away: longer than DynamoDB's failures of
a region took. Nobody can change anything in that time; what was changed in the hours before, and
not read here since, is seen when the table is back."""
_recent: Aged[Merchant] = Aged(_MINUTE, stands=STANDS)
_storefronts: Aged[Storefront] = Aged(_MINUTE, stands=STANDS)
_residences: Aged[Residence] = Aged(_MINUTE, stands=STANDS)


def find(merchant_id: str, now: datetime) -> Merchant:
    """The merchant, a minute old at most, or as STANDS says. UnknownMerchant without one."""
    found = _recent.get(merchant_id, now, lambda brisk: read(merchant_id, brisk=brisk))
    return _there(merchant_id, found)


def storefront(merchant_id: str, now: datetime) -> Storefront:
    """The same for shoppers: nothing else of the merchant is read."""

    def part(brisk: bool) -> Storefront | None:
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
    get = MERCHANTS.get_briskly if brisk else MERCHANTS.get
    item = get(f"merchant#{merchant_id}", "profile")
    return load(Merchant, item) if item else None


def _read_part(cls: type[P], merchant_id: str, brisk: bool) -> P | None:
    get = MERCHANTS.get_briskly if brisk else MERCHANTS.get
    item = get(f"merchant#{merchant_id}", "profile", only=stored_names(cls))
    return load(cls, item) if item is not None else None


def save(merchant: Merchant) -> None:
    """Write the profile and claim its origins. OriginTaken, and nothing changed, on a clash."""
    before = read(merchant.id)
    fresh = [o for o in merchant.origins if not (before and o in before.origins)]
    for n, origin in enumerate(fresh):
        if not _claim(origin, merchant.id):
            _release(fresh[:n])
            raise OriginTaken(f"{origin} is another merchant's.")
    MERCHANTS.put({"pk": f"merchant#{merchant.id}", "sk": "profile", **dump(merchant)})
    _release([o for o in (before.origins if before else ()) if o not in merchant.origins])
    _recent.clear()
    _storefronts.clear()
    _residences.clear()


def _claim(origin: str, merchant_id: str) -> bool:
    item = {"pk": f"origin#{origin}", "sk": "merchant", "merchant": merchant_id}
    is_ours = "attribute_not_exists(pk) OR merchant = :merchant"
    return MERCHANTS.put_if(item, is_ours, merchant=merchant_id)


def _release(origins: list[str]) -> None:
    for origin in origins:
        MERCHANTS.delete(f"origin#{origin}", "merchant")


def owner_of(origin: str, *, brisk: bool = False) -> str | None:
    """The id of the merchant whose shop lives at this origin."""
    get = MERCHANTS.get_briskly if brisk else MERCHANTS.get
    item = get(f"origin#{origin}", "merchant", only=["merchant"])
    return item["merchant"] if item else None


def everyone() -> Iterator[Merchant]:
    """Every merchant, by the index of zones, which profiles alone stand in."""
    return (load(Merchant, item) for item in MERCHANTS.scan("zone"))
