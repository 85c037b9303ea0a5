"""The fast path under every fault a network has, and on the emulator."""

import datetime as dt
import json
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from bench.redirect import certificates
from local.artifacts import roots
from local.template.declarations import Template
from sharetrail.aws import environment
from sharetrail.aws.fast import client, connection, signing
from sharetrail.aws.items import decode
from sharetrail.aws.queues import CLICKS
from tests.moments import is_within
from tests.stub import Asked, Step, Stub, answer, refusal

NAMES = [
    "ACCESS_KEY_ID",
    "SECRET_ACCESS_KEY",
    "SESSION_TOKEN",
    "ENDPOINT_URL",
    "ENDPOINT_URL_DYNAMODB",
    "ENDPOINT_URL_SQS",
    "REGION",
    "DEFAULT_REGION",
]
KEY = {"pk": {"S": "a"}}
FOUND = answer(200, {"Item": {"pk": {"S": "a"}, "n": {"N": "1"}}})
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
NEW = "attribute_not_exists(pk)"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Credentials in the environment, and nowhere to go."""
    for name in NAMES:
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(connection, "_strangers", set())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    # The environment changes under these tests, so nothing that was read of it is kept.
    monkeypatch.setattr(client, "_whereabouts", client._whereabouts.__wrapped__)
    monkeypatch.setattr(signing, "credentials", signing.credentials.__wrapped__)
    # An attempt of which a test counts the requests is not cut short by a busy machine.
    monkeypatch.setattr(client, "_ATTEMPT", client.PATIENT)
    return monkeypatch


@pytest.fixture
def stub(aws: pytest.MonkeyPatch) -> Iterator[Stub]:
    with Stub() as stub:
        aws.setenv("AWS_ENDPOINT_URL", stub.endpoint)
        yield stub


def once(aws: pytest.MonkeyPatch) -> None:
    """The pause before a second attempt is longer than anybody waits."""
    aws.setattr(client, "_FIRST_PAUSE", 60)
    aws.setattr(client, "random", lambda: 1.0)


def get() -> client.Attributes | None:
    return client.get_item("links", KEY)


def put() -> None:
    client.put_item("events", KEY, NEW)


def put_briskly() -> None:
    """Of a machine that is busy too: only what is about time may end by it."""
    client.put_item("events", KEY, NEW, client.BRISK)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────
def test_the_three_operations_ask_what_aws_understands(stub: Stub) -> None:
    stub.steps = [FOUND]
    assert get() == {"pk": {"S": "a"}, "n": {"N": "1"}}
    client.put_item("events", {**KEY, "salt": {"B": b"\0\xff"}}, NEW)
    client.send_message("http://queue", "hällo")
    asked = [(each.headers["x-amz-target"], each.json) for each in stub.asked]
    written = {**KEY, "salt": {"B": "AP8="}}
    assert asked == [
        ("DynamoDB_20120810.GetItem", {"TableName": "links", "Key": KEY, "ConsistentRead": True}),
        (
            "DynamoDB_20120810.PutItem",
            {"TableName": "events", "Item": written, "ConditionExpression": NEW},
        ),
        ("AmazonSQS.SendMessage", {"QueueUrl": "http://queue", "MessageBody": "hällo"}),
    ]
    assert {each.line for each in stub.asked} == {"POST / HTTP/1.1"}
    assert {each.headers["host"] for each in stub.asked} == {stub.host}


def test_what_is_not_there_is_none(stub: Stub) -> None:
    assert get() is None


def test_bytes_come_as_bytes_and_an_attribute_named_b_stays_one(stub: Stub) -> None:
    stub.steps = [answer(200, {"Item": {"salt": {"B": "AP8="}, "m": {"M": {"B": {"S": "b"}}}}})]
    assert decode(get()) == {"salt": b"\0\xff", "m": {"B": "b"}}


def test_without_an_endpoint_it_is_the_regions_own(aws: pytest.MonkeyPatch) -> None:
    expected = ("eu-central-1", "https://sqs.eu-central-1.amazonaws.com")
    assert client._whereabouts("sqs") == expected
    aws.setenv("AWS_ENDPOINT_URL", "http://one")
    aws.setenv("AWS_ENDPOINT_URL_SQS", "http://other")
    assert client._whereabouts("sqs")[1] == "http://other"
    assert client._whereabouts("dynamodb")[1] == "http://one"


# ── sockets ──────────────────────────────────────────────────────────────────────────────────────
def test_the_connection_is_kept(stub: Stub) -> None:
    for _ in range(5):
        get()
    assert stub.accepted == 1


def test_a_connection_gone_stale_is_replaced_at_once(stub: Stub, aws: pytest.MonkeyPatch) -> None:
    once(aws)  # so it is no retry
    stub.steps = [Step(answer(), close=True), FOUND]
    assert get() is None
    time.sleep(0.05)
    assert get() is not None
    assert (stub.accepted, len(stub.asked)) == (2, 2)


def test_a_connection_that_aws_says_it_closes_is_not_used_again(stub: Stub) -> None:
    stub.steps = [Step(answer(connection="close"), close=True)]
    get()
    get()
    assert stub.accepted == 2


def test_a_new_connection_without_an_answer_is_not_stale(
    stub: Stub, aws: pytest.MonkeyPatch
) -> None:
    once(aws)
    stub.steps = [Step(b"", close=True)]
    with pytest.raises(client.Failed, match="Lost"):
        get()
    assert len(stub.asked) == 1


def test_an_answer_cut_off_is_no_stale_connection_but_asked_again(
    stub: Stub, aws: pytest.MonkeyPatch
) -> None:
    stub.steps = [answer(), Step(FOUND[:-9], close=True), Step(FOUND[:20], close=True), FOUND]
    get()
    assert get() is not None
    assert len(stub.asked) == 4
    once(aws)
    stub.steps = [Step(FOUND[:-9], close=True), FOUND]
    with pytest.raises(client.Failed, match="cut off"):
        get()
    assert stub.steps == [FOUND]


@pytest.mark.parametrize("size", [0, 7])
def test_a_long_answer_may_come_in_chunks(stub: Stub, size: int) -> None:
    body = b'4\r\n{"It\r\n16;x=y\r\nem": {"pk":{"S":"a"}}}\r\n0\r\n\r\n'
    stub.steps = [Step(CHUNKED + body, drop=size)]
    assert get() == KEY
    assert get() is None
    assert (stub.accepted, len(stub.asked)) == (1, 2)


def test_chunks_cut_off_are_lost(stub: Stub) -> None:
    stub.steps = [Step(CHUNKED + b'4\r\n{"It', close=True), FOUND]
    assert get() is not None
    assert len(stub.asked) == 2


@pytest.mark.parametrize("size", [7, 50, 100])
def test_an_answer_in_pieces_is_whole(stub: Stub, size: int) -> None:
    stub.steps = [Step(FOUND, drop=size)]
    assert get() == {"pk": {"S": "a"}, "n": {"N": "1"}}
    assert len(stub.asked) == 1


@pytest.mark.parametrize("step", [Step(answer(), wait=0.6), Step(answer(), drop=2)])
def test_a_click_waits_150_ms_however_the_answer_is_late(stub: Stub, step: Step) -> None:
    def click() -> None:
        start = time.monotonic()
        with pytest.raises(client.Failed) as failed:
            put_briskly()
        assert (failed.value.code, failed.value.status) == ("Lost", 0)
        assert time.monotonic() - start > 0.1

    stub.after = lambda _: step
    assert is_within(0.4, click)


def test_after_a_late_answer_the_next_request_has_a_connection_of_its_own(stub: Stub) -> None:
    def told(asked: Asked) -> Step:
        is_put = asked.headers["x-amz-target"].endswith("PutItem")
        return Step(FOUND, wait=0.3) if is_put else Step(answer())

    stub.after = told
    with pytest.raises(client.Failed):
        put_briskly()
    assert get() is None
    assert stub.accepted == 2


def test_where_nothing_listens_it_fails_in_time(aws: pytest.MonkeyPatch) -> None:
    with Stub() as gone:
        aws.setenv("AWS_ENDPOINT_URL", gone.endpoint)

    def click() -> None:
        with pytest.raises(client.Failed, match="Lost"):
            put_briskly()

    assert is_within(0.3, click)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 2x0 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{}",
        CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"2\r\n{}\r\n0\r\nx-trailer: 1\r\n\r\n",
        CHUNKED + b"2\r\n{}\r\n0\r\n\r\nmore",
        answer() + b"more",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 4_100_000,
    ],
    ids=range(15),
)
def test_what_is_no_plain_answer_is_lost(stub: Stub, said: bytes, aws: pytest.MonkeyPatch) -> None:
    once(aws)
    stub.steps = [said]
    with pytest.raises(client.Failed) as failed:
        get()
    assert failed.value.code == "Lost"
    assert get() is None
    assert stub.accepted == 2


def test_threads_get_each_their_own_answer(stub: Stub) -> None:
    def told(asked: Asked) -> Step:
        return Step(answer(200, {"Item": asked.json["Key"]}), wait=0.002)

    def ask(n: int) -> bool:
        key = {"pk": {"S": str(n)}}
        return client.get_item("links", key) == key

    stub.after = told
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))
    assert stub.accepted <= 8


# ── what AWS says ────────────────────────────────────────────────────────────────────────────────
PASSING = [
    answer(500, {"__type": "InternalServerError"}),
    answer(503, b"<html>"),
    answer(429, {}),
    refusal("ProvisionedThroughputExceededException"),
    refusal("ThrottlingException"),
    answer(200, {"Item": KEY}, x_amz_crc32="1"),
    answer(200, b"garbage"),
    answer(200, b'["garbage"]'),
    answer(200, b'{"Item": ' + b"[" * 100_000),
]


@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_what_passes_is_asked_again(stub: Stub, fault: bytes) -> None:
    stub.steps = [fault, fault, FOUND]
    assert get() is not None
    assert len(stub.asked) == 3


@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_and_again_but_not_for_ever(stub: Stub, fault: bytes) -> None:
    stub.after = lambda _: Step(fault)
    start = time.monotonic()
    with pytest.raises(client.Failed):
        client.get_item("links", KEY, 1.0)
    assert 0.5 < time.monotonic() - start < 5
    assert 1 < len(stub.asked) < 60, "pauses grow, up to a fifth of a second"


def test_who_is_patient_is_so_however_fast_attempts_fail(stub: Stub) -> None:
    """Connections that are cut at once end four attempts within a tenth of a second."""

    def ask() -> None:
        back = time.monotonic() + 1
        stub.after = lambda _: Step(FOUND) if time.monotonic() > back else Step(b"", close=True)
        assert get() is not None

    assert is_within(1.5, ask)


def test_a_click_that_is_throttled_is_given_up_within_its_time(stub: Stub) -> None:
    def click() -> None:
        stub.asked.clear()
        with pytest.raises(client.Failed):
            put_briskly()
        assert len(stub.asked) <= 4

    stub.after = lambda _: Step(refusal("ThrottlingException"), wait=0.04)
    assert is_within(0.3, click)
    assert stub.asked


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 400),
        ("ResourceNotFoundException", 400),
        ("ExpiredTokenException", 400),
        ("", 404),
    ],
)
def test_any_other_refusal_is_final(stub: Stub, code: str, status: int) -> None:
    stub.steps = [refusal(code, status)]
    with pytest.raises(client.Failed) as failed:
        get()
    assert (failed.value.code, failed.value.status) == (code, status)
    assert not isinstance(failed.value, client.ConditionFailed)
    assert len(stub.asked) == 1


def test_a_condition_that_does_not_hold_is_an_error_of_its_own(stub: Stub) -> None:
    stub.steps = [refusal("ConditionalCheckFailedException")]
    with pytest.raises(client.ConditionFailed):
        put()
    assert len(stub.asked) == 1


def test_an_answer_without_a_checksum_is_believed(stub: Stub) -> None:
    stub.steps = [answer(200, {"Item": KEY}, x_amz_crc32="")]
    assert get() == KEY


# ── credentials ──────────────────────────────────────────────────────────────────────────────────
def test_a_session_token_from_the_environment_is_sent(stub: Stub, aws: pytest.MonkeyPatch) -> None:
    aws.setenv("AWS_SESSION_TOKEN", "token")
    get()
    assert stub.asked[0].headers["x-amz-security-token"] == "token"


def test_without_credentials_nothing_is_sent(stub: Stub, aws: pytest.MonkeyPatch) -> None:
    aws.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(client.Failed, match="Lost"):
        put()
    assert stub.asked == []


def test_a_line_break_cannot_smuggle_a_header(stub: Stub, aws: pytest.MonkeyPatch) -> None:
    aws.setenv("AWS_SESSION_TOKEN", "token\r\nx-evil: 1")
    with pytest.raises(client.Failed, match="line break"):
        put()
    assert stub.asked == []


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a key and a self-signed certificate for an address, in one file."""

    def made(address: str) -> Path:
        file = tmp_path_factory.mktemp("tls") / "both.pem"
        certificates.create(file, address)
        return file

    return made


def secure(file: Path, aws: pytest.MonkeyPatch) -> Stub:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    stub = Stub(context)
    aws.setenv("AWS_ENDPOINT_URL", stub.endpoint)
    return stub


def test_over_tls_a_connection_is_kept_and_replaced_when_stale(
    certificate: Callable[[str], Path], aws: pytest.MonkeyPatch
) -> None:
    file = certificate("127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(file))
    aws.setattr(connection, "_amazon", lambda: trusting)
    once(aws)
    with secure(file, aws) as stub:
        stub.after = lambda _: Step(FOUND)
        assert get() == get()
        assert stub.accepted == 1
        stub.hang_up()
        assert get() is not None
        assert stub.accepted == 2


def test_a_stranger_is_not_spoken_to(
    certificate: Callable[[str], Path], aws: pytest.MonkeyPatch
) -> None:
    for file, known in ((certificate("127.0.0.1"), False), (certificate("127.0.0.2"), True)):
        trusting = ssl.create_default_context(cafile=str(file) if known else None)
        for trust in ("_amazon", "_everyone"):
            aws.setattr(connection, trust, lambda *_, trusting=trusting: trusting)
        with secure(file, aws) as stub:
            with pytest.raises(client.Failed, match=r"(?i)certificate"):
                put()
            assert stub.asked == []


def test_whom_amazon_does_not_vouch_for_the_machine_may(
    certificate: Callable[[str], Path], aws: pytest.MonkeyPatch
) -> None:
    file = certificate("127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(file))
    aws.setattr(connection, "_everyone", lambda named: trusting)
    with secure(file, aws) as stub:
        stub.after = lambda _: Step(FOUND)
        for _ in range(2):
            assert get() is not None
        # Amazon's authorities know nothing of it, so the first attempt ended in the handshake.
        assert (stub.accepted, len(stub.asked)) == (2, 2)


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_authorities_that_the_environment_names_are_believed(
    certificate: Callable[[str], Path], aws: pytest.MonkeyPatch, variable: str
) -> None:
    file = certificate("127.0.0.1")
    aws.setenv(variable, str(file))
    with secure(file, aws) as stub:
        stub.steps = [FOUND]
        assert get() is not None
        assert stub.accepted == 1


def test_amazons_authorities_are_those_that_botocore_brings() -> None:
    assert roots.TARGET.read_text() == roots.pem()
    assert connection._amazon().cert_store_stats()["x509_ca"] == len(roots.NAMES)


# ── on the emulator ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("fast", ["yes", "no"])
def test_a_message_arrives_by_either_client(
    tables: Template, monkeypatch: pytest.MonkeyPatch, fast: str
) -> None:
    monkeypatch.setenv("FAST_PATH", fast)
    body = json.dumps({"text": "ä\n☃ \U0001f600", "long": "x" * 10_000}, ensure_ascii=False)
    CLICKS.send(body)
    queue = environment.queue("clicks")
    (message,) = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert message["Body"] == body
