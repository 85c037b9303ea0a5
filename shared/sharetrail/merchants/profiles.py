"""Merchants as stored. Table: `merchant#id / profile`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants.profile import Merchant, OriginTaken, UnknownMerchant

_recent: Aged[Merchant | None] = Aged(timedelta(minutes=1))


def find(merchant_id: str, now: datetime) -> Merchant:
    """The merchant, at most a minute old. UnknownMerchant where there is none."""
    merchant = _recent.get(merchant_id, now, lambda: read(merchant_id))
    if merchant is None:
        raise UnknownMerchant(f"There is no merchant {merchant_id!r}.")
    return merchant


def read(merchant_id: str) -> Merchant | None:
    """The merchant as the table has it this moment."""
    item = MERCHANTS.get(f"merchant#{merchant_id}", "profile")
    return load(Merchant, item) if item else None


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


def _claim(origin: str, merchant_id: str) -> bool:
    item = {"pk": f"origin#{origin}", "sk": "merchant", "merchant": merchant_id}
    is_ours = "attribute_not_exists(pk) OR merchant = :merchant"
    return MERCHANTS.put_if(item, is_ours, merchant=merchant_id)


def _release(origins: list[str]) -> None:
    for origin in origins:
        MERCHANTS.delete(f"origin#{origin}", "merchant")


def owner_of(origin: str) -> str | None:
    """The id of the merchant whose shop lives at this origin."""
    item = MERCHANTS.get(f"origin#{origin}", "merchant")
    return item["merchant"] if item else None


def everyone() -> Iterator[Merchant]:
    """Every merchant, by the index of zones, which profiles alone stand in."""
    return (load(Merchant, item) for item in MERCHANTS.scan("zone"))
