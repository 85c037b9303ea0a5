"""Odd values wherever the API takes one: a 2xx or a 4xx, within seconds, and what is refused has
written nothing at all.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from local.runtime.memories import forget_clients
from sharetrail.merchants.keys import api_keys
from tests import exports
from tests.senders import post_standard
from tests.shops import ORIGIN, Answer, Shop

Ask = Callable[..., Answer]
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_LONGEST = 10  # seconds
OK, REFUSED, BROKEN = 200, 400, 500


@pytest.fixture
def written() -> Iterator[list[str]]:
    """What was written into tables, and not refused by a condition."""
    seen: list[str] = []

    def note(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code == OK and model.name in _WRITES:
            seen.append(model.name)

    boto3.setup_default_session()
    forget_clients()
    boto3.DEFAULT_SESSION.events.register("after-call.dynamodb.*", note, "odd-values")
    yield seen
    boto3.setup_default_session()
    forget_clients()


@pytest.fixture
def ask(written: list[str], shop: Shop) -> Ask:
    """Asks with the secret key, and looks at what no answer may do."""
    for each in ("secret_key", "publishable_key"):  # whose use of the day is noted once
        api_keys.use(shop.facts[each], shop.cloud.now())

    def asked(method: str, path: str, body: Any = None, key: str = "secret_key") -> Answer:
        headers = {"authorization": f"Bearer {shop.facts[key]}", "origin": ORIGIN}
        written.clear()
        start = time.monotonic()
        answer = shop.ask(method, path, body, headers)
        took = time.monotonic() - start
        what = (method, path[:200], str(body)[:200], answer.status, answer.body[:200], took)
        assert answer.status < BROKEN, what
        assert took < _LONGEST, what
        if answer.status >= REFUSED:
            assert written == [], what
        return answer

    return asked


def test_what_is_written_is_seen(ask: Ask, written: list[str]) -> None:
    assert ask("PUT", "/v1/influencers/ana", {"name": "Ana"}).status == OK
    assert written


# ── ends of the calendar ─────────────────────────────────────────────────────────────────────────
TIMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31T23:59:59-23:59",
    "1969-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "2026-11-25T24:00:00Z",
    "2026-11-25T23:59:60Z",
    "2026-11-25T15:00:00+23:59",
    "2026-11-25T15:00:00+99:99",
    "2026-11-25T15:00:00",
    "2026-11-25",
    "1e400",
    "-1",
    "",
    0,
    -62135596800,
    253402300800,
    1e300,
]
DAYS = [
    "0001-01-01",
    "0001-01-02",
    "1999-12-31",
    "2026-02-30",
    "2099-12-31",
    "9999-12-30",
    "9999-12-31",
    "0000-01-01",
    "-0001-01-01",
    "10000-01-01",
    "2026-W01",
    "20261125",
    "2026-11-25T00:00:00Z",
    "\u0661\u0669\u0669\u0669-01-01",
    "x" * 5_000,
    "",
]


def test_a_time_at_an_end_of_the_calendar_breaks_nothing(shop: Shop, ask: Ask) -> None:
    trail = [shop.click(shop.share().json["code"])]
    sale = {"order_id": "A-1", "currency": "USD", "subtotal": "1.00", "total": "1.00"}
    secret = shop.facts["webhook_secrets"]["standard"]
    for n, at in enumerate(TIMES):
        ask("POST", "/v1/codes", {"code": f"T{n}", "influencer": "ana", "since": at})
        ask("POST", "/v1/identities", {"email": "a@b.example", "trail": trail, "at": at})
        event = {"id": f"event-{n:04}", "type": "view", "url": f"{ORIGIN}/", "at": at}
        ask("POST", "/v1/events", {"events": [event]}, "publishable_key")
        order = {**shop.an_order(f"{n + 1}"), "created_at": at}
        refund = {**shop.a_refund(f"{n + 1}", "1", "5.00"), "created_at": at}
        message = {"type": "order.placed", "timestamp": at, "data": {**sale, "order_id": f"A-{n}"}}
        told = (
            shop.deliver("orders/create", order),
            shop.deliver("refunds/create", refund),
            post_standard(shop, message, None, secret),
        )
        assert max(each.status for each in told) < BROKEN, (at, told)
    assert shop.cloud.drain()["failed"] == []


def test_a_day_at_an_end_of_the_calendar_breaks_nothing(ask: Ask) -> None:
    for day in DAYS:
        ask("POST", "/v1/rates", {"currency": "EUR", "day": day, "rate": "1.1"})
        asked = quote(day)
        ask("GET", f"/v1/removal-effects?week={asked}")
        for path in ("/v1/stats", "/v1/share-tree"):
            ask("GET", f"{path}?from={asked}")
            ask("GET", f"{path}?to={asked}")
            ask("GET", f"{path}?from={asked}&to={asked}")
        ask("POST", "/v1/what-if", {"from": day, "to": day})
        ask("POST", f"/v1/reconciliations?from={asked}&to={asked}", exports.text(exports.SHOPIFY))


# ── lists ────────────────────────────────────────────────────────────────────────────────────────
LISTS = [
    "/v1/influencers",
    "/v1/rankings/sales",
    "/v1/influencers/ana/scores",
    "/v1/codes",
    "/v1/rates",
    "/v1/quarantine",
    "/v1/held-orders",
]
PLACES = ["\x00", "\u00e9", "\U0010ffff", "~~~", "-1", "code#", "rate#~", "profile", "2026-13-01"]
PLACES += ["0001-01-01", "9999-12-31", "a" * 1_000, "a" * 1_500, "week#\ud800"]


def forged(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode("utf-8", "surrogatepass")).decode()


def test_a_cursor_that_no_page_gave_and_a_limit_out_of_bounds_break_nothing(
    shop: Shop, ask: Ask
) -> None:
    for influencer in ("ana", "ben", "cleo"):
        shop.share(influencer)
    for code in ("A", "B"):
        ask("POST", "/v1/codes", {"code": code, "influencer": "ana"})
    others = [ask("GET", f"{each}?limit=1").json.get("cursor") for each in LISTS if "?" not in each]
    cursors = [*map(forged, PLACES), *filter(None, others), "!", "%00", "a", "=", "x" * 1_500]
    for path in LISTS:
        sign = "&" if "?" in path else "?"
        for cursor in cursors:
            ask("GET", f"{path}{sign}cursor={quote(cursor, safe='%')}")
        for limit in ("0", "-1", "101", "1e3", "%D9%A1", "9" * 20, "", "%00", "1&limit=2"):
            ask("GET", f"{path}{sign}limit={limit}")


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────
IDS = ["%00", "a%00b", "a%2Fb", "..", "%2e%2e", "a%23b", "%ED%A0%80", "%FF", "%F0%9F%92%A9"]
IDS += ["anon_x", "shop", "a%0A", "a%20", "~", "%7Bid%7D", "__proto__", "a" * 101, "a" * 3_000]
ROUTES = [
    ("GET", "/v1/influencers/{}", None),
    ("PUT", "/v1/influencers/{}", {"name": "x"}),
    ("GET", "/v1/influencers/{}/scores", None),
    ("POST", "/v1/influencers/{}/token", None),
    ("GET", "/v1/links/{}", None),
    ("PATCH", "/v1/links/{}", {"disabled": True}),
    ("GET", "/v1/orders/{}", None),
    ("GET", "/v1/orders/{}/{}", None),
    ("GET", "/v1/orders/shopify/{}", None),
    ("POST", "/v1/orders/shopify/{}/decisions", {"decision": "x:y", "word": "released"}),
    ("POST", "/v1/orders/{}/decisions", {"decision": "x:y", "word": "released"}),
    ("GET", "/v1/quarantine/{}", None),
    ("POST", "/v1/quarantine/{}/replay", None),
    ("DELETE", "/v1/quarantine/{}", None),
    ("GET", "/v1/results/{}", None),
    ("POST", "/v1/webhooks/{}/{}", {}),
    ("GET", "/unsubscribe/{}", None),
    ("POST", "/unsubscribe/{}", None),
    ("GET", "/{}", None),
    ("GET", "/sharetrail.js?key={}", None),
]


def test_an_odd_id_breaks_nothing(ask: Ask) -> None:
    for method, path, body in ROUTES:
        for each in IDS:
            ask(method, path.format(each, each), body)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────
VALUES = [None, True, 0, -1, 2**63, 10**400, 1.5, 1e308, "", [], {}, [[]], "x" * 5_000, "\x00"]
VALUES += [
    "\U0001f4a9" * 100,
    {"a": {"b": 1}},
    ["x"] * 1_000,
    "\u202eevil",
    "=cmd()",
    " ",
    "\u200b",
]
VALUES += ["\ud800", {"\ud800": "\udfff"}, {"__proto__": 1}, "x" * 3_000]
BODIES: list[tuple[str, str, dict[str, Any], str]] = [
    ("PUT", "/v1/influencers/ana", {}, "name email handles reach tags customer_ids x"),
    ("POST", "/v1/codes", {"code": "T1", "influencer": "ana"}, "code influencer since"),
    (
        "POST",
        "/v1/rates",
        {"currency": "EUR", "day": "2026-11-25", "rate": "1"},
        "currency day rate",
    ),
    (
        "POST",
        "/v1/identities",
        {"email": "a@b.example", "trail": ["0"]},
        "email customer_ids trail at order",
    ),
    (
        "POST",
        "/v1/what-if",
        {"from": "2026-11-01", "to": "2026-11-25"},
        "from to window_days coupons model now_model",
    ),
    ("PATCH", "/v1/links/0123456789", {}, "disabled"),
    ("POST", "/v1/orders/shopify/1/decisions", {"decision": "a:b"}, "decision verdict note"),
    (
        "POST",
        "/v1/links",
        {"url": f"{ORIGIN}/", "network": "x"},
        "url network influencer campaign label product trail",
    ),
]


def test_any_json_in_any_field_breaks_nothing(ask: Ask) -> None:
    for method, path, good, fields in BODIES:
        for value in VALUES:
            ask(method, path, value)
            ask(method, path, [value])
            for field in fields.split():
                ask(method, path, {**good, field: value})


def test_any_json_in_what_a_page_sends_breaks_nothing(ask: Ask) -> None:
    event = {"id": "event-0001", "type": "view", "url": f"{ORIGIN}/"}
    for value in VALUES:
        for field in ("url", "influencer", "product", "trail"):
            wish = {"url": f"{ORIGIN}/", "network": "x", field: value}
            ask("POST", "/v1/links", wish, "publishable_key")
        for field in ("id", "type", "url", "at", "product", "code", "trail", "n"):
            said = {"events": [{**event, field: value}]}
            ask("POST", "/v1/events", said, "publishable_key")
        ask("POST", "/v1/events", {"events": value}, "publishable_key")


# ── exports ──────────────────────────────────────────────────────────────────────────────────────
HEAD = exports.text(exports.SHOPIFY)
EXPORTS = [
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf" + HEAD,
    HEAD + b'"',
    HEAD + b'"' * 20_001,
    HEAD + b"," * 20_000,
    HEAD + b"a\n" * 20_000,
    HEAD + b"\x00\n",
    HEAD + b"\xed\xa0\x80,x\n",
    HEAD * 2,
    HEAD + b'"a\r\nb"' * 1_000,
    b"," * 300_000,
    b'"' * 300_000,
    b"\n" * 300_000,
    json.dumps({"a": 1}).encode(),
]


def test_an_odd_export_breaks_nothing(ask: Ask) -> None:
    for body in EXPORTS:
        ask("POST", "/v1/reconciliations", body)
        ask("POST", "/v1/reconciliations?load=true", body)
