"""What a merchant chose, changed: what may stand together, and what follows of it."""

from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from typing import Any

from babel.core import get_global

from sharetrail import calendars, logs
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.attribution import late_evidence
from sharetrail.aws import environment
from sharetrail.aws.items import Item, dump
from sharetrail.merchants import profiles
from sharetrail.merchants.keys.api_keys import Forbidden
from sharetrail.merchants.profile import FraudLimits, Merchant, UnknownMerchant
from sharetrail.problems import Malformed
from sharetrail.sharing import destinations
from sharetrail.totals import closings
from sharetrail.web import address
from sharetrail.web.bodies import parse

SETTINGS = {each.name for each in fields(Merchant)} - {"id", "shop_host", "created_at"}
"""What the operator may choose; what is not named, or null, stays as it is or takes its default."""
_WHOSE = "says whose shop it is"
_COSTS = "costs whoever runs Sharetrail for you"
OPERATORS = {
    **dict.fromkeys(("hosts", "origins", "shopify_domain"), _WHOSE),
    **dict.fromkeys(("links_per_day", "events_per_day"), _COSTS),
}
"""Settings that no key changes, and why: one that leaked would lead links out of the shop, take
another's place, or run up a bill."""
NEEDED = "has to be something"
OF_LISTS = {"recipients", "readers"}
"""Settings that have a resource of their own."""
WITHOUT_DEFAULT = {
    each.name
    for each in fields(Merchant)
    if each.default is MISSING and each.default_factory is MISSING
}
_REPORT_MISSED_FOR = timedelta(hours=74)
"""For how long after its Monday 08:00 a report may not have been due elsewhere, or not queued yet:
zones lie 26 hours apart, and a round may be two days late."""


def revised(stand: Item, chosen: Item, before: Merchant | None) -> Merchant:
    """The merchant as chosen over what stands: in plain values. Malformed, naming each setting that
    is not as it should be."""
    settings = {**stand, **chosen}
    if "country" not in chosen and (before is None or _is_derived(before)):
        settings["country"] = _country_of(settings["zone"])
    if isinstance(settings["hosts"], list):  # the shop's own, whatever others there are
        settings["hosts"] = list(dict.fromkeys([settings["shop_host"], *settings["hosts"]]))
    merchant = parse(Merchant, settings)
    _refuse_ours(merchant)
    return merchant


def choose(merchant_id: str, chosen: Item, now: datetime) -> tuple[Merchant, list[str]]:
    """By the merchant's own key: what is named is changed, and what is null takes its default; of
    `fraud` the parts that are named. And the names of what is another now. Malformed as it says;
    Forbidden for what is the operator's.
    """

    def changed(before: Merchant | None) -> Merchant:
        if before is None:
            raise UnknownMerchant("There is no such merchant.")
        if needed := _emptied(chosen) & WITHOUT_DEFAULT:
            errors = dict.fromkeys(sorted(needed), NEEDED)
            raise Malformed("Some settings have no default.", errors=errors)
        stand = dump(before) | {"fraud": dump(before.fraud)}
        kept = {name: value for name, value in stand.items() if name not in _emptied(chosen)}
        named = {name: value for name, value in chosen.items() if value is not None}
        if isinstance(named.get("fraud"), dict):
            named["fraud"] = _merged(stand["fraud"], named["fraud"])
        after = revised(kept, named, before)
        _refuse_operators(before, after)
        return after

    before, after = profiles.revise(merchant_id, changed)
    if before is None:
        return after, []
    names = _changed(before, after)
    if names:  # and not what they say
        logs.info("settings changed", merchant=after.id, settings=names)
    follow(before, after, now)
    return after, names


def _changed(before: Merchant, after: Merchant) -> list[str]:
    """Of `fraud` its parts."""
    parts = {each.name for each in fields(FraudLimits)}
    return sorted(
        [name for name in SETTINGS - {"fraud"} if getattr(before, name) != getattr(after, name)]
        + [name for name in parts if getattr(before.fraud, name) != getattr(after.fraud, name)]
    )


def _emptied(chosen: Item) -> set[str]:
    return {name for name, value in chosen.items() if value is None}


def _merged(stand: Item, chosen: Item) -> Item:
    named = {name: value for name, value in chosen.items() if value is not None}
    return {**{n: v for n, v in stand.items() if n not in _emptied(chosen)}, **named}


def _refuse_operators(before: Merchant, after: Merchant) -> None:
    """A fallback leads shoppers on: with a key alone never out of the shop."""
    changed = {name for name in OPERATORS if getattr(before, name) != getattr(after, name)}
    errors = {name: OPERATORS[name] for name in sorted(changed)}
    if after.fallback_url and after.fallback_url != before.fallback_url:
        host = address.host_of(after.fallback_url, loopback=environment.is_local())
        if host not in after.hosts:
            errors["fallback_url"] = "leads out of your shop"
    if errors:
        who = "Whoever runs Sharetrail for you may change that, by onboarding again."
        raise Forbidden(who, errors=errors)


def follow(before: Merchant, after: Merchant, now: datetime) -> None:
    """What a change asks for, once it stands. Again it does no harm."""
    if before.zone != after.zone:
        _have_reported(after, now)
        closings.note_moved(after, now)
    if before.currency != after.currency:
        late_evidence.ask_again(after, now + profiles.AGE)


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
