"""Quarantine: webhooks that are signed and ours, and yet could not be read. Kept for 30 days.

Quarantine bucket: `merchant/digest`, the digest of provider, topic and raw body, so a delivery
that comes again is the same object. An object is one line of JSON that says what it is, and then
the body as it came. A replay reads it by today's code, as received when it came first.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sharetrail import logs
from sharetrail.aws import clients, metrics, sealed_objects
from sharetrail.aws.items import dump, load
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.packing import labelled, unlabelled
from sharetrail.problems import NotFound
from sharetrail.web.answers import Fault
from sharetrail.web.http import MAX_BODY, json_body
from sharetrail.webhooks import providers
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from sharetrail.webhooks.replies import Stored
from sharetrail.webhooks.store_fact import take

LIFETIME = timedelta(days=30)
ID_PATTERN = r"^[0-9a-f]{32}$"
CONCERN = "WebhooksQuarantined"
PREFIX = "m_"
"""What merchants' ids begin with, and so the keys of these objects."""

_MAX_HEADER = 500
_MAX_REASON = 400
_MAX_TEXT = 200
_LABEL = 65_536
"""Bytes within which an object's first line ends, with room."""
_AT_ONCE = 8
_MANY = 1_000
"""As many keys as one request lists."""


class UnknownQuarantined(NotFound):
    """The merchant has no such webhook in quarantine."""


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """What is known of a webhook without understanding its body."""

    id: str
    provider: str
    topic: str
    order: str = ""
    """Its order's id, where the body has one at the place for it."""
    headers: dict[str, str]
    received: datetime
    reason: str
    fields: dict[str, str]
    """The fields at fault, where one can tell: {"currency": "Field required"}."""

    @property
    def expires(self) -> datetime:
        return self.received + LIFETIME


_Whole = tuple[Quarantined, bytes]


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────
def keep(delivery: Delivery, body: bytes, why: NotUnderstood) -> Quarantined:
    """Store the body as it came, and ring. What S3 raises is the sender's 5xx.

    What comes again rings again and changes nothing: the object says when it came first.
    """
    topic = providers.topic_of(delivery)[:_MAX_TEXT]
    wanted = delivery.headers.keys() & providers.provider(delivery.platform).HEADERS
    told = f"{delivery.platform}\0{topic}\0".encode() + body
    webhook = Quarantined(
        id=hashlib.sha256(told).hexdigest()[:32],
        provider=delivery.platform,
        topic=topic,
        order=_order_of(delivery.payload)[:_MAX_TEXT],
        headers={name: delivery.headers[name][:_MAX_HEADER] for name in sorted(wanted)},
        received=delivery.now,
        reason=why.detail[:_MAX_REASON],
        fields={name[:_MAX_TEXT]: text[:_MAX_TEXT] for name, text in why.errors.items()},
    )
    _store(delivery.merchant.id, webhook, body)
    _ring(delivery.merchant.id, webhook, why)
    return webhook


def errors_of(webhook: Quarantined) -> list[Fault]:
    """The fields at fault, as a problem names them."""
    return [{"field": name, "detail": why} for name, why in webhook.fields.items()]


def _store(merchant_id: str, webhook: Quarantined, body: bytes) -> None:
    """In one write, but where the object is there: it stays, unless it has expired, for S3 may take
    a day or two to remove it."""
    key = _key(merchant_id, webhook.id)
    told = labelled(dump(webhook), body)
    if sealed_objects.put_once(merchant_id, key, told):
        return
    if _read(merchant_id, webhook.id, webhook.received, until=_LABEL) is None:
        sealed_objects.put(merchant_id, key, told)


def _key(merchant_id: str, quarantined_id: str) -> str:
    return f"{merchant_id}/{quarantined_id}"


def _ring(merchant_id: str, webhook: Quarantined, why: NotUnderstood) -> None:
    """Topic and reason may quote the sender, so they stand in the object alone."""
    metrics.ring(
        CONCERN,
        webhook.received,
        merchant=merchant_id,
        quarantined=webhook.id,
        provider=webhook.provider,
        failure=logs.told(why),
    )


def _order_of(payload: Any) -> str:
    """An order's own id, or the one that a refund, a dispute or an event names."""
    body = payload if isinstance(payload, dict) else {}
    data = body["data"] if isinstance(body.get("data"), dict) else {}
    thing = data["object"] if isinstance(data.get("object"), dict) else {}
    places = (body.get("order_id"), data.get("order_id"), thing.get("payment_intent"))
    named = [each for each in (*places, body.get("id")) if isinstance(each, str | int)]
    return str(named[0]) if named else ""


# ── looking ──────────────────────────────────────────────────────────────────────────────────────
def following(
    merchant_id: str, after: str, limit: int, now: datetime
) -> tuple[list[Quarantined], str | None]:
    """At most `limit` of a merchant's, newest first, from behind the place `after` ("" for the
    first); and the place where the next begin, None behind the last."""
    places = sorted(_places(merchant_id), reverse=True)
    left = [place for place in places if not after or place < after]
    page = left[:limit]
    read = partial(_read, merchant_id, now=now, until=_LABEL)
    clients.s3()  # once, before the threads ask for it
    with logs.threads(_AT_ONCE) as pool:
        found = pool.map(read, [place.rpartition("/")[2] for place in page])
    return [webhook for webhook, _ in filter(None, found)], page[-1] if len(left) > limit else None


def _places(merchant_id: str) -> Iterator[str]:
    """When each of a merchant's objects was written, and its id, as text that sorts by time."""
    for key, written in sealed_objects.listed(f"{merchant_id}/"):
        yield f"{iso(written)}/{key.rpartition('/')[2]}"


def times(merchant_id: str, now: datetime) -> Iterator[datetime]:
    """When each was written that has not expired: nothing of it is read. What came again after it
    was nearly 30 days old may be left out."""
    objects = sealed_objects.listed(f"{merchant_id}/")
    return (written for _, written in objects if now - written < LIFETIME)


def waiting(now: datetime) -> int:
    """How many there are of all merchants, by the first thousand: nothing of them is read."""
    objects = islice(sealed_objects.listed(PREFIX), _MANY)
    return sum(now - written < LIFETIME for _, written in objects)


def find(merchant_id: str, quarantined_id: str, now: datetime) -> _Whole:
    """What is known of it, and its body as it came. UnknownQuarantined where there is none."""
    if stored := _read(merchant_id, quarantined_id, now, until=_LABEL + MAX_BODY):
        return stored
    raise UnknownQuarantined(f"Nothing in quarantine has the id {quarantined_id!r}.")


def _read(merchant_id: str, quarantined_id: str, now: datetime, until: int) -> _Whole | None:
    """From the object's first bytes; None where there is none, or no more."""
    stored = sealed_objects.get(_key(merchant_id, quarantined_id), until)
    if stored is None:
        return None
    label, body = unlabelled(stored)
    webhook = load(Quarantined, label)
    return (webhook, body) if now < webhook.expires else None


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────
def replay(merchant: Merchant, quarantined_id: str, now: datetime) -> Stored:
    """Read it again by today's code, store its fact, and then forget it: what the webhook would
    have answered when it came first. NotUnderstood or Mismatch, and it stays, where it still cannot
    be read.

    Two at once store one fact, since a fact's key is its own; so does one that died half-way.
    """
    webhook, body = find(merchant.id, quarantined_id, now)
    told = take(
        Delivery(
            platform=webhook.provider,
            merchant=merchant,
            headers=webhook.headers,
            payload=json_body(body, mends=True),
            now=webhook.received,
        ),
        now,
    )
    _forget(merchant.id, quarantined_id)
    return told


def discard(merchant_id: str, quarantined_id: str, now: datetime) -> None:
    """Forget it unread. UnknownQuarantined where there is none."""
    find(merchant_id, quarantined_id, now)
    _forget(merchant_id, quarantined_id)


def _forget(merchant_id: str, quarantined_id: str) -> None:
    sealed_objects.delete(_key(merchant_id, quarantined_id))
