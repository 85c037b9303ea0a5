"""Onboarding a merchant: by the operator, directly, as often as one likes.

Run again for the same shop host it updates what is given, leaves what is not, and makes new keys
and secrets only on request. Keys and secrets are shown in the answer that makes them, and never
again.
"""

import secrets
from dataclasses import asdict, field, fields
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from sharetrail.aws import environment
from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.mail import unsubscribes
from sharetrail.merchants import api_keys, person_hashes, profiles, vault
from sharetrail.merchants.api_keys import Kind
from sharetrail.merchants.profile import FraudLimits, Merchant, merchant_id_of
from sharetrail.orders.order_fact import Vendor
from sharetrail.problems import Malformed
from sharetrail.totals import shop_activity
from sharetrail.web.bodies import Currency, strict
from sharetrail.webhooks import providers, standard


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no IANA time zone") from error
    return name


_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_LOOPBACK = r"(?:localhost|127\.0\.0\.1):\d+"  # which leads somewhere on the local stage alone
Host = Annotated[str, StringConstraints(pattern=rf"^(?:{_HOST}|{_LOOPBACK})$", max_length=253)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+(?::\d+)?$")]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\",;]+@[^@\s<>\",;]+\.[a-z]{2,}$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})*$")]
Shopify = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.myshopify\.com$")]
Url = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=2_048)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Part = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


@strict
class FraudLimitsBody:
    """Thresholds, checked."""

    last_second: Count = FraudLimits.last_second
    leak_share: Part = FraudLimits.leak_share
    leak_orders: Count = FraudLimits.leak_orders
    refund_share: Part = FraudLimits.refund_share
    refund_orders: Count = FraudLimits.refund_orders
    bot_share: Part = FraudLimits.bot_share
    bot_clicks: Count = FraudLimits.bot_clicks
    hold_days: Annotated[int, Field(ge=0, le=365)] = FraudLimits.hold_days


@strict
class Onboarding:
    """What the operator asks for. What is None stays as it is, or takes its default."""

    shop_host: Host
    name: Text | None = None
    hosts: list[Host] | None = None
    """Further hosts a link may lead to; the shop's own always may."""
    origins: list[Origin] | None = None
    currency: Currency | None = None
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    language: Locale | None = None
    category: Text | None = None
    recipients: list[Address] | None = None
    shopify_domain: Shopify | None = None
    fallback_url: Url | None = None
    window_days: Literal[7, 30, 90] | None = None
    coupons: Literal["code_fills", "code_last", "code_ignored"] | None = None
    fraud: FraudLimitsBody | None = None
    """Thresholds of docs/fraud.md; what is not given takes its default."""
    links_per_day: Annotated[int, Field(ge=1, le=10_000)] | None = None
    events_per_day: Annotated[int, Field(ge=1_000, le=20_000_000)] | None = None
    webhook_secrets: dict[Vendor, Secret] | None = None
    """Secrets that the platform made and we must know."""
    rotate: list[Literal[Kind, "standard"]] = field(default_factory=list)
    resubscribe: list[Address] = field(default_factory=list)


def onboard(wishes: Onboarding, now: datetime) -> dict[str, Any]:
    """Create or update the merchant; keys and secrets made by this run are in the answer."""
    merchant_id = merchant_id_of(wishes.shop_host)
    before = profiles.read(merchant_id)
    merchant = _profile(wishes, merchant_id, before, now)
    profiles.save(merchant)
    for name in ("root", person_hashes.PEPPER):
        vault.keep_first(merchant.id, name)
    made = {**_keys(merchant, wishes, now), "webhook_secrets": _secrets(merchant, wishes, now)}
    for recipient in wishes.resubscribe:
        unsubscribes.resubscribe(merchant.id, recipient)
    return {"merchant_id": merchant.id, "created": before is None, **made, **_state(merchant, now)}


def _profile(
    wishes: Onboarding, merchant_id: str, before: Merchant | None, now: datetime
) -> Merchant:
    """The profile as asked, over the profile as it is, over what is derived from the host."""
    secure = f"https://{wishes.shop_host}"
    origin = f"http://{wishes.shop_host}" if ":" in wishes.shop_host else secure
    known: Item = {
        "name": wishes.shop_host,
        "hosts": (wishes.shop_host,),
        "origins": (origin,),
        "created_at": now,
        **({f.name: getattr(before, f.name) for f in fields(before)} if before else {}),
    }
    names = [each.name for each in fields(Merchant)]
    given = {n: getattr(wishes, n) for n in names if getattr(wishes, n, None) is not None}
    listed = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    if "hosts" in listed:
        listed["hosts"] = tuple(dict.fromkeys((wishes.shop_host, *listed["hosts"])))
    if wishes.fraud:
        listed["fraud"] = FraudLimits(**asdict(wishes.fraud))
    whole = {**known, **listed, "id": merchant_id}
    missing = [name for name in ("currency", "zone") if name not in whole]
    if missing:
        raise Malformed(
            "A new merchant needs a currency and a time zone.",
            errors=dict.fromkeys(missing, "is required"),
        )
    return Merchant(**whole)


# ── keys and secrets ─────────────────────────────────────────────────────────────────────────────
def _keys(merchant: Merchant, wishes: Onboarding, now: datetime) -> dict[str, str]:
    """Keys made now. `merchant#id / keys` knows the hashes of those in use."""
    pk = f"merchant#{merchant.id}"
    in_use = MERCHANTS.get(pk, "keys") or {}
    made: dict[str, str] = {}
    for kind in get_args(Kind):
        if kind in in_use and kind not in wishes.rotate:
            continue
        key, digest = api_keys.mint(merchant.id, kind)
        old = in_use.get(kind)
        if not _put_in_use(pk, kind, digest, old):
            api_keys.forget(digest)  # another run was faster, and its answer shows the key
            continue
        made[f"{kind}_key"] = key
        if old:
            api_keys.retire(old, kind, now)
    return made


def _put_in_use(pk: str, kind: Kind, digest: str, old: str | None) -> bool:
    """Whether the new key replaced the one that this run had read."""
    return MERCHANTS.update(
        {"pk": pk, "sk": "keys"},
        f"SET #{kind} = :new",
        f"#{kind} = :old" if old else f"attribute_not_exists(#{kind})",
        names=(kind,),
        new=digest,
        **({"old": old} if old else {}),
    )


def _secrets(merchant: Merchant, wishes: Onboarding, now: datetime) -> dict[str, str]:
    """Webhook secrets made now; those the platform made are kept and not repeated."""
    for provider, secret in (wishes.webhook_secrets or {}).items():
        vault.keep(merchant.id, f"webhook:{provider}", secret.encode())
    name = "webhook:standard"
    if "standard" not in wishes.rotate and vault.active(merchant.id, name, now):
        return {}
    secret_bytes = secrets.token_bytes(24)
    if "standard" in wishes.rotate:
        vault.keep(merchant.id, name, secret_bytes)
    elif not vault.keep_first(merchant.id, name, secret_bytes):
        return {}  # another run was faster, and its answer shows the secret
    return {"standard": standard.secret_text(secret_bytes)}


# ── what to install, and whether it works ────────────────────────────────────────────────────────
def _state(merchant: Merchant, now: datetime) -> dict[str, Any]:
    base = environment.public_base_url()
    seen = {
        "first_event": shop_activity.first_event(merchant, now),
        "first_click": shop_activity.first_click(merchant, now),
        "first_order": shop_activity.first_order(merchant),
    }
    return {
        "script": f'<script defer src="{base}/sharetrail.js" data-key="pk_…"></script>',
        "webhooks": {
            name: f"{base}/v1/webhooks/{name}/{merchant.id}" for name in providers.PROVIDERS
        },
        "unsubscribed": [
            each for each in merchant.recipients if unsubscribes.is_unsubscribed(merchant.id, each)
        ],
        **{name: iso(at) if at else None for name, at in seen.items()},
    }
