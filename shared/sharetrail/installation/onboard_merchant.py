"""Onboarding a merchant: by the operator, directly, as often as one likes.

Run again for the same shop host it updates what is given, leaves what is not, and makes new keys
and secrets only on request. Keys and secrets are shown in the answer that makes them, and never
again.
"""

import secrets
from dataclasses import field, fields
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, get_args

from babel.core import get_global
from pydantic import StringConstraints

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.attribution import late_evidence
from sharetrail.aws import environment
from sharetrail.aws.items import Item, dump
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.clicks import daily_salts
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants import (
    api_keys,
    notice_words,
    notices,
    person_hashes,
    profiles,
    recipients,
    vault,
    void_links,
)
from sharetrail.merchants.api_keys import Kind
from sharetrail.merchants.profile import Address, Host, Merchant, merchant_id_of, origin_of
from sharetrail.orders.order_fact import Vendor
from sharetrail.problems import Malformed
from sharetrail.sharing import destinations
from sharetrail.totals import closings, shop_activity
from sharetrail.web.bodies import parse, strict
from sharetrail.webhooks import providers, standard

SETTINGS = {each.name for each in fields(Merchant)} - {"id", "shop_host", "created_at"}
"""What the operator may choose; what is not named, or null, stays as it is or takes its default."""
_ROOM = "<style>sharetrail-buttons:not(:defined) { display: block; min-height: 44px }</style>"
"""Keeps the buttons' room until the script is there, so that nothing moves when they come."""
_REPORT_MISSED_FOR = timedelta(hours=74)
"""For how long after its Monday 08:00 a report may not have been due elsewhere, or not queued yet:
zones lie 26 hours apart, and a round may be two days late."""
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


def onboard(asked: Item, now: datetime) -> dict[str, Any]:
    """Create or update the merchant; keys and secrets made by this run are in the answer.
    Malformed where a wish or a setting is not as it should be, Taken where another merchant has
    what is chosen, Overtaken by too many runs at once; and nothing is changed, and none is made.
    """
    wishes = parse(Wishes, {name: asked[name] for name in asked.keys() - SETTINGS})
    chosen = {name: asked[name] for name in SETTINGS if asked.get(name) is not None}
    merchant_id = merchant_id_of(wishes.shop_host)
    before, merchant = profiles.revise(
        merchant_id, lambda before: _revised(wishes.shop_host, chosen, before, now)
    )
    if before and before.zone != merchant.zone:
        _have_reported(merchant, now)
        closings.note_moved(merchant, now)
    daily_salts.make(now)
    for name in ("root", person_hashes.PEPPER):
        vault.keep_first(merchant.id, name)
    if before and before.currency != merchant.currency:
        late_evidence.ask_again(merchant, now + profiles.AGE)
    made: Item = _keys(merchant, wishes, now)
    made["webhook_secrets"] = _secrets(merchant, wishes, now)
    for recipient in wishes.resubscribe:
        unsubscribes.resubscribe(merchant.id, recipient, now)
        suppressions.lift_bounce(merchant.id, recipient, now)
    for recipient in wishes.lift_complaints:
        suppressions.lift_all(merchant.id, recipient, now)
    return {
        "merchant_id": merchant.id,
        "created": before is None,
        **made,
        **_state(merchant, before, made.get("publishable_key", "pk_…"), now),
    }


def _revised(shop_host: str, chosen: Item, before: Merchant | None, now: datetime) -> Merchant:
    """The merchant as it shall be. Whoever becomes a recipient, be it again, has no link of before:
    that is said first, while nobody could open one. So is that nobody comes back whom the list, as
    it is named now, leaves out: a run that dies in between leaves no way to it."""
    merchant = _merchant(shop_host, chosen, before, now)
    if "recipients" in chosen:
        recipients.forget_taken_off(merchant.id)
    for recipient in merchant.recipients:
        if before and not before.sends_to(recipient):
            void_links.end(merchant.id, recipient, now)
    return merchant


def _merchant(shop_host: str, chosen: Item, before: Merchant | None, now: datetime) -> Merchant:
    """The settings as chosen, over those that stand, over what is derived from the host."""
    derived = {"name": shop_host[:200], "hosts": [], "origins": [origin_of(shop_host)]}
    settings: Item = {**derived, "created_at": now, **(dump(before) if before else {}), **chosen}
    if missing := {"currency", "zone"} - settings.keys():
        raise Malformed(
            "A new merchant needs a currency and a time zone.",
            errors=dict.fromkeys(sorted(missing), "is required"),
        )
    if "country" not in chosen and (before is None or _is_derived(before)):
        settings["country"] = _country_of(settings["zone"])
    if isinstance(settings["hosts"], list):  # the shop's own, whatever others there are
        settings["hosts"] = list(dict.fromkeys([shop_host, *settings["hosts"]]))
    settings |= {"id": merchant_id_of(shop_host), "shop_host": shop_host}
    merchant = parse(Merchant, settings)
    _refuse_ours(merchant)
    return merchant


def _have_reported(merchant: Merchant, now: datetime) -> None:
    """Its reports are due by its new zone: the newest, whose round may be over there while in its
    old zone it was not due yet, and the next, whose round may ask before the index knows. Those of
    other rhythms stand on the agenda, and whoever takes one knows when it is due.
    """
    jobs.hasten(merchant.id, "report", now)
    for at in (now, now + calendars.WEEK):
        due, week = calendars.last_report(at, merchant.tz)
        if now - due <= _REPORT_MISSED_FOR:
            job = Job(kind="report", merchant=merchant.id, about=week.first.isoformat())
            jobs.note(job, max(due, now))


def _refuse_ours(merchant: Merchant) -> None:
    """Links that lead to links would go round in a circle."""
    fallback, ours = merchant.fallback_url, "is where the short links live"
    errors = {"hosts": ours} if any(map(destinations.is_own, merchant.hosts)) else {}
    if fallback and not destinations.leads_out(fallback):
        errors["fallback_url"] = f"{ours}, or on this machine"
    if errors:
        raise Malformed("No shop lives where the short links do.", errors=errors)


def _is_derived(merchant: Merchant) -> bool:
    """Whether its country may have come of its zone, and so goes with it."""
    return merchant.country in ("", _country_of(merchant.zone))


def _country_of(zone: Any) -> str:
    """Where a zone lies; empty for one that lies nowhere (UTC), or is none."""
    country: str = get_global("zone_territories").get(str(zone), "")
    return country if country.isalpha() and country != "ZZ" else ""


# ── keys and secrets ─────────────────────────────────────────────────────────────────────────────
def _keys(merchant: Merchant, wishes: Wishes, now: datetime) -> dict[str, str]:
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
    base = environment.public_base_url()
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
    }
