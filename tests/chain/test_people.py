"""Whether buyer and influencer are one person: by mailbox and by house, as far as they are told."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sharetrail.analysis import score_influencers
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.merchants import person_hashes, profiles, vault
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.orders import order_facts
from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.sharing import influencers
from sharetrail.sharing.keeping import sealed_emails
from tests import exports
from tests.senders import a_message, post_standard
from tests.shops import Answer, Shop

BERLIN = {"line1": "Musterweg 2", "postcode": "10115", "city": "Berlin", "country": "DE"}
CORK = {"line1": "1 Main Street", "line2": "Flat 3", "city": "Cork", "country": "IE"}
LONDON = {"line1": "1 Horse Guards", "postcode": "SW1A 2AA", "city": "London", "country": "GB"}
SHIPPED = {"address1": "MUSTERWEG 2", "zip": "10115", "city": "Berlin", "country_code": "DE"}


def put(shop: Shop, **said: Any) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("PUT", "/v1/influencers/ana", said, headers)


def rules(shop: Shop, order: str, trail: str, **more: Any) -> set[str]:
    """What is decided of an order half a minute from now."""
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    shop.buy(order, "50.00", trail, **more)
    assert shop.cloud.drain()["failed"] == []
    return {each["sign"] for each in shop.order(order)["decisions"]}


def sale_of(shop: Shop, order: str, platform: str = "shopify") -> Any:
    ref = OrderRef(merchant=shop.id, platform=platform, id=order)
    folded = fold_facts(order_facts.among(order_facts.rows(ref)))
    assert folded
    return folded.sale


def hashes(shop: Shop) -> frozenset[str]:
    return influencers.people(shop.id, ["ana"])["ana"]


def hash_of(shop: Shop, house: dict[str, str]) -> str | None:
    lines = (house["line1"], house.get("line2", ""))
    more = {name: house.get(name, "") for name in ("postcode", "city", "country")}
    address = DeliveryAddress(lines=lines, **more)
    return person_hashes.of_address(shop.id, address, shop.cloud.clock.now())


def everything_stored() -> str:
    dynamodb = boto3.client("dynamodb")
    tables = dynamodb.list_tables()["TableNames"]
    rows = [dynamodb.scan(TableName=name)["Items"] for name in tables]
    return json.dumps(rows, default=str)


# ── e-mail ───────────────────────────────────────────────────────────────────────────────────────
def test_the_influencers_own_mailbox_is_seen_however_it_is_written(shop: Shop) -> None:
    put(shop, name="Ana", email="ana@gmail.com")
    trail = shop.click(shop.share("ana").json["code"])
    own = ("ana@gmail.com", "ana+1@gmail.com", "a.n.a@gmail.com", "Ana@GoogleMail.com")
    for n, email in enumerate((*own, "an.na@gmail.com")):
        found = rules(shop, str(500 + n), trail, email=email)
        assert ("self_email" in found) is (email in own), email


def test_where_dots_tell_people_apart_they_are_two(shop: Shop) -> None:
    put(shop, name="Ana", email="a.na@mail.example")
    trail = shop.click(shop.share("ana").json["code"])
    for n, (email, is_own) in enumerate(
        (("A.na@Mail.example", True), ("ana@mail.example", False), ("a.na+1@mail.example", False))
    ):
        assert ("self_email" in rules(shop, str(500 + n), trail, email=email)) is is_own, email


def test_what_was_hashed_as_it_was_written_is_among_the_buyers_hashes(shop: Shop) -> None:
    """Influencers and identities of before 2026-11-30 are known by it."""
    shop.buy("1001", "50.00", email="a.n.a@gmail.com")
    now = shop.cloud.clock.now()
    before = person_hashes._hashed(shop.id, "email:a.n.a@gmail.com", now)
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1001")
    order = fold_facts(order_facts.among(order_facts.rows(ref)))
    assert order
    assert {before, person_hashes.of_email(shop.id, "ana@gmail.com", now)} <= {*order.buyer}


def test_a_token_rewrites_nobody_to_hide_whose_order_it_is(shop: Shop) -> None:
    put(shop, name="Ana", email="ana@mail.example")
    trail = shop.click(shop.share("ana").json["code"])
    assert "self_email" in rules(shop, "401", trail, email="ana@mail.example")
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    token = shop.ask("POST", "/v1/influencers/ana/token", headers=headers).json["token"]
    attack = {"name": "Support: verify at evil.com", "email": "someone-else@x.example"}
    made = shop.share(key="publishable_key", influencer={"token": token, **attack})
    assert made.status == 422
    ana = shop.read("/v1/influencers/ana")
    assert (ana["name"], ana["email"]) == ("Ana", "ana@mail.example")
    assert "self_email" in rules(shop, "402", trail, email="ana@mail.example")


def test_an_influencers_address_is_encrypted_and_told_to_who_asks_for_them_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shop, name="Ana", email="ana@mail.example")
    shop.share(influencer={"id": "ben", "email": "ben@mail.example"})
    assert "mail.example" not in everything_stored()
    told = [shop.read(f"/v1/influencers/{each}")["email"] for each in ("ana", "ben")]
    assert told == ["ana@mail.example", "ben@mail.example"]
    monkeypatch.setattr(vault, "opened", pytest.fail)
    listed = shop.read("/v1/influencers")["items"]
    assert {each["id"] for each in listed} == {"ana", "ben"}
    assert "mail.example" not in str(listed)


def test_an_address_decrypts_for_its_own_merchant_and_influencer_alone(shop: Shop) -> None:
    put(shop, name="Ana", email="ana@mail.example")
    row = INFLUENCERS.get(shop.id, "ana")
    for merchant, who in (("m_other", "ana"), (shop.id, "ben")):
        with pytest.raises(ClientError):
            sealed_emails.opened(merchant, {**row, "sk": who})


def test_an_address_can_be_taken_back(shop: Shop) -> None:
    put(shop, email="ana@mail.example")
    assert put(shop, email="").json["email"] == ""
    assert put(shop, name="Ana").json["email"] == ""
    assert put(shop, email="ana@mail.example").json["email"] == "ana@mail.example"


def test_an_address_of_before_that_stands_in_clear_is_read_and_encrypted_by_the_next_night(
    shop: Shop,
) -> None:
    put(shop, name="Ana")
    clear = {**INFLUENCERS.get(shop.id, "ana"), "email": "ana@mail.example"}
    INFLUENCERS.put(clear)
    assert shop.read("/v1/influencers/ana")["email"] == "ana@mail.example"
    merchant, now = profiles.find(shop.id, shop.cloud.clock.now()), shop.cloud.clock.now()
    score_influencers.score(merchant, (), now)
    assert "mail.example" not in everything_stored()
    assert shop.read("/v1/influencers/ana")["email"] == "ana@mail.example"
    stored = INFLUENCERS.get(shop.id, "ana")
    score_influencers.score(merchant, (), now)
    assert INFLUENCERS.get(shop.id, "ana") == stored, "once, and what is encrypted stays"


# ── delivery addresses ───────────────────────────────────────────────────────────────────────────
def test_an_influencers_delivery_addresses_are_known_by_hash_alone(shop: Shop) -> None:
    answer = put(shop, name="Ana", delivery_addresses=[BERLIN, CORK, BERLIN, LONDON])
    assert answer.status == 200
    assert hashes(shop) == {hash_of(shop, each) for each in (BERLIN, CORK, LONDON)}
    shop.buy("1001", "50.00", shipping_address=SHIPPED)
    assert sale_of(shop, "1001").address in hashes(shop)
    kept = everything_stored()
    # No postcode of digits: five are found in a hash by chance.
    streets = ("usterweg", "USTERWEG", "Main Street", "mainstreet", "orse Guards", "orseguards")
    for plain in (*streets, "SW1A", "sw1a2aa", "Cork"):
        assert plain not in kept
        assert plain not in answer.body.decode()


def test_addresses_that_are_given_again_replace_what_stood(shop: Shop) -> None:
    put(shop, name="Ana", customer_ids={"shopify": "7"}, delivery_addresses=[BERLIN])
    (customer,) = hashes(shop) - {hash_of(shop, BERLIN)}
    for said, houses in (
        ({"reach": 5}, [BERLIN]),
        ({"delivery_addresses": None}, [BERLIN]),
        ({"delivery_addresses": [CORK]}, [CORK]),
        ({"delivery_addresses": []}, []),
    ):
        assert put(shop, **said).status == 200
        assert hashes(shop) == {customer, *(hash_of(shop, each) for each in houses)}


def test_an_influencer_never_heard_of_may_have_no_address(shop: Shop) -> None:
    assert put(shop, delivery_addresses=[]).status == 200
    assert hashes(shop) == frozenset()


@pytest.mark.parametrize(
    "addresses",
    [
        [BERLIN] * 6,
        [{**BERLIN, "line1": "-"}],
        [{"line1": "Musterweg 2", "country": "DE"}],
        [{**BERLIN, "country": ""}],
        [{**BERLIN, "name": "Ana"}],
        [{**BERLIN, "line1": "x" * 201}],
        "Musterweg 2",
    ],
)
def test_what_is_no_address_is_refused_with_the_field(shop: Shop, addresses: Any) -> None:
    answer = put(shop, delivery_addresses=addresses)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert all("delivery_addresses" in each["field"] for each in answer.json["errors"])
    assert "usterweg" not in answer.body.decode()


# ── tags ─────────────────────────────────────────────────────────────────────────────────────────
def test_tags_are_the_merchants_own_words_and_stand_until_they_are_given_again(shop: Shop) -> None:
    assert put(shop, name="Ana").json["tags"] == []
    assert put(shop, tags=["vip", "Lisbon", "vip"]).json["tags"] == ["vip", "Lisbon"]
    assert put(shop, reach=5).json["tags"] == ["vip", "Lisbon"]
    shop.share("ana")
    assert shop.read("/v1/influencers/ana")["tags"] == ["vip", "Lisbon"]
    assert put(shop, tags=[]).json["tags"] == []


@pytest.mark.parametrize("tags", [["x" * 41], ["a"] * 11, [""], [" "], ["a,b"], ["(none)"], "vip"])
def test_what_is_no_tag_is_refused_with_the_field(shop: Shop, tags: Any) -> None:
    answer = put(shop, tags=tags)
    assert answer.status == 400
    assert all("tags" in each["field"] for each in answer.json["errors"])


def test_names_and_tags_are_kept_as_one_trimmed_line_each(shop: Shop) -> None:
    put(shop, name=" Ana \r\n Bell ", tags=[" vip", "vip ", "a\nb"])
    shown = shop.read("/v1/influencers/ana")
    assert (shown["name"], shown["tags"]) == ("Ana Bell", ["vip", "a b"])


@pytest.mark.parametrize("name", ["", " ", "\n", "\0", "x" * 101])
def test_what_is_no_name_is_refused_with_the_field(shop: Shop, name: str) -> None:
    answer = put(shop, name=name)
    assert answer.status == 400
    assert [each["field"] for each in answer.json["errors"]] == ["name"]


# ── whoever tells the order ──────────────────────────────────────────────────────────────────────
def test_an_order_is_delivered_to_one_house_whichever_way_it_came(shop: Shop) -> None:
    shop.buy("1001", "50.00", shipping_address=SHIPPED)
    assert post_standard(shop, a_message(delivery_address=BERLIN)).status == 200
    rows = {
        "Shipping_Address1": "Musterweg 2",
        "Shipping_Zip": "'10115",
        "Shipping_City": "Berlin",
        "Shipping_Country": "DE",
    }
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "content-type": "text/csv"}
    export = exports.text(exports.SHOPIFY, exports.shopify(1002, **rows))
    answer = shop.ask("POST", "/v1/reconciliations?load=true", export, headers)
    assert answer.json["orders_loaded"] == 1
    house = hash_of(shop, BERLIN)
    assert sale_of(shop, "1001").address == house
    assert sale_of(shop, "1001", "standard").address == house
    assert sale_of(shop, "1002").address == house
    assert "usterweg" not in everything_stored().lower()


def test_an_odd_delivery_address_keeps_no_order_out(shop: Shop) -> None:
    for n, odd in enumerate(("Musterweg 2", [], {"address1": ["x"], "zip": True}, 7)):
        assert shop.buy(str(1001 + n), "50.00", shipping_address=odd).status == 200
        assert sale_of(shop, str(1001 + n)).address is None
