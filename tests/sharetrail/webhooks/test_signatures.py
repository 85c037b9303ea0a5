"""Whose a webhook is: the four providers' signatures, and the parts that they are checked with."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from standardwebhooks.webhooks import Webhook

from sharetrail.webhooks import shopify, standard, stripe, woocommerce
from sharetrail.webhooks.signature import Unsigned, check, check_time, of_base64, of_hex
from tests.senders import stripe_signature

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
STAMP = int(AT.timestamp())
BODY = '{"id": 1, "name": "Ünï"}'.encode()
SECRET = "a secret of the test"
SECRETS = (b"the one before", SECRET.encode())
LONGEST = 4_096
"""Characters of a header that are looked at."""


REFUSED = (
    "Sign the raw body with this endpoint's secret. If you do: is the address the one that "
    "onboarding told, and was this very secret given there?"
)


def accepts(
    sender: ModuleType,
    headers: dict[str, str],
    body: bytes = BODY,
    secrets: tuple[bytes, ...] = SECRETS,
    now: datetime = AT,
) -> bool:
    """Whether the sender is believed; a time that is off is told by its own tests."""
    return refusal(sender, headers, body, secrets, now) is None


def refusal(
    sender: ModuleType,
    headers: dict[str, str],
    body: bytes = BODY,
    secrets: tuple[bytes, ...] = SECRETS,
    now: datetime = AT,
) -> str | None:
    try:
        sender.verify(headers, body, secrets, now)
    except Unsigned as refused:
        return refused.detail
    return None


def digest(signed: bytes, secret: bytes = SECRETS[1]) -> bytes:
    return hmac.digest(secret, signed, hashlib.sha256)


def text_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


# ── the parts ────────────────────────────────────────────────────────────────────────────────────
def test_any_digest_may_fit_any_secret() -> None:
    mine, other = digest(BODY), digest(BODY, b"another")
    check(BODY, SECRETS, [mine])
    check(BODY, SECRETS, [other, mine])
    check(BODY, SECRETS, [digest(BODY, SECRETS[0])])
    check(BODY, SECRETS, iter([mine]))


@pytest.mark.parametrize(
    ("secrets", "digests"),
    [
        (SECRETS, []),
        (SECRETS, [b""]),
        (SECRETS, [digest(BODY, b"another")]),
        (SECRETS, [digest(BODY)[:-1]]),
        (SECRETS, [digest(BODY + b" ")]),
        (SECRETS, [hmac.digest(SECRETS[1], BODY, hashlib.sha1)]),
        ((), [digest(BODY)]),
    ],
)
def test_what_fits_no_secret_is_unsigned(secrets: tuple[bytes, ...], digests: list[bytes]) -> None:
    with pytest.raises(Unsigned) as refused:
        check(BODY, secrets, digests)
    assert refused.value.status == 401
    assert refused.value.detail == REFUSED


def test_digests_are_read_from_base64_and_from_hexadecimal_digits() -> None:
    assert of_base64(text_of(b"\x00\xfb\xff")) == b"\x00\xfb\xff"
    assert of_hex("00fbFF") == b"\x00\xfb\xff"


@pytest.mark.parametrize("text", ["", "A", "AAA", "AAAA\n", "AA-_", "é", "====", "A===A"])
def test_what_is_no_base64_is_the_empty_digest(text: str) -> None:
    assert of_base64(text) == b""


@pytest.mark.parametrize("text", ["", "0", "0g", "é", " 00"])
def test_what_is_no_hexadecimal_is_the_empty_digest(text: str) -> None:
    assert of_hex(text) == b""


def test_no_more_than_4096_characters_of_a_digest_are_read() -> None:
    assert of_base64("A" * LONGEST) == of_base64("A" * LONGEST + "é") == bytes(3_072)
    assert of_hex("0" * LONGEST) == of_hex("0" * LONGEST + "g") == bytes(2_048)
    assert of_base64("A" * (LONGEST - 1) + "é") == of_hex("0" * (LONGEST - 1) + "g") == b""


def off(stamp: str, now: datetime = AT) -> str | None:
    """What is said of a time that fits else; None where it is recent."""
    try:
        check_time(stamp, now, "its time")
    except Unsigned as refused:
        return refused.detail
    return None


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, None), (300, None), (-300, None), (301, "301"), (-612, "612")]
)
def test_a_time_is_recent_for_five_minutes_before_and_after(seconds: int, told: str | None) -> None:
    sentence = (
        f"The signature fits, but its time is {told} seconds from our clock; 300 are allowed."
    )
    assert off(str(STAMP + seconds)) == (sentence if told else None)


def test_a_part_of_a_second_beyond_is_beyond() -> None:
    late = off(str(STAMP), AT + timedelta(seconds=300.25))
    assert late
    assert "301 seconds" in late


@pytest.mark.parametrize("stamp", ["", "-1", f"+{STAMP}", f"{STAMP}.0", f" {STAMP}", "١٢٣", "²"])
def test_a_time_is_nothing_but_digits(stamp: str) -> None:
    assert off(stamp) == REFUSED


def test_a_time_has_twelve_digits_at_most() -> None:
    assert off(f"{STAMP:012}") is None
    assert off(f"{STAMP:014}") == off("9" * 5_000) == REFUSED


def test_who_signs_milliseconds_with_the_right_secret_is_told_so() -> None:
    """As JavaScript tells the time."""
    assert str(off(f"{STAMP}000")).endswith("is in milliseconds: seconds are wanted.")


# ── Shopify and WooCommerce: the body in base64 ──────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("sender", "header"),
    [(shopify, "x-shopify-hmac-sha256"), (woocommerce, "x-wc-webhook-signature")],
)
def test_the_raw_body_is_signed_and_nothing_else(sender: ModuleType, header: str) -> None:
    signature = text_of(digest(BODY))
    assert accepts(sender, {header: signature})
    assert accepts(sender, {header: text_of(digest(BODY, SECRETS[0]))})
    assert not accepts(sender, {header: signature}, BODY + b" ")
    assert not accepts(sender, {header: signature}, secrets=SECRETS[:1])
    assert not accepts(sender, {header: digest(BODY).hex()})
    assert not accepts(sender, {header: ""})
    assert not accepts(sender, {})


# ── WooCommerce's ping ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("headers", "body", "is_ping"),
    [
        ({}, b"webhook_id=7", True),
        ({}, b"webhook_id=" + b"7" * 20, True),
        ({}, b"webhook_id=" + b"7" * 21, False),
        ({}, b"webhook_id=", False),
        ({}, b"webhook_id=7&a=b", False),
        ({"x-wc-webhook-signature": ""}, b"webhook_id=7", False),
    ],
)
def test_a_ping_is_the_unsigned_form_and_nothing_beside_it(
    headers: dict[str, str], body: bytes, is_ping: bool
) -> None:
    assert woocommerce.is_ping(headers, body) is is_ping


# ── Stripe: time and body, in hexadecimal ────────────────────────────────────────────────────────
def test_what_stripes_library_signs_is_accepted_for_five_minutes() -> None:
    header = {"stripe-signature": stripe_signature(BODY, AT, SECRET)}
    minutes = timedelta(minutes=5)
    assert all(accepts(stripe, header, now=now) for now in (AT - minutes, AT, AT + minutes))
    late = minutes + timedelta(seconds=1)
    assert not any(accepts(stripe, header, now=now) for now in (AT - late, AT + late))
    assert not accepts(stripe, header, BODY + b" ")
    assert not accepts(stripe, header, secrets=SECRETS[:1])
    assert not accepts(stripe, {})


def test_stripe_is_told_of_a_wrong_clock_where_the_secret_is_right_and_nowhere_else() -> None:
    header = {"stripe-signature": stripe_signature(BODY, AT, SECRET)}
    late = AT + timedelta(seconds=612)
    assert refusal(stripe, header, now=late) == (
        "The signature fits, but t in stripe-signature is 612 seconds from our clock; "
        "300 are allowed."
    )
    assert refusal(stripe, header, BODY + b" ", now=late) == REFUSED
    assert refusal(stripe, header, secrets=SECRETS[:1], now=late) == REFUSED
    assert refusal(stripe, {"stripe-signature": f"t={STAMP},v1=00"}, now=late) == REFUSED


V1 = digest(f"{STAMP}.".encode() + BODY).hex()


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (f"v1={V1},t={STAMP}", True),
        (f"t={STAMP},v1=00,v1=,v1=g,v1==,v1={V1}", True),
        (f"t={STAMP},v1=0,v1=0,v1=0,v1=0,v1=0,v1={V1}", False),
        (f"t={STAMP},v0={V1}", False),
        (f"t={STAMP},v2={V1}", False),
        (f"t={STAMP},v1={V1[:-2]}", False),
        (f"t={STAMP},v1{V1}", False),
        (f"v1={V1}", False),
        (f"t=,v1={V1}", False),
        (f"t={STAMP}", False),
        (f"t={STAMP - 1},v1={V1}", False),
        (f"t={STAMP - 1},t={STAMP},v1={V1}", False),
        (f"t={STAMP},t={STAMP - 1},v1={V1}", True),
        (f"t,t={STAMP},v1={V1}", False),
        (f"t={STAMP}=0,t={STAMP},v1={V1}", False),
        (f"t=\ud800,v1={V1}", False),
        (f"t={STAMP},x={'0' * 3_900},v1={V1}", True),
        (f"t={STAMP},x={'0' * LONGEST},v1={V1}", False),
    ],
)
def test_stripes_header_is_read_as_stripe_writes_it(header: str, accepted: bool) -> None:
    assert accepts(stripe, {"stripe-signature": header}) is accepted


def test_a_digest_that_ends_where_stripes_header_is_cropped_still_counts() -> None:
    start, end = f"t={STAMP},x=", f",v1={V1}"
    whole = start + "0" * (LONGEST - len(start) - len(end)) + end
    assert accepts(stripe, {"stripe-signature": whole})
    assert accepts(stripe, {"stripe-signature": f"{whole}0"})
    assert not accepts(stripe, {"stripe-signature": whole.replace(",x=", ",x=0")})


# ── Standard Webhooks: id, time and body, in base64 ──────────────────────────────────────────────
def standard_headers(**changes: str) -> dict[str, str]:
    """By the standard's own library."""
    signed = Webhook(SECRETS[1]).sign("msg_1", AT, BODY.decode())
    headers = {"webhook_id": "msg_1", "webhook_timestamp": f"{STAMP}", "webhook_signature": signed}
    return {name.replace("_", "-"): value for name, value in (headers | changes).items()}


def test_what_the_standards_library_signs_is_accepted_for_five_minutes() -> None:
    headers = standard_headers()
    minutes = timedelta(minutes=5)
    assert all(accepts(standard, headers, now=now) for now in (AT - minutes, AT, AT + minutes))
    late = minutes + timedelta(seconds=1)
    assert not any(accepts(standard, headers, now=now) for now in (AT - late, AT + late))
    assert not accepts(standard, headers, BODY + b" ")
    assert not accepts(standard, headers, secrets=SECRETS[:1])


def test_a_shop_is_told_of_a_wrong_clock_where_the_secret_is_right_and_nowhere_else() -> None:
    headers = standard_headers()
    for seconds in (612, -612):
        now = AT + timedelta(seconds=seconds)
        assert refusal(standard, headers, now=now) == (
            "The signature fits, but webhook-timestamp is 612 seconds from our clock; "
            "300 are allowed."
        )
        assert refusal(standard, headers, BODY + b" ", now=now) == REFUSED
        assert refusal(standard, headers, secrets=SECRETS[:1], now=now) == REFUSED
        assert refusal(standard, standard_headers(webhook_id="msg_2"), now=now) == REFUSED


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", f"{STAMP}.5", "9" * 14])
def test_a_time_that_is_none_is_unsigned_whoever_signed_it(stamp: str) -> None:
    signature = "v1," + text_of(digest(f"msg_1.{stamp}.".encode() + BODY))
    told = standard_headers(webhook_timestamp=stamp, webhook_signature=signature)
    assert refusal(standard, told) == REFUSED


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_lacks_none_of_its_three_headers(name: str) -> None:
    headers = standard_headers()
    del headers[name]
    assert not accepts(standard, headers)


def test_id_and_time_are_signed_too() -> None:
    assert not accepts(standard, standard_headers(webhook_id="msg_2"))
    assert not accepts(standard, standard_headers(webhook_timestamp=f"{STAMP + 1}"))


MESSAGE = f".{STAMP}.".encode() + BODY


@pytest.mark.parametrize(
    ("message", "accepted"), [("m", True), ("m" * LONGEST, True), ("m" * 4_097, False)]
)
def test_an_id_has_4096_characters_at_most(message: str, accepted: bool) -> None:
    signature = "v1," + text_of(digest(message.encode() + MESSAGE))
    told = standard_headers(webhook_id=message, webhook_signature=signature)
    assert accepts(standard, told) is accepted


def test_a_message_without_an_id_is_unsigned_whatever_its_signature() -> None:
    signature = "v1," + text_of(digest(MESSAGE))
    assert not accepts(standard, standard_headers(webhook_id="", webhook_signature=signature))


def test_an_id_of_no_text_is_unsigned_and_no_error() -> None:
    assert not accepts(standard, standard_headers(webhook_id="msg_\ud800"))


GOOD = "v1," + text_of(digest(b"msg_1" + MESSAGE))


@pytest.mark.parametrize(
    ("signature", "accepted"),
    [
        (GOOD, True),
        (f"v1,AAAA {GOOD}", True),
        (f"v1a,AAAA v1, v2,AAAA v1,é {GOOD}", True),
        (f"v1,AAAA\t{GOOD}", False),
        (f"v1,A v1,A v1,A v1,A v1,A {GOOD}", False),
        (GOOD.replace("v1,", "v1a,"), False),
        (GOOD.replace("v1,", "v2,"), False),
        (GOOD.replace("v1,", "V1,"), False),
        (GOOD.replace("v1,", ""), False),
        (GOOD.replace("v1,", "v1,,"), False),
        (GOOD.replace("v1,", "v1, "), False),
        (f"{'x' * (LONGEST - len(GOOD) - 1)} {GOOD}", True),
        (f"{'x' * (LONGEST - len(GOOD))} {GOOD}", False),
        (f"{'x' * (LONGEST - len(GOOD) - 1)} {GOOD}0", True),
    ],
)
def test_the_standards_signatures_are_read_as_the_standard_writes_them(
    signature: str, accepted: bool
) -> None:
    assert accepts(standard, standard_headers(webhook_signature=signature)) is accepted


def test_a_standard_secret_is_written_with_its_prefix_and_read_with_or_without() -> None:
    assert standard.secret_text(b"\x00\xfb\xff") == "whsec_APv/"
    assert standard.secret_bytes("whsec_APv/") == standard.secret_bytes("APv/") == b"\x00\xfb\xff"


def test_a_secret_that_is_no_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="base64"):
        standard.secret_bytes("whsec_AP-_")
