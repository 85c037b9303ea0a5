"""What is wrong gets a clear answer, never a 500, and changes nothing."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from local.cloud import Cloud
from local.runtime.memories import forget_facts
from sharetrail.api.frame import paging
from sharetrail.aws import clients
from sharetrail.aws.tables import EVENTS, Table
from tests.events import FOLDER
from tests.shops import ORIGIN, Answer, Shop


@pytest.fixture
def stored(shop: Shop) -> Any:
    """Everything in the tables of facts, to compare before and after."""

    def read() -> dict[str, list]:
        nouns = ("links", "events", "orders", "influencers")
        dynamodb = boto3.client("dynamodb")
        names = [shop.cloud.template.environment[f"{noun.upper()}_TABLE"] for noun in nouns]
        return {name: dynamodb.scan(TableName=name)["Items"] for name in names}

    return read


def is_problem(answer: Answer, status: int) -> bool:
    told = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["status"] == answer.status
    assert told["title"]
    assert told["detail"]
    return answer.status == status


# ── links ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://shop.example/",
        "javascript:alert(1)",
        "https://shop.example@evil.example/",
        "https://evil.example/https://shop.example",
        "https://shop.example.evil.example/",
        "//shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/a b",
        "https://shop.example/\u202e",
        "https://127.0.0.1/",
        "",
    ],
)
def test_a_destination_outside_the_shop_is_refused(shop: Shop, stored: Any, url: str) -> None:
    before = stored()
    answer = shop.share(url=url)
    assert is_problem(answer, 422) or is_problem(answer, 400)
    assert answer.json["errors"][0]["field"] == "url"
    assert stored() == before


@pytest.mark.parametrize(
    "path", ["/cart/123:1", "/de/account/logout", "/discount/SUMMER", "/%63art"]
)
@pytest.mark.parametrize("with_token", [False, True])
def test_with_the_publishable_key_no_link_leads_to_where_the_shop_acts(
    shop: Shop, stored: Any, path: str, with_token: bool
) -> None:
    sharer = {"influencer": {"token": token_of(shop)}} if with_token else {}
    before = stored()
    answer = shop.share(key="publishable_key", url=ORIGIN + path, **sharer)
    assert is_problem(answer, 422)
    assert [each["field"] for each in answer.json["errors"]] == ["url"]
    assert answer.json["share_url"].endswith(quote(f"={ORIGIN}/", safe="=")), (
        "the buttons share that instead"
    )
    assert stored() == before
    made = shop.share(url=ORIGIN + path)
    assert (made.status, made.json["url"]) == (201, ORIGIN + path), "the shop itself may"


@pytest.mark.parametrize("with_token", [False, True])
def test_what_acts_in_a_query_is_left_out_of_a_link_that_the_publishable_key_makes(
    shop: Shop, with_token: bool
) -> None:
    sharer = {"influencer": {"token": token_of(shop)}} if with_token else {}
    acting = f"{ORIGIN}/products/mug?variant=1&add-to-cart=5&discount=X&return_to=/account/logout"
    made = shop.share(key="publishable_key", url=acting, **sharer)
    assert (made.status, made.json["url"]) == (201, f"{ORIGIN}/products/mug?variant=1")
    again = shop.share(key="publishable_key", url=made.json["url"], **sharer)
    assert again.json["code"] == made.json["code"]
    assert shop.share(url=acting).json["url"] == acting, "the shop itself may"


def token_of(shop: Shop) -> str:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return str(shop.ask("POST", "/v1/influencers/ana/token", None, headers).json["token"])


@pytest.mark.parametrize("key", ["", "pk_", "sk_wrong", "Bearer", "pk_" + "x" * 500, "é"])
def test_a_bad_key_is_refused(shop: Shop, stored: Any, key: str) -> None:
    before = stored()
    headers = {"authorization": f"Bearer {key}".encode().decode("latin-1"), "origin": ORIGIN}
    body = {"url": f"{ORIGIN}/", "network": "x"}
    assert is_problem(shop.ask("POST", "/v1/links", body, headers), 401)
    assert stored() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ORIGIN + ".evil", None])
def test_a_publishable_key_from_elsewhere_is_refused(shop: Shop, origin: str | None) -> None:
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}"}
    headers |= {"origin": origin} if origin else {}
    body = {"url": f"{ORIGIN}/", "network": "x"}
    assert is_problem(shop.ask("POST", "/v1/links", body, headers), 403)
    assert (
        "access-control-allow-origin" not in shop.ask("OPTIONS", "/v1/links", None, headers).headers
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"network": "myspace"}, "network"),
        ({"colour": "red"}, "colour"),
        ({"campaign": "x" * 101}, "campaign"),
        ({"campaign": "a\nb"}, "campaign"),
        ({"influencer": {"id": "x", "age": 3}}, "influencer.age"),
        ({"influencer": "ana"}, "influencer"),
        ({"product": {"title": "no id"}}, "product.id"),
        ({"trail": "none"}, "trail"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    shop: Shop, stored: Any, change: dict, field: str
) -> None:
    before = stored()
    answer = shop.share(**change)
    assert is_problem(answer, 400)
    assert field in [each["field"] for each in answer.json["errors"]]
    assert stored() == before


BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"url": NaN}',
    b"[" * 100_000,
    b'{"url": ' + b"1" * 5_000 + b"}",
    b'{"url": "https://shop.example/", "url": "https://evil.example/"}',
    b'{"url": "\\ud800", "network": "x"}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize(
    "route",
    [
        "POST /v1/links",
        "POST /v1/events",
        "PUT /v1/influencers/ana",
        "PATCH /v1/links/0000000000",
    ],
)
def test_a_malformed_body_is_refused(shop: Shop, stored: Any, body: bytes, route: str) -> None:
    before = stored()
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "origin": ORIGIN}
    assert is_problem(shop.ask(*route.split(), body, headers), 400)
    assert stored() == before


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/octet-stream"])
def test_a_body_is_json_whatever_its_content_type_says(shop: Shop, kind: str) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "content-type": kind}
    told = shop.ask("PUT", "/v1/influencers/ana", {"name": "Ana"}, headers)
    assert (told.status, told.json["name"]) == (200, "Ana")


def test_a_body_over_a_megabyte_is_refused(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert is_problem(shop.ask("POST", "/v1/links", b" " * 1_000_001, headers), 413)


# ── events ───────────────────────────────────────────────────────────────────────────────────────
GOOD_EVENT = {"id": "event-0001", "type": "view", "url": f"{ORIGIN}/products/mug"}


def beacon(shop: Shop, *events: Any) -> Answer:
    body = {"key": shop.facts["publishable_key"], "events": list(events)}
    headers = {"origin": ORIGIN, "content-type": "text/plain"}
    return shop.ask("POST", "/v1/events", body, headers)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "purchase"}, "type"),
        ({"url": "https://evil.example/"}, "url"),
        ({"url": f"{ORIGIN}/?q=" + "x" * 2_049}, "url"),
        ({"id": "x"}, "id"),
        ({"n": 0}, "n"),
        ({"code": "no code"}, "code"),
        ({"at": "yesterday"}, "at"),
        ({"colour": "red"}, "colour"),
        ({"product": {"title": "no id"}}, "product.ProductBody.id"),
    ],
)
def test_a_bad_event_stays_out_by_itself_and_is_named(
    shop: Shop, stored: Any, change: dict, field: str
) -> None:
    bad = {**GOOD_EVENT, "id": "event-0002", **change}
    before = stored()
    assert is_problem(beacon(shop, bad), 400)
    assert stored() == before
    answer = beacon(shop, bad, GOOD_EVENT)
    assert answer.status == 202
    assert f"events.0.{field}" in [each["field"] for each in answer.json["errors"]]
    kept = [row["sk"] for row in EVENTS.scan()]
    assert [sk.partition("#")[2] for sk in kept] == ["event-0001"]


def test_an_answer_names_the_first_faults_of_many(shop: Shop) -> None:
    many = {f"field{n}": 0 for n in range(10_000)}
    for answer in (beacon(shop, many), beacon(shop, *[many] * 3), shop.share(**many)):
        assert is_problem(answer, 400)
        assert len(answer.body) < 10_000


@pytest.mark.parametrize("event", [None, 7, "view", [], [GOOD_EVENT]])
def test_what_is_no_event_at_all_stays_out_by_itself_too(shop: Shop, event: Any) -> None:
    answer = beacon(shop, GOOD_EVENT, event)
    assert (answer.status, answer.json["errors"][0]["field"]) == (202, "events.1")


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────
def test_an_unsigned_or_wrongly_signed_webhook_is_refused(shop: Shop, stored: Any) -> None:
    before = stored()
    payload = shop.an_order("1001")
    digest = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    for signature in ("", digest, "=", "é".encode().decode("latin-1"), "a," * 4_000, "0" * 64):
        answer = shop.deliver("orders/create", payload, x_shopify_hmac_sha256=signature)
        assert is_problem(answer, 401)
    assert stored() == before


@pytest.mark.parametrize(
    ("topic", "change"),
    [
        ("orders/cancelled", {}),
        ("refunds/create", {}),
        ("disputes/create", {"subtotal_price": "12,50"}),
        ("products/update", {}),
    ],
)
def test_a_signed_body_that_does_not_fit_its_topic_is_refused(
    shop: Shop, stored: Any, topic: str, change: dict
) -> None:
    before = stored()
    answer = shop.deliver(topic, {**shop.an_order("1001"), **change})
    assert is_problem(answer, 422)
    assert stored() == before


def test_another_shops_webhook_is_refused(shop: Shop, stored: Any) -> None:
    before = stored()
    order = shop.an_order("1001")
    answer = shop.deliver("orders/create", order, x_shopify_shop_domain="evil.myshopify.com")
    assert is_problem(answer, 422)
    assert stored() == before


def test_an_unknown_provider_is_not_found(shop: Shop) -> None:
    assert is_problem(shop.ask("POST", f"/v1/webhooks/magento/{shop.id}", {}), 404)


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_an_unsigned_webhook_learns_neither_of_a_merchant_nor_of_an_endpoint(
    cloud: Cloud, query: str
) -> None:
    shop = Shop.onboard(cloud, webhook_secrets={"shopify": "a secret"})
    addresses = (f"shopify/{shop.id}", f"stripe/{shop.id}", "shopify/m_nobody", "stripe/%23")
    answers = [shop.ask("POST", f"/v1/webhooks/{each}{query}", {}) for each in addresses]
    assert [each.status for each in answers] == [401] * 4
    assert len({each.refusal for each in answers}) == 1
    assert "address" in answers[0].json["detail"]


@pytest.mark.parametrize("merchant", ["ours", "m_nobody"])
def test_a_thousand_unsigned_webhooks_read_one_secret_and_note_it_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, merchant: str
) -> None:
    monkeypatch.setenv("FAST_PATH", "no")  # botocore's events show botocore alone
    event = json.loads((FOLDER / "receive_order_shopify.json").read_text())
    named = {"provider": "shopify", "merchant_id": shop.id if merchant == "ours" else merchant}
    forget_facts()
    with asked() as requests:
        for number in range(1_000):
            headers = {**event["headers"], "x-shopify-hmac-sha256": f"{number:04}"}
            told = {**event, "pathParameters": named, "headers": headers}
            assert shop.cloud.invoke("receive_order", told)["statusCode"] == 401
    noted = {"Decrypt": 1, "UpdateItem": 1}  # that a webhook was refused, of a shop that there is
    # Of an endpoint without a secret, whether there is such a merchant.
    assert requests == ({"GetItem": 1, **noted} if merchant == "ours" else {"GetItem": 2})


def test_an_origin_is_read_once_a_while_however_often_its_pages_ask(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[str] = Counter()
    get = Table.get

    def noted(table: Table, pk: str, *more: Any, **named: Any) -> Any:
        read[pk.partition("#")[0]] += 1
        return get(table, pk, *more, **named)

    monkeypatch.setattr(Table, "get", noted)
    beacon = {"key": "pk_of_nobody", "events": [{"id": "an-event", "type": "view", "url": ORIGIN}]}
    for origin in (ORIGIN, "https://nobodys.example"):
        headers = {"origin": origin}
        forget_facts()
        read.clear()
        for _ in range(20):
            assert shop.ask("POST", "/v1/events", beacon, headers).status == 401
            shop.ask("OPTIONS", "/v1/links", None, headers)
        assert (read["key"], read["origin"]) == (1, 1)


@contextmanager
def asked() -> Iterator[Counter[str]]:
    """How often what is asked of DynamoDB and KMS meanwhile."""
    requests: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        requests[model.name] += 1

    with clients.prompt():
        prompt = clients.dynamodb()
    events = [client.meta.events for client in (clients.dynamodb(), prompt, clients.kms())]
    for each in events:
        each.register("before-parameter-build", note, "asked")
    yield requests
    for each in events:
        each.unregister("before-parameter-build", unique_id="asked")


# ── short links ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "code", ["0000000000", "x", "ABCDEFGHJK", "%00", "wp-login.php", "%C3%A9%20"]
)
def test_an_unknown_code_shows_a_friendly_page(shop: Shop, stored: Any, code: str) -> None:
    before = stored()
    answer = shop.ask("GET", f"/{code}")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "leads nowhere" in answer.body.decode()
    assert stored() == before


# ── the merchant API ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/influencers/nobody", 404),
        ("/v1/orders/shopify/1", 404),
        ("/v1/influencers?limit=0", 400),
        ("/v1/influencers?limit=many", 400),
        ("/v1/influencers?cursor=%21", 400),
        ("/v1/stats?from=soon", 400),
        ("/v1/stats?from=2026-02-01&to=2026-01-01", 400),
        ("/v1/stats?by=moon", 400),
        ("/v1/stats?from=9999-12-31&to=9999-12-31", 400),
        ("/v1/share-tree?from=0001-01-01&to=0001-01-02", 400),
        ("/v1/removal-effects?week=9999-12-31", 400),
    ],
)
def test_the_merchant_api_says_what_is_wrong(shop: Shop, path: str, status: int) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert is_problem(shop.ask("GET", path, headers=headers), status)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/codes", {"code": "ANA", "influencer": "ana", "since": "9999-12-31T23:59:59-14:00"}),
        ("/v1/codes", {"code": "ANA", "influencer": "ana", "since": "0001-01-01T00:00:00+14:00"}),
        ("/v1/rates", {"currency": "EUR", "day": "9999-12-31", "rate": "1.1"}),
        ("/v1/identities", {"email": "a@b.example", "trail": ["0"], "at": "1999-12-31T00:00:00Z"}),
    ],
)
def test_a_time_of_another_century_is_refused(shop: Shop, path: str, body: Any) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    answer = shop.ask("POST", path, body, headers)
    assert is_problem(answer, answer.status)
    assert {"since", "day", "at"} & {each["field"] for each in answer.json["errors"]}


@pytest.mark.parametrize("place", ["a", "code", "d", "rate#~~", "code#\U0010ffff\U0010ffff", "~"])
@pytest.mark.parametrize("path", ["/v1/codes", "/v1/rates"])
def test_behind_a_place_that_no_page_gave_stands_nothing_else_of_the_shops(
    shop: Shop, path: str, place: str
) -> None:
    choices = {"sort": "code"} if path == "/v1/codes" else {}
    cursor = paging.asked(1, None, **choices).cursor(place)
    assert shop.read(f"{path}?cursor={cursor}") == {"items": [], "cursor": None}


def test_the_merchant_api_wants_a_secret_key(shop: Shop) -> None:
    assert is_problem(shop.ask("GET", "/v1/influencers"), 401)
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}", "origin": ORIGIN}
    assert is_problem(shop.ask("GET", "/v1/stats", headers=headers), 403)
    told = shop.ask("GET", "/v1/openapi.json").json
    assert set(told["paths"]) >= {"/v1/influencers", "/v1/stats"}


# ── onboarding ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "change",
    [
        {"shop_host": "not a host"},
        {"zone": "Mars/Olympus"},
        {"currency": "DOGE"},
        {"recipients": ["nobody"]},
        {"recipients": ["owner@shop.example", "the..owner@shop.example"]},
        {"resubscribe": ["bj\u00f6rn@shop.example"]},
        {"name": "Mug\r\nBcc: victim@shop.example"},
        {"name": " \u2028"},
        {"name": "Mug \ud800"},
        {"colour": "red"},
        {"fraud": {"colour": "red"}},
        {"fraud": {"hold_days": 366}},
        {"window_days": 8},
        {"hosts": ["a b"]},
        {"hosts": "shop.example"},
        {"links_per_day": 0},
        {"resubscribe": ["nobody"]},
        {"fallback_url": "https://shop.example/gr\u00f6\u00dfe"},
        {"fallback_url": "https://user:pw@shop.example/"},
        {"fallback_url": 'https://shop.example/a"b'},
        {"fallback_url": "http://shop.example/"},
    ],
)
def test_onboarding_says_what_is_wrong_and_changes_nothing(shop: Shop, change: dict) -> None:
    before = shop.onboarded()
    answer = shop.onboarded(**change)
    assert answer["error"]
    assert answer["errors"]
    assert shop.onboarded() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fallback_url": "https://go.shop.example/abcdefghjk"}, "fallback_url"),
        ({"fallback_url": "https://GO.shop.example:443"}, "fallback_url"),
        ({"fallback_url": "http://localhost:8080/"}, "fallback_url"),
        ({"hosts": ["go.shop.example"]}, "hosts"),
        ({"shop_host": "go.shop.example"}, "hosts"),
    ],
)
def test_where_the_short_links_live_no_shop_does(
    shop: Shop, change: dict, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE", "live")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.shop.example")
    before = shop.onboarded()
    assert set(shop.onboarded(**change)["errors"]) == {field}
    assert shop.onboarded() == before


def test_a_new_merchant_needs_a_currency_and_a_zone(shop: Shop) -> None:
    answer = shop.cloud.invoke("onboard_merchant", {"shop_host": "new.example"})
    assert set(answer["errors"]) == {"currency", "zone"}


def test_an_origin_belongs_to_one_merchant(shop: Shop) -> None:
    answer = shop.onboarded(shop_host="second.example", origins=["https://second.example", ORIGIN])
    assert "another merchant" in answer["error"]
    assert "error" not in shop.onboarded(shop_host="second.example", shopify_domain=None)
