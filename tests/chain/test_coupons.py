"""Coupon codes that belong to influencers: touches where the shop's rule says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sharetrail.attribution import credits
from sharetrail.merchants import profiles
from sharetrail.orders.order_fact import OrderRef
from tests.shops import Shop


def give(shop: Shop, code: str, influencer: str | None, **since: str) -> Any:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("POST", "/v1/codes", {"code": code, "influencer": influencer, **since}, headers)


def use(shop: Shop, order: str, *codes: str, trail: str | None = "none") -> Any:
    said = [{"code": code, "amount": "5.00", "type": "fixed_amount"} for code in codes]
    shop.buy(order, "50.00", trail, discount_codes=said)
    assert shop.cloud.drain()["failed"] == []
    return shop.order(order)


def later(shop: Shop, **time: int) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def test_a_code_is_its_owners_touch_where_no_click_counts(shop: Shop) -> None:
    shop.share("ana")
    assert give(shop, " ana10", "ana").status == 201
    order = use(shop, "1001", "Ana10")
    (line,) = order["credits"]["last"]
    assert (line["influencer"], line["credited"]["amount"], line["link"]) == (
        "ana",
        "50.00",
        "code-ANA10",
    )
    assert line["sentence"] == "100 % to Ana: the code ANA10 was used in the order."
    assert order["influence"] == "assisted", "no click of hers began the visit"


def test_beside_a_click_the_code_fills_nothing_and_says_so(shop: Shop) -> None:
    give(shop, "ANA10", "ana")
    trail = shop.click(shop.share("ben").json["code"])
    order = use(shop, "1001", "ANA10", trail=trail)
    assert [line["influencer"] for line in order["credits"]["last"]] == ["ben"]
    assert order["left_out"] == ["ana's code was used beside a share click, and clicks come first."]


@pytest.mark.parametrize(
    ("rule", "last", "linear"),
    [("code_last", ["0.00", "50.00"], ["25.00", "25.00"]), ("code_ignored", ["50.00"], ["50.00"])],
)
def test_the_shop_may_choose_that_codes_come_last_or_not_at_all(
    shop: Shop, rule: Any, last: list[str], linear: list[str]
) -> None:
    profiles.revise(shop.id, lambda merchant: replace(merchant, coupons=rule))
    give(shop, "ANA10", "ana")
    trail = shop.click(shop.share("ben").json["code"])
    order = use(shop, "1001", "ANA10", trail=trail)
    assert [line["credited"]["amount"] for line in order["credits"]["last"]] == last
    assert [line["credited"]["amount"] for line in order["credits"]["linear"]] == linear


def test_who_owned_the_code_when_the_order_was_placed_gets_the_credit(shop: Shop) -> None:
    give(shop, "SPRING", "ana")
    first = use(shop, "1001", "SPRING")
    later(shop, hours=1)
    give(shop, "SPRING", "ben")
    second = use(shop, "1002", "SPRING")
    later(shop, hours=1)
    give(shop, "SPRING", None)
    third = use(shop, "1003", "SPRING")
    owners = [each["credits"]["last"][0]["influencer"] for each in (first, second)]
    assert owners == ["ana", "ben"]
    assert (third["credits"], third["unknown_codes"]) == ({}, ["SPRING"])
    assert shop.order("1001")["credits"] == first["credits"]
    told = shop.read("/v1/codes")["items"]
    assert [(each["code"], each["influencer"]) for each in told] == [
        ("SPRING", "ana"),
        ("SPRING", "ben"),
        ("SPRING", None),
    ]


def test_an_unknown_code_stays_visible_and_an_owner_named_later_is_credited(shop: Shop) -> None:
    order = use(shop, "1001", "MYSTERY")
    assert order["unknown_codes"] == ["MYSTERY"]
    earlier = (shop.cloud.clock.now() - timedelta(days=1)).isoformat()
    give(shop, "MYSTERY", "ana", since=earlier)
    later(shop, minutes=1)
    assert shop.run("sweep") == []
    order = shop.order("1001")
    assert order["unknown_codes"] == []
    assert order["credits"]["first"][0]["influencer"] == "ana"


@pytest.mark.parametrize("code", ["", "   ", "a#b", "a\nb", "x" * 101])
def test_what_is_no_code_is_refused(shop: Shop, code: str) -> None:
    answer = give(shop, code, "ana")
    assert (answer.status, [e["field"] for e in answer.json["errors"]]) == (400, ["code"])
    assert shop.read("/v1/codes")["items"] == []


def test_an_order_full_of_strange_codes_is_attributed_all_the_same(shop: Shop) -> None:
    order = use(shop, "1001", "", " ", "x" * 4_000, "a#b", "💥", "twice", "TWICE")
    assert order["unknown_codes"] == ["A#B", "💥", "TWICE"]


@pytest.mark.parametrize(
    ("own", "used"),
    [
        ("Tom&Jerry", "tom&amp;jerry"),  # WooCommerce keeps it so
        ("\u00e9clair", "e\u0301clair"),
        ("ZED10", "zed10\u200b"),
        ("ZED 10", "\u00a0zed\u00a0 10"),
        ("GRO\u00dfE", "grosse"),
        ("ANA10", "\uff41\uff4e\uff4110"),
    ],
)
def test_codes_compare_as_people_see_them(shop: Shop, own: str, used: str) -> None:
    shop.share("ana")
    assert give(shop, own, "ana").status == 201
    order = use(shop, "1001", used)
    assert [line["influencer"] for line in order["credits"]["last"]] == ["ana"]


def test_what_a_code_took_off_stands_on_its_orders_credits_and_follows_refunds(shop: Shop) -> None:
    give(shop, "ANA10", "ana")
    use(shop, "1001", "ana10", "NOBODYS")
    assert taken_off(shop, "1001") == {"code-ANA10": 500}
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "25.00"))
    assert shop.cloud.drain()["failed"] == []
    assert taken_off(shop, "1001") == {"code-ANA10": 250}


def taken_off(shop: Shop, order: str) -> dict[str, int]:
    ref = OrderRef(merchant=shop.id, platform="shopify", id=order)
    return credits.find_all([ref])[ref].taken_off
