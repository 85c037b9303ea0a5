"""GET and PATCH /v1/settings: what the merchant chose, and may choose."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, get_type_hints

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import BaseModel, ConfigDict, create_model
from typing_extensions import TypedDict

from sharetrail.api.frame import key_acts
from sharetrail.api.frame.answers import described
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.frame.sense import sensible
from sharetrail.installation import settings
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import FraudLimits, Merchant, Overtaken

router = Router()
_LIMITS = get_type_hints(Merchant, include_extras=True)
_ON_THE_WIRE = {"fraud": "fraud_limits"}
"""Settings whose own name is another word there."""
_NAMES = {
    _ON_THE_WIRE.get(name, name): name for name in sorted(settings.SETTINGS - settings.OF_LISTS)
}


def _sense(told: Any, _merchant: Merchant, _now: datetime) -> dict[str, str]:
    """What has no default is no null."""
    nulls = (name for name, value in told.items() if value is None)
    needed = (name for name in nulls if _NAMES.get(name) in settings.WITHOUT_DEFAULT)
    return dict.fromkeys(needed, settings.NEEDED)


if TYPE_CHECKING:
    SettingsChange = BaseModel
else:  # as profile.py declares them, limits and all; what is null is told from what is left out
    SettingsChange = sensible(_sense)(
        create_model(
            "SettingsChange",
            __config__=ConfigDict(extra="forbid", str_max_length=4096),
            **{told: (_LIMITS[name] | None, None) for told, name in _NAMES.items()},
        )
    )


@described
class FraudSettings(TypedDict):
    """docs/fraud.md says what each does."""

    last_second: int
    leak_share: float
    leak_orders: int
    refund_share: float
    refund_orders: int
    bot_share: float
    bot_clicks: int
    thin_share: float
    hold_days: int


@described
class Settings(TypedDict):
    shop_host: str
    """Whose shop it is: nobody changes it."""
    name: str
    hosts: list[str]
    """Where a link may lead. The operator's to change, like the next two and the allowances."""
    origins: list[str]
    """Which pages may use the publishable key."""
    shopify_domain: str | None
    fallback_url: str | None
    """Where a link leads that was switched off."""
    country: str | None
    """ISO 3166; `null` where neither you nor your zone say."""
    currency: str
    """ISO 4217, of reports and of every amount but those of orders in another."""
    zone: str
    """IANA's name: days and weeks are this zone's."""
    language: str
    category: str
    parting_offer: str
    window_days: int
    """How long before an order a touch counts."""
    coupons: str
    renewals: str
    fraud_limits: FraudSettings
    links_per_day: int
    events_per_day: int


@router.get("/v1/settings")
def show_settings() -> Settings:
    """As they stand at this moment."""
    merchant = merchant_of(router)
    return _shown(profiles.read(merchant.id) or merchant)


@router.patch("/v1/settings", openapi_extensions=refusing(Overtaken))
def change_settings(change: SettingsChange) -> Settings:
    """What is named is changed, and what is `null` takes its default; all of it or nothing. Whoever
    knows the old settings follows within a minute."""
    told: dict[str, Any] = router.current_event.json_body
    asked = {_NAMES[name]: told[name] for name in change.model_fields_set}
    merchant_id, now = merchant_of(router).id, now_of(router)
    merchant, changed = settings.choose(merchant_id, asked, now)
    for name in changed:
        key_acts.note(router, merchant_id, "setting", name, "changed", now)
    return _shown(merchant)


def _shown(merchant: Merchant) -> Settings:
    return {
        "shop_host": merchant.shop_host,
        "name": merchant.name,
        "hosts": [*merchant.hosts],
        "origins": [*merchant.origins],
        "shopify_domain": merchant.shopify_domain,
        "fallback_url": merchant.fallback_url,
        "country": merchant.country or None,
        "currency": merchant.currency,
        "zone": merchant.zone,
        "language": merchant.language,
        "category": merchant.category,
        "parting_offer": merchant.parting_offer,
        "window_days": merchant.window_days,
        "coupons": merchant.coupons,
        "renewals": merchant.renewals,
        "fraud_limits": _fraud(merchant.fraud),
        "links_per_day": merchant.links_per_day,
        "events_per_day": merchant.events_per_day,
    }


def _fraud(limits: FraudLimits) -> FraudSettings:
    return {
        "last_second": limits.last_second,
        "leak_share": limits.leak_share,
        "leak_orders": limits.leak_orders,
        "refund_share": limits.refund_share,
        "refund_orders": limits.refund_orders,
        "bot_share": limits.bot_share,
        "bot_clicks": limits.bot_clicks,
        "thin_share": limits.thin_share,
        "hold_days": limits.hold_days,
    }
