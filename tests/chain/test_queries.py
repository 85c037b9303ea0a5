"""A query is read like a body: what a route does not know, or is told twice, it refuses by name."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.senders import post_standard
from tests.shops import Answer, Shop

CODE = "0000000000"
CHOICE = {"decision": "self_email:ana", "word": "released"}
BODIES: dict[tuple[str, str], Any] = {
    ("put", "/v1/influencers/{influencer_id}"): {},
    ("patch", "/v1/links/{code}"): {"disabled": True},
    ("post", "/v1/codes"): {"code": "ANA10", "influencer": "ana"},
    ("post", "/v1/rates"): {"currency": "EUR", "day": "2026-11-20", "rate": "1.1"},
    ("post", "/v1/identities"): {"email": "a@b.example", "trail": ["1m8hybgz248qzw2x6j2rw055e5"]},
    ("post", "/v1/orders/{platform}/decisions"): CHOICE,
    ("post", "/v1/orders/{platform}/{order_id}/decisions"): CHOICE,
    ("post", "/v1/keys"): {"name": "ERP"},
    ("put", "/v1/recipients/{address}"): {},
    ("post", "/v1/erasures"): {"influencer": "ana"},
    ("post", "/v1/exports"): {"influencer": "ana"},
    ("patch", "/v1/settings"): {},
    ("post", "/v1/costs"): {
        "kind": "fee",
        "cost": {"amount": "500.00", "currency": "USD"},
        "from": "2026-11-01",
    },
    ("put", "/v1/targets"): {"targets": []},
    ("put", "/v1/network-figures"): {
        "figures": [{"network": "instagram", "day": "2026-11-20", "followers": 1200}]
    },
}
IDS = {
    "influencer_id": "ana",
    "code": CODE,
    "platform": "shopify",
    "order_id": "1",
    "quarantined_id": "0" * 32,
    "result_id": f"1796043971468-{0:032}",
    "key_id": "0" * 12,
    "cost_id": "0" * 12,
    "address": "studio@shop.example",
    "span_key": "2026-W48",
}


def ask(shop: Shop, method: str, path: str, body: Any = None) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method.upper(), path, body, headers)


def faults(answer: Answer) -> dict[str, str]:
    assert answer.status == 400, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    return {each["field"]: each["detail"] for each in answer.json["errors"]}


def operations(shop: Shop) -> list[tuple[str, str, list[str]]]:
    """(method, path, query parameters) of each resource of the merchant API."""
    paths = shop.ask("GET", "/v1/openapi.json").json["paths"]
    return [
        (method, path, [p["name"] for p in said.get("parameters", []) if p["in"] == "query"])
        for path, methods in paths.items()
        for method, said in methods.items()
        if said.get("security") == [{"secret_key": []}]
        and path not in ("/v1/reconciliations", "/v1/what-if")
    ]


def test_every_resource_names_a_parameter_that_it_does_not_know_and_those_it_knows(
    shop: Shop,
) -> None:
    found = operations(shop)
    assert {"limit", "from", "by", "week", "name"} <= {n for *_, names in found for n in names}
    for method, path, names in found:
        at = path.format(**IDS)
        told = faults(ask(shop, method, f"{at}?limt=2&nope=", BODIES.get((method, path))))
        known = f"known are: {', '.join(sorted(names))}" if names else "none is"
        assert told == dict.fromkeys(("limt", "nope"), f"is not known here; {known}"), at


def test_every_resource_refuses_a_parameter_that_stands_twice(shop: Shop) -> None:
    for method, path, names in operations(shop):
        for name in names:
            at = f"{path.format(**IDS)}?{name}=1&{name}=1"
            assert name in faults(ask(shop, method, at, BODIES.get((method, path)))), at


@pytest.mark.parametrize("query", ["limit=2&limit=3", "limit=2&%6Cimit=2", "limit&limit="])
def test_a_parameter_that_stands_twice_is_named_however_it_is_written(
    shop: Shop, query: str
) -> None:
    assert "limit" in faults(ask(shop, "get", f"/v1/influencers?{query}"))


def test_a_refused_write_has_written_nothing(shop: Shop) -> None:
    body = {"currency": "EUR", "day": "2026-11-20", "rate": "1.1"}
    assert "dry_run" in faults(ask(shop, "post", "/v1/rates?dry_run=true", body))
    assert shop.read("/v1/rates")["items"] == []


def test_an_address_full_of_names_is_answered_with_the_first(shop: Shop) -> None:
    many = "&".join(f"n{n}=" for n in range(500))
    assert list(faults(ask(shop, "get", f"/v1/stats?{many}"))) == [f"n{n}" for n in range(20)]


def test_what_is_known_is_read_with_its_commas_and_signs(shop: Shop) -> None:
    shop.buy("1001", name="Smith, 1 & 2 = 3")
    shop.cloud.drain()
    name = quote("Smith, 1 & 2 = 3", safe="")
    assert shop.read(f"/v1/orders/shopify?name={name}&")["id"] == "1001"
    assert shop.read("/v1/influencers?")["items"] == []


# ── routes that are functions of their own ───────────────────────────────────────────────────────
def test_reconciliation_names_them_too_and_reads_no_export(shop: Shop) -> None:
    known = "known are: format, from, load, repair, to"
    told = faults(ask(shop, "post", "/v1/reconciliations?laod=true", b"no export"))
    assert told == {"laod": f"is not known here; {known}"}
    assert faults(ask(shop, "post", "/v1/reconciliations?load=true&load=false", b"")) == {
        "load": "stands twice"
    }


@pytest.mark.parametrize("path", ["/v1/links", "/v1/what-if"])
def test_where_no_parameter_is_known_each_is_refused(shop: Shop, path: str) -> None:
    body = {"url": "https://shop.example/", "network": "x"}
    days = {"from": "2026-11-01", "to": "2026-11-02"}
    answer = ask(shop, "post", f"{path}?dry_run=true", body if path == "/v1/links" else days)
    assert faults(answer) == {"dry_run": "is not known here; none is"}


def test_the_description_says_that_unknown_parameters_are_refused(shop: Shop) -> None:
    told = shop.ask("GET", "/v1/openapi.json").json
    said = "query parameter that an operation does not list is refused"
    assert said in told["info"]["description"]
    keyed = [o for m in told["paths"].values() for o in m.values() if o.get("security")]
    assert len(keyed) > 20
    for operation in keyed:
        assert list(operation["responses"]["400"]["content"]) == ["application/problem+json"]
    assert "ValidationError" not in json.dumps(told)


# ── what stands behind addresses that others call ────────────────────────────────────────────────
def test_a_shop_systems_webhook_is_read_whatever_stands_behind_its_address(shop: Shop) -> None:
    order = shop.an_order("1001")
    query = "?source=theme&utm_medium=x&source=2"
    assert shop.deliver("orders/create", order, query).json["new"] is True


@pytest.mark.parametrize("name", ["dryrun", "dryRun", "dry-run", "DRY_RUN", "dry%20run"])
def test_what_reads_like_a_dry_run_stores_nothing_whoever_sends_it(shop: Shop, name: str) -> None:
    query = f"?source=theme&{name}=true"
    answer = shop.deliver("orders/create", shop.an_order("1001"), query)
    (said,) = faults(answer).values()
    assert said == "is not known here; known are: dry_run"
    assert ask(shop, "get", "/v1/orders/shopify/1001").status == 404


def test_a_dry_run_that_is_also_none_stores_nothing(shop: Shop) -> None:
    query = "?dry_run=true&dry_run=false"
    answer = shop.deliver("orders/create", shop.an_order("1001"), query)
    assert faults(answer) == {"dry_run": "stands twice"}


def test_who_signs_by_the_contract_is_told_of_every_parameter(shop: Shop) -> None:
    assert faults(post_standard(shop, {}, query="?source=erp")) == {
        "source": "is not known here; known are: dry_run"
    }


@pytest.mark.parametrize("path", [f"/{CODE}", "/sharetrail.js", "/unsubscribe/none"])
def test_what_people_and_mail_programs_call_takes_any_parameter(shop: Shop, path: str) -> None:
    plain, more = shop.ask("GET", path), shop.ask("GET", f"{path}?fbclid=1&fbclid=2&utm_x=")
    assert (more.status, more.body) == (plain.status, plain.body)
