"""Persons whom a merchant has forgotten, or asks about, by the secret key."""

from typing import Any

import pytest

from sharetrail.api.account import persons
from sharetrail.attribution.erasing import told_of_buyers
from sharetrail.privacy import pieces
from tests.chain.test_asked_by_shopify import asked_for, bought
from tests.chain.test_erasure import ANN, still
from tests.chain.test_key_acts import call, done
from tests.erasures import figures
from tests.shops import Shop

BUYER = {"buyer": ANN.asked}


def test_a_key_has_a_buyer_forgotten_and_that_is_listed_without_their_name(shop: Shop) -> None:
    bought(shop)
    marks, before = ANN.marks(shop), figures(shop)
    answers = [call(shop, "POST", "/v1/erasures", BUYER) for _ in range(2)]
    assert [(each.status, each.json["whose"]) for each in answers] == [(202, "buyer")] * 2
    assert len({each.json["id"] for each in answers}) == 1
    assert shop.cloud.drain()["failed"] == []
    assert still(shop, marks) == []
    assert figures(shop) == before
    assert done(shop).count("A buyer is forgotten: their orders lead to nobody") == 1


def test_a_key_is_told_what_is_kept_of_a_buyer(shop: Shop) -> None:
    bought(shop)
    answer = call(shop, "POST", "/v1/exports", BUYER)
    result = answer.json["id"]
    assert (answer.status, answer.json["url"]) == (202, answer.headers["location"])
    (listed,) = shop.read("/v1/exports")["items"]
    assert (listed["id"], listed["state"]) == (result, "working")
    assert shop.cloud.drain()["failed"] == []
    assert [each["state"] for each in shop.read("/v1/exports")["items"]] == ["done"]
    told = shop.read(f"/v1/results/{result}")
    assert [each["order"] for each in told["data"]["orders"]] == ["shopify/1001", "shopify/1002"]


def test_whoever_has_too_many_orders_for_one_look_is_told_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(shop)
    monkeypatch.setattr(told_of_buyers, "orders_of", lambda *_: [])  # as after forty weeks
    monkeypatch.setattr(pieces, "A_PIECE", -1.0)
    monkeypatch.setattr(pieces, "_TOGETHER", 1)
    result = call(shop, "POST", "/v1/exports", BUYER).json["id"]
    assert shop.cloud.drain()["failed"] == []
    told = shop.read(f"/v1/results/{result}")
    assert [each["order"] for each in told["data"]["orders"]] == ["shopify/1001", "shopify/1002"]


def test_after_an_erasure_nothing_is_kept_to_be_told(shop: Shop) -> None:
    bought(shop)
    call(shop, "POST", "/v1/erasures", BUYER)
    shop.cloud.drain()
    result = call(shop, "POST", "/v1/exports", BUYER).json["id"]
    shop.cloud.drain()
    told = shop.read(f"/v1/results/{result}")["data"]
    assert (told["orders"], told["told_by_orders_and_shop"]) == ([], [])


@pytest.mark.parametrize("path", ["/v1/erasures", "/v1/exports"])
def test_nobody_asks_without_a_secret_key(shop: Shop, path: str) -> None:
    bought(shop)
    page = {"authorization": f"Bearer {shop.facts['publishable_key']}"}
    assert shop.ask("POST", path, BUYER).status == 401
    assert shop.ask("POST", path, BUYER, page).status == 403
    assert asked_for(shop) == []


NOBODY: list[dict[str, Any]] = [
    {},
    {"buyer": {}},
    {"buyer": {"email": ""}},
    {"buyer": {"orders": ["ebay/1"]}},
    {"buyer": {"customer": {"ebay": "1"}}},
    {"buyer": {"email": "a@b.example"}, "influencer": "ana"},
    {"shop": True},
    {"recipient": "owner@shop.example"},
]


@pytest.mark.parametrize("asked", NOBODY)
def test_who_names_nobody_or_more_than_a_key_may_is_refused(
    shop: Shop, asked: dict[str, Any]
) -> None:
    answer = call(shop, "POST", "/v1/erasures", asked)
    assert (answer.status, answer.json["code"]) == (400, "malformed")


def test_a_day_has_so_many_persons(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    few = persons.Allowance(name="persons", most=1, policy="persons")
    monkeypatch.setattr(persons, "_OF_A_DAY", few)
    one, other = ({"buyer": {"email": f"{who}@mail.example"}} for who in ("ann", "bob"))
    assert [call(shop, "POST", "/v1/erasures", each).status for each in (one, one, other)] == [
        *(202, 202, 429)
    ]
