"""What is kept of people: of all that a shop's life leaves in tables, buckets and queues, and that
was written there on the way, nothing is personal but what a room declares, and all of that ends as
it says.

People are known by marks: what they are called, and the ids and hashes that our code makes of them.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from local.runtime.memories import forget_clients
from sharetrail.aws import tables
from sharetrail.aws.tables import Table
from sharetrail.mail import unsubscribes
from sharetrail.report.keeping.recipient_codes import codes_of
from tests import personal
from tests.chain.test_privileges import CALLED, Watch, erase_the_shop, live
from tests.chain.test_privileges import shop as shop  # fixtures
from tests.chain.test_privileges import watch as watch
from tests.erasures import Person, erase, places
from tests.lives import NearShop
from tests.personal import Place, Row
from tests.senders import a_message, a_woo_order, a_woo_refund, meta, post_standard, send_woo
from tests.shops import ORIGIN, Shop

IP, AGENT = "203.0.113.77", "MarkedBrowser/7.7"
NAME, TELEPHONE, STREET = "Beatrix Buyerson", "+1555010777", "Marker Lane"
CLEO = {
    "name": "Cleo Markova",
    "email": "cleo@people.example",
    "handles": {"instagram": "cleo.marks"},
    "reach": 77_000,
    "tags": ["marked"],
    "customer_ids": {"shopify": "7700000000000077"},
    "delivery_addresses": [{"line1": f"77 {STREET}", "postcode": "10077", "country": "US"}],
}
RECIPIENTS = ("owner@shop.example", "partner@shop.example", "boss@shop.example")
GIVER = Person(("Buyer1077+gifts@gmail.com",), {})
AS_SENT: set[Place] = {
    ("quarantine bucket", "m_{merchant}/{digest}"),
    ("quarantine bucket", "questions/{merchant}/{id}"),
    ("quarantine bucket", "results/{merchant}/{id}"),
}
"""Where an address stands as the shop told it: for some days, encrypted."""
RARE = {
    "bounces queue": {"detail"},
    "clicks queue": {"country"},
    "events": {"l"},
    "influencers": {"was"},  # while they are being erased
    "merchants": {"orders.unread", "buyers.unread"},
    "orders": {"apart", "evidence", "taken_off", "refunds.id"},
    "reports": {"sales", "marks", "packed"},
    "reports bucket": {"quiet", "tree", "undeliverable"},
}
"""What this life does not bring about, by table."""
BY_AWS = {"backups", "streams", "logs", "failures bucket"}
"""Who keeps that is no code of ours."""


# ── a life of marked people ──────────────────────────────────────────────────────────────────────
def mark_buyers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order tells all that Shopify does of its buyer."""
    plain = Shop.an_order

    def marked(shop: Shop, order: str, *args: Any, **more: Any) -> dict[str, Any]:
        house = {"name": NAME, "address1": f"{order} {STREET}", "zip": order, "city": "New York"}
        where = {**house, "country_code": "US", "phone": TELEPHONE}
        buyer = {"browser_ip": IP, "client_details": {"browser_ip": IP, "user_agent": AGENT}}
        told = {"shipping_address": where, "billing_address": where, "phone": TELEPHONE, **buyer}
        return plain(shop, order, *args, **{**told, **more})

    monkeypatch.setattr(Shop, "an_order", marked)


def leave_marks(shop: Shop) -> None:
    """Whatever the life after it leaves out."""
    near = NearShop(shop.cloud, shop.facts, address=IP)
    trail = share_and_follow(near)
    buy_on_every_way(shop, trail)
    enter_costs(shop)
    set_and_repeat(near)
    unsubscribes.unsubscribe(shop.id, "gone@shop.example", shop.cloud.clock.now())
    assert shop.cloud.drain()["failed"] == []


def share_and_follow(near: NearShop) -> str:
    """An influencer is described and shares; a browser follows, looks, and shares on; its click."""
    secret = {"authorization": f"Bearer {near.facts['secret_key']}"}
    code = near.share("cleo", campaign="spring", label="story").json["code"]
    assert near.ask("PUT", "/v1/influencers/cleo", CLEO, secret).status == 200
    location = near.follow(code, AGENT, referer="https://news.example/post").headers["location"]
    trail = parse_qs(urlsplit(location).query)["st"][0]
    made = near.share(key="publishable_key", influencer={"id": "b" * 32}, trail=[trail])
    assert made.status == 201
    page = {"url": f"{ORIGIN}/products/mug", "product": "1"}
    events = [
        {"id": "marked-event-visit", "type": "visit", "trail": [trail], **page},
        {"id": "marked-event-order", "type": "checkout", "order": "1077", "carried": "ids", **page},
    ]
    beacon = {"key": near.facts["publishable_key"], "events": events}
    answer = near.ask("POST", "/v1/events", beacon, {"origin": ORIGIN})
    assert (answer.status, answer.body) == (202, b"")
    token = near.ask("POST", "/v1/influencers/cleo/token", None, secret).json["token"]
    assert near.share(key="publishable_key", influencer={"token": token}).status == 201
    return trail


def buy_on_every_way(shop: Shop, trail: str) -> None:
    """With the click, by its landing page, on another device, by an account; and give it back."""
    codes = [{"code": "CLEO", "amount": "7.00", "type": "fixed_amount"}]
    assert shop.buy("1077", "77.00", trail, visit=trail, discount_codes=codes).status == 200
    landing = f"/products/mug?gclid=marked&st={trail}&utm_medium=share&utm_content=0123456789"
    again = {"email": "Buyer1077+gifts@gmail.com", "landing_site": landing}
    for order in ("1078", "1079"):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
        before = "https://news.example/post"
        assert shop.buy(order, "78.00", referring_site=before, **again).status == 200
    now = shop.cloud.clock.now()
    carried = meta(_sharetrail=trail, _sharetrail_visit=trail)
    woo = a_woo_order(now, 7077, meta_data=carried, refunds=[a_woo_refund(9, "-5.00")])
    assert send_woo(shop, "order.updated", woo).status == 200
    for kind in ("order.placed", "order.disputed"):
        message = {**a_message(kind, order_id="1077"), "timestamp": now.isoformat()}
        assert post_standard(shop, message).status == 200
    assert shop.cloud.drain()["failed"] == []


def enter_costs(shop: Shop) -> None:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    price = {"currency": "USD", "amount": "7.00"}
    cost = {"kind": "gift", "cost": price, "from": "2026-01-01", "note": "for Cleo Markova"}
    for about in ({"influencer": "cleo"}, {"about_order": "shopify/1077"}):
        assert shop.ask("POST", "/v1/costs", {**cost, **about}, secret).status in (200, 201)


def set_and_repeat(near: NearShop) -> None:
    """Targets, networks' figures and a link of a chosen code; a call that comes twice; a browser
    that asks not to be tracked."""
    secret = {"authorization": f"Bearer {near.facts['secret_key']}"}
    day = f"{near.cloud.clock.now() - timedelta(days=2):%Y-%m-%d}"
    figure = {"network": "instagram", "day": day, "followers": 77}
    for path, body in (
        ("targets", {"targets": [{"kpi": "bounce_rate", "aim": "0.35"}]}),
        ("network-figures", {"figures": [figure]}),
    ):
        assert near.ask("PUT", f"/v1/{path}", body, secret).status == 200
    again = {**secret, "idempotency-key": "marked"}
    for _ in range(2):
        gift = {"code": "CLEO77", "influencer": "cleo"}
        assert near.ask("POST", "/v1/codes", gift, again).status == 201
    assert near.share("cleo", code="cleos-mug", label="bio").status == 201
    wish = {"url": f"{ORIGIN}/products/mug", "network": "x", "influencer": {"id": "c" * 32}}
    page = {"authorization": f"Bearer {near.facts['publishable_key']}", "origin": ORIGIN}
    assert near.ask("POST", "/v1/links", wish, {**page, "sec-gpc": "1"}).status == 201


# ── all that is written ──────────────────────────────────────────────────────────────────────────
@contextmanager
def recording(shop: Shop) -> Iterator[list[Row]]:
    """Every item, object and message as it is written, whatever becomes of it."""
    rows: list[Row] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        rows.extend(_written(model.name, params, shop))

    events = boto3.DEFAULT_SESSION.events
    events.register("before-parameter-build.*.*", note, "personal")
    forget_clients()  # a client hears what was registered before it was made
    yield rows
    events.unregister("before-parameter-build.*.*", unique_id="personal")


def _written(action: str, params: dict[str, Any], shop: Shop) -> Iterator[Row]:
    now = shop.cloud.clock.now()
    puts = [params] if action == "PutItem" else []
    puts += [each["Put"] for each in params.get("TransactItems", ()) if "Put" in each]
    for each in puts:
        yield personal.of_item(_noun(each["TableName"]), each["Item"], now)
    if action == "BatchWriteItem":
        for table, requests in params["RequestItems"].items():
            for each in (each for each in requests if "PutRequest" in each):
                yield personal.of_item(_noun(table), each["PutRequest"]["Item"], now)
    if action == "PutObject":
        yield personal.of_object(_noun(params["Bucket"]), params["Key"], params["Body"], now)
    if action in ("SendMessage", "SendMessageBatch"):
        queue = _noun(params["QueueUrl"].rpartition("/")[2])
        for each in params.get("Entries", [params]):
            yield personal.of_message(queue, each["MessageBody"], now)


def _noun(name: str) -> str:
    """A table's, or `reports bucket`."""
    words = re.findall("[A-Z][a-z]+", CALLED[name])
    return " ".join(words).lower().removesuffix(" table")


def standing(shop: Shop) -> Iterator[Row]:
    """What the tables hold now."""
    now = shop.cloud.clock.now()
    for table in (each for each in vars(tables).values() if isinstance(each, Table)):
        for values in table.scan():
            key = " / ".join(values[name] for name in ("pk", "sk") if name in values)
            yield Row(table.noun, key, values, now)


# ── whom it is about ─────────────────────────────────────────────────────────────────────────────
def marks_of(rows: list[Row], hashed: set[str]) -> dict[str, re.Pattern[str]]:
    """By which people are known, and what our code makes of them."""
    values = defaultdict(set)
    for row in rows:
        for way, text in row.leaves:
            if text:
                values[row.table, way].add(text)
    hashes = {
        text
        for way in ("customer", "email", "email_as_written", "address")
        for text in values["orders", f"sale.{way}"]
    }
    buyers = {hashlib.sha256(text.encode()).hexdigest()[:16] for text in hashes}
    visitors = {text[:8] for way in ("v", "a") for text in values["events", way]}
    clicks = {row.key.rpartition("#")[2] for row in rows if row.table == "events"}
    return {
        "buyer": re.compile(rf"(?i)buyer\d*[@+]|{NAME}|{re.escape(TELEPHONE)}|{STREET}"),
        "address": re.compile(re.escape(IP)),
        "agent": re.compile(AGENT),
        "buyer's hash": _any({*buyers, *(text[:16] for text in hashes)}),
        "visitor's hash": _any(visitors),
        "click": _any(clicks),
        "order": re.compile(r"[#/](10|50|70)\d\d\b"),
        "influencer": re.compile(r"(?i)(?<![\w-])(ana|ben|dee|cleo)(?![\w-])|anon_\w+|cleo[.@ ]m?"),
        "recipient": _any({*RECIPIENTS, *hashed}),
    }


def _any(texts: set[str]) -> re.Pattern[str]:
    assert texts
    assert min(map(len, texts)) >= 8, "what is shorter is found in keys and hashes by chance"
    return re.compile("|".join(map(re.escape, sorted(texts))))


def test_whatever_is_kept_of_people_is_declared(
    shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_buyers(monkeypatch)
    with recording(shop) as rows:
        leave_marks(shop)
        live(shop, watch, monkeypatch)
        marks = GIVER.marks(shop)
        assert len(places(shop, marks)) > 10
        erase(shop, buyer=GIVER.asked)
        left = places(shop, marks)
        rows += standing(shop)
        now = shop.cloud.clock.now()
        hashed = {code for each in RECIPIENTS for code in codes_of(shop.id, each, now)}
        erase_the_shop(shop)  # and its keys, by which people are hashed
    assert all(each.startswith("bucket erasures/") for each in left)

    assert undecided(rows) == {}, "declare it in a kept.py, or say in the list that it is plain"
    marks_of_people = marks_of(rows, hashed)
    marked = marked_places(rows, marks_of_people)
    assert {mark for _, marks in marked.items() for mark in marks} == {*marks_of_people}
    assert not_personal(marked) == {}, "it leads to a person, and is called plain"
    assert endless(rows) == {}, "it has not the end that is declared"
    assert {(table, row) for (table, row, _), m in marked.items() if "buyer" in m} == AS_SENT
    assert unmet(rows) == set(), "nothing of it came about: is it kept still?"


def undecided(rows: list[Row]) -> dict[Any, set[str]]:
    """By kind of row (by its key where it is of no kind) the attributes nobody has decided of."""
    found = defaultdict(set)
    for row in rows:
        kind = personal.kind_of(row)
        known = (
            {*personal.declared().get(kind, ()), *personal.plain().get(kind, ())} if kind else ()
        )
        ways = {way for way, _ in row.leaves if not personal.is_told(way, known)}
        if ways:
            found[kind or (row.table, row.key)] |= ways
    return dict(found)


def marked_places(
    rows: list[Row], marks: dict[str, re.Pattern[str]]
) -> dict[tuple[str, str, str], set[str]]:
    """Table, kind of row and attribute, and whose marks are found there."""
    found = defaultdict(set)
    for row in rows:
        kind = personal.kind_of(row)
        for way, text in row.leaves:
            for mark, pattern in marks.items():
                if pattern.search(f"{way} {text}"):
                    found[*(kind or (row.table, row.key)), way].add(mark)
    return dict(found)


def not_personal(marked: dict[tuple[str, str, str], set[str]]) -> dict[Any, set[str]]:
    return {
        (table, row, way): marks
        for (table, row, way), marks in marked.items()
        if not personal.is_told(way, personal.declared().get((table, row), ()))
    }


def endless(rows: list[Row]) -> dict[Any, str]:
    """Rows without the end that their personal attributes are declared to have."""
    found = {}
    for row in rows:
        kept = personal.declared().get(personal.kind_of(row) or ("", ""), {})
        for each in {k.until for k in kept.values() if k.until.by == "expiry"}:
            left = row.values.get("expires", float("inf")) - row.at.timestamp()
            if left > (each.after + timedelta(days=1)).total_seconds():
                found[row.table, row.key] = f"{left / 86_400} days"
    return found


def unmet(rows: list[Row]) -> set[Any]:
    """Declared attributes that none of the rows has."""
    met = defaultdict(set)
    for row in rows:
        kind = personal.kind_of(row)
        for way, _ in row.leaves:
            steps = way.split(".")
            met[kind] |= {".".join(steps[: n + 1]) for n in range(len(steps))}
    return {
        (*place, name)
        for place, kept in personal.declared().items()
        for name in kept.keys() - RARE.get(place[0], set())
        if place[0] not in BY_AWS and name not in met[place]
    }
