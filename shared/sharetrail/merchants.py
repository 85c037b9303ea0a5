"""Merchants: a shop, its hosts, its money and its clock. Table: `merchant#id / profile`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sharetrail import store
from sharetrail.caches import Aged
from sharetrail.items import dump, load
from sharetrail.problems import NotFound, Problem
from sharetrail.tables import MERCHANTS
from sharetrail.thresholds import Thresholds

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_CACHE_AGE = timedelta(minutes=1)


class UnknownMerchant(NotFound):
    """No merchant has this id."""


class OriginTaken(Problem):
    """Another merchant already answers for this origin."""

    status = 409
    title = "The origin belongs to another merchant"


@dataclass(frozen=True, kw_only=True)
class Merchant:
    id: str
    name: str
    shop_host: str
    hosts: tuple[str, ...]
    """Where a link may lead: the shop's own hosts, exactly as written."""
    origins: tuple[str, ...]
    """Which pages may use the publishable key: `https://shop.example`."""
    currency: str
    """ISO 4217; what reports are written in. Orders in another are listed apart."""
    zone: str
    """IANA name; days and weeks are this zone's."""
    language: str = "en_US"
    """A CLDR locale: how money and dates are written."""
    category: str = ""
    recipients: tuple[str, ...] = ()
    shopify_domain: str | None = None
    """`name.myshopify.com`, the shop that Shopify's webhooks must name."""
    fallback_url: str | None = None
    """Where a link that was switched off leads; without one it answers 410."""
    window_days: int = 30
    """How long before an order a touch counts."""
    coupons: Literal["code_fills", "code_last", "code_ignored"] = "code_fills"
    """What an influencer's coupon code counts for: see attribution.Rule."""
    fraud: Thresholds = field(default_factory=Thresholds)
    links_per_day: int = 2_000
    events_per_day: int = 500_000
    created_at: datetime

    @property
    def tz(self) -> "ZoneInfo":
        from zoneinfo import ZoneInfo  # the redirect asks for no merchant's time

        return ZoneInfo(self.zone)


def id_of(shop_host: str) -> str:
    """A merchant's id is derived from its shop host, so onboarding twice finds the same one."""
    return "m_" + hashlib.sha256(shop_host.encode()).hexdigest()[:16]


_known: Aged[Merchant | None] = Aged(_CACHE_AGE)


def find(merchant_id: str, now: datetime) -> Merchant:
    """The merchant, at most a minute old. UnknownMerchant where there is none."""
    merchant = _known.get(merchant_id, now, lambda: stored(merchant_id))
    if merchant is None:
        raise UnknownMerchant(f"There is no merchant {merchant_id!r}.")
    return merchant


def stored(merchant_id: str) -> Merchant | None:
    """The merchant as the table has it this moment."""
    item = store.get(MERCHANTS, f"merchant#{merchant_id}", "profile")
    return load(Merchant, item) if item else None


def save(merchant: Merchant) -> None:
    """Write the profile and claim its origins. OriginTaken, and nothing changed, on a clash."""
    before = stored(merchant.id)
    fresh = [o for o in merchant.origins if not (before and o in before.origins)]
    claimed: list[str] = []
    for origin in fresh:
        if not _claim(origin, merchant.id):
            _release(claimed)
            raise OriginTaken(f"{origin} is another merchant's.")
        claimed.append(origin)
    MERCHANTS.put({"pk": f"merchant#{merchant.id}", "sk": "profile", **dump(merchant)})
    _release([o for o in (before.origins if before else ()) if o not in merchant.origins])
    _known.clear()


def _claim(origin: str, merchant_id: str) -> bool:
    item = {"pk": f"origin#{origin}", "sk": "merchant", "merchant": merchant_id}
    return MERCHANTS.put_if(
        item, "attribute_not_exists(pk) OR merchant = :merchant", merchant=merchant_id
    )


def _release(origins: list[str]) -> None:
    for origin in origins:
        MERCHANTS.delete(f"origin#{origin}", "merchant")


def answers(origin: str) -> bool:
    """Whether some merchant's shop lives at this origin."""
    return MERCHANTS.get(f"origin#{origin}", "merchant") is not None


def everyone() -> Iterator[Merchant]:
    """Every merchant, by the index of zones, which profiles alone stand in."""
    return (load(Merchant, item) for item in MERCHANTS.scan("zone"))
