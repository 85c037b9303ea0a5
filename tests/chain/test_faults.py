"""What fails once is tried again; what keeps failing is kept, and counts once when redriven."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sharetrail.aws.tables import EVENTS, ORDERS
from sharetrail.mail import message
from sharetrail.merchants import profiles
from sharetrail.totals import five_minute_slots, local_days
from tests.shops import HOST, Shop, monday


def failing(times: int, real: Callable, error: Exception | None = None) -> Callable:
    """`real`, but its first calls raise."""
    left = [times]

    def call(*args: Any, **named: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise error or RuntimeError("the test says no")
        return real(*args, **named)

    return call


def kept_batches(shop: Shop) -> list[dict]:
    """What the failures bucket holds."""
    s3 = boto3.client("s3")
    (bucket,) = (name for name in shop.cloud.template.buckets if "failures" in name)
    objects = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    bodies = [s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in objects]
    return [json.loads(body) for body in bodies]


def dead_letters(shop: Shop, queue: str) -> list[dict]:
    sqs = boto3.client("sqs")
    (url,) = (q.url for q in shop.cloud.template.queues.values() if q.url.endswith(queue))
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in found]


def raw_clicks(shop: Shop) -> int:
    return shop.read("/v1/stats")["totals"]["clicks"]["raw"]


# ── streams ──────────────────────────────────────────────────────────────────────────────────────
def test_a_projection_that_fails_once_is_done_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share().json["code"]
    shop.click(code)
    monkeypatch.setattr(five_minute_slots, "project", failing(1, five_minute_slots.project))
    assert shop.cloud.drain()["failed"] == []
    assert raw_clicks(shop) == 1


def test_one_unreadable_order_among_many_keeps_nobody_waiting(shop: Shop) -> None:
    for n in range(1, 6):
        shop.buy(str(n))
        if n == 3:
            poison = {"pk": f"{shop.id}#shopify#poison", "sk": "placed", "kind": "placed"}
            ORDERS.put(poison)
    (failed,) = shop.cloud.drain()["failed"]
    assert "poison" in json.dumps(failed, default=str)
    assert shop.read("/v1/stats")["totals"]["orders"]["all"] == 5
    assert "poison" in json.dumps(kept_batches(shop))


def test_a_batch_given_up_is_redriven_from_the_bucket_and_counts_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share().json["code"]
    shop.click(code)
    with monkeypatch.context() as broken:
        broken.setattr(five_minute_slots, "project", failing(1_000, five_minute_slots.project))
        assert shop.cloud.drain()["failed"]
    assert raw_clicks(shop) == 0
    (kept,) = kept_batches(shop)
    payload = json.loads(kept["payload"]) if isinstance(kept["payload"], str) else kept["payload"]
    for _ in range(2):
        assert shop.cloud.invoke("project_events", payload) == {"batchItemFailures": []}
        assert raw_clicks(shop) == 1


# ── queues ───────────────────────────────────────────────────────────────────────────────────────
def test_a_report_that_the_mail_service_refuses_once_is_sent_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttled = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
    monkeypatch.setattr(message, "send", failing(1, message.send, throttled))
    shop.onboarded(recipients=["one@shop.example", "two@shop.example"])
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    assert shop.cloud.drain()["failed"] == []
    sent = sorted(mail.to for mail in shop.cloud.outbox.mails)
    assert sent == ["one@shop.example", "two@shop.example"]


def test_a_recipient_of_before_to_whom_no_mail_can_go_keeps_the_others_from_nothing(
    shop: Shop,
) -> None:
    recipients = ("bj\u00f6rn@shop.example", "two@shop.example")
    profiles.revise(shop.id, lambda merchant: replace(merchant, recipients=recipients))
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    assert shop.cloud.drain()["failed"]
    assert [mail.to for mail in shop.cloud.outbox.mails] == ["two@shop.example"]
    assert set(shop.cloud.invoke("onboard_merchant", {"shop_host": HOST})["errors"]) == {
        "recipients.0"
    }


def test_a_report_that_is_refused_for_ever_is_kept_and_rings(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = ClientError({"Error": {"Code": "SendingPausedException"}}, "SendEmail")
    with monkeypatch.context() as broken:
        broken.setattr(message, "send", failing(1_000, message.send, paused))
        shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
        shop.cloud.schedule("schedule_reports")
        assert shop.cloud.drain()["failed"]
    (letter,) = dead_letters(shop, "failed-reports")
    assert letter["merchant"] == shop.id
    shop.cloud.schedule("schedule_reports")  # within the day it is still due
    shop.cloud.drain()
    assert len(shop.cloud.outbox.mails) == 1


def test_only_the_message_that_failed_comes_again(shop: Shop) -> None:
    from sharetrail.aws.items import dump
    from sharetrail.clicks.visitor import Visitor, new_click

    queue = shop.cloud.template.environment["CLICKS_QUEUE"]
    who = Visitor(hash=None, agent="Mozilla/5.0", referrer="", country=None)
    good = new_click(shop.id, shop.share().json["code"], who, shop.cloud.clock.now())
    for body in (json.dumps(dump(good)), '"poison"'):
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    assert len(shop.cloud.drain()["failed"]) == 1
    assert len(list(EVENTS.scan())) == 1
    assert dead_letters(shop, "failed-clicks") == ["poison"]


# ── schedules ────────────────────────────────────────────────────────────────────────────────────
def test_a_schedule_that_fails_once_is_run_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    monkeypatch.setattr(local_days, "close_ended", failing(1, local_days.close_ended))
    assert shop.cloud.schedule("close_days").error is None
    day = shop.cloud.clock.now().date()
    assert local_days.closed_days(shop.id, day.replace(day=1), day)


def test_a_merchant_whose_round_fails_does_not_keep_the_others_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    real = local_days.close_ended

    def fails_for_one(merchant: Any, *args: Any) -> int:
        if merchant.id == shop.id:
            raise RuntimeError("the test says no")
        return real(merchant, *args)

    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    monkeypatch.setattr(local_days, "close_ended", fails_for_one)
    fired = shop.cloud.schedule("close_days")
    assert fired.error
    assert shop.id in fired.error
    (kept,) = dead_letters(shop, "failed-schedules")
    assert kept["requestPayload"]["time"] == fired.time
    day = shop.cloud.clock.now().date()
    assert local_days.closed_days(other.id, day.replace(day=1), day)
    assert not local_days.closed_days(shop.id, day.replace(day=1), day)
