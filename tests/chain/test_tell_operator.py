"""What waits for a person rings: when it begins, when it grows, once a day as long as it lasts."""

import json
from collections.abc import Callable
from datetime import timedelta

import boto3
import pytest

from sharetrail.aws import clients, environment, failure_queues
from sharetrail.operations import concerns, tell_operator
from sharetrail.sharing import redirect
from tests import faults
from tests.alarms import all_rung, rings
from tests.instances import forget_counts
from tests.shops import Shop, monday

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Look = Callable[[], list[str]]


@pytest.fixture
def look(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Look:
    """An hour later, what rings."""

    def look() -> list[str]:
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
        capsys.readouterr()
        assert shop.run("tell_operator") == []
        return all_rung(map(json.loads, capsys.readouterr().out.splitlines()))

    return look


def fail(queue: str, number: int = 1) -> None:
    """So many messages fail for good."""
    for _ in range(number):
        boto3.client("sqs").send_message(QueueUrl=url_of(queue), MessageBody="{}")


def clear(queue: str) -> None:
    boto3.client("sqs").purge_queue(QueueUrl=url_of(queue))


def url_of(queue: str) -> str:
    return environment.failure_queues()[queue]


# ── when ─────────────────────────────────────────────────────────────────────────────────────────
def test_where_nothing_waits_nothing_rings(look: Look) -> None:
    assert look() == []
    assert concerns.known() == set()


def test_what_failed_rings_when_it_begins_and_once_a_day_as_long_as_it_lasts(look: Look) -> None:
    fail("FailedOrders")
    assert [look() for _ in range(24)] == [["FailedOrders"], *([[]] * 23)]
    assert look() == ["FailedOrders"]


def test_what_lasts_keeps_nothing_new_from_being_heard(look: Look) -> None:
    fail("FailedOrders")
    assert look() == ["FailedOrders"]
    fail("FailedMails")
    assert look() == ["FailedMails"]
    fail("FailedOrders")
    assert look() == ["FailedOrders"], "there is more of it"
    assert look() == []


def test_what_was_done_rings_again_where_it_comes_again(look: Look) -> None:
    fail("FailedChores", 2)
    assert look() == ["FailedChores"]
    clear("FailedChores")
    assert look() == []
    fail("FailedChores")
    assert look() == ["FailedChores"]


def test_what_became_less_and_then_more_rings(look: Look) -> None:
    fail("FailedChores", 2)
    assert look() == ["FailedChores"]
    clear("FailedChores")
    fail("FailedChores")
    assert look() == []
    fail("FailedChores")
    assert look() == ["FailedChores"]


def test_two_who_look_at_once_ring_once(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        concerns.note("FailedOrders", 1, shop.cloud.clock.now())
    assert all_rung(map(json.loads, capsys.readouterr().out.splitlines())) == ["FailedOrders"]


def test_a_message_that_somebody_looks_at_is_there_all_the_same(shop: Shop) -> None:
    fail("FailedClicks")
    assert boto3.client("sqs").receive_message(QueueUrl=url_of("FailedClicks"))["Messages"]
    assert failure_queues.waiting()["FailedClicks"] == 1


def test_a_place_that_does_not_answer_keeps_no_other_from_being_looked_at(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail("FailedOrders")
    monkeypatch.setattr(clients, "s3", faults.NOWHERE)
    assert shop.cloud.schedule("tell_operator").error
    assert "FailedOrders" in all_rung(map(json.loads, capsys.readouterr().out.splitlines()))


# ── what ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "queue",
    [
        *("FailedClicks", "FailedOrders", "FailedDoorbells", "FailedChores", "FailedAnalyses"),
        *("FailedMails", "FailedBounces", "FailedQuestions", "FailedRecords"),
        "FailedErasures",
    ],
)
def test_every_queue_of_failures_rings_by_its_own_name(look: Look, queue: str) -> None:
    fail(queue)
    assert look() == [queue]


def test_quarantine_rings_once_a_day_until_it_is_empty(shop: Shop, look: Look) -> None:
    odd = {**shop.an_order("1001"), "currency": "dollars"}
    kept = shop.deliver("orders/create", odd).json["quarantined"]
    assert look() == [tell_operator.QUARANTINE]
    assert look() == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + DAY)
    assert look() == [tell_operator.QUARANTINE]
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("DELETE", f"/v1/quarantine/{kept}", None, headers).status == 200
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + DAY)
    assert look() == []


def test_an_order_that_spilled_rings_where_it_is_not_stored_within_the_hour(
    shop: Shop, look: Look
) -> None:
    with faults.elsewhere(faults.NOWHERE, "dynamodb", "sqs"):
        assert shop.buy("1001").json["kept"]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
    assert look() == [tell_operator.SPILL]
    assert shop.run("sweep") == []
    assert look() == []
    assert shop.order("1001")


def test_a_week_whose_report_nobody_built_rings_three_hours_after_eight(
    shop: Shop, look: Look
) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert [look() for _ in range(3)] == [[], [], [tell_operator.REPORTS]]
    assert shop.run("schedule_reports") == []
    assert len(shop.cloud.outbox.mails) == 1
    assert look() == []
    assert concerns.known() == set()


def test_a_week_is_not_missing_where_nobody_wants_it(shop: Shop, look: Look) -> None:
    shop.onboarded(recipients=[])
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()) + 4 * HOUR)
    assert look() == []


def test_a_days_allowance_rings_once_for_whoever_used_it_up(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.onboarded(links_per_day=1)
    capsys.readouterr()
    shares = []
    for n in range(4):
        forget_counts()
        shares.append(shop.share(key="publishable_key", label=f"{n}").status)
    assert shares == [201, 429, 429, 429]
    lines = [*map(json.loads, capsys.readouterr().out.splitlines())]
    (line,) = (each for each in lines if rings(each))
    assert (rings(line), line["merchant"]) == ("AllowanceUsedUp", shop.id)
    assert line["about"] == "links_of_browsers"


def test_a_click_that_neither_table_nor_queue_took_rings(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share().json["code"]
    shop.click(code)
    capsys.readouterr()
    with monkeypatch.context() as broken:
        broken.setenv("FAST_PATH", "no")
        broken.setenv("EVENTS_TABLE", "nowhere")
        broken.setenv("CLICKS_QUEUE", f"{shop.cloud.emulator.endpoint}/000000000000/nowhere")
        assert shop.follow(code).status == 302
    lines = [*map(json.loads, capsys.readouterr().out.splitlines())]
    (line,) = (each for each in lines if rings(each))
    assert rings(line) == redirect.CONCERN
    assert json.loads(line["click"])["code"] == code
