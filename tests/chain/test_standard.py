"""Any shop's messages over HTTP: what is refused outright, and what a dry run answers."""

import base64
import json

import pytest

from sharetrail.aws.tables import ORDERS
from sharetrail.calendars import iso
from tests.senders import post_standard, stripe_headers
from tests.shops import Shop, usd


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"subtotal": "1", "total": "1", "currency": "EURO"}, "data.currency"),
        ({"subtotal": "2", "total": "1"}, "data.total"),
        ({"subtotal": "1", "total": "1", "subtotl": "1"}, "data.subtotl"),
    ],
)
def test_a_signed_message_that_contradicts_itself_is_refused_named_and_stored_nowhere(
    shop: Shop, data: dict, field: str
) -> None:
    told = {"type": "order.placed", "timestamp": "2026-11-21T12:00:00Z"}
    answer = post_standard(shop, {**told, "data": {"order_id": "A-1", "currency": "USD", **data}})
    title = "The message contradicts itself or the contract"
    assert (answer.status, answer.json["title"]) == (422, title)
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert shop.read("/v1/quarantine")["items"] == []
    assert list(ORDERS.scan()) == []


def test_a_dry_run_tells_what_would_be_stored_and_stores_nothing(shop: Shop) -> None:
    data = {"order_id": "A-1", "currency": "USD", "subtotal": "40.00", "total": "47.60"}
    at = shop.cloud.clock.now()
    told = {"type": "order.placed", "timestamp": at.isoformat(), "data": data}
    answer = post_standard(shop, told, query="?dry_run=true")
    assert (answer.status, answer.json["dry_run"]) == (200, True)
    assert {name: answer.json[name] for name in ("order", "fact", "new")} == {
        "order": "A-1",
        "fact": "placed",
        "new": True,
    }
    stored = answer.json["would_store"]
    assert (stored["kind"], stored["at"]) == ("placed", iso(at))
    assert (stored["sale"]["net"], stored["sale"]["total"]) == (usd("40.00"), usd("47.60"))
    assert list(ORDERS.scan()) == []
    assert post_standard(shop, told).json["new"] is True
    assert post_standard(shop, told, query="?dry_run=true").json["new"] is False
    assert post_standard(shop, told, query="?dry_run=false").json["new"] is False


def test_a_dry_run_is_signed_and_keeps_nothing_in_quarantine(shop: Shop) -> None:
    told = {"type": "order.placed", "timestamp": "soon", "data": {"order_id": "A-1"}}
    answer = post_standard(shop, told, query="?dry_run=true")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "timestamp")
    wrong = "whsec_" + base64.b64encode(b"x" * 24).decode()
    assert post_standard(shop, told, secret=wrong, query="?dry_run=true").status == 401
    assert shop.read("/v1/quarantine")["items"] == []


@pytest.mark.parametrize("query", ["?dry_run", "?dry_run=1", "?dry_run=yes", "?dry_run=TRUE"])
def test_a_dry_run_asked_for_in_other_words_stores_nothing_either(shop: Shop, query: str) -> None:
    data = {"order_id": "A-1", "currency": "USD", "subtotal": "1.00", "total": "1.00"}
    told = {"type": "order.placed", "timestamp": "2026-11-21T12:00:00Z", "data": data}
    answer = post_standard(shop, told, query=query)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "dry_run")
    assert list(ORDERS.scan()) == []


def test_a_dry_run_of_what_asks_for_nothing_would_store_nothing(shop: Shop) -> None:
    body = json.dumps({"type": "customer.created"}).encode()
    headers = stripe_headers(body, shop.cloud.clock.now())
    path = f"/v1/webhooks/stripe/{shop.id}?dry_run=true"
    answer = shop.ask("POST", path, body, headers)
    nothing = {"order": None, "fact": None, "new": False}
    assert answer.json == {**nothing, "dry_run": True, "would_store": None}
