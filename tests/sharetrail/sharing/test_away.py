"""The store away, connections cut or hanging: who follows a known link notices nothing.

The redirect itself, by either client, against a store of this process behind a gate; three seconds
of it, in Lambda's own loop and beside a cookbook's handler, are `python -m bench.standing`.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.dynamodb import endpoint
from bench.redirect.stage import IDENTITY
from bench.shop import stack
from bench.standing.crowd import BEGIN, event_of
from bench.standing.gate import Gate, gate_to
from bench.standing.store import Store
from functions.redirect.app import handler
from local.runtime.memories import forget_clients, forget_facts, forget_whereabouts
from sharetrail.aws import clients, environment
from sharetrail.aws.fast import client
from sharetrail.sharing import dead_ends
from tests import faults
from tests.conftest import unhurried
from tests.shops import HOST

AGES = [timedelta(minutes=n) for n in (59, 30, 2)]
OF_THE_SALT = timedelta(minutes=61)
LINKS = ["0000000001", "0000000002", "0000000003"]
"""One of each age."""
SHOPPERS = 12


@dataclass
class World:
    store: Store
    gate: Gate

    def away(self, how: str) -> None:
        {"cut": self.gate.cut, "hang": self.gate.hang}[how]()

    def follow(self, shopper: int, code: str, after: timedelta, **http: str) -> dict[str, Any]:
        """What a shopper is answered, some time after BEGIN."""
        event = event_of(shopper, code, BEGIN + after)
        context = event["requestContext"]
        asked = {**event, "requestContext": {**context, "http": {**context["http"], **http}}}
        return handler(asked, None)


def forget() -> None:
    forget_facts()
    forget_clients()
    forget_whereabouts()


@pytest.fixture(params=["yes", "no"], ids=["wire", "botocore"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    store = Store()
    with (
        endpoint.serving(lambda *asked: store.answer(*asked)) as address,
        gate_to(urlsplit(address).port or 0) as gate,
    ):
        variables = stack().functions["redirect"].environment | IDENTITY
        variables["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://127.0.0.1:{gate.port}"
        variables["AWS_ENDPOINT_URL_SQS"] = address
        for name, value in {**variables, "FAST_PATH": request.param}.items():
            monkeypatch.setenv(name, value)
        forget()
        yield World(store, gate)
        forget()


@pytest.mark.parametrize("how", ["cut", "hang"])
def test_links_of_the_last_hour_lead_on_while_the_table_is_away_and_each_click_is_kept_once(
    world: World, how: str
) -> None:
    with unhurried():
        world.follow(0, LINKS[0], -OF_THE_SALT)
        for code, age in zip(LINKS, AGES, strict=True):
            assert world.follow(0, code, -age)["statusCode"] == 302
    forget_clients()
    world.away(how)
    start = time.monotonic()
    answers = [
        world.follow(n, LINKS[n % 3], timedelta(seconds=0.3 * n)) for n in range(1, SHOPPERS)
    ]
    assert time.monotonic() - start < 6, "nobody waits for more than a moment"
    world.gate.open()
    answers.append(world.follow(SHOPPERS, LINKS[2], timedelta(seconds=10)))
    assert [each["statusCode"] for each in answers] == [302] * SHOPPERS
    assert all("st=" in each["headers"]["location"] for each in answers)
    world.store.drain()
    kept = world.store.clicks()
    assert [kept[n] for n in range(1, SHOPPERS + 1)] == [1] * SHOPPERS
    assert all("v" in row for row in world.store.rows), "the day's salt was known"


def test_once_the_table_failed_clicks_of_the_next_second_go_to_the_queue_at_once(
    world: World,
) -> None:
    with unhurried():
        world.follow(1, LINKS[0], timedelta())
        world.gate.cut()
        world.follow(2, LINKS[0], timedelta(seconds=1))
        world.gate.open()
        for shopper, after in ((3, 1.5), (4, 2.0), (5, 2.1)):
            world.follow(shopper, LINKS[0], timedelta(seconds=after))
    assert world.store.spills == 3
    world.store.drain()
    assert world.store.clicks() == dict.fromkeys(range(1, 6), 1)


def test_where_the_queue_takes_no_click_then_the_table_is_asked_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    real = world.store.answer

    def answer(operation: str, request: dict[str, Any]) -> str:
        if operation == "SendMessage":
            raise ConnectionAbortedError
        return real(operation, request)

    with unhurried():
        world.follow(1, LINKS[0], timedelta())
        world.gate.cut()
        world.follow(2, LINKS[0], timedelta(seconds=1))
        world.gate.open()
        monkeypatch.setattr(world.store, "answer", answer)
        assert world.follow(3, LINKS[0], timedelta(seconds=1.5))["statusCode"] == 302
    world.store.drain()
    assert world.store.clicks() == dict.fromkeys(range(1, 4), 1)
    assert "ClickNotKept" not in capsys.readouterr().out


def test_where_one_merchants_partition_is_throttled_the_others_clicks_are_written_as_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unhurried(), monkeypatch.context() as patched:
        patched.setattr(client, "BRISK", 0.3)  # within which it is refused again and again
        for shopper in (1, 2):
            world.follow(shopper, LINKS[shopper - 1], timedelta())
        with throttled(monkeypatch):
            assert world.follow(3, LINKS[0], timedelta(seconds=1))["statusCode"] == 302
        assert world.follow(4, LINKS[1], timedelta(seconds=1.1))["statusCode"] == 302
    assert world.store.spills == 1
    world.store.drain()
    assert world.store.clicks() == dict.fromkeys(range(1, 5), 1)


@contextmanager
def throttled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within it DynamoDB takes no click, by either client: it says so once, and then nothing."""
    code = "ThrottlingException"
    real, refusals = client._attempt, iter([code])

    def attempt(service: str, target: str, body: bytes, until: float) -> client.Reply:
        if not target.endswith("PutItem"):
            return real(service, target, body, until)
        for refusal in refusals:
            return client.Reply(400, {}, json.dumps({"__type": f"aws#{refusal}"}).encode())
        raise client.Failed("Lost", 0, "too late")

    session = clients.brisk_dynamodb()._endpoint.http_session
    with monkeypatch.context() as patched:
        patched.setattr(client, "_attempt", attempt)
        patched.setattr(session, "send", faults.refused(code)(session.send))
        yield


def test_where_a_link_leads_that_nobody_knows_here_is_a_page_that_comes_back_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(client, "PATIENT", 0.3)
    world.gate.cut()
    for method in ("GET", "HEAD"):
        told = world.follow(1, LINKS[0], timedelta(), method=method)
        headers = told["headers"]
        assert told["statusCode"] == 503
        assert (headers["refresh"], headers["retry-after"]) == ("3", "3")
        assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex")
        assert "One moment, please" in told["body"]
    assert "redirect failed" in capsys.readouterr().out
    world.gate.open()
    assert world.follow(2, LINKS[0], timedelta(seconds=3))["statusCode"] == 302
    world.store.drain()
    assert world.store.clicks() == {2: 1}


def test_a_code_that_was_unknown_is_not_said_to_be_while_the_table_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been made a moment ago."""
    monkeypatch.setattr(client, "PATIENT", 0.3)
    monkeypatch.setattr(world.store, "answer", lambda *_: "{}")
    monkeypatch.setattr(dead_ends, "shop_of_domain", lambda _: None)
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 404
    world.gate.cut()
    assert world.follow(1, LINKS[0], timedelta(seconds=30))["statusCode"] == 404
    assert world.follow(1, LINKS[0], timedelta(seconds=90))["statusCode"] == 503


def test_what_is_no_code_at_all_is_no_link_whatever_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.gate.cut()
    assert world.follow(1, "wp-login.php", timedelta())["statusCode"] == 404


@pytest.mark.parametrize("how", ["cut", "hang"])
@pytest.mark.parametrize("world", ["yes"], indirect=True)
def test_who_follows_an_unknown_link_gets_there_if_the_table_is_back_within_three_seconds(
    world: World, how: str
) -> None:
    world.away(how)
    back = Timer(1.2, world.gate.open)
    back.start()
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 302
    back.join()


def test_what_was_known_for_longer_than_six_hours_is_known_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENT", 0.3)
    world.follow(1, LINKS[0], -timedelta(hours=7))
    world.follow(1, LINKS[1], -timedelta(hours=5))
    world.gate.cut()
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 503
    assert world.follow(1, LINKS[1], timedelta())["statusCode"] == 302


@pytest.mark.parametrize("table", ["links", "merchants"])
def test_nothing_that_stood_stands_for_longer_as_a_part_of_what_was_read_since(
    world: World, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr(client, "PATIENT", 0.3)
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 302
    real, name = world.store.answer, environment.table(table)

    def answer(operation: str, request: dict[str, Any]) -> str:
        if request["TableName"] == name:
            raise ConnectionAbortedError
        return real(operation, request)

    monkeypatch.setattr(world.store, "answer", answer)
    assert world.follow(1, LINKS[0], timedelta(hours=5, minutes=58))["statusCode"] == 302
    world.gate.cut()
    assert world.follow(1, LINKS[0], timedelta(hours=6, minutes=2))["statusCode"] == 503


def test_what_a_shop_changed_is_seen_while_a_link_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 302
    real, links = world.store.answer, environment.table("links")

    def answer(operation: str, request: dict[str, Any]) -> str:
        if request["TableName"] == links:
            raise ConnectionAbortedError
        return real(operation, request).replace(HOST, "moved.example")

    monkeypatch.setattr(world.store, "answer", answer)
    assert world.follow(1, LINKS[0], timedelta(minutes=2))["statusCode"] == 410


def test_whatever_else_goes_wrong_no_shopper_sees_api_gateways_own_words(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    odd = json.dumps({"Item": {"pk": {"S": "no link"}}})
    monkeypatch.setattr(world.store, "answer", lambda *_: odd)
    assert world.follow(1, LINKS[0], timedelta())["statusCode"] == 503
    assert "TypeError" in capsys.readouterr().out
