"""What every route has in common: refusals, repeated calls, allowances told in headers."""

import re
from datetime import timedelta
from typing import Any

import pytest

from sharetrail.analysis import periods
from sharetrail.api.measures import costs
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants import profiles
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.sharing import link_allowances
from tests import contract, exports
from tests.shops import ORIGIN, Answer, Shop

A_REQUEST = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def ask(shop: Shop, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, path, body, key | named)


def later(shop: Shop, **ago: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**ago))


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v1/influencers/nobody", "unknown_influencer"),
        ("GET", "/v1/influencers?limit=0", "malformed"),
        ("GET", "/v1/links/0000000000", "unknown_link"),
        ("GET", "/v1/removal-effects", "not_analysed"),
        ("POST", "/v1/links", "malformed"),
        ("POST", "/v1/what-if", "malformed"),
        ("POST", "/v1/reconciliations", "unknown_export"),
        ("POST", "/v1/events", "malformed"),
        ("POST", "/v1/webhooks/standard/m_nobody", "unsigned"),
        ("POST", "/v1/webhooks/myspace/m_nobody", "unknown_provider"),
    ],
)
def test_every_refusal_has_a_code_and_names_its_request(
    shop: Shop, method: str, path: str, code: str
) -> None:
    refused = ask(shop, method, path, {} if method == "POST" else None)
    assert refused.json["code"] == code
    assert A_REQUEST.fullmatch(refused.json["request_id"])
    assert refused.headers["x-request-id"] == refused.json["request_id"]


def test_no_two_requests_have_one_name(shop: Shop) -> None:
    names = {ask(shop, "GET", "/v1/links/x").json["request_id"] for _ in range(3)}
    assert len(names) == 3


def test_path_query_and_body_are_refused_together(shop: Shop) -> None:
    body = {"reach": -1, "colour": "red"}
    refused = ask(shop, "PUT", "/v1/influencers/a%00b?dry_run=1&x=1&x=2", body)
    named = {each["field"] for each in refused.json["errors"]}
    assert named == {"influencer_id", "dry_run", "x", "reach", "colour"}


@pytest.mark.parametrize("path", ["/v1/links", "/v1/what-if"])
def test_so_are_those_of_functions_of_their_own(shop: Shop, path: str) -> None:
    refused = ask(shop, "POST", f"{path}?limt=1", {"colour": "red"})
    named = {each["field"] for each in refused.json["errors"]}
    assert named >= {"limt", "colour"}
    assert named & {"url", "from"}


ALL_AT_ONCE = [
    (
        *("POST", "/v1/links"),
        {"url": "https://elsewhere.example/", "network": "myspace", "campaign": "x" * 101},
        {"url", "network", "campaign"},
    ),
    (
        *("POST", "/v1/links"),
        {"url": "https://elsewhere.example/", "network": "other", "colour": 1},
        {"url", "label", "colour"},
    ),
    (
        *("PUT", "/v1/targets"),
        {
            "targets": [
                {"kpi": "clicks", "aim": "1"},
                {"kpi": "clicks", "aim": {"amount": "1", "currency": "USD"}, "per": "hour"},
                {"kpi": "revenue_net", "aim": "5"},
                {"kpi": "shares", "aim": "0"},
                {"kpi": "fame", "aim": "1"},
            ]
        },
        {f"targets.{n}" for n in ("1.kpi", "1.aim", "1.per", "2.aim", "3.aim", "4.kpi")},
    ),
    (
        *("PUT", "/v1/network-figures"),
        {
            "figures": [
                {"network": "instagram", "day": "2099-01-01", "followers": -1},
                {"network": "x", "day": "2026-11-01"},
                {"network": "x", "day": "2026-11-02", "posts": 1},
                {"network": "x", "day": "2026-11-02", "posts": "two"},
            ]
        },
        {f"figures.{n}" for n in ("0.day", "0.followers", "1", "3", "3.posts")},
    ),
    (
        *("POST", "/v1/rates"),
        {"currency": "USD", "day": "2098-01-01", "rate": "none"},
        {"currency", "day", "rate"},
    ),
    (
        *("PATCH", "/v1/settings"),
        {"zone": "Nowhere", "currency": None, "window_days": 8, "colour": 1},
        {"zone", "currency", "window_days", "colour"},
    ),
    (*("POST", "/v1/identities"), {"trail": ["x"], "at": "then"}, {"email", "trail", "at"}),
    (
        *("POST", "/v1/costs"),
        {
            "kind": "fine",
            "cost": {"amount": "0.001", "currency": "USD"},
            "from": "2026-11-02",
            "to": "2026-11-01",
            "network": "myspace",
        },
        {"kind", "cost.amount", "to", "network"},
    ),
    (
        *("POST", "/v1/what-if"),
        {"from": "2026-11-02", "to": "2026-11-01", "window_days": 8},
        {"to", "window_days"},
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "fields"), ALL_AT_ONCE)
def test_what_has_no_shape_and_what_makes_no_sense_are_told_in_one_answer(
    shop: Shop, method: str, path: str, body: Any, fields: set[str]
) -> None:
    refused = ask(shop, method, path, body)
    assert (refused.status, refused.json["code"]) == (400, "malformed")
    named = {
        re.sub(r"\.(constrained-str|MoneyBody)\b.*", "", each["field"])
        for each in refused.json["errors"]
    }
    assert named == fields


def test_a_link_that_makes_no_sense_twice_is_told_both(shop: Shop) -> None:
    refused = shop.share(url="https://elsewhere.example/", network="other")
    assert (refused.status, refused.json["code"]) == (422, "unlabelled")
    assert {each["field"] for each in refused.json["errors"]} == {"label", "url"}


def test_a_stranger_is_told_the_shape_alone(shop: Shop) -> None:
    body = {"targets": [{"kpi": "revenue_net", "aim": "5"}, {"kpi": "fame", "aim": "1"}]}
    refused = shop.ask("PUT", "/v1/targets", body)
    assert [each["field"] for each in refused.json["errors"]] == ["targets.1.kpi"]


def test_a_page_may_read_the_name_of_its_refused_request(shop: Shop) -> None:
    refused = shop.share(key="publishable_key", url="https://elsewhere.example/")
    assert refused.json["code"] == "bad_destination"
    shown = refused.headers["access-control-expose-headers"]
    assert {"x-request-id", "retry-after", "ratelimit"} <= set(shown.split(", "))


# ── the same call again ──────────────────────────────────────────────────────────────────────────
GIFT = {"code": "ana10", "influencer": "ana"}


def test_a_repeated_call_is_answered_as_of_its_first_time(shop: Shop) -> None:
    first = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    later(shop, minutes=5)
    ask(shop, "POST", "/v1/codes", {"code": "ana10", "influencer": "ben"})
    later(shop, minutes=5)
    again = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    assert (again.status, again.json) == (201, first.json)
    whose = [each["influencer"] for each in shop.read("/v1/codes")["items"]]
    assert whose == ["ana", "ben"], "it does not take the code back from who has it since"


def test_without_a_key_it_is_another_call(shop: Shop) -> None:
    first = ask(shop, "POST", "/v1/codes", GIFT)
    later(shop, minutes=5)
    assert ask(shop, "POST", "/v1/codes", GIFT).json["since"] > first.json["since"]


def test_a_key_in_quotes_is_the_same_key(shop: Shop) -> None:
    first = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    later(shop, minutes=5)
    again = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key='"7f0c"')
    assert again.json == first.json


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/codes", {**GIFT, "influencer": "ben"}),
        ("/v1/identities", {"email": "ann@example.com", "trail": ["x"]}),
        ("/v1/influencers/ana/token", None),
    ],
)
def test_a_key_that_came_with_another_request_is_refused(shop: Shop, path: str, body: Any) -> None:
    ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    if path == "/v1/identities":
        body["trail"] = [shop.click(shop.share().json["code"])]
    refused = ask(shop, "POST", path, body, idempotency_key="7f0c")
    assert (refused.status, refused.json["code"]) == (422, "key_reused")
    assert [each["influencer"] for each in shop.read("/v1/codes")["items"]] == ["ana"]


def test_another_merchants_key_is_another_key(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    body = {"code": "ben5", "influencer": "ben"}
    assert ask(other, "POST", "/v1/codes", body, idempotency_key="7f0c").status == 201


@pytest.mark.parametrize("key", ["", '""', "x" * 256])
def test_a_key_that_is_none_is_named(shop: Shop, key: str) -> None:
    refused = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key=key)
    assert [each["field"] for each in refused.json["errors"]] == ["idempotency-key"]
    assert shop.read("/v1/codes")["items"] == []


def test_a_stranger_notes_no_keys(shop: Shop) -> None:
    headers = {"authorization": "Bearer sk_nobodys", "idempotency-key": "7f0c"}
    assert shop.ask("POST", "/v1/codes", GIFT, headers).status == 401
    assert not [row for row in MERCHANTS.scan() if row["sk"].startswith("call#")]


def test_after_a_day_the_same_key_is_another_call_though_the_row_is_there_still(shop: Shop) -> None:
    first = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    later(shop, minutes=24 * 60 + 1)
    again = ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    assert (again.status, again.json["since"] > first.json["since"]) == (201, True)
    later(shop, minutes=24 * 60 + 1)
    other = {"code": "ben5", "influencer": "ben"}
    assert ask(shop, "POST", "/v1/codes", other, idempotency_key="7f0c").status == 201
    assert ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c").status == 422


def test_a_key_is_forgotten_after_a_day_or_two(shop: Shop) -> None:
    ask(shop, "POST", "/v1/codes", GIFT, idempotency_key="7f0c")
    (row,) = [row for row in MERCHANTS.scan() if row["sk"].startswith("call#")]
    assert row["expires"] == pytest.approx(shop.cloud.clock.now().timestamp() + 86_400, abs=60)
    assert "7f0c" not in str(row), "it is kept as a hash"


# ── allowances ───────────────────────────────────────────────────────────────────────────────────
def test_whoever_makes_a_link_is_told_what_a_day_may_have(shop: Shop) -> None:
    made = shop.share()
    assert made.headers["ratelimit-policy"] == '"links-of-shop";q=32000;w=86400'
    browsers = shop.share(key="publishable_key").headers["ratelimit-policy"]
    assert browsers == '"links-of-address";q=100;w=86400, "links-of-browsers";q=2000;w=86400'
    assert "ratelimit" not in made.headers, "what is left is nobody's to know"


def test_whoever_has_used_it_up_is_told_for_how_long(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_allowances, "OF_AN_ADDRESS", 1)
    shop.share(key="publishable_key")
    refused = shop.share(key="publishable_key", network="x")
    assert (refused.status, refused.json["code"]) == (429, "too_many_links")
    now = shop.cloud.clock.now()
    wait = int(refused.headers["retry-after"])
    assert refused.headers["ratelimit"] == f'"links-of-address";r=0;t={wait}'
    midnight = (now + timedelta(seconds=wait)).astimezone(profiles.find(shop.id, now).tz)
    assert (midnight + timedelta(seconds=5)).date() > now.astimezone(midnight.tzinfo).date()
    assert (midnight + timedelta(seconds=5)).hour == 0


def limited_routes() -> dict[tuple[str, str], Any]:
    """Those of keys that may be refused for being called too often."""
    return {
        (method.upper(), path): each
        for method, path, each in contract.operations()
        if "429" in each["responses"] and path.startswith("/v1/")
    }


FEE = {"kind": "fee", "cost": {"amount": "1.00", "currency": "USD"}, "from": "2026-11-01"}
BUYER = {"buyer": {"email": "ann@mail.example"}}
CALLS: dict[tuple[str, str], Any] = {
    ("POST", "/v1/links"): {"url": f"{ORIGIN}/", "network": "x"},
    ("POST", "/v1/costs"): FEE,
    ("POST", "/v1/connection/check"): None,
    ("POST", "/v1/keys"): {"name": "sync"},
    ("PUT", "/v1/recipients/{address}"): {"role": "reader"},
    **{("POST", f"/v1/{each}"): BUYER for each in ("erasures", "exports")},
    ("POST", "/v1/what-if"): {"from": "2026-11-01", "to": "2026-11-02"},
    ("POST", "/v1/reconciliations"): exports.text(exports.SHOPIFY, exports.shopify()),
    **{("GET", f"/v1/{each}"): None for each in ("stats", "returns", "cohorts", "kpis")},
}
A_POLICY = re.compile(r'"[a-z-]+";q=\d+(;w=\d+|;qu="concurrent-requests")')


@pytest.mark.parametrize("call", limited_routes(), ids=" ".join)
def test_every_route_that_has_a_limit_tells_it_with_each_answer(
    shop: Shop, call: tuple[str, str]
) -> None:
    for status, told in limited_routes()[call]["responses"].items():
        if status[0] == "2":
            assert "ratelimit-policy" in told["headers"]
        if status == "429":
            assert {"ratelimit-policy", "ratelimit", "retry-after"} <= told["headers"].keys()
    method, path = call
    answer = ask(shop, method, path.format(address="books@shop.example"), CALLS[call])
    assert answer.status in (200, 201, 202), answer.body
    assert all(map(A_POLICY.fullmatch, answer.headers["ratelimit-policy"].split(", ")))


def test_what_has_no_limit_tells_none(shop: Shop) -> None:
    assert "ratelimit-policy" not in ask(shop, "GET", "/v1/links").headers


def test_whoever_asks_too_many_questions_at_once_is_told_how_many_and_when(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "is_big", lambda *_: True)
    for day in range(10, 15):
        asked = ask(shop, "GET", f"/v1/stats?to=2026-11-{day}")
        assert (asked.status, "ratelimit-policy" in asked.headers) == (202, True)
    refused = ask(shop, "GET", "/v1/stats?to=2026-11-15")
    assert (refused.status, refused.json["code"]) == (429, "too_many_questions")
    assert refused.headers["ratelimit-policy"] == '"questions";q=5;qu="concurrent-requests"'
    assert refused.headers["ratelimit"] == '"questions";r=0;t=60'
    assert refused.headers["retry-after"] == "60"


def test_whoever_enters_too_many_costs_is_told_until_when(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Allowance(name="costs", most=1, policy="new-costs")
    monkeypatch.setattr(costs, "_OF_A_DAY", one)
    assert ask(shop, "POST", "/v1/costs", {**FEE, "id": "one"}).status == 201
    refused = ask(shop, "POST", "/v1/costs", {**FEE, "id": "two"})
    assert (refused.status, refused.json["code"]) == (429, "too_many_new_costs")
    wait = refused.headers["retry-after"]
    assert refused.headers["ratelimit"] == f'"new-costs";r=0;t={wait}'
    assert refused.headers["ratelimit-policy"] == '"new-costs";q=1000;w=86400'


def test_page_events_are_told_their_policy(shop: Shop) -> None:
    event = {"id": "a1b2c3d4e5", "type": "view", "url": f"{ORIGIN}/"}
    body = {"key": shop.facts["publishable_key"], "events": [event]}
    taken = shop.ask("POST", "/v1/events", body, {"origin": ORIGIN})
    assert taken.status == 202
    policy = '"events";q=500000;w=86400, "events-of-address";q=50000;w=86400'
    assert taken.headers["ratelimit-policy"] == policy
