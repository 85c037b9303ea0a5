"""What is kept anywhere, searched for a person; and every figure of a shop, beside an erasure."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3

from sharetrail.aws import tables
from sharetrail.aws.tables import Table
from sharetrail.merchants import person_hashes
from tests.personal import text_of
from tests.shops import Shop

FIGURES = (
    "/v1/stats",
    "/v1/stats?by=influencer",
    "/v1/stats?by=network",
    "/v1/stats?by=day",
    "/v1/cohorts?by=influencer",
    "/v1/returns",
    "/v1/influencers",
    "/v1/held-orders",
    "/v1/rankings/sales",
    "/v1/share-tree",
)
_APART = frozenset(["customer_hash", "email_hash", "address_hash", "until", "as_of"])
"""What an order is no more told of its buyer, and when something was asked."""


@dataclass(frozen=True)
class Person:
    """By what they are known, to the shop and here."""

    emails: tuple[str, ...]
    customers: dict[str, str]

    @property
    def asked(self) -> dict[str, Any]:
        return {"email": self.emails[0], "customer": self.customers}

    def marks(self, shop: Shop, *addresses: str | None) -> re.Pattern[str]:
        """What they are called, the hashes of it, and what is made of those."""
        now = shop.cloud.clock.now()
        hashes = [
            each for mail in self.emails for each in person_hashes.of_emails(shop.id, mail, now)
        ]
        hashes += person_hashes.of_customers(shop.id, self.customers, now)
        hashes += filter(None, addresses)
        numbers = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in self.customers.values()]
        short = [hashlib.sha256(each.encode()).hexdigest()[:16] for each in hashes]
        doors = [
            hashlib.sha256(f"{name}@{door}".encode()).hexdigest()[:16]
            for name in hashes
            for door in hashes
        ]
        words = [*self.emails, *(each[:16] for each in hashes), *short, *doors]
        # A number of few digits stands in many a random key, as a part of it.
        return re.compile("|".join([*map(re.escape, words), *numbers]), re.IGNORECASE)


def everything(shop: Shop) -> Iterator[tuple[str, str]]:
    """Where it stands, and the text of every row, object and message."""
    for table in (each for each in vars(tables).values() if isinstance(each, Table)):
        for row in table.scan():
            text = " ".join(f"{name} {_text(value)}" for name, value in row.items())
            yield f"{table.noun} {row['pk']} / {row.get('sk', '')}", text
    s3 = boto3.client("s3")
    for bucket in shop.cloud.template.buckets:
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
            yield f"bucket {each['Key']}", f"{each['Key']} {text_of(body)}"
    sqs = boto3.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
        for each in sqs.receive_message(**asked).get("Messages", []):
            yield f"queue {url.rpartition('/')[2]}", each["Body"]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {_text(each)}" for name, each in value.items())
    if isinstance(value, list | tuple | set):
        return " ".join(map(_text, value))
    return text_of(value)


def places(shop: Shop, marks: re.Pattern[str]) -> list[str]:
    """Where one of the marks is found."""
    return sorted(where for where, text in everything(shop) if marks.search(text))


def figures(shop: Shop) -> dict[str, Any]:
    """All that the shop is told of its orders, and whoever earned from them."""
    told = {path: plain(shop.read(path)) for path in FIGURES}
    orders = [row["order"] for row in _every_order(shop)]
    return told | {own: plain(shop.order(*own)) for own in sorted(orders)}


def _every_order(shop: Shop) -> Iterator[dict[str, Any]]:
    for row in tables.ORDERS.scan():
        if row["sk"] == "credits":
            yield {"order": (row["order"], row["platform"])}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name not in _APART}
    return [plain(each) for each in value] if isinstance(value, list) else value


def erase(shop: Shop, **asked: Any) -> Any:
    """As the operator does."""
    event = {"merchant": shop.id, "time": shop.cloud.clock.now().isoformat(), **asked}
    told = shop.cloud.invoke("erase_person", event)
    assert "error" not in told, told
    assert shop.cloud.drain()["failed"] == []
    return json.loads(json.dumps(told))


def night(shop: Shop) -> None:
    """The next one: whoever was erased is erased again."""
    now = shop.cloud.clock.now()
    at = now.replace(hour=3, minute=32)
    shop.cloud.clock.set_forward(at if at > now else at + timedelta(days=1))
    assert shop.run("sweep") == []
