"""What fails once is tried again; what keeps failing is kept, and counts once when redriven."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from sharetrail.agenda import jobs
from sharetrail.attribution import attribute_order
from sharetrail.aws.tables import EVENTS, ORDERS, TOTALS
from sharetrail.calendars import local_day
from sharetrail.merchants import profiles
from sharetrail.totals import five_minute_slots, local_days
from tests.alarms import rings
from tests.redriving import redrive_all
from tests.shops import BROWSER, ORIGIN, PHONE, Shop, monday

NEW_YORK = ZoneInfo("America/New_York")


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
    return shop.read("/v1/stats")["totals"]["raw_clicks"]


def within_a_slot(shop: Shop) -> None:
    """Clicks of the next minute ring one door each."""
    hour = shop.cloud.clock.now().replace(minute=0, second=0, microsecond=0)
    shop.cloud.clock.set_forward(hour + timedelta(hours=1, minutes=1))


# ── streams ──────────────────────────────────────────────────────────────────────────────────────
def test_a_projection_that_fails_is_done_again_while_all_others_are_done_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    within_a_slot(shop)
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    theirs = other.share(url="https://other.example/mug").json["code"]
    codes = [shop.share().json["code"], theirs, theirs]
    for code in codes:
        shop.click(code)
    real, left, seen = five_minute_slots.project, [3], []
    slots = f"{other.id}#{shop.cloud.clock.now():%Y%m%d}"

    def fails_for_one(merchant_id: str, *args: Any) -> None:
        if merchant_id == shop.id and left[0]:
            left[0] -= 1
            seen.append(any(TOTALS.query(slots)))
            raise RuntimeError("the test says no")
        real(merchant_id, *args)

    monkeypatch.setattr(five_minute_slots, "project", fails_for_one)
    assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.runtime.invocations["project_events"] == 1
    assert shop.cloud.runtime.invocations["open_doors"] == 3
    assert seen[1:] == [True, True], "what was set aside kept the other waiting"
    assert (raw_clicks(shop), raw_clicks(other)) == (1, 2)


def test_a_record_whose_doors_cannot_be_told_is_told_again_by_itself(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    within_a_slot(shop)
    shop.click(shop.share().json["code"])
    monkeypatch.setattr(profiles, "find", failing(1, profiles.find))
    assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.runtime.invocations["project_events"] == 1
    assert raw_clicks(shop) == 1


def test_an_order_that_fails_is_credited_later_and_the_others_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share().json["code"]
    for order, agent in (("1", PHONE), ("2", BROWSER)):
        shop.buy(order, trail=shop.click(code, agent))
    monkeypatch.setattr(attribute_order, "refresh", failing(1, attribute_order.refresh))
    assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.runtime.invocations["attribute_order"] == 1
    totals = shop.read("/v1/stats")["totals"]
    assert (totals["orders"], totals["influenced_orders"]) == (2, 2)


def test_one_unreadable_order_among_many_keeps_nobody_waiting(shop: Shop) -> None:
    for n in range(1, 6):
        shop.buy(str(n))
        if n == 3:
            poison = {"pk": f"{shop.id}#shopify#poison", "sk": "placed", "kind": "placed"}
            ORDERS.put(poison)
    (failed,) = shop.cloud.drain()["failed"]
    assert "poison" in json.dumps(failed, default=str)
    assert shop.read("/v1/stats")["totals"]["orders"] == 5
    (letter,) = dead_letters(shop, "failed-doorbells")
    assert (letter["merchant"], letter["stream"]) == (shop.id, "orders")
    assert "poison" in json.dumps(letter["record"])
    assert kept_batches(shop) == []


def test_a_door_that_stays_shut_is_kept_and_counts_once_when_its_bell_is_sent_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.click(shop.share().json["code"])
    with monkeypatch.context() as broken:
        broken.setattr(five_minute_slots, "project", failing(1_000, five_minute_slots.project))
        assert shop.cloud.drain()["failed"]
    assert raw_clicks(shop) == 0
    for _ in range(2):
        redrive_all(shop.cloud)
        assert shop.cloud.drain()["failed"] == []
        assert raw_clicks(shop) == 1


def look(shop: Shop, event: str) -> None:
    """Views a page."""
    seen = {"id": event, "type": "view", "url": f"{ORIGIN}/products/mug"}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202


def test_a_fact_that_cannot_be_read_is_left_out_by_itself_and_rings(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    today = shop.cloud.clock.now().date()
    code = shop.share().json["code"]
    click = shop.click(code, BROWSER)
    look(shop, "an-event-id")
    shop.buy("1", trail=click)
    corrupt = [{"pk": fact["pk"], "sk": fact["sk"]} for fact in EVENTS.scan()]
    for row in corrupt:
        EVENTS.put(row)
    shop.click(code, PHONE)
    look(shop, "another-event-id")
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    assert len(shop.cloud.outbox.mails) == 1
    said = capsys.readouterr().out.splitlines()
    rung = [each for each in map(json.loads, said) if rings(each) == "FactsUnreadable"]
    assert {each["sk"] for each in rung} == {row["sk"] for row in corrupt}
    told = shop.read(f"/v1/stats?from={today - timedelta(days=1)}&to={today}")["totals"]
    assert (told["views"], told["raw_clicks"], told["orders"]) == (1, 1, 1)


def test_a_batch_of_which_nothing_can_be_set_aside_comes_again_as_a_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    within_a_slot(shop)
    shop.click(shop.share().json["code"])
    monkeypatch.setattr(five_minute_slots, "project", failing(1, five_minute_slots.project))
    monkeypatch.setenv("DOORBELLS_QUEUE", "http://127.0.0.1:9/gone")
    assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.runtime.invocations["project_events"] == 2
    assert raw_clicks(shop) == 1


# ── queues ───────────────────────────────────────────────────────────────────────────────────────
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


# ── schedules, and what they queue ───────────────────────────────────────────────────────────────
def days_with_a_click(shop: Shop, number: int) -> list[date]:
    """So many local days, the last of which has just ended."""
    code, days = shop.share().json["code"], []
    for _ in range(number):
        shop.click(code)
        shop.cloud.drain()
        days.append(local_day(shop.cloud.clock.now(), NEW_YORK))
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    return days


def closed(shop: Shop, days: list[date]) -> list[date]:
    return sorted(local_days.closed_days(shop.id, days[0], days[-1]))


def test_a_schedule_that_fails_once_is_run_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = days_with_a_click(shop, 1)
    monkeypatch.setattr(jobs, "due", failing(1, jobs.due))
    assert shop.run("close_days") == []
    assert closed(shop, days) == days


def test_a_day_is_closed_though_what_older_rules_counted_cannot_be_noted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = days_with_a_click(shop, 1)
    monkeypatch.setattr(jobs, "note_all", failing(1_000, jobs.note_all))
    assert shop.cloud.schedule("close_days").error
    assert [each["function"] for each in shop.cloud.drain()["failed"]] == ["close_days"]
    assert closed(shop, days) == days


def test_a_schedule_that_fails_for_ever_is_kept_and_rings(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "due", failing(1_000, jobs.due))
    fired = shop.cloud.schedule("close_days")
    assert fired.error
    (kept,) = dead_letters(shop, "failed-schedules")
    assert kept["requestPayload"]["time"] == fired.time


def test_a_day_that_cannot_be_closed_keeps_no_other_day_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    days, real = days_with_a_click(shop, 4), local_days.close

    def fails_for_one(merchant: Any, day: Any, *args: Any) -> None:
        if day == days[1]:
            raise RuntimeError("the test says no")
        real(merchant, day, *args)

    with monkeypatch.context() as broken:
        broken.setattr(local_days, "close", fails_for_one)
        assert shop.run("close_days")
    assert closed(shop, days) == [days[0], *days[2:]]
    redrive_all(shop.cloud)
    assert shop.cloud.drain()["failed"] == []
    assert closed(shop, days) == days


def test_a_merchant_whose_job_fails_keeps_no_other_waiting_and_is_kept_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    other.click(other.share(url="https://other.example/mug").json["code"])
    days, real = days_with_a_click(shop, 1), profiles.find
    shop.cloud.drain()

    def fails_for_one(merchant_id: str, now: Any) -> Any:
        if merchant_id == shop.id:
            raise RuntimeError("the test says no")
        return real(merchant_id, now)

    with monkeypatch.context() as broken:
        broken.setattr(profiles, "find", fails_for_one)
        assert {json.loads(each["item"])["merchant"] for each in shop.run("close_days")} == {
            shop.id
        }
    assert (closed(shop, days), closed(other, days)) == ([], days)
    assert {each["merchant"] for each in dead_letters(shop, "failed-chores")} == {shop.id}


@pytest.mark.parametrize("body", ['"poison"', '{"job": "nothing", "merchant": "m", "about": []}'])
@pytest.mark.parametrize(
    ("queue", "letters"), [("CHORES_QUEUE", "failed-chores"), ("ANALYSES_QUEUE", "failed-analyses")]
)
def test_a_message_that_nobody_can_work_off_is_kept_alone(
    shop: Shop, queue: str, letters: str, body: str
) -> None:
    days = days_with_a_click(shop, 1)
    url = shop.cloud.template.environment[queue]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    assert len(shop.run("close_days")) == 1
    assert closed(shop, days) == days
    assert dead_letters(shop, letters) == [json.loads(body)]
