"""An order whose ring was given up: healed by the next sweep, whatever rang and whatever fails."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from local.template import filters, intrinsics
from local.template.reader import TEMPLATE
from sharetrail.attribution import attribute_order, credits, missed_rings
from sharetrail.aws.tables import ORDERS
from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import OrderRef
from sharetrail.webhooks import shopify
from tests import exports, faults
from tests.chain.test_faults import dead_letters
from tests.chain.test_identities import ANN
from tests.chain.test_quarantine import fixed
from tests.chain.test_rates import a_day
from tests.rounds import pass_hours
from tests.shops import Shop

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, *orders: str) -> Iterator[None]:
    """Attribution fails, of these orders or of all."""
    real = attribute_order.refresh

    def refresh(ref: OrderRef, now: datetime) -> Any:
        if not orders or ref.id in orders:
            raise RuntimeError("the test says no")
        return real(ref, now)

    with monkeypatch.context() as broken:
        broken.setattr(attribute_order, "refresh", refresh)
        yield


def give_up(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has rung until now rings in vain."""
    with failing(monkeypatch):
        assert shop.cloud.drain()["failed"]


def pass_time(shop: Shop, **time: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def ref_of(shop: Shop, order: str) -> OrderRef:
    return OrderRef(merchant=shop.id, platform="shopify", id=order)


def sweep(shop: Shop) -> list[dict[str, Any]]:
    """An hour later; what failed."""
    pass_time(shop, hours=1)
    return shop.run("sweep")


def is_whole(shop: Shop, order: str) -> bool:
    """Whether the order's credits are of all its rows."""
    rows = order_facts.rows(ref_of(shop, order))
    credited = credits.find_in(rows)
    return credited is not None and credited.fact_count == attribute_order.row_count(rows)


# ── what is found ────────────────────────────────────────────────────────────────────────────────
def test_an_order_that_was_given_up_is_credited_by_the_next_sweep(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    pass_time(shop, minutes=1)
    shop.buy("1001", "48.50", trail)
    give_up(shop, monkeypatch)
    assert not is_whole(shop, "1001")
    assert sweep(shop) == []
    (line,) = shop.order("1001")["credits"]["linear"]
    assert (line["influencer"], line["credited"]["amount"]) == ("ana", "48.50")
    assert shop.read("/v1/stats")["totals"]["orders"] == 1


def test_a_refund_that_was_given_up_is_taken_off_by_the_next_sweep(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.buy("1001", trail=shop.click(shop.share("ana").json["code"]))
    assert shop.cloud.drain()["failed"] == []
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "20.00"))
    give_up(shop, monkeypatch)
    assert shop.order("1001")["net"]["amount"] == "50.00"
    assert sweep(shop) == []
    assert shop.order("1001")["net"]["amount"] == "30.00"


def lose_ring(shop: Shop) -> None:
    """What has rung until now is nowhere."""
    shop.cloud.skip_stream("attribute_order")


def test_an_order_whose_record_was_lost_without_a_trace_is_found_within_two_hours(
    shop: Shop,
) -> None:
    shop.buy("1001", "48.50", shop.click(shop.share("ana").json["code"]))
    lose_ring(shop)
    assert pass_hours(shop.cloud, 1) == []
    assert shop.order("1001")["credits"]["linear"][0]["credited"]["amount"] == "48.50"


def test_it_is_found_as_well_where_no_sweep_runs_for_longer_than_is_looked_back(
    shop: Shop,
) -> None:
    assert pass_hours(shop.cloud, 1) == []
    shop.buy("1001")
    lose_ring(shop)
    assert pass_hours(shop.cloud, missed_rings.HOURS + 2, without=["sweep"]) == []
    assert not is_whole(shop, "1001")
    assert pass_hours(shop.cloud, 1) == []
    assert is_whole(shop, "1001")


@pytest.mark.parametrize("minutes", [1, 59])
def test_a_sweep_that_fails_is_no_loss_whenever_in_the_hour_the_order_was_heard(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    now = shop.cloud.clock.now()
    begun = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    shop.cloud.clock.set_forward(begun + timedelta(minutes=minutes))
    shop.buy("1001")
    give_up(shop, monkeypatch)
    swept = begun + timedelta(minutes=32)
    swept += timedelta(hours=swept < shop.cloud.clock.now())
    shop.cloud.clock.set_forward(swept)
    with failing(monkeypatch):
        assert shop.run("sweep")
    assert sweep(shop) == []
    assert is_whole(shop, "1001")


def test_what_was_credited_is_left_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.buy("1001")
    assert shop.cloud.drain()["failed"] == []
    with failing(monkeypatch):
        assert sweep(shop) == []


def test_a_refund_without_its_order_waits_for_it(shop: Shop) -> None:
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "20.00"))
    assert shop.cloud.drain()["failed"] == []
    assert sweep(shop) == []
    shop.buy("1001")
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "30.00"


# ── what else fails ──────────────────────────────────────────────────────────────────────────────
def test_an_order_that_fails_keeps_no_other_waiting_and_fails_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in ("1001", "1002", "1003"):
        shop.buy(order)
    give_up(shop, monkeypatch)
    with failing(monkeypatch, "1002"):
        (failed,) = sweep(shop)
    assert json.loads(failed["item"])["about"] == ["shopify#1002"]
    assert [is_whole(shop, each) for each in ("1001", "1002", "1003")] == [True, False, True]


def test_an_order_that_cannot_be_read_is_named_by_every_sweep_that_looks_at_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = {"pk": f"{shop.id}#shopify#poison", "sk": "placed", "kind": "placed"}
    order_rings.put_once(poison, shop.cloud.clock.now())
    shop.buy("1001")
    give_up(shop, monkeypatch)
    (failed,) = sweep(shop)
    assert failed["item"].endswith('"about": ["shopify#poison"]}')
    assert is_whole(shop, "1001")


# ── what rings ───────────────────────────────────────────────────────────────────────────────────
def ring_in_every_way(shop: Shop) -> None:
    """Every kind of row that is written to an order, by whoever writes it."""
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    trail = shop.click(shop.share("ana").json["code"])
    shop.buy("1001", trail=trail, **ANN)  # in the click's last second
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "5.00"))
    shop.buy("1002", currency="EUR")
    spill_and_tell_again(shop, "1003")
    body = exports.text(exports.SHOPIFY, exports.shopify(1010))
    csv = {**headers, "content-type": "text/csv"}
    assert shop.ask("POST", "/v1/reconciliations?load=true", body, csv).json["orders_loaded"] == 1
    shop.cloud.drain()
    rate = {"currency": "EUR", "day": str(a_day(shop, 0)), "rate": "2"}
    assert shop.ask("POST", "/v1/rates", rate, headers).json["orders"] == 1
    since = shop.cloud.clock.now() - timedelta(hours=1)
    told = {"email": ANN["email"], "trail": [trail], "at": since.isoformat()}
    assert shop.ask("POST", "/v1/identities", told, headers).json["orders"] == 1
    doubt = {"decision": shop.order("1001")["decisions"][0]["id"], "word": "upheld"}
    path = "/v1/orders/shopify/1001/decisions"
    assert shop.ask("POST", path, doubt, headers).json["new"]
    assert shop.cloud.drain()["failed"] == []


def heard_lately(shop: Shop) -> set[str]:
    now = shop.cloud.clock.now()
    return {*order_rings.between(now - timedelta(hours=2), now)}


def spill_and_tell_again(shop: Shop, order: str) -> None:
    told = shop.an_order(order)
    with faults.failing("dynamodb", faults.refused("ThrottlingException")):
        assert shop.deliver("orders/create", told).status == 202
    pass_time(shop, seconds=1)
    assert shop.deliver("orders/create", told).status == 200
    shop.cloud.drain()


def test_what_rings_by_the_streams_filter_is_what_the_index_has(shop: Shop) -> None:
    ring_in_every_way(shop)
    (stream,) = RESOURCES["AttributeOrder"]["Properties"]["Events"].values()
    (pattern,) = stream["Properties"]["FilterCriteria"]["Filters"]
    prefixes: set[str] = set()
    for row in ORDERS.scan():
        record = {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": row["sk"]}}}}
        rings = filters.matches(json.loads(pattern["Pattern"]), record)
        assert rings == ("heard" in row), row
        prefixes |= {row["sk"].partition("#")[0]} if rings else set()
    assert prefixes == {"placed", "refund", "rate", "decided", "known", "heard"}
    told = {ref_of(shop, order).pk for order in ("1001", "1002", "1003", "1010")}
    assert told == heard_lately(shop)


def store_from_queue(shop: Shop, _: pytest.MonkeyPatch) -> None:
    with faults.elsewhere(faults.NOWHERE, "dynamodb"):
        assert shop.buy("1001").status == 202
    pass_time(shop, days=1)  # and drained when it rings


def store_from_bucket(shop: Shop, _: pytest.MonkeyPatch) -> None:
    with faults.elsewhere(faults.NOWHERE, "dynamodb", "sqs"):
        assert shop.buy("1001").status == 202
    pass_time(shop, days=1)
    assert shop.cloud.schedule("sweep").error is None


def store_from_quarantine(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    told = shop.buy("1001", subtotal_price="12,50")
    pass_time(shop, days=1)
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    with monkeypatch.context() as patched:
        patched.setattr(shopify, "read", fixed(shopify.read))
        path = f"/v1/quarantine/{told.json['quarantined']}/replay"
        assert shop.ask("POST", path, None, headers).status == 200


@pytest.mark.parametrize("store", [store_from_queue, store_from_bucket, store_from_quarantine])
def test_what_is_stored_a_day_late_is_looked_for_when_it_is_stored(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    store: Callable[[Shop, pytest.MonkeyPatch], None],
) -> None:
    store(shop, monkeypatch)
    give_up(shop, monkeypatch)
    assert sweep(shop) == []
    assert is_whole(shop, "1001")


def test_what_a_bell_rings_that_is_opened_a_day_late_is_looked_for_when_it_is_opened(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    rate = {"currency": "EUR", "day": str(a_day(shop, 0)), "rate": "2"}
    assert shop.ask("POST", "/v1/rates", rate, headers).status == 201
    shop.buy("1001", currency="EUR")
    give_up(shop, monkeypatch)
    (letter,) = dead_letters(shop, "failed-doorbells")
    pass_time(shop, days=1)
    assert heard_lately(shop) == set()
    queue = shop.cloud.template.environment["DOORBELLS_QUEUE"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(letter))
    assert shop.cloud.drain()["failed"] == []
    assert heard_lately(shop) == {ref_of(shop, "1001").pk}, "by its rate"


# ── who hears of it ──────────────────────────────────────────────────────────────────────────────
def test_a_batch_that_was_given_up_is_told_to_a_queue_and_can_be_given_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.buy("1001")
    with monkeypatch.context() as broken:
        broken.setenv("DOORBELLS_QUEUE", f"{faults.NOWHERE}/gone")  # which would set it aside
        give_up(shop, monkeypatch)
    (told,) = dead_letters(shop, "failed-records")
    (place,) = (record["s3"] for record in told["Records"])
    kept = boto3.client("s3").get_object(Bucket=place["bucket"]["name"], Key=place["object"]["key"])
    batch = json.loads(json.loads(kept["Body"].read())["payload"])
    assert shop.cloud.invoke("attribute_order", batch) == {"batchItemFailures": []}
    assert is_whole(shop, "1001")
