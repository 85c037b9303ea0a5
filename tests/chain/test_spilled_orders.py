"""A fact that cannot be stored when its webhook comes: kept elsewhere, and stored once, as of then.

Every failure is of the client that a waiting sender's webhook has; all behind it is the real one.
"""

import base64
import itertools
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.aws import clients, environment
from sharetrail.aws.tables import ORDERS
from sharetrail.orders import order_rings, spilled_facts
from tests import faults
from tests.alarms import rings
from tests.chain.test_faults import dead_letters
from tests.shops import Shop

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
Fault = Callable[[], AbstractContextManager[None]]
FAULTS: dict[str, Fault] = {
    "throttled": lambda: faults.failing("dynamodb", faults.refused("ThrottlingException")),
    "broken": lambda: faults.failing("dynamodb", faults.refused("InternalServerError")),
    "not allowed": lambda: faults.failing("dynamodb", faults.refused("AccessDeniedException")),
    "not there": lambda: faults.failing("dynamodb", faults.refused("ResourceNotFoundException")),
    "unreachable": lambda: faults.elsewhere(faults.NOWHERE, "dynamodb"),
    "answer lost": lambda: faults.failing("dynamodb", faults.lost()),
}
KEPT = {"order": "1001", "fact": "placed", "kept": True}


@pytest.fixture(params=FAULTS)
def table_fails(request: pytest.FixtureRequest) -> Fault:
    return FAULTS[request.param]


def throttled() -> AbstractContextManager[None]:
    return FAULTS["throttled"]()


def facts() -> list[dict[str, Any]]:
    return [row for row in ORDERS.scan() if "kind" in row]


def heard() -> list[str]:
    return [row["received"] for row in ORDERS.scan() if row["sk"].startswith(order_rings.HEARD)]


def spilled_objects() -> list[str]:
    found = boto3.client("s3").list_objects_v2(
        Bucket=environment.quarantine_bucket(), Prefix=spilled_facts.PREFIX
    )
    return [each["Key"] for each in found.get("Contents", [])]


def messages() -> list[str]:
    """What waits in the queue, and stays there."""
    queue = environment.queue("orders")
    found = boto3.client("sqs").receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [each["Body"] for each in found.get("Messages", [])]


def came_out(shop: Shop, message: str, body: str) -> dict[str, Any]:
    """A message as the function gets it, for the first time and now."""
    stamp = str(int(shop.cloud.clock.now().timestamp() * 1000))
    attributes = {"ApproximateFirstReceiveTimestamp": stamp}
    return {"messageId": message, "body": body, "attributes": attributes}


def pass_seconds(shop: Shop, seconds: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=seconds))


def test_while_no_table_is_to_be_had_a_known_shops_order_is_verified_and_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAST_PATH", "no")  # which the redirect and the script alone are told
    shop.buy("1000")
    pass_seconds(shop, 59 * 60)
    with faults.away("dynamodb"):
        assert shop.deliver("orders/create", shop.an_order("1001")).json == KEPT
        forged = shop.deliver(
            "orders/create", shop.an_order("1002"), x_shopify_hmac_sha256="A" * 43 + "="
        )
        assert forged.status == 401
    assert shop.cloud.drain()["failed"] == []
    assert [row["pk"].rpartition("#")[2] for row in facts()] == ["1000", "1001"]


def test_made_up_merchants_push_no_secret_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAST_PATH", "no")
    shop.buy("1000")
    for number in range(1_100):
        path = f"/v1/webhooks/shopify/m_{number:016x}"
        said = {"x-shopify-topic": "orders/create", "x-shopify-hmac-sha256": "A" * 43 + "="}
        assert shop.ask("POST", path, b"{}", said).status == 401
    pass_seconds(shop, 61)
    with faults.away("dynamodb"):
        assert shop.deliver("orders/create", shop.an_order("1001")).json == KEPT


def is_now(shop: Shop, text: str) -> bool:
    return abs(datetime.fromisoformat(text) - shop.cloud.clock.now()) < timedelta(seconds=20)


# ── kept, and stored once ────────────────────────────────────────────────────────────────────────
def test_an_order_that_the_table_does_not_take_is_kept_and_stored_when_it_does(
    shop: Shop, table_fails: Fault, request: pytest.FixtureRequest
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    with table_fails():
        answer = shop.buy("1001", "48.50", trail, visit=trail)
    assert (answer.status, answer.json) == (202, KEPT)
    came = shop.cloud.clock.now()
    assert len(facts()) == (request.node.callspec.id == "answer lost")
    pass_seconds(shop, 3_600)
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1001")
    assert (order["net"]["amount"], order["influence"]) == ("48.50", "last_click")
    (fact,) = facts()
    assert abs(datetime.fromisoformat(fact["received"]) - came) < timedelta(seconds=20)
    assert (messages(), spilled_objects()) == ([], [])


def test_a_table_that_hangs_leaves_time_to_keep_the_order(shop: Shop) -> None:
    timeout = RESOURCES["ReceiveOrder"]["Properties"]["Timeout"]
    with faults.hanging("dynamodb"):
        begun = time.monotonic()
        assert shop.buy("1001").json == KEPT
    assert time.monotonic() - begun < timeout / 3, "queue and bucket may hang as long"
    shop.cloud.drain()
    assert len(facts()) == 1


def test_an_answer_that_is_lost_once_is_asked_for_again_and_nothing_is_kept_twice(
    shop: Shop,
) -> None:
    with faults.failing("dynamodb", faults.lost(times=1)):
        answer = shop.buy("1001")
    assert answer.status == 200
    assert (len(facts()), heard(), messages()) == (1, [], [])


def test_every_kind_of_fact_comes_back_as_it_was(shop: Shop) -> None:
    """What is stored late is what would have been stored at once, but for the time it came."""
    now = shop.cloud.clock.now().replace(microsecond=0)
    at = now.isoformat()
    paid = {**shop.an_order("1001", created_at=at), "updated_at": at, "processed_at": at}
    refund = shop.a_refund("1001", "9", "5.00", created_at=at)
    fraction = (now + timedelta(microseconds=123_456)).isoformat()
    told = [
        ("orders/create", paid),
        ("orders/paid", paid),
        ("orders/updated", paid),
        ("orders/cancelled", {**paid, "cancelled_at": fraction}),
        ("refunds/create", refund),
    ]
    for topic, payload in told:
        assert shop.deliver(topic, payload).status == 200
    at_once = {row["sk"]: row for row in facts()}
    for row in at_once.values():
        ORDERS.delete(row["pk"], row["sk"])
    with throttled():
        for topic, payload in told:
            assert shop.deliver(topic, payload).status == 202
    assert shop.cloud.drain()["failed"] == []
    late = {row["sk"]: row for row in facts()}
    for row in (*at_once.values(), *late.values()):
        del row["received"]
    assert late == at_once


def test_a_message_drained_ten_times_in_any_order_stores_one_fact_as_of_its_first_receipt(
    shop: Shop,
) -> None:
    with throttled():
        for order in ("1001", "1002"):
            shop.buy(order)
    bodies = messages()
    received = {json.loads(each)["fact"]["received"] for each in bodies}
    assert len(bodies) == 2
    for many in itertools.islice(itertools.permutations(bodies * 5), 0, None, 400_000):
        records = [came_out(shop, f"{n}", body) for n, body in enumerate(many)]
        assert shop.cloud.invoke("save_order", {"Records": records}) == {"batchItemFailures": []}
    assert {row["received"] for row in facts()} == received
    assert (len(facts()), heard()) == (2, [])


# ── which of two states of one second counts ─────────────────────────────────────────────────────
def states(shop: Shop, *prices: str) -> list[dict[str, Any]]:
    """An order as it stood at one and the same second."""
    at = shop.cloud.clock.now().replace(microsecond=0).isoformat()
    shop.buy("1001", created_at=at)
    return [
        {
            **shop.an_order("1001", price, created_at=at),
            "updated_at": at,
            "current_subtotal_price": price,
            "current_total_price": price,
        }
        for price in prices
    ]


@pytest.mark.parametrize("kept", [0, 1])
def test_of_two_states_of_one_second_the_later_received_counts_whichever_was_kept(
    shop: Shop, kept: int
) -> None:
    for number, payload in enumerate(states(shop, "30.00", "20.00")):
        pass_seconds(shop, 1)
        with throttled() if number == kept else nullcontext():
            assert shop.deliver("orders/updated", payload).status == (
                202 if number == kept else 200
            )
    pass_seconds(shop, 600)
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "20.00"


def test_a_state_that_was_kept_and_came_again_counts_as_of_its_first_receipt(shop: Shop) -> None:
    """The sender tried twice, and another state of that second came in between."""
    first, second = states(shop, "30.00", "20.00")
    with throttled():
        assert shop.deliver("orders/updated", first).status == 202
    pass_seconds(shop, 1)
    assert shop.deliver("orders/updated", second).status == 200
    pass_seconds(shop, 1)
    assert shop.deliver("orders/updated", first).status == 200
    pass_seconds(shop, 600)
    shop.cloud.drain()
    assert len(heard()) == 1
    assert shop.order("1001")["net"]["amount"] == "20.00"


# ── where the queue fails too ────────────────────────────────────────────────────────────────────
def no_queue() -> AbstractContextManager[None]:
    return faults.elsewhere(faults.NOWHERE, "dynamodb", "sqs")


def test_without_a_queue_it_stands_in_the_bucket_until_the_next_sweep(shop: Shop) -> None:
    with no_queue():
        assert shop.buy("1001").json == KEPT
    (key,) = spilled_objects()
    assert key.startswith(f"spilled/{shop.id}/")
    shop.cloud.drain()
    assert facts() == []
    pass_seconds(shop, 1_800)
    assert shop.run("sweep", "sweep") == []
    (fact,) = facts()
    assert not is_now(shop, fact["received"]), "it came half an hour ago"
    assert spilled_objects() == []
    assert shop.order("1001")["net"]["amount"] == "50.00"


def test_what_the_queue_finds_too_large_stands_in_the_bucket(shop: Shop) -> None:
    queue, sqs = environment.queue("orders"), boto3.client("sqs")
    whole = {"MaximumMessageSize": "1048576"}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
    try:
        with throttled():
            lines = shop.an_order("1001")["line_items"] * 50
            assert shop.buy("1001", line_items=lines).json == KEPT
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=whole)
    assert (len(messages()), len(spilled_objects())) == (0, 1)
    assert shop.run("sweep") == []
    assert len(facts()) == 1


def test_it_is_encrypted_under_the_merchants_key_and_name(shop: Shop) -> None:
    seen: list[dict[str, Any]] = []
    with no_queue():
        with clients.prompt():
            events = clients.s3().meta.events
        events.register(
            "before-call.s3.PutObject", lambda params, **_: seen.append(params["headers"])
        )
        shop.buy("1001")
    (asked,) = seen
    told = base64.b64decode(asked["x-amz-server-side-encryption-context"])
    assert json.loads(told) == {"merchant": shop.id}
    (key,) = spilled_objects()
    head = boto3.client("s3").head_object(Bucket=environment.quarantine_bucket(), Key=key)
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == environment.merchant_key()


def test_a_merchant_finds_nothing_of_it_in_quarantine(shop: Shop) -> None:
    with no_queue():
        shop.buy("1001")
    assert shop.read("/v1/quarantine") == {"items": [], "cursor": None}


def test_one_that_the_table_never_takes_keeps_no_other_in_the_bucket_and_fails_alone(
    shop: Shop,
) -> None:
    poison = f"spilled/{shop.id}/0"
    bucket = environment.quarantine_bucket()
    boto3.client("s3").put_object(Bucket=bucket, Key=poison, Body=json.dumps({"merchant": shop.id}))
    with no_queue():
        shop.buy("1001")
    (failed,) = shop.run("sweep")
    assert json.loads(failed["item"])["about"] == [poison]
    assert len(facts()) == 1
    assert spilled_objects() == [poison]


# ── where nothing can be kept ────────────────────────────────────────────────────────────────────
def test_where_table_queue_and_bucket_fail_the_sender_comes_again(shop: Shop) -> None:
    with faults.elsewhere(faults.NOWHERE, "dynamodb", "sqs", "s3"):
        assert shop.buy("1001").status == 500
    assert (facts(), messages(), spilled_objects()) == ([], [], [])
    assert shop.buy("1001").json == {"order": "1001", "fact": "placed", "new": True}


@pytest.mark.parametrize("name", ["ORDERS_TABLE", "ORDERS_QUEUE"])
def test_a_deployment_that_lacks_a_name_is_a_fault_of_ours_and_no_orders(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as broken, throttled():
        broken.delenv(name)
        assert shop.buy("1001").status == 500
    assert shop.read("/v1/quarantine")["items"] == []
    assert shop.buy("1001").status == 200


def test_what_the_table_never_takes_is_quarantined_and_not_kept_for_it(shop: Shop) -> None:
    too_large = faults.refused("ValidationException", "Item size has exceeded the maximum size")
    with faults.failing("dynamodb", too_large):
        answer = shop.buy("1001")
    assert answer.status == 202
    assert "Item size" in answer.json["reason"]
    assert (messages(), spilled_objects()) == ([], [])
    kept = shop.read("/v1/quarantine")["items"]
    assert [each["id"] for each in kept] == [answer.json["quarantined"]]


# ── what fails for ever rings ────────────────────────────────────────────────────────────────────
def test_a_message_that_cannot_be_stored_goes_to_the_failed_orders_alone(shop: Shop) -> None:
    with throttled():
        shop.buy("1001")
    queue = environment.queue("orders")
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody='"poison"')
    assert len(shop.cloud.drain()["failed"]) == 1
    assert len(facts()) == 1
    assert dead_letters(shop, "failed-orders") == ["poison"]


def test_the_line_it_logs_is_the_metric_that_the_alarm_watches_and_names_nobody(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with throttled():
        for _ in range(2):
            assert shop.buy("1001").status == 202
    said = map(json.loads, capsys.readouterr().out.splitlines())
    lines = [each for each in said if rings(each)]
    assert len(lines) == 2, "each rings"
    line = lines[0]
    assert rings(line) == "OrdersSpilled"
    assert (line["order"], line["place"]) == ("1001", "queue")
    assert line["failure"]["kind"] == "ThrottlingException of PutItem"
    assert "example.com" not in json.dumps(line)
