"""One signed delivery: verified, read into at most one fact, stored; or kept until it can be. What
Shopify passes on of a person who asks is no fact: it is kept for whoever does it, and queued."""

from datetime import datetime

from sharetrail.aws import clients
from sharetrail.merchants import profiles, refusals, vault
from sharetrail.orders import spilled_facts
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.questions import privacy_requests
from sharetrail.questions.privacy_request import PrivacyRequest
from sharetrail.web.http import json_body
from sharetrail.webhooks import providers, quarantine, replies, store_fact
from sharetrail.webhooks.delivery import AnotherShop, Delivery, NotUnderstood
from sharetrail.webhooks.dry_run import dry_run, is_wished
from sharetrail.webhooks.persons import shopify_topics
from sharetrail.webhooks.replies import Reply
from sharetrail.webhooks.signature import Unsigned, Untimely

Replied = tuple[int, Reply | None]
_OWN_PROGRAM = "webhook:standard"


def receive(
    name: str, merchant_id: str, headers: dict[str, str], body: bytes, now: datetime, query: str
) -> Replied:
    """What the provider of this name is answered: a status and a body.

    200 once the fact is stored (or was already, or there is none in it); 202 where the delivery is
    ours and cannot be read, and stands in quarantine, or where its fact cannot be stored yet and is
    kept. UnknownProvider, Unsigned or Mismatch otherwise. `query` is the raw one: a dry run stores
    nothing.

    Nothing but the endpoint's secret is read before the signature fits, and for a merchant or an
    endpoint that there is none of nothing fits.
    """
    provider = providers.provider(name)
    is_dry = is_wished(query, name)
    if providers.is_ping(name, headers, body):
        return 200, None
    secrets = vault.active(merchant_id, f"webhook:{name}", now)
    try:
        provider.verify(headers, body, secrets, now)
    except Unsigned as why:
        _note_refused(name, merchant_id, secrets, why, now)
        raise
    merchant = profiles.find(merchant_id, now)
    payload = json_body(body, mends=True)
    delivery = Delivery(platform=name, merchant=merchant, headers=headers, payload=payload, now=now)
    if is_dry:
        return 200, dry_run(delivery)
    try:
        if shopify_topics.is_one(delivery):
            return 200, _asked(shopify_topics.read(delivery))
        told = store_fact.read(delivery)
        return _stored(*told, now) if told else (200, replies.NOTHING)
    except NotUnderstood as why:
        return _quarantined(delivery, body, why)
    except AnotherShop as why:
        refusals.note(merchant_id, "shop", now, platform=name, named=why.shop)
        raise


def _asked(request: PrivacyRequest | None) -> Reply:
    """Whatever keeps it from being kept and queued is the sender's 5xx: Shopify comes again."""
    if request is None:
        return replies.NOTHING
    with clients.prompt():
        kept = privacy_requests.ask(request)
    return {"asked": kept.act, "whose": kept.whose, "id": kept.result_id}


def _note_refused(
    name: str, merchant_id: str, secrets: tuple[bytes, ...], why: Unsigned, now: datetime
) -> None:
    """Where an endpoint has a secret there is a merchant. Every merchant has one of its own
    program's: whose system signs by one that was never given here is told so, too."""
    if isinstance(why, Untimely):
        refusals.note(merchant_id, "clock", now, platform=name, seconds=why.seconds)
    elif secrets or vault.active(merchant_id, _OWN_PROGRAM, now):
        refusals.note(merchant_id, "signature", now, platform=name)


def _stored(order: OrderRef, fact: Fact, now: datetime) -> Replied:
    """A name that the deployment lacks is a KeyError and not caught: nothing could be kept."""
    with clients.prompt():
        try:
            return 200, store_fact.store(order, fact, now)
        except spilled_facts.FAILURES as why:
            spilled_facts.spill(order, fact, why)
            return 202, {"order": order.id, "fact": fact.sk, "kept": True}


def _quarantined(delivery: Delivery, body: bytes, why: NotUnderstood) -> Replied:
    webhook = quarantine.keep(delivery, body, why)
    return 202, {
        "quarantined": webhook.id,
        "reason": webhook.reason,
        "errors": quarantine.errors_of(webhook),
    }
