"""Monday at eight: who is due, whose report is built, and that each mail leaves, once."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event as ThreadEvent
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ClientError

from functions.analyse_merchant import app as analyse_merchant
from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.runtime.memories import forget_facts
from local.template.declarations import Template
from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.analysis.score import score_history
from sharetrail.aws.queues import Queue
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week, iso
from sharetrail.mail import message
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.report.building import build_report
from sharetrail.report.issuing import issue_reports, schedule_reports
from sharetrail.report.keeping import reports
from tests import calls
from tests.calls import Calls
from tests.chain.test_faults import failing
from tests.conftest import BRISK_MAIL
from tests.senders import a_message, post_standard
from tests.shops import HOST, Shop

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
KOLKATA, KATHMANDU, AUCKLAND = "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland"
TORONTO, BERLIN = "America/Toronto", "Europe/Berlin"
PAGO_PAGO, KIRITIMATI = "Pacific/Pago_Pago", "Pacific/Kiritimati"
MOST_OF_A_REPORT, MOST_OF_A_MAIL = 30, 14
"""Requests, where nothing happened all week."""
ZONES = (NEW_YORK, LOS_ANGELES, KOLKATA, KATHMANDU, AUCKLAND)


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask for six hundred takes the emulator a second. Other tests do."""
    zones = {*ZONES, TORONTO, BERLIN, PAGO_PAGO, KIRITIMATI}
    monkeypatch.setattr(calendars, "zone_names", lambda: zones)


@pytest.fixture(autouse=True)
def counted() -> Iterator[Calls]:
    """Before the cloud, whose clients know of it."""
    with calls.noted() as counted:
        yield counted


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """In New York, and it is a Wednesday: of no zone's Monday."""
    shop = Shop.onboard(cloud)
    now = cloud.clock.now()
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    cloud.clock.set_forward(noon + timedelta(days=(1 - now.weekday()) % 7 + 1))
    return shop


def another(shop: Shop, zone: str, **asked: Any) -> Shop:
    """A shop in another zone, whose owner is called after it; there since Wednesday."""
    host = host_of(zone)
    asked = {"recipients": [f"{host.partition('.')[0]}@shops.example"], "shop_host": host, **asked}
    return Shop.onboard(shop.cloud, zone=zone, shopify_domain=None, **asked)


def host_of(zone: str) -> str:
    return (
        HOST if zone == NEW_YORK else f"{zone.rpartition('/')[2].replace('_', '-').lower()}.example"
    )


def share(shop: Shop, host: str) -> str:
    """A link to a page of the shop; its code."""
    code: str = shop.share(url=f"https://{host}/mug").json["code"]
    return code


def eight(shop: Shop, zone: str = NEW_YORK) -> datetime:
    """The zone's next Monday 08:00."""
    now, tz = shop.cloud.clock.now(), ZoneInfo(zone)
    return calendars.last_report(now + calendars.WEEK, tz)[0]


def go_to(shop: Shop, at: datetime) -> None:
    shop.cloud.clock.set_forward(at)


def mailed(shop: Shop) -> list[str]:
    """To whom, in order."""
    return [mail.to for mail in reversed(shop.cloud.outbox.mails)]


def send(shop: Shop, noun: str, body: Any) -> None:
    """Puts a message on a queue."""
    url = shop.cloud.template.environment[f"{noun}_QUEUE"]
    text = body if isinstance(body, str) else json.dumps(body)
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=text)


def received(shop: Shop, name: str) -> list[dict[str, Any]]:
    """Up to ten messages of a queue, in order, with their attributes."""
    (url,) = (q.url for q in shop.cloud.template.queues.values() if q.url.endswith(name))
    told: Any = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]
    )
    bodies = ((json.loads(each["Body"]), each) for each in told.get("Messages", []))
    return [
        (body if isinstance(body, dict) else {"body": body}) | each["Attributes"]
        for body, each in bodies
    ]


# ── who is due ───────────────────────────────────────────────────────────────────────────────────
def test_each_zone_has_its_mail_at_its_own_eight(shop: Shop) -> None:
    for zone in ZONES[1:]:
        another(shop, zone)
    names = ("owner@shop", "los-angeles", "kolkata", "kathmandu", "auckland")
    owners = dict(zip(ZONES, names, strict=True))
    for at, zone in sorted((eight(shop, zone), zone) for zone in ZONES):
        before = mailed(shop)
        go_to(shop, at - MINUTE)
        assert shop.run("schedule_reports") == []
        assert mailed(shop) == before
        go_to(shop, at)
        assert shop.run("schedule_reports") == []
        (to,) = mailed(shop)[len(before) :]
        assert to.startswith(owners[zone])


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        (NEW_YORK, [datetime(2027, 3, 15, 12, tzinfo=UTC), datetime(2027, 11, 8, 13, tzinfo=UTC)]),
        (BERLIN, [datetime(2027, 3, 29, 6, tzinfo=UTC)]),
        (AUCKLAND, [datetime(2027, 4, 4, 20, tzinfo=UTC), datetime(2027, 9, 26, 19, tzinfo=UTC)]),
    ],
)
def test_when_clocks_change_that_sunday_it_is_still_eight(
    tables: Template, emulator: Emulator, zone: str, days: list[datetime]
) -> None:
    start = days[0] - timedelta(days=8)
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=start) as cloud:
        shop = Shop.onboard(cloud, zone=zone)
        for number, at in enumerate(days, start=1):
            go_to(shop, at - 3 * calendars.DAY)
            shop.run("schedule_reports")
            before = len(mailed(shop))
            for moment, mails in ((at - MINUTE, before), (at, before + 1)):
                go_to(shop, moment)
                assert shop.run("schedule_reports") == []
                assert len(mailed(shop)) == mails, number


def test_a_schedule_that_did_not_run_for_five_hours_sends_the_same_oldest_due_first(
    shop: Shop,
) -> None:
    for zone in (AUCKLAND, KOLKATA, LOS_ANGELES):
        another(shop, zone)
    due = sorted(ZONES, key=lambda zone: eight(shop, zone))
    assert due[0] == AUCKLAND
    assert due[-1] == LOS_ANGELES
    go_to(shop, eight(shop, NEW_YORK) + 5 * HOUR)
    for _ in range(3):
        assert shop.cloud.schedule("schedule_reports").error is None
    assert shop.cloud.drain()["failed"] == []
    owners = ["auckland", "kolkata", "owner", "los-angeles"]
    assert [to.partition("@")[0] for to in mailed(shop)] == owners


def test_two_rounds_at_once_send_each_mail_once_and_a_third_asks_for_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to(shop, eight(shop))
    with monkeypatch.context() as at_once:
        at_once.setattr(schedule_reports.jobs, "all_done", lambda *_: set())
        assert [shop.cloud.schedule("schedule_reports").result for _ in range(2)] == [1, 1]
    assert shop.cloud.schedule("schedule_reports").result == 0
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == ["owner@shop.example"]


def test_a_zone_that_cannot_be_asked_keeps_no_other_waiting_and_is_asked_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(shop, TORONTO)
    go_to(shop, eight(shop))
    real = profiles.ids_in

    def fails_for_one(zone: str) -> Iterator[str]:
        if zone == NEW_YORK:
            raise RuntimeError("the test says no")
        return real(zone)

    with monkeypatch.context() as broken:
        broken.setattr(profiles, "ids_in", fails_for_one)
        assert shop.cloud.schedule("schedule_reports").error
        assert shop.cloud.drain()["failed"]
    assert mailed(shop) == ["toronto@shops.example"]
    assert shop.run("schedule_reports") == []
    assert mailed(shop) == ["toronto@shops.example", "owner@shop.example"]


def test_what_the_queue_refuses_of_a_round_is_asked_for_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go_to(shop, eight(shop))
    with monkeypatch.context() as broken:
        broken.setattr(Queue, "_send_batch", lambda _queue, batch: [whose for whose, _ in batch])
        assert shop.cloud.schedule("schedule_reports").error
        assert shop.cloud.drain()["failed"]
    assert '"a zone\'s reports could not be queued"' in capsys.readouterr().out
    assert mailed(shop) == []
    assert shop.run("schedule_reports") == []
    assert mailed(shop) == ["owner@shop.example"]


def test_whoever_came_after_the_week_has_no_report_of_it(shop: Shop) -> None:
    go_to(shop, eight(shop) - HOUR)
    another(shop, TORONTO)
    go_to(shop, eight(shop))
    assert shop.run("schedule_reports") == []
    assert mailed(shop) == ["owner@shop.example"]
    go_to(shop, eight(shop))
    assert shop.run("schedule_reports") == []
    assert len(mailed(shop)) == 3


# ── who changes zones ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("zone", "other"),
    [(LOS_ANGELES, AUCKLAND), (AUCKLAND, LOS_ANGELES), (PAGO_PAGO, KIRITIMATI)],
)
def test_whoever_moves_from_zone_to_zone_has_one_mail_all_the_same(
    shop: Shop, zone: str, other: str
) -> None:
    """Before it is eight in either, between the two, and after both."""
    owners = [f"owner{n}@movers.example" for n in range(3)]
    for owner in owners:
        another(shop, zone, shop_host=f"{owner[:6]}.example", recipients=[owner])
    first, last = sorted((eight(shop, zone), eight(shop, other)))
    for owner, at in zip(owners, (first - HOUR, last - 10 * MINUTE, last + HOUR), strict=True):
        go_to(shop, at)
        assert shop.run("schedule_reports") == []
        another(shop, other, shop_host=f"{owner[:6]}.example", recipients=[owner])
    for hours in (2, 26):
        go_to(shop, last + hours * HOUR)
        assert shop.run("schedule_reports") == []
    assert Counter(mailed(shop)) == Counter([*owners, "owner@shop.example"])


def test_a_report_that_was_queued_in_one_zone_waits_for_eight_in_the_next(shop: Shop) -> None:
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    shop.onboarded(zone=LOS_ANGELES)
    forget_facts()  # what an instance read a moment ago
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == []
    go_to(shop, eight(shop, LOS_ANGELES))
    assert shop.run("schedule_reports") == []
    assert mailed(shop) == ["owner@shop.example"]


# ── built once ───────────────────────────────────────────────────────────────────────────────────
def issue_of(shop: Shop) -> Any:
    """What stands of the newest week's report."""
    rows = [row for row in REPORTS.query(shop.id, prefix="week#") if "snapshot" in row]
    return max(rows, key=lambda row: row["sk"])


def test_a_report_that_is_asked_for_again_is_the_one_that_was_built_and_sent(shop: Shop) -> None:
    shop.buy("1001", "50.00", shop.click(shop.share().json["code"]))
    shop.cloud.drain()
    go_to(shop, eight(shop))
    shop.run("schedule_reports")
    before = issue_of(shop)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "20.00"))
    shop.cloud.drain()
    week = before["sk"].removeprefix("week#")
    for _ in range(2):
        send(shop, "ANALYSES", {"job": "report", "merchant": shop.id, "about": [week]})
        assert shop.cloud.drain()["failed"] == []
    assert issue_of(shop) == before
    assert before["influenced"] == 5000
    assert len(mailed(shop)) == 1
    assert len(objects(shop)) == 1


def objects(shop: Shop) -> list[str]:
    """Snapshots in the bucket."""
    (bucket,) = (name for name in shop.cloud.template.buckets if "reports" in name)
    told: Any = boto3.client("s3").list_objects_v2(Bucket=bucket)
    keys = (each["Key"] for each in told.get("Contents", []))
    return [key for key in keys if not key.startswith(("weeks/", "sent-orders/"))]


def test_a_run_that_was_slower_mails_what_the_faster_one_built(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = build_report.build

    def overtaken(merchant: Merchant, week: Week, mailed: int | None, now: datetime) -> Any:
        monkeypatch.setattr(build_report, "build", real)
        issue_reports.issue(merchant, (week.first.isoformat(),), now)
        return replace(real(merchant, week, mailed, now), shop="Built too late")

    monkeypatch.setattr(build_report, "build", overtaken)
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    work_off(shop, "analyse_merchant")
    assert len(objects(shop)) == 2
    both = received(shop, "mails-queue")
    assert [each["snapshot"] for each in both] == [issue_of(shop)["snapshot"]] * 2


def test_whoever_is_a_recipient_when_the_report_is_built_and_still_is_gets_it(shop: Shop) -> None:
    shop.onboarded(recipients=["stays@shop.example", "leaves@shop.example"])
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    work_off(shop, "analyse_merchant")
    shop.onboarded(recipients=["stays@shop.example", "comes@shop.example"])
    forget_facts()
    week = issue_of(shop)["sk"].removeprefix("week#")
    send(shop, "ANALYSES", {"job": "report", "merchant": shop.id, "about": [week]})
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == ["stays@shop.example"]


def work_off(shop: Shop, folder: str) -> None:
    """What waits for one function, and nothing that it queues."""
    for queue in shop.cloud.event_sources.queues:
        while queue.trigger.folder == folder and queue.step(urgent=True):
            pass


@pytest.mark.parametrize("after", [False, True])
def test_a_build_that_dies_at_any_write_ends_in_one_mail(
    shop: Shop, counted: Calls, after: bool
) -> None:
    """A Monday for each: the snapshot, what names it, the mails."""
    counted.watch(shop.cloud)
    for write in range(3):
        go_to(shop, eight(shop))
        counted.die("analyse_merchant", write, after=after)
        assert shop.run("schedule_reports") == []
        assert counted.dying == ""
        assert len(mailed(shop)) == write + 1
    assert len(objects(shop)) == 3


@pytest.mark.parametrize("after", [False, True])
def test_a_schedule_that_dies_at_any_write_is_run_again_and_ends_in_one_mail(
    shop: Shop, counted: Calls, after: bool
) -> None:
    counted.watch(shop.cloud)
    go_to(shop, eight(shop) - MINUTE)
    shop.run("schedule_reports")  # zones where it was eight in the day before
    for write in range(2):
        go_to(shop, eight(shop))
        counted.die("schedule_reports", write, after=after)
        assert shop.run("schedule_reports") == []
        assert counted.dying == ""
        assert len(mailed(shop)) == write + 1
        go_to(shop, eight(shop) - MINUTE)
        shop.run("schedule_reports")


def test_a_build_that_fails_keeps_nobody_waiting_and_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(shop, TORONTO)
    real = build_report.build

    def fails_for_one(merchant: Merchant, *args: Any) -> Any:
        if merchant.id == shop.id:
            raise RuntimeError("the test says no")
        return real(merchant, *args)

    go_to(shop, eight(shop))
    with monkeypatch.context() as broken:
        broken.setattr(build_report, "build", fails_for_one)
        assert shop.run("schedule_reports")
    assert mailed(shop) == ["toronto@shops.example"]
    (letter,) = received(shop, "failed-analyses")
    body = {name: letter[name] for name in ("job", "merchant", "about")}
    assert (body["job"], body["merchant"]) == ("report", shop.id)
    for _ in range(2):
        send(shop, "ANALYSES", body)
        assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == ["toronto@shops.example", "owner@shop.example"]


def test_while_a_build_takes_ten_minutes_all_other_mails_leave(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another instance has the slow one."""
    another(shop, TORONTO)
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    asked = {each["merchant"]: each for each in received(shop, "analyses-queue")}
    real, begun, released = build_report.build, ThreadEvent(), ThreadEvent()

    def slow_for_one(merchant: Merchant, *args: Any) -> Any:
        if merchant.id == shop.id:
            begun.set()
            assert released.wait(30)
        return real(merchant, *args)

    monkeypatch.setattr(build_report, "build", slow_for_one)
    slow = Thread(target=analyse, args=(shop, asked.pop(shop.id)))
    slow.start()
    assert begun.wait(30)
    for each in asked.values():
        analyse(shop, each)
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == ["toronto@shops.example"]
    released.set()
    slow.join()
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) == ["toronto@shops.example", "owner@shop.example"]


def analyse(shop: Shop, message: dict[str, Any]) -> None:
    """As an instance of its own does."""
    body = json.dumps({name: message[name] for name in ("job", "merchant", "about")})
    now = f"{shop.cloud.clock.now().timestamp() * 1000:.0f}"
    attributes = {"ApproximateFirstReceiveTimestamp": now, "ApproximateReceiveCount": "1"}
    record = {"messageId": "1", "body": body, "attributes": attributes}
    assert analyse_merchant.handler({"Records": [record]}, None) == {"batchItemFailures": []}


def test_a_merchant_to_whom_nothing_happened_has_a_cheap_report(
    shop: Shop, counted: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was heard of it in other weeks."""
    monkeypatch.setenv("FAST_PATH", "no")  # botocore shows what botocore asks
    monkeypatch.setattr(reports, "ALL_END_SINCE", shop.cloud.clock.now() - timedelta(weeks=2))
    shop.click(shop.share().json["code"])
    assert shop.cloud.drain()["failed"] == []
    for _ in range(3):
        go_to(shop, eight(shop))
        assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    counted.watch(shop.cloud)
    go_to(shop, eight(shop))
    forget_facts()
    assert shop.run("schedule_reports") == []
    assert len(mailed(shop)) == 4
    asked = {folder: counted.of(folder) for folder in ("analyse_merchant", "send_report")}
    assert asked["analyse_merchant"].total() <= MOST_OF_A_REPORT, asked
    assert asked["send_report"].total() <= MOST_OF_A_MAIL, asked


# ── scored before eight ──────────────────────────────────────────────────────────────────────────
def test_whoever_had_clicks_or_orders_is_scored_in_the_night_before_the_report(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New York has both, Kolkata and Kathmandu, whose Sunday ends within an hour of UTC, clicks;
    Los Angeles sells by a click of the week before, Auckland by nobody's."""
    shops = {NEW_YORK: shop} | {zone: another(shop, zone) for zone in ZONES[1:]}
    codes = {zone: share(each, host_of(zone)) for zone, each in shops.items()}
    earlier = shops[LOS_ANGELES].click(codes[LOS_ANGELES])
    assert shop.cloud.drain()["failed"] == []
    go_to(shop, max(eight(shop, zone) for zone in ZONES) + calendars.DAY)
    assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    trails = {LOS_ANGELES: earlier, AUCKLAND: None}
    for zone in (NEW_YORK, KOLKATA, KATHMANDU):
        trails[zone] = shops[zone].click(codes[zone])
    for zone in (NEW_YORK, LOS_ANGELES, AUCKLAND):
        buy(shops[zone], trails[zone])
    assert shop.cloud.drain()["failed"] == []

    monkeypatch.setattr(build_report, "score_influencers", None)  # the fallback
    before = mailed(shop)
    due = {zone: eight(shop, zone) for zone in ZONES}
    hour = calendars.hour_of(min(due.values())) - 10 * HOUR
    while hour < max(due.values()):
        for minute, folder in ((12, "close_days"), (22, "score_influencers")):
            go_to(shop, hour + minute * MINUTE)
            assert shop.run(folder) == []
        hour += HOUR
        for zone in (zone for zone in ZONES if hour - HOUR < due[zone] <= hour):
            week = calendars.last_full_week(due[zone], ZoneInfo(zone))
            assert score_history.is_scored(shops[zone].id, week.first), zone
    go_to(shop, hour)
    assert shop.run("schedule_reports") == []
    assert len(mailed(shop)) == len(before) + len(ZONES)


def buy(shop: Shop, click: str | None) -> None:
    said = a_message(trail=[click] if click else ..., visit=...)
    now = iso(shop.cloud.clock.now())
    assert post_standard(shop, {**said, "timestamp": now}).status == 200


def test_jobs_are_queued_the_oldest_due_first_whoevers_they_are(shop: Shop) -> None:
    now = shop.cloud.clock.now() - MINUTE
    ids = [f"m_{n}" for n in range(20)]
    for n, each in enumerate(ids):
        jobs.note(Job(kind="score", merchant=each, about="2026-11-30"), now - n * MINUTE)
    assert [job.merchant for job in jobs.due("score", now)] == ids[::-1]
    assert shop.cloud.schedule("score_influencers").result == len(ids)
    waiting = received(shop, "analyses-queue")
    assert [each["merchant"] for each in waiting] == ids[:-11:-1]


# ── sent once ────────────────────────────────────────────────────────────────────────────────────
def test_a_hundred_recipients_have_a_mail_each_as_messages_of_their_merchants(shop: Shop) -> None:
    hundred = [f"owner{n}@shop.example" for n in range(100)]
    shop.onboarded(recipients=hundred)
    another(shop, TORONTO)
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    (asked, other) = received(shop, "analyses-queue")
    assert {each["merchant"] for each in (asked, other)} == {
        each["MessageGroupId"] for each in (asked, other)
    }
    for each in (asked, other):
        analyse(shop, each)
    waiting = received(shop, "mails-queue")
    assert all(each["MessageGroupId"] == each["merchant"] for each in waiting)
    for each in waiting:
        send(shop, "MAILS", {name: each[name] for name in ("merchant", "first", "snapshot", "to")})
    assert shop.cloud.drain()["failed"] == []
    assert Counter(mailed(shop)) == Counter([*hundred, "toronto@shops.example"])


def test_mails_leave_at_the_accounts_rate(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which an instance has half."""
    shop.onboarded(recipients=[f"owner{n}@shop.example" for n in range(4)])
    go_to(shop, eight(shop))
    assert shop.cloud.schedule("schedule_reports").error is None
    work_off(shop, "analyse_merchant")
    monkeypatch.setenv("MAILS_PER_SECOND", "10")
    begun = time.monotonic()
    work_off(shop, "send_report")
    assert time.monotonic() - begun >= 3 * 2 / 10
    assert len(mailed(shop)) == 4


def test_a_mail_that_the_mail_service_refuses_once_is_sent_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttled = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
    monkeypatch.setattr(message, "send", failing(1, message.send, throttled))
    shop.onboarded(recipients=["one@shop.example", "two@shop.example"])
    go_to(shop, eight(shop))
    assert shop.run("schedule_reports") == []
    assert sorted(mailed(shop)) == ["one@shop.example", "two@shop.example"]


def test_a_recipient_of_before_to_whom_no_mail_can_go_keeps_the_others_from_nothing(
    shop: Shop,
) -> None:
    recipients = ("bj\u00f6rn@shop.example", "two@shop.example")
    profiles.revise(shop.id, lambda merchant: replace(merchant, recipients=recipients))
    go_to(shop, eight(shop))
    (failed,) = shop.run("schedule_reports")
    assert "bj\\u00f6rn" in failed["item"]
    assert mailed(shop) == ["two@shop.example"]
    assert set(shop.cloud.invoke("onboard_merchant", {"shop_host": HOST})["errors"]) == {
        "recipients.0"
    }


def test_a_mail_that_is_refused_for_ever_is_kept_and_rings_and_leaves_once_when_sent_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = ClientError({"Error": {"Code": "SendingPausedException"}}, "SendEmail")
    go_to(shop, eight(shop))
    with monkeypatch.context() as broken:
        broken.setattr(message, "send", failing(1_000, message.send, paused))
        assert shop.run("schedule_reports")
    (letter,) = received(shop, "failed-mails")
    assert (letter["merchant"], letter["to"]) == (shop.id, "owner@shop.example")
    for _ in range(2):
        send(
            shop, "MAILS", {name: letter[name] for name in ("merchant", "first", "snapshot", "to")}
        )
        assert shop.cloud.drain()["failed"] == []
        assert len(mailed(shop)) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_dies_at_any_write_of_a_mail_ends_in_one_or_where_nobody_knows_in_two(
    shop: Shop, counted: Calls, after: bool
) -> None:
    """A Monday for each: the claim, the address to unsubscribe at, the page's, the kept mail, the
    mail, its message id."""
    counted.watch(shop.cloud)
    for write in range(6):
        before = len(mailed(shop))
        go_to(shop, eight(shop))
        counted.die("send_report", write, after=after)
        assert shop.run("schedule_reports") == []
        assert counted.dying == ""
        is_unknown = (write, after) in [(4, True), (5, False)]
        assert len(mailed(shop)) - before == 1 + is_unknown, write


def test_a_claim_is_another_runs_for_a_quarter_of_an_hour(shop: Shop, counted: Calls) -> None:
    counted.watch(shop.cloud)
    go_to(shop, eight(shop))
    counted.die("send_report", 0, after=True)
    assert shop.run("schedule_reports") == []
    assert counted.of("send_report")["PutItem"] == 3 + 2, "claims, and two tokens"
    assert len(mailed(shop)) == 1


@pytest.mark.parametrize(("noun", "kept"), [("MAILS", "mails"), ("ANALYSES", "analyses")])
def test_a_message_that_nobody_understands_keeps_no_other_waiting(
    shop: Shop, noun: str, kept: str
) -> None:
    go_to(shop, eight(shop))
    send(shop, noun, '"poison"')
    assert shop.cloud.schedule("schedule_reports").error is None
    (failed,) = shop.cloud.drain()["failed"]
    assert "poison" in failed["item"]
    assert mailed(shop) == ["owner@shop.example"]
    (url,) = (
        q.url for q in shop.cloud.template.queues.values() if q.url.endswith(f"failed-{kept}")
    )
    (letter,) = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert letter["Body"] == '"poison"'
