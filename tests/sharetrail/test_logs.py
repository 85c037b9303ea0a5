import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sharetrail import logs
from sharetrail.aws.fast import client
from sharetrail.version import VERSION

Lines = Callable[[], list[dict[str, Any]]]
ADDRESS = "ann@mail.example"
CONTEXT = SimpleNamespace(aws_request_id="lambdas-own", function_name="sharetrail-Sweep")
OF_GATEWAY = {"requestContext": {"requestId": "JKJaXmPLvHcESHA="}}


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(error: Exception) -> dict[str, Any]:
    """What a line says of it."""
    try:
        raise error
    except Exception as raised:
        return logs.told(raised)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────
def test_a_line_says_how_bad_it_is_what_and_of_which_release(lines: Lines) -> None:
    logs.info("settings changed", merchant="m_1", settings=["name"])
    told = {"level": "INFO", "message": "settings changed", "version": VERSION}
    assert lines() == [told | {"merchant": "m_1", "settings": ["name"]}]


@pytest.mark.parametrize(
    ("event", "request_id"), [({"time": ""}, "lambdas-own"), (OF_GATEWAY, "JKJaXmPLvHcESHA=")]
)
def test_it_says_which_function_s_and_which_request_s_it_is(
    lines: Lines, event: dict[str, Any], request_id: str
) -> None:
    @logs.entrance
    def handler(_event: Any, _context: Any) -> str:
        logs.info("something")
        return "done"

    assert handler(event, CONTEXT) == "done"
    logs.info("something later")
    within, later = lines()
    assert (within["request_id"], within["function"]) == (request_id, "sharetrail-Sweep")
    assert "request_id" not in later


def test_what_threads_say_for_a_request_is_said_as_that_request_s(lines: Lines) -> None:
    def say(number: int) -> None:
        with logs.about(record=str(number)):
            logs.info("a record")

    @logs.entrance
    def handler(_event: Any, _context: Any) -> None:
        with logs.threads(2) as pool:
            list(pool.map(say, range(4)))
        logs.info("done")

    handler(OF_GATEWAY, CONTEXT)
    *of_records, done = lines()
    assert sorted(line["record"] for line in of_records) == ["0", "1", "2", "3"]
    assert {line["request_id"] for line in [*of_records, done]} == {"JKJaXmPLvHcESHA="}
    assert "record" not in done


# ── failures ─────────────────────────────────────────────────────────────────────────────────────
def test_a_failure_says_what_it_is_where_it_was_and_what_it_came_from_but_not_its_words() -> None:
    def read() -> None:
        try:
            {}[ADDRESS]
        except KeyError as error:
            raise ValueError(f"nobody is called {ADDRESS}") from error

    try:
        read()
    except ValueError as error:
        told = logs.told(error)
    assert (told["kind"], told["cause"]["kind"]) == ("ValueError", "KeyError")
    place = "tests/sharetrail/test_logs.py"
    assert [each.partition(":")[0] for each in told["at"]] == [place, place]
    assert told["at"][-1].endswith(".read")
    assert ADDRESS not in json.dumps(told)


def test_of_what_aws_refused_it_says_the_code_and_what_was_asked() -> None:
    said = {"Error": {"Code": "MessageRejected", "Message": f"{ADDRESS} is not verified"}}
    told = refused(ClientError(said, "SendEmail"))
    assert told["kind"] == "ClientError MessageRejected of SendEmail"
    assert refused(client.Failed("Lost", 0, ADDRESS))["kind"] == "Failed Lost"
    assert ADDRESS not in json.dumps(told)


def test_of_several_at_once_it_says_each() -> None:
    told = refused(ExceptionGroup(ADDRESS, [ValueError(ADDRESS), TypeError(ADDRESS)]))
    assert [each["kind"] for each in told["of"]] == ["ValueError", "TypeError"]
    assert ADDRESS not in json.dumps(told)


def test_what_goes_deep_is_cut(lines: Lines) -> None:
    def deeper() -> None:
        deeper()

    def chained(causes: int) -> None:
        try:
            if causes:
                chained(causes - 1)
            deeper()
        except Exception as error:
            raise ValueError from error

    try:
        chained(20)
    except ValueError as error:
        logs.failure("too deep", error)
    (line,) = lines()
    assert len(json.dumps(line)) < 30_000


def test_what_a_function_raises_is_logged_and_handed_on_without_its_words(lines: Lines) -> None:
    """Lambda logs the words of what a function raises, and keeps them with an event that failed."""

    @logs.entrance
    def handler(_event: Any, _context: Any) -> None:
        raise ValueError(ADDRESS)

    with pytest.raises(logs.Failed) as raised:
        handler(OF_GATEWAY, CONTEXT)
    (line,) = lines()
    assert str(raised.value) == line["failure"]["kind"] == "ValueError"
    assert (line["level"], line["request_id"]) == ("ERROR", "JKJaXmPLvHcESHA=")
    assert ADDRESS not in json.dumps(line)
