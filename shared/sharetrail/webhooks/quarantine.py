"""Quarantine: webhooks that are signed and ours, and yet could not be read. Kept for 30 days.

Quarantine bucket: `merchant/digest`, the digest of provider, topic and raw body, so a delivery
that comes again is the same object. An object is one line of JSON that says what it is, and then
the body as it came; KMS encrypts it under the merchant's name. A replay reads it by today's code.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from sharetrail.aws import clients, environment
from sharetrail.aws.items import dump, load
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound
from sharetrail.web.http import MAX_BODY, json_body
from sharetrail.webhooks import providers
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from sharetrail.webhooks.store_fact import take

LIFETIME = timedelta(days=30)
ID_PATTERN = r"^[0-9a-f]{32}$"
METRIC = "WebhooksQuarantined"
NAMESPACE = "Sharetrail"

_MAX_HEADER = 500
_MAX_TEXT = 200
_LABEL = 65_536
"""Bytes within which an object's first line ends, with room."""
_MAX_OBJECT = _LABEL + MAX_BODY
_AT_ONCE = 8


class UnknownQuarantined(NotFound):
    """The merchant has no such webhook in quarantine."""


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """What is known of a webhook without understanding its body."""

    id: str
    provider: str
    topic: str
    headers: dict[str, str]
    received: datetime
    reason: str
    fields: dict[str, str]
    """The fields at fault, where one can tell: {"currency": "Field required"}."""

    @property
    def expires(self) -> datetime:
        return self.received + LIFETIME


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────
def keep(provider: str, delivery: Delivery, body: bytes, why: NotUnderstood) -> Quarantined:
    """Store the body as it came, in one write, and ring. What S3 raises is the sender's 5xx."""
    sender = providers.provider(provider)
    topic = providers.topic_of(sender, delivery)[:_MAX_TEXT]
    wanted = providers.headers_read_by(sender) & delivery.headers.keys()
    kept = Quarantined(
        id=_id(provider, topic, body),
        provider=provider,
        topic=topic,
        headers={name: delivery.headers[name][:_MAX_HEADER] for name in sorted(wanted)},
        received=delivery.now,
        reason=why.detail[:_MAX_TEXT],
        fields={name[:_MAX_TEXT]: text[:_MAX_TEXT] for name, text in why.errors.items()},
    )
    label = json.dumps(dump(kept), ensure_ascii=False)
    clients.s3().put_object(
        Bucket=environment.quarantine_bucket(),
        Key=_key(delivery.merchant.id, kept.id),
        Body=label.encode() + b"\n" + body,
        ContentType="application/octet-stream",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=environment.merchant_key(),
        SSEKMSEncryptionContext=_context(delivery.merchant.id),
    )
    _ring(delivery.merchant.id, kept)
    return kept


def _id(provider: str, topic: str, body: bytes) -> str:
    return hashlib.sha256(f"{provider}\0{topic}\0".encode() + body).hexdigest()[:32]


def _key(merchant_id: str, quarantined_id: str) -> str:
    return f"{merchant_id}/{quarantined_id}"


def _context(merchant_id: str) -> str:
    return base64.b64encode(json.dumps({"merchant": merchant_id}).encode()).decode()


def _ring(merchant_id: str, webhook: Quarantined) -> None:
    """One line in CloudWatch's embedded metric format: what the template's alarm watches."""
    metric = {
        "Namespace": NAMESPACE,
        "Dimensions": [["BucketName"]],
        "Metrics": [{"Name": METRIC, "Unit": "Count"}],
    }
    at = int(webhook.received.timestamp() * 1000)
    line = {
        "_aws": {"Timestamp": at, "CloudWatchMetrics": [metric]},
        "BucketName": environment.quarantine_bucket(),
        METRIC: 1,
        "merchant": merchant_id,
        "quarantined": webhook.id,
        "provider": webhook.provider,
        "topic": webhook.topic,
    }
    print(json.dumps(line))  # noqa: T201


# ── looking ──────────────────────────────────────────────────────────────────────────────────────
def following(
    merchant_id: str, after: str, limit: int, now: datetime
) -> tuple[list[Quarantined], str | None]:
    """At most `limit` of a merchant's, newest first, from behind the place `after` ("" for the
    first); and the place where the next begin, None behind the last."""
    places = sorted(_places(merchant_id), reverse=True)
    left = [place for place in places if not after or place < after]
    page = left[:limit]
    clients.s3()  # once, before the threads ask for it
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda place: _label(merchant_id, place.rpartition("/")[2], now), page)
    return [each for each in found if each], page[-1] if len(left) > limit else None


def find(merchant_id: str, quarantined_id: str, now: datetime) -> tuple[Quarantined, bytes]:
    """What is known of it, and its body as it came. UnknownQuarantined where there is none."""
    stored = _read_object(_key(merchant_id, quarantined_id))
    if stored is None or stored[0].expires <= now:
        raise UnknownQuarantined(f"Nothing in quarantine has the id {quarantined_id!r}.")
    return stored


def _places(merchant_id: str) -> Iterator[str]:
    """When each of a merchant's objects was written, and its id, as text that sorts by time."""
    pages = clients.s3().get_paginator("list_objects_v2")
    prefix = _key(merchant_id, "")
    for page in pages.paginate(Bucket=environment.quarantine_bucket(), Prefix=prefix):
        for each in page.get("Contents", []):
            yield f"{iso(each['LastModified'])}/{each['Key'].removeprefix(prefix)}"


def _label(merchant_id: str, quarantined_id: str, now: datetime) -> Quarantined | None:
    stored = _read_object(_key(merchant_id, quarantined_id), until=_LABEL)
    return stored[0] if stored and now < stored[0].expires else None


def _read_object(key: str, until: int = _MAX_OBJECT) -> tuple[Quarantined, bytes] | None:
    """The object's first bytes, by default all; None where there is none, or no more."""
    bucket, part = environment.quarantine_bucket(), f"bytes=0-{until - 1}"
    try:
        answer = clients.s3().get_object(Bucket=bucket, Key=key, Range=part)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None
    label, _, body = answer["Body"].read().partition(b"\n")
    return load(Quarantined, json.loads(label)), body


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────
def replay(merchant: Merchant, quarantined_id: str, now: datetime) -> dict[str, Any]:
    """Read it again by today's code, store its fact, and then forget it: what the webhook would
    have answered. NotUnderstood or Mismatch, and it stays, where it still cannot be read.

    Two at once store one fact, since a fact's key is its own; so does one that died half-way.
    """
    kept, body = find(merchant.id, quarantined_id, now)
    delivery = Delivery(merchant=merchant, headers=kept.headers, payload=json_body(body), now=now)
    told = take(providers.provider(kept.provider).read, delivery)
    _forget(merchant.id, quarantined_id)
    return told


def discard(merchant_id: str, quarantined_id: str, now: datetime) -> None:
    """Forget it unread. UnknownQuarantined where there is none."""
    find(merchant_id, quarantined_id, now)
    _forget(merchant_id, quarantined_id)


def _forget(merchant_id: str, quarantined_id: str) -> None:
    bucket = environment.quarantine_bucket()
    clients.s3().delete_object(Bucket=bucket, Key=_key(merchant_id, quarantined_id))
