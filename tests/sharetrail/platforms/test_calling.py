"""A call to a shop system: to its own public host alone, over TLS, again where that may help."""

import gzip
import json
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.redirect import certificates
from sharetrail.platforms import calling, site
from sharetrail.platforms.calling import Call
from sharetrail.platforms.site import Site
from sharetrail.platforms.trouble import CallFailed
from tests.stub import Step, Stub, answer

MAKE = Call(method="POST", path="/things", form=(("a", "b"),))
ONCE = Call(method="POST", path="/things", form=(("a", "b"),), is_safe=False)


@pytest.fixture(autouse=True)
def _live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "live")
    monkeypatch.setattr(calling, "PAUSE", 0.001)


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Callable[[Stub], Site]:
    """The local stage, whose systems a stub plays."""

    def at(stub: Stub) -> Site:
        monkeypatch.setenv("STAGE", "local")
        monkeypatch.setenv("LOCAL_PLATFORMS", stub.endpoint)
        return Site(base=site.of("shopify", "mugs.myshopify.com"))

    return at


# ── where it goes ────────────────────────────────────────────────────────────────────────────────
def test_a_live_stage_calls_the_system_itself_whatever_a_variable_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOCAL_PLATFORMS", "http://127.0.0.1:1/_platforms")
    assert site.of("stripe", "api.stripe.com") == "https://api.stripe.com"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "::1", "fd00:ec2::254", "fe80::1", "::ffff:10.0.0.1"),
        *("2002:0a00:0001::1", "240.0.0.1", "198.18.0.1", "64:ff9b::a9fe:a9fe"),
    ],
)
def test_a_host_that_leads_inside_is_not_called_be_it_by_one_of_its_addresses(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for found in ([address], ["93.184.215.14", address]):
        _resolve(monkeypatch, found)
        with pytest.raises(CallFailed) as refused:
            calling.send(Site(base="https://shop.example"), MAKE)
        assert refused.value.trouble.kind == "not_public"


def test_a_host_is_called_at_its_addresses_of_ipv4_where_it_has_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _resolve(monkeypatch, ["2606:2800:21f::1", "93.184.215.14", "93.184.215.15"])
    assert site.public_addresses("shop.example") == ["93.184.215.14", "93.184.215.15"]
    _resolve(monkeypatch, ["2606:2800:21f::1"])
    assert site.public_addresses("shop.example") == ["2606:2800:21f::1"]


def test_a_name_that_there_is_none_of_may_come_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CallFailed) as failed:
        calling.send(Site(base="https://shop.example"), MAKE)
    assert failed.value.trouble.passes


def _resolve(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("named", "is_known", "is_taken"),
    [
        ("127.0.0.1", True, True),
        ("127.0.0.1", False, False),
        ("127.0.0.2", True, False),
    ],
)
def test_only_a_host_whose_certificate_holds_hears_of_the_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, is_known: bool, is_taken: bool
) -> None:
    file = tmp_path / "certificate.pem"
    certificates.create(file, named)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setattr(site, "public_addresses", lambda _: ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    shop = Site(base="https://127.0.0.1", headers={"authorization": "Bearer of-the-shop"})
    with Stub(context) as stub:
        monkeypatch.setattr(site, "PORT", int(stub.host.partition(":")[2]))
        if is_taken:
            assert calling.send(shop, MAKE).is_fine
            assert stub.asked[0].headers["authorization"] == "Bearer of-the-shop"
        else:
            with pytest.raises(CallFailed):
                calling.send(shop, MAKE)
            assert stub.asked == []


# ── again, or not ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("failure", [answer(429), answer(500), answer(503), b"nonsense\r\n\r\n"])
def test_what_fails_is_tried_again(local: Callable[[Stub], Site], failure: bytes) -> None:
    with Stub() as stub:
        stub.steps = [Step(failure, close=True), answer(200, {"a": 1})]
        assert calling.send(local(stub), MAKE).json == {"a": 1}


def test_what_might_be_done_twice_is_not_sent_again_once_it_may_be_done(
    local: Callable[[Stub], Site],
) -> None:
    for failure in (answer(502), b"nonsense\r\n\r\n"):
        with Stub() as stub:
            stub.steps = [Step(failure, close=True)]
            with pytest.raises(CallFailed) as failed:
                calling.send(local(stub), ONCE)
            assert failed.value.trouble.kind == "away"
            assert len(stub.asked) == 1
    with Stub() as stub:
        stub.steps = [answer(429), answer(201)]
        assert calling.send(local(stub), ONCE).status == 201  # it was refused, and not done


def test_it_ends_after_four_attempts_and_says_which_kind_of_failure_it_was(
    local: Callable[[Stub], Site],
) -> None:
    for status, kind in ((429, "busy"), (503, "away")):
        with Stub() as stub:
            stub.after = lambda _, status=status: Step(answer(status))  # type: ignore[misc]
            with pytest.raises(CallFailed) as failed:
                calling.send(local(stub), MAKE)
            assert failed.value.trouble.kind == kind
            assert len(stub.asked) == calling.ATTEMPTS


def test_a_system_is_waited_for_as_long_as_it_asks_within_reason(
    local: Callable[[Stub], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(calling.time, "sleep", waits.append)
    with Stub() as stub:
        stub.steps = [answer(429, retry_after="3"), answer(429, retry_after="900"), answer(200)]
        calling.send(local(stub), MAKE)
    first, second = filter(None, waits)  # the stub does not wait
    assert 3 <= first <= 3.1
    assert second == calling.LONGEST_PAUSE


def test_a_redirect_is_told_and_not_followed(local: Callable[[Stub], Site]) -> None:
    with Stub() as stub:
        stub.steps = [answer(307, location="https://www.shop.example/things?key=secret")]
        with pytest.raises(CallFailed) as moved:
            calling.send(local(stub), MAKE)
        assert (moved.value.trouble.kind, moved.value.trouble.detail) == (
            "elsewhere",
            "www.shop.example",
        )
        assert len(stub.asked) == 1


# ── hostile systems ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "told", [answer(200, b" " * 200), b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200, b" " * 200]
)
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_byte_now_and_then_holds_nobody_up(
    local: Callable[[Stub], Site],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    told: bytes,
    is_encrypted: bool,
) -> None:
    monkeypatch.setattr(calling, "LONGEST_ATTEMPT", 0.5)
    context = None
    if is_encrypted:
        certificates.create(tmp_path / "certificate.pem", "127.0.0.1")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        monkeypatch.setattr(site, "public_addresses", lambda _: ["127.0.0.1"])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "certificate.pem")
    with Stub(context) as stub:
        monkeypatch.setattr(site, "PORT", int(stub.host.partition(":")[2]))
        stub.steps = [Step(told, drop=1)]
        shop = Site(base="https://127.0.0.1") if is_encrypted else local(stub)
        begun = time.monotonic()
        with pytest.raises(CallFailed) as left:
            calling.send(shop, ONCE)
        assert (left.value.trouble.kind, len(stub.asked)) == ("away", 1)
        assert time.monotonic() - begun < 2, "all that is told takes four"


def test_a_handshake_that_does_not_end_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LONGEST_ATTEMPT", 0.1)
    monkeypatch.setattr(site, "public_addresses", lambda _: ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(site, "PORT", silent.getsockname()[1])
        begun = time.monotonic()
        with pytest.raises(CallFailed):
            calling.send(Site(base="https://127.0.0.1"), ONCE)
    assert time.monotonic() - begun < 5


def test_all_calls_of_a_run_end_with_it(
    local: Callable[[Stub], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Stub() as stub, calling.within(1):
        shop = local(stub)
        assert calling.send(shop, MAKE).is_fine
        stub.after = lambda _: Step(answer(), wait=5)
        begun = time.monotonic()
        with pytest.raises(CallFailed) as left:
            calling.send(shop, MAKE)
        assert left.value.trouble.passes
        assert time.monotonic() - begun < 3
        assert len(stub.asked) == 2  # what is late already is not begun
    with Stub() as stub:
        assert calling.send(local(stub), MAKE).is_fine


def test_nothing_is_unpacked(local: Callable[[Stub], Site]) -> None:
    """A thousandth of it would be sent."""
    bomb = gzip.compress(json.dumps("a" * 1_000_000).encode())
    with Stub() as stub:
        stub.steps = [answer(200, bomb, content_encoding="gzip")]
        reply = calling.send(local(stub), MAKE)
        assert stub.asked[0].headers["accept-encoding"] == "identity"
    assert reply.json is None
    assert len(reply.text) <= len(bomb)


def test_an_answer_that_is_cut_off_is_none(local: Callable[[Stub], Site]) -> None:
    with Stub() as stub:
        cut = answer(200, b"[1", content_length="90")
        stub.steps = [Step(cut, close=True), answer(200, b"[2]")]
        assert calling.send(local(stub), MAKE).json == [2]


@pytest.mark.parametrize("told", ["\u00b2", "soon", "-1", "1.2.3", "nan", ""])
def test_a_wait_that_is_no_number_is_none(local: Callable[[Stub], Site], told: str) -> None:
    busy = answer(429, retry_after="N").replace(b"retry-after: N", f"retry-after: {told}".encode())
    with Stub() as stub:
        stub.steps = [busy.replace("\u00b2".encode(), b"\xb2"), answer(200, {"a": 1})]
        assert calling.send(local(stub), MAKE).json == {"a": 1}


@pytest.mark.parametrize(
    "location",
    [
        "http://[",
        "/shop",
        "https://call 0800 123 now!/",
        "https://10.0.0.1/",
        "https://" + "a" * 300,
    ],
)
def test_what_a_redirect_names_beside_a_host_is_told_to_nobody(
    local: Callable[[Stub], Site], location: str
) -> None:
    with Stub() as stub:
        stub.steps = [answer(307, location=location)]
        site = local(stub)
        with pytest.raises(CallFailed) as moved:
            calling.send(site, MAKE)
        assert (moved.value.trouble.kind, moved.value.trouble.detail) == ("no_shop", site.host)


@pytest.mark.parametrize("text", ["[" * 200_000, "9" * 5_000, "{"])
def test_what_cannot_be_read_as_json_is_none(text: str) -> None:
    assert calling.Reply(status=200, headers={}, text=text).json is None


def test_a_site_prints_no_header() -> None:
    assert "secret" not in repr(Site(base="https://a.example", headers={"a": "secret"}))
