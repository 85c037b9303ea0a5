"""Onboarding a merchant: by the operator, directly, as often as one likes.

Run again for the same shop host it updates what is given, leaves what is not, and makes new keys
and secrets only on request. Keys and secrets are shown in the answer that makes them, and never
again.
"""

import secrets
from dataclasses import field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from sharetrail.aws import environment
from sharetrail.aws.items import Item, dump
from sharetrail.calendars import iso
from sharetrail.clicks import daily_salts
from sharetrail.installation import settings
from sharetrail.installation.connecting import told_connection
from sharetrail.installation.settings import SETTINGS
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants import (
    notice_words,
    notices,
    person_hashes,
    profiles,
    recipients,
    vault,
    void_links,
)
from sharetrail.merchants.keys import key_rings
from sharetrail.merchants.keys.key_ring import Kind
from sharetrail.merchants.profile import Address, Host, Merchant, merchant_id_of, origin_of
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms import connections
from sharetrail.platforms.credential import Credential, ShopifyApp, StripeKey, WooCommerceKey
from sharetrail.problems import Malformed
from sharetrail.totals import shop_activity
from sharetrail.web.bodies import parse, strict
from sharetrail.webhooks import providers, standard

_ROOM = "<style>sharetrail-buttons:not(:defined) { display: block; min-height: 44px }</style>"
"""Keeps the buttons' room until the script is there, so that nothing moves when they come."""
Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@strict
class Wishes:
    """What the operator asks for beside settings."""

    shop_host: Host
    webhook_secrets: dict[Vendor, Secret] | None = None
    """Secrets that the platform made and we must know."""
    rotate: list[Literal[Kind, "standard"]] = field(default_factory=list)
    resubscribe: list[Address] = field(default_factory=list)
    """Who wants mail after all, or takes it again; not who complained of one."""
    lift_complaints: list[Address] = field(default_factory=list)
    """Who called a mail spam and asked for them again since."""
    shopify: ShopifyApp | None = field(default=None, repr=False)
    """By these we register webhooks at the shop's own system, and read its orders."""
    woocommerce: WooCommerceKey | None = field(default=None, repr=False)
    stripe: StripeKey | None = field(default=None, repr=False)
    disconnect: list[Vendor] = field(default_factory=list)
    """Systems whose credentials are to be forgotten, before others are kept."""

    @property
    def credentials(self) -> dict[Vendor, Credential]:
        given: dict[Vendor, Credential | None] = {
            "shopify": self.shopify,
            "woocommerce": self.woocommerce,
            "stripe": self.stripe,
        }
        return {platform: each for platform, each in given.items() if each}


def onboard(asked: Item, now: datetime) -> dict[str, Any]:
    """Create or update the merchant; keys and secrets made by this run are in the answer.
    Malformed where a wish or a setting is not as it should be, Taken where another merchant has
    what is chosen, Overtaken by too many runs at once; and nothing is changed, and none is made.
    """
    wishes = parse(Wishes, {name: asked[name] for name in asked.keys() - SETTINGS})
    chosen = {name: asked[name] for name in SETTINGS if asked.get(name) is not None}
    merchant_id = merchant_id_of(wishes.shop_host)
    before, merchant = profiles.revise(
        merchant_id, lambda before: _revised(wishes, chosen, before, now)
    )
    daily_salts.make(now)
    for name in ("root", person_hashes.PEPPER):
        vault.keep_first(merchant.id, name)
    if before:
        settings.follow(before, merchant, now)
        for each in before.recipients:
            if not merchant.sends_to(each):
                recipients.part(merchant.id, each, now)
        recipients.part_others(merchant, now)
    rotate: list[Kind] = [each for each in wishes.rotate if each != "standard"]
    keys = key_rings.begin(merchant.id, rotate, now)
    made: Item = {f"{kind}_key": key for kind, key in keys.items()}
    made["webhook_secrets"] = _secrets(merchant, wishes, now)
    for recipient in wishes.resubscribe:
        unsubscribes.resubscribe(merchant.id, recipient, now)
        suppressions.lift_bounce(merchant.id, recipient, now)
    for recipient in wishes.lift_complaints:
        suppressions.lift_all(merchant.id, recipient, now)
    for platform in wishes.disconnect:
        connections.disconnect(merchant.id, platform)
    for platform, credential in wishes.credentials.items():
        connections.connect(merchant, platform, credential, now)
    return {
        "merchant_id": merchant.id,
        "created": before is None,
        **made,
        **_state(merchant, before, made.get("publishable_key", "pk_…"), now),
    }


def _revised(wishes: Wishes, chosen: Item, before: Merchant | None, now: datetime) -> Merchant:
    """The merchant as it shall be. Whoever becomes a recipient, be it again, has no link of before:
    that is said first, while nobody could open one. So is that nobody comes back whom the list, as
    it is named now, leaves out: a run that dies in between leaves no way to it."""
    merchant = _merchant(wishes.shop_host, chosen, before, now)
    _refuse_unconnectable(merchant, wishes)
    if "recipients" in chosen:
        recipients.forget_taken_off(merchant.id)
    for recipient in merchant.recipients:
        if before and not before.sends_to(recipient):
            void_links.end(merchant.id, recipient, now)
            recipients.meet(merchant.id, recipient, now)
    return merchant


def _merchant(shop_host: str, chosen: Item, before: Merchant | None, now: datetime) -> Merchant:
    """The settings as chosen, over those that stand, over what is derived from the host."""
    derived = {"name": shop_host[:200], "hosts": [], "origins": [origin_of(shop_host)]}
    stand: Item = dump(before) if before else {"created_at": now}
    if missing := {"currency", "zone"} - (stand | chosen).keys():
        raise Malformed(
            "A new merchant needs a currency and a time zone.",
            errors=dict.fromkeys(sorted(missing), "is required"),
        )
    named = {"id": merchant_id_of(shop_host), "shop_host": shop_host}
    return settings.revised({**derived, **stand, **named}, chosen, before)


def _refuse_unconnectable(merchant: Merchant, wishes: Wishes) -> None:
    """Credentials of a system that the merchant, as it shall be, has no shop on."""
    each_why = [each.why_not(merchant) for each in wishes.credentials.values()]
    if errors := {name: why for whys in each_why for name, why in whys.items()}:
        raise Malformed("These credentials lead to no shop of the merchant's.", errors=errors)


# ── keys and secrets ─────────────────────────────────────────────────────────────────────────────
def _secrets(merchant: Merchant, wishes: Wishes, now: datetime) -> dict[str, str]:
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
def _state(merchant: Merchant, before: Merchant | None, key: str, now: datetime) -> dict[str, Any]:
    """What to install, with the publishable key where this run made it, and what was heard since.
    Of a shop that was not there before nothing can have been.
    """
    base, connected = environment.public_base_url(), connections.find_all(merchant.id)
    seen = {
        "first_event": before and shop_activity.first_event(merchant, now),
        "first_click": before and shop_activity.first_click(merchant, now),
        "first_order": before and shop_activity.first_order(merchant),
    }
    return {
        "script": f'{_ROOM}\n<script defer src="{base}/sharetrail.js?key={key}"></script>',
        "country": merchant.country,
        "consent": "required" if merchant.needs_consent else "optional",
        "webhooks": {
            name: f"{base}/v1/webhooks/{name}/{merchant.id}" for name in providers.PROVIDERS
        },
        "unsubscribed": [
            each for each in merchant.recipients if unsubscribes.is_unsubscribed(merchant.id, each)
        ],
        "undeliverable": [
            {"recipient": each.recipient, "why": each.why, "since": iso(each.at)}
            for each in suppressions.find_all(merchant.id)
        ],
        **{name: iso(at) if at else None for name, at in seen.items()},
        "notices": notice_words.told(notices.lately(merchant, now)),
        "connections": [told_connection.told(each) for each in connected],
    }
