"""Jobs on their way from the agenda to a worker: whatever they are about, and late ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.tend_merchant import app as tend_merchant
from sharetrail.agenda import jobs, workers
from sharetrail.agenda.job import Job
from sharetrail.attribution import attribute_order, missed_rings
from sharetrail.aws.queues import CHORES, NotQueued
from sharetrail.aws.tables import TOTALS
from sharetrail.calendars import HOUR
from sharetrail.clicks import clicks
from sharetrail.orders import order_rings
from sharetrail.orders.order_fact import OrderRef
from tests.chain.test_faults import dead_letters
from tests.chain.test_late_evidence import a_click_that_is_not_there
from tests.chain.test_monday import received
from tests.redriving import redrive_all
from tests.shops import Shop, monday

GRIN = "\U0001f600"
A_BATCH = 262_144
"""Bytes, of which SQS took four times as much when this was written."""


def waiting(shop: Shop) -> list[dict[str, Any]]:
    """All chores that wait, and now wait no more."""
    (url,) = (q.url for q in shop.cloud.template.queues.values() if q.url.endswith("chores-queue"))
    sqs, bodies = boto3.client("sqs"), []
    while told := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        assert sum(len(each["Body"]) for each in told) < A_BATCH
        bodies += [json.loads(each["Body"]) for each in told]
    return bodies


# ── what SQS takes ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("letters", [GRIN * 190, "x" * 190, "\x01\ufffe\x7f" * 63])
def test_a_round_queues_every_job_whatever_ids_a_shop_makes_up(shop: Shop, letters: str) -> None:
    many = [f"standard#{n:04}{letters}" for n in range(1_200)]
    theirs = (Job(kind="attribute", merchant="m_0", about=each) for each in many)
    queued = workers.queue_all([*theirs, Job(kind="heal", merchant=shop.id, about="x")], CHORES)
    told = waiting(shop)
    assert len(told) == queued
    assert {each["merchant"] for each in told} == {"m_0", shop.id}
    assert sorted(about for each in told for about in each["about"]) == sorted([*many, "x"])


def test_a_batch_that_is_refused_keeps_no_other_from_its_queue(shop: Shop) -> None:
    large = [("m_0", "x" * (A_BATCH - n)) for n in range(10)]
    last = ("m_1", json.dumps("the last"))
    with pytest.raises(NotQueued, match=r"^10 messages to chores, the first of m_0: .+"):
        CHORES.send_all([*large, last])
    assert waiting(shop) == ["the last"]


# ── once ─────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def refreshed(monkeypatch: pytest.MonkeyPatch, failures: int = 0) -> Iterator[list[str]]:
    """Orders as they are attributed; so many times nobody comes back from it."""
    real, orders = attribute_order.refresh, list[str]()

    def refresh(ref: OrderRef, now: datetime) -> Any:
        orders.append(ref.id)
        if len(orders) <= failures:
            raise RuntimeError("the test says no")
        return real(ref, now)

    with monkeypatch.context() as patched:
        patched.setattr(attribute_order, "refresh", refresh)
        yield orders


def let_wait(shop: Shop) -> None:
    """An order that is due again, found by five rounds of which nobody works anything off."""
    shop.buy("1001", trail=a_click_that_is_not_there(shop).id)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + 5 * HOUR)
    for _ in range(5):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
        now = shop.cloud.clock.now()
        assert workers.queue_due("retry", CHORES, now) == 1


def test_what_five_rounds_found_is_done_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    let_wait(shop)
    with refreshed(monkeypatch) as orders:
        assert shop.cloud.drain()["failed"] == []
    assert orders == ["1001"]
    assert [job.about for job in jobs.due("retry", shop.cloud.clock.now() + 24 * HOUR)] == [
        "shopify#1001"
    ], "and due again, much later"


def test_what_died_with_its_job_in_hand_does_it_when_it_comes_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_wait(shop)
    with refreshed(monkeypatch, failures=1) as orders:
        assert shop.cloud.drain()["failed"] == []
    assert orders == ["1001", "1001"], "by the first message alone"


def test_what_was_given_up_with_its_job_in_hand_does_it_when_it_is_given_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_wait(shop)
    with refreshed(monkeypatch, failures=10):
        (failed,) = shop.cloud.drain()["failed"]
    assert json.loads(failed["item"])["about"] == ["shopify#1001"]
    with refreshed(monkeypatch) as orders:
        redrive_all(shop.cloud)
        assert shop.cloud.drain()["failed"] == []
    assert orders == ["1001"]
    assert dead_letters(shop, "failed-chores") == []


def test_what_is_noted_while_it_is_done_is_done_again_by_the_next_round(shop: Shop) -> None:
    job, now = Job(kind="heal", merchant=shop.id, about="2026-11-23T07"), "2026-11-24T0{}:00Z"
    at = datetime.fromisoformat("2026-11-23T08:00Z")
    jobs.note(job, at)
    assert jobs.take(job, now.format(1))
    jobs.note(job, at)
    assert [*jobs.due("heal", at + 24 * HOUR)] == [job]
    assert jobs.take(job, now.format(2))
    assert not jobs.take(job, now.format(1)), "whose work the second does"
    assert jobs.take(job, now.format(2)), "as often as it comes"
    assert not jobs.take(job, now.format(3))
    jobs.note(job, at + 48 * HOUR)
    assert not jobs.take(job, now.format(2)), "nobody takes it before its time"


# ── whoever is busy ──────────────────────────────────────────────────────────────────────────────
def test_orders_are_looked_through_in_order_and_each_once_a_few_hours(shop: Shop) -> None:
    now = shop.cloud.clock.now().replace(minute=1)
    heard = [
        (0, "m_b#shopify#1"),
        (1, "m_a#shopify#2"),
        (2, "m_b#shopify#1"),
        (30, "m_a#shopify#2"),
    ]
    for hour, pk in heard:
        row = {"pk": pk, "sk": f"known#{hour}"}
        assert order_rings.put_once(row, now + hour * HOUR)
    assert [*order_rings.between(now, now + 2 * HOUR)] == ["m_a#shopify#2", "m_b#shopify#1"]
    jobs.note_reached("sweep", "heard", (now + HOUR).isoformat())
    assert missed_rings.queue(now + 31 * HOUR) == 2
    asked = {each["merchant"]: each["about"] for each in waiting(shop)}
    assert asked == {"m_a": ["shopify#2"] * 2, "m_b": ["shopify#1"]}, "a day lies between the two"


# ── whoever is late ──────────────────────────────────────────────────────────────────────────────
def test_a_chore_of_before_the_weekend_rings_the_week_that_has_ended_since(shop: Shop) -> None:
    start = monday(shop.cloud.clock.now() + timedelta(weeks=1))
    shop.cloud.clock.set_forward(start - timedelta(days=2))
    click = a_click_that_is_not_there(shop)
    shop.buy("1001", "50.00", click.id)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(start - timedelta(days=2) + 2 * HOUR)
    assert workers.queue_due("retry", CHORES, shop.cloud.clock.now()) == 1
    (chore,) = received(shop, "chores-queue")
    clicks.save(click)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(start)
    assert shop.run("close_days", "score_influencers") == []
    assert [*TOTALS.query(f"{shop.id}#rung")] == []
    work_off(chore, start + HOUR)
    assert [row["sk"][-13:] for row in TOTALS.query(f"{shop.id}#rung")] == ["#shopify#1001"]


def work_off(chore: dict[str, Any], now: datetime) -> None:
    """When it first comes out of its queue."""
    stamp = f"{now.timestamp() * 1_000:.0f}"
    attributes = {
        "SentTimestamp": chore["SentTimestamp"],
        "ApproximateFirstReceiveTimestamp": stamp,
        "ApproximateReceiveCount": "1",
    }
    body = json.dumps({name: chore[name] for name in ("job", "merchant", "about", "round")})
    record = {"messageId": "1", "body": body, "attributes": attributes}
    assert tend_merchant.handler({"Records": [record]}, None) == {"batchItemFailures": []}
