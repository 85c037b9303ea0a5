"""A webhook that is signed and ours and cannot be understood: kept, told of, and replayable."""

import base64
import inspect
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.aws import clients, environment, items
from sharetrail.aws.tables import ORDERS
from sharetrail.privacy.shop import retained
from sharetrail.questions import privacy_requests, question, questions, results
from sharetrail.webhooks import providers, quarantine, shopify, standard
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from tests.alarms import rings
from tests.senders import post_standard
from tests.shops import SHOPIFY_DOMAIN, Answer, Shop

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]


def ask(shop: Shop, method: str, path: str = "") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, f"/v1/quarantine{path}", headers=headers)


def odd(shop: Shop, order: str = "1001", **change: Any) -> dict[str, Any]:
    """An order whose amount nobody can read, unless told otherwise."""
    return shop.an_order(order, **(change or {"subtotal_price": "12,50"}))


def objects(shop: Shop) -> list[str]:
    """What stands in the bucket."""
    bucket = environment.quarantine_bucket()
    return [
        each["Key"]
        for each in boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    ]


def facts(shop: Shop) -> list[dict[str, Any]]:
    return list(ORDERS.scan())


def tell(shop: Shop, **message: Any) -> Answer:
    """Sends a Standard webhook."""
    return post_standard(shop, message)


def fixed(real: Callable[[Delivery], Any]) -> Callable[[Delivery], Any]:
    """The reader of a later version, which takes a comma for a point."""

    def read(delivery: Delivery) -> Any:
        payload = json.loads(json.dumps(delivery.payload).replace("12,50", "12.50"))
        return real(Delivery(**{**vars(delivery), "payload": payload}))

    return read


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(shopify, "read", fixed(shopify.read))


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────
NONSENSE: list[dict[str, Any]] = [
    {"subtotal_price": "12,50"},
    {"subtotal_price": "-12.50"},
    {"total_price": "-0.01"},
    {"total_price": "1e400"},
    {"total_price": None},
    {"currency": ""},
    {"currency": None},
    {"currency": "dollars"},
    {"line_items": None},
    {"line_items": [{"title": "Mug", "quantity": 1, "price": "-1"}]},
    {"created_at": "soon"},
    {"created_at": "0001-01-01T00:00:00+05:00"},
    {"id": None},
    {"id": "9" * 3_000},
]


def test_an_order_with_a_field_that_makes_no_sense_is_kept_and_the_field_is_named(
    shop: Shop,
) -> None:
    for change in NONSENSE:
        answer = shop.deliver("orders/create", shop.an_order("1001", **change))
        assert answer.status == 202, change
        assert answer.json.keys() == {"quarantined", "reason", "errors"}
        kept = ask(shop, "GET", f"/{answer.json['quarantined']}").json
        assert kept["errors"] == answer.json["errors"]
        (field,) = change
        assert any(each["field"].startswith(field) for each in kept["errors"]), kept
        assert kept["reason"] == answer.json["reason"]
    assert len(objects(shop)) == len(NONSENSE)
    assert facts(shop) == []


def test_an_order_without_a_currency_is_kept_and_so_is_a_refund_below_zero(shop: Shop) -> None:
    order = shop.an_order("1001")
    del order["currency"]
    assert shop.deliver("orders/create", order).status == 202
    refund = shop.a_refund("1001", "1", "-5.00")
    assert shop.deliver("refunds/create", refund).status == 202
    assert len(objects(shop)) == 2
    assert facts(shop) == []


def test_a_standard_webhook_that_makes_no_sense_is_kept(shop: Shop) -> None:
    good = {"order_id": "2001", "currency": "USD", "subtotal": "48.00", "total": "52.90"}
    changes: list[dict[str, Any]] = [
        {"subtotal": "12,50"},
        {"subtotal": "-1.00"},
        {"currency": None},
        {"total": None},
        {"order_id": None},
    ]
    at = shop.cloud.clock.now().isoformat()
    for change in changes:
        answer = tell(shop, type="order.placed", timestamp=at, data={**good, **change})
        assert answer.status == 202, change
        kept = ask(shop, "GET", f"/{answer.json['quarantined']}").json
        assert kept["provider"] == "standard"
        assert (kept["topic"], kept["headers"]) == ("order.placed", {})
    assert facts(shop) == []


def test_whatever_header_a_reader_asks_for_is_kept_and_no_other() -> None:
    for name, provider in providers.PROVIDERS.items():
        source = inspect.getsource(provider)
        asked = re.findall(r'delivery\.headers(?:\.get\(|\[)(?:"(.+?)"|([A-Z_]+))', source)
        named = {text or getattr(provider, constant) for text, constant in asked}
        assert set(provider.HEADERS) == named, name


def test_what_our_own_reader_stumbles_over_is_kept_and_says_where(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shopify, "read", lambda _: {}["a bug of ours"])
    answer = shop.buy("1001")
    assert answer.status == 202
    assert "KeyError at test_quarantine.py:" in answer.json["reason"]
    monkeypatch.undo()
    assert ask(shop, "POST", f"/{answer.json['quarantined']}/replay").json["new"]


def test_the_payload_is_kept_whole_with_what_its_reader_needs_and_no_signature(shop: Shop) -> None:
    order = odd(shop, subtotal_price="12,50", note="Grüße, 你好 \ud83e\uded6", more=["x" * 100_000])
    at = "2026-11-21T12:00:00Z"
    answer = shop.deliver("orders/create", order, x_shopify_triggered_at=at, x_shopify_api="1")
    kept = ask(shop, "GET", f"/{answer.json['quarantined']}").json
    assert kept["payload"] == json.dumps(order)
    assert (kept["provider"], kept["topic"]) == ("shopify", "orders/create")
    assert kept["headers"] == {
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
        "x-shopify-triggered-at": at,
    }
    received, expires = (
        datetime.fromisoformat(kept[name]) for name in ("received_at", "expires_at")
    )
    assert abs(received - shop.cloud.clock.now()) < timedelta(minutes=1)
    assert expires - received == timedelta(days=30)


# ── what is not ──────────────────────────────────────────────────────────────────────────────────
def test_what_is_unsigned_no_json_too_long_or_anothers_is_refused_and_not_kept(shop: Shop) -> None:
    wrong = base64.b64encode(b"x" * 32).decode()
    refused = [
        shop.deliver("orders/create", odd(shop), x_shopify_hmac_sha256=wrong).status,
        shop.deliver("orders/create", odd(shop), x_shopify_shop_domain="evil.example").status,
        shop.deliver("orders/create", {**odd(shop), "x": float("nan")}).status,
        shop.deliver("orders/create", {**odd(shop), "x": "y" * 1_000_000}).status,
    ]
    assert refused == [401, 422, 400, 413]
    assert objects(shop) == []


def test_a_refund_under_an_orders_topic_is_refused_and_not_kept(shop: Shop) -> None:
    for topic in ("orders/create", "orders/paid", "orders/updated", "orders/cancelled"):
        assert shop.deliver(topic, shop.a_refund("1001", "1", "5.00")).status == 422
    assert objects(shop) == []


def test_an_order_under_another_topic_is_refused_and_not_kept(shop: Shop) -> None:
    """Whether or not it could be understood under its own."""
    for topic in ("orders/cancelled", "refunds/create", "disputes/create"):
        for payload in (shop.an_order("1001"), odd(shop)):
            assert shop.deliver(topic, payload).status == 422
    assert objects(shop) == []


def test_a_topic_that_nobody_reads_is_refused_and_not_kept(shop: Shop) -> None:
    for topic in ("products/update", "customers/create", "orders/delete", ""):
        assert shop.deliver(topic, shop.an_order("1001")).status == 422
    at = shop.cloud.clock.now().isoformat()
    for kind in ("order.dreamt", None, ["order.placed"]):
        assert tell(shop, type=kind, timestamp=at, data={"order_id": "1"}).status == 422
    assert objects(shop) == []


def test_what_has_not_the_shape_of_its_topic_is_refused_and_not_kept(shop: Shop) -> None:
    shapeless: list[Any] = [{}, [], None, "text", 1, {"id": 1, "title": "A product"}]
    for payload in shapeless:
        for topic in ("orders/create", "orders/cancelled", "refunds/create"):
            assert shop.deliver(topic, payload).status == 422
    assert objects(shop) == []


# ── how it is kept ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def puts(shop: Shop) -> Iterator[list[dict[str, Any]]]:
    """The headers with which S3 was asked to keep something."""
    seen: list[dict[str, Any]] = []
    events = clients.s3().meta.events

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.append(params["headers"])

    events.register("before-call.s3.PutObject", note)
    yield seen
    events.unregister("before-call.s3.PutObject", note)


def test_it_is_encrypted_under_the_merchants_key_and_name(
    shop: Shop, puts: list[dict[str, Any]]
) -> None:
    shop.deliver("orders/create", odd(shop))
    (asked,) = puts
    told = base64.b64decode(asked["x-amz-server-side-encryption-context"])
    assert json.loads(told) == {"merchant": shop.id}
    (key,) = objects(shop)
    head = boto3.client("s3").head_object(Bucket=environment.quarantine_bucket(), Key=key)
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == environment.merchant_key()
    assert head["Metadata"] == {}, "metadata would not be encrypted"


def test_a_delivery_that_comes_again_is_the_same_object_as_it_came_first(
    shop: Shop, puts: list[dict[str, Any]]
) -> None:
    payload = odd(shop)
    first = shop.deliver("orders/create", payload).json
    before = ask(shop, "GET", f"/{first['quarantined']}").json
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=3))
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: shop.deliver("orders/create", payload).json, range(4)))
    assert told == [first] * 4
    assert all(each["If-None-Match"] == "*" for each in puts)
    assert len(objects(shop)) == 1
    assert ask(shop, "GET", f"/{first['quarantined']}").json == before
    shop.deliver("orders/paid", payload)
    assert len(objects(shop)) == 2, "under another topic it is another fact"


def test_what_comes_again_after_it_expired_is_kept_anew(shop: Shop) -> None:
    """S3 may still have it: it takes a while to remove what has expired."""
    payload = odd(shop)
    kept = shop.deliver("orders/create", payload).json["quarantined"]
    clock = shop.cloud.clock
    clock.set_forward(clock.now() + timedelta(days=30))
    assert ask(shop, "GET", f"/{kept}").status == 404
    assert shop.deliver("orders/create", payload).json["quarantined"] == kept
    received = ask(shop, "GET", f"/{kept}").json["received_at"]
    assert abs(datetime.fromisoformat(received) - clock.now()) < timedelta(minutes=1)


def test_the_reason_is_told_whole_to_whoever_may_read_it_and_rings_each_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of a shop that sends the same error instead of every order."""
    words = "The user who saved the webhooks may not read orders any more. ".ljust(400, "x")

    def unread(_: Delivery) -> None:
        raise NotUnderstood(words + "and more")

    monkeypatch.setattr(shopify, "read", unread)
    told = [shop.deliver("orders/create", {"code": "rest"}).json for _ in range(3)]
    assert [each["reason"] for each in told] == [words] * 3
    (kept,) = ask(shop, "GET").json["items"]
    assert kept["reason"] == words
    said = map(json.loads, capsys.readouterr().out.splitlines())
    lines = [each for each in said if rings(each)]
    assert [rings(line) for line in lines] == ["WebhooksQuarantined"] * 3
    assert [line["failure"]["kind"] for line in lines] == ["NotUnderstood"] * 3
    assert words not in json.dumps(lines), "which may quote a buyer"


def test_where_s3_is_down_the_sender_comes_again_and_nothing_is_lost(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    with monkeypatch.context() as broken:
        broken.setattr(clients, "s3", lambda: nowhere)
        assert shop.deliver("orders/create", odd(shop)).status == 500
        assert shop.buy("1002").status == 200, "who is understood needs no quarantine"
    assert objects(shop) == []
    assert shop.deliver("orders/create", odd(shop)).status == 202
    assert len(objects(shop)) == 1


def test_the_line_it_logs_is_the_metric_that_the_alarm_watches_and_names_nobody(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    said = map(json.loads, capsys.readouterr().out.splitlines())
    (line,) = (each for each in said if rings(each))
    assert rings(line) == "WebhooksQuarantined"
    assert line["quarantined"] == kept
    assert "example.com" not in json.dumps(line)


# ── looking ──────────────────────────────────────────────────────────────────────────────────────
def test_the_list_is_newest_first_and_goes_on_where_a_page_ended(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [shop.deliver("orders/create", odd(shop, f"{n}")).json["quarantined"] for n in range(5)]
    written = {key: datetime(2026, 1, 1 + n, tzinfo=UTC) for n, key in enumerate(kept)}
    monkeypatch.setattr(
        quarantine,
        "_places",
        lambda _: [f"{items.iso(at)}/{key}" for key, at in written.items()],
    )
    seen, cursor = [], ""
    for size in (2, 2, 1):
        page = ask(shop, "GET", f"?limit=2&cursor={cursor}").json
        assert len(page["items"]) == size
        seen += [each["id"] for each in page["items"]]
        cursor = page["cursor"]
        assert ask(shop, "DELETE", f"/{seen[0]}").status in (200, 404), "what goes moves no page"
    assert seen == kept[::-1]
    assert cursor is None


def test_the_list_tells_all_but_the_payload(shop: Shop) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    whole = ask(shop, "GET", f"/{kept}").json
    del whole["payload"], whole["headers"]
    assert ask(shop, "GET").json == {"items": [whole], "cursor": None}


def test_after_thirty_days_nobody_sees_it_though_s3_may_still_have_it(shop: Shop) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    clock = shop.cloud.clock
    clock.set_forward(clock.now() + timedelta(days=29, hours=23))
    assert ask(shop, "GET", f"/{kept}").status == 200
    clock.set_forward(clock.now() + timedelta(hours=1))
    assert ask(shop, "GET").json == {"items": [], "cursor": None}
    assert [ask(shop, *how).status for how in ways_to(kept)] == [404, 404, 404]
    assert len(objects(shop)) == 1


def test_another_merchants_and_an_unknown_id_are_not_found(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    assert ask(other, "GET").json["items"] == []
    assert [ask(other, *how).status for how in ways_to(kept)] == [404, 404, 404]
    assert [ask(shop, *how).status for how in ways_to("0" * 32)] == [404, 404, 404]
    assert [ask(shop, *how).status for how in ways_to("newest")] == [400, 400, 400]
    assert len(objects(shop)) == 1


def test_quarantine_wants_a_secret_key(shop: Shop) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    public = {"authorization": f"Bearer {shop.facts['publishable_key']}"}
    for method, path in (("GET", ""), *ways_to(kept)):
        for headers, status in (({}, 401), (public, 403)):
            assert shop.ask(method, f"/v1/quarantine{path}", None, headers).status == status
    assert len(objects(shop)) == 1


def ways_to(kept: str) -> list[tuple[str, str]]:
    return [("GET", f"/{kept}"), ("POST", f"/{kept}/replay"), ("DELETE", f"/{kept}")]


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────
def test_what_is_still_not_understood_stays_and_says_why(shop: Shop) -> None:
    told = shop.deliver("orders/create", odd(shop)).json
    answer = ask(shop, "POST", f"/{told['quarantined']}/replay")
    assert answer.status == 422
    assert answer.json["detail"] == told["reason"]
    assert [each["field"] for each in answer.json["errors"]] == ["subtotal_price"]
    assert len(objects(shop)) == 1
    assert facts(shop) == []


def test_after_a_fix_a_replay_stores_the_fact_credits_it_and_empties_the_place(
    shop: Shop, mended: Callable[[], None]
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    payload = shop.an_order("1001", "12,50", trail, visit=trail)
    kept = shop.deliver("orders/create", payload).json["quarantined"]
    mended()
    answer = ask(shop, "POST", f"/{kept}/replay")
    assert answer.status == 200
    assert answer.json == {"order": "1001", "fact": "placed", "new": True}
    assert objects(shop) == []
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1001")
    assert (order["net"]["amount"], order["influence"]) == ("12.50", "last_click")
    assert ask(shop, "POST", f"/{kept}/replay").status == 404
    assert shop.deliver("orders/create", payload).json["new"] is False


def test_a_replayed_fact_is_as_it_would_have_been_when_it_came_first(
    shop: Shop, mended: Callable[[], None]
) -> None:
    payload = odd(shop)
    came = shop.cloud.clock.now()
    kept = shop.deliver("orders/create", payload).json["quarantined"]
    for days in (1, 5):
        shop.cloud.clock.set_forward(came + timedelta(days=days))
        shop.deliver("orders/create", payload)
    mended()
    assert ask(shop, "POST", f"/{kept}/replay").json["new"]
    (fact,) = facts(shop)
    assert abs(datetime.fromisoformat(fact["received"]) - came) < timedelta(minutes=1)


def test_a_state_that_is_replayed_loses_its_second_to_one_that_came_later(
    shop: Shop, mended: Callable[[], None]
) -> None:
    at = shop.cloud.clock.now().replace(microsecond=0).isoformat()
    shop.buy("1001", created_at=at)
    stood = [
        {**shop.an_order("1001", price, created_at=at), "updated_at": at}
        for price in ("12,50", "20.00")
    ]
    kept, stored = (
        shop.deliver(
            "orders/updated",
            {**each, **dict.fromkeys(_CURRENT, each["subtotal_price"])},
        )
        for each in stood
    )
    assert (kept.status, stored.status) == (202, 200)
    mended()
    assert ask(shop, "POST", f"/{kept.json['quarantined']}/replay").json["new"]
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "20.00"


_CURRENT = ("current_subtotal_price", "current_total_price")


def test_eight_replays_at_once_store_one_fact(shop: Shop, mended: Callable[[], None]) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    mended()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(shop, "POST", f"/{kept}/replay"), range(8)))
    assert {each.status for each in answers} <= {200, 404}
    assert [each.json.get("new") for each in answers].count(True) == 1
    assert len(facts(shop)) == 1
    assert objects(shop) == []


def test_a_replay_that_dies_before_it_removes_the_object_counts_once_when_done_again(
    shop: Shop, mended: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    mended()
    with monkeypatch.context() as broken:
        broken.setattr(quarantine, "_forget", lambda *_: 1 / 0)
        assert ask(shop, "POST", f"/{kept}/replay").status == 500
    assert ask(shop, "POST", f"/{kept}/replay").json["new"] is False
    assert len(facts(shop)) == 1
    assert objects(shop) == []


def test_what_was_discarded_is_gone(shop: Shop) -> None:
    kept = shop.deliver("orders/create", odd(shop)).json["quarantined"]
    assert ask(shop, "DELETE", f"/{kept}").json == {"discarded": kept}
    assert objects(shop) == []
    assert ask(shop, "GET", f"/{kept}").status == 404


def test_a_standard_webhook_is_replayed_without_its_signature(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"order_id": "2001", "currency": "USD", "subtotal": "12,50", "total": "12,50"}
    at = shop.cloud.clock.now().isoformat()
    kept = tell(shop, type="order.placed", timestamp=at, data=data).json["quarantined"]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=3))
    monkeypatch.setattr(standard, "read", fixed(standard.read))
    told = ask(shop, "POST", f"/{kept}/replay").json
    assert told == {"order": "2001", "fact": "placed", "new": True}


# ── the template ─────────────────────────────────────────────────────────────────────────────────
def test_the_bucket_forgets_after_thirty_days_keeps_no_versions_and_wants_tls() -> None:
    bucket = RESOURCES["QuarantineBucket"]["Properties"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert {each["Status"] for each in rules} == {"Enabled"}
    assert {each.get("Prefix", ""): each["ExpirationInDays"] for each in rules} == {
        "m_": quarantine.LIFETIME.days,
        "spilled/": quarantine.LIFETIME.days,
        "sent/": 400,
        privacy_requests.ERASURES_PREFIX: 40,
        privacy_requests.EXPORTS_PREFIX: question.LIFETIME.days,
        "retained/": retained.LIFETIME.days,
        questions.PREFIX: question.LIFETIME.days,
        results.PREFIX: question.LIFETIME.days,
    }
    assert "VersioningConfiguration" not in bucket
    (sealed,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert sealed["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": {"Fn::GetAtt": ["MerchantKey", "Arn"]},
    }
    policy = RESOURCES["QuarantinePolicy"]["Properties"]
    assert policy["Bucket"] == {"Ref": "QuarantineBucket"}
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
