"""A merchant: a shop, its hosts, its money, its clock, and the limits it may choose. Pure."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sharetrail.problems import NotFound, Problem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sharetrail.money import Amount


@dataclass(frozen=True, kw_only=True)
class FraudLimits:
    """From where on a sign of fraud counts as one."""

    last_second: int = 10
    """Seconds from click to order: fewer are not a person's."""
    leak_share: float = 0.6
    """Part of a code's orders that no click came before."""
    leak_orders: int = 20
    refund_share: float = 0.3
    """Part of an influencer's orders that were refunded, cancelled or charged back."""
    refund_orders: int = 5
    bot_share: float = 0.5
    """Part of an influencer's clicks that bots made."""
    bot_clicks: int = 20
    hold_days: int = 30
    """How long a hold lasts unless it is released."""


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
    """What an influencer's coupon code counts for: see attribution/models.py."""
    fraud: FraudLimits = field(default_factory=FraudLimits)
    links_per_day: int = 2_000
    events_per_day: int = 500_000
    created_at: datetime

    @property
    def tz(self) -> "ZoneInfo":
        from zoneinfo import ZoneInfo  # the redirect asks for no merchant's time

        return ZoneInfo(self.zone)

    def amount(self, minor: float) -> "Amount":
        """Minor units of the merchant's currency, on their way out."""
        from sharetrail.money import Amount  # nor for its money

        return Amount(minor, self.currency)


def merchant_id_of(shop_host: str) -> str:
    """A merchant's id is derived from its shop host, so onboarding twice finds the same one."""
    return "m_" + hashlib.sha256(shop_host.encode()).hexdigest()[:16]
