"""What Shopify passes on of persons: kept before it is answered, done by the queue's worker, and
by nobody's body but one of its own topic and shop."""

import json
from typing import Any

import boto3
import pytest

from sharetrail.aws import sealed_objects
from sharetrail.aws.tables import ORDERS
from sharetrail.merchants import profiles
from tests import faults
from tests.chain.test_erasure import ANN, BOB, tells
from tests.chain.test_identities import later
from tests.erasures import figures, night, places
from tests.shops import SHOPIFY_DOMAIN, Answer, Shop

OF_SHOP = {"shop_id": 954889, "shop_domain": SHOPIFY_DOMAIN}
CUSTOMER = {"id": int(ANN.customers["shopify"]), "email": ANN.emails[0], "phone": "+15550107"}
REDACT = {**OF_SHOP, "customer": CUSTOMER, "orders_to_redact": [1001, 1002]}
REQUEST = {
    **OF_SHOP,
    "orders_requested": [1001],
    "customer": CUSTOMER,
    "data_request": {"id": 9_999},
}


def bought(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", "40.00", trail, visit=trail, **tells(ANN))
    later(shop, days=1)
    shop.buy("1002", "30.00", **tells(ANN))
    shop.buy("1003", "20.00", **tells(BOB))
    assert shop.cloud.drain()["failed"] == []


def hashes(shop: Shop, order: str) -> set[str | None]:
    facts = shop.order(order)["facts"]
    return {each["sale"][name] for each in facts for name in ("customer_hash", "email_hash")}


def test_customers_redact_erases_a_buyer(shop: Shop) -> None:
    bought(shop)
    marks, before = ANN.marks(shop), figures(shop)
    answer = shop.deliver("customers/redact", REDACT)
    assert (answer.status, answer.json["asked"], answer.json["whose"]) == (200, "erase", "buyer")
    assert None not in hashes(shop, "1001"), "nobody waits for it"
    assert shop.cloud.drain()["failed"] == []
    assert [each.split("/")[0] for each in places(shop, marks)] == ["bucket erasures"]
    assert figures(shop) == before
    assert None not in hashes(shop, "1003")


def test_customers_data_request_leaves_what_is_kept_for_the_merchant(shop: Shop) -> None:
    bought(shop)
    result = shop.deliver("customers/data_request", REQUEST).json["id"]
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("GET", f"/v1/results/{result}", headers=headers).status == 202
    assert shop.cloud.drain()["failed"] == []
    told = shop.read(f"/v1/results/{result}")
    assert (told["merchant"], told["whose"]) == (shop.id, "buyer")
    assert [each["order"] for each in told["data"]["orders"]] == ["shopify/1001", "shopify/1002"]
    (fact,) = (row for row in told["data"]["orders"][0]["kept"] if row["sk"] == "placed")
    assert (fact["sale"]["net"], fact["sale"]["name"]) == (4000, "#1001")
    assert told["data"]["orders"][0]["credits"] == [
        "100 % to Ana: only touch, 5 minutes before the order, on WhatsApp, same browser."
    ]
    ends = {each["where"]: each["ends"] for each in told["ends_by_itself"]}
    assert ends["backups"] == "by itself, 35 days after that moment"
    assert "bob@" not in json.dumps(told)
    assert {row["sk"].split("#")[0] for row in told["data"]["told_by_orders_and_shop"]} == {
        "order",
        "click",
    }


def test_an_unknown_customer_is_told_that_nothing_is_kept(shop: Shop) -> None:
    stranger = {
        **REQUEST,
        "customer": {"id": 1, "email": "no@body.example"},
        "orders_requested": [],
    }
    result = shop.deliver("customers/data_request", stranger).json["id"]
    assert shop.cloud.drain()["failed"] == []
    assert shop.read(f"/v1/results/{result}")["data"]["orders"] == []


def unsigned(shop: Shop, topic: str, payload: Any) -> Answer:
    headers = {
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
        "x-shopify-hmac-sha256": "bm8=",
    }
    path = f"/v1/webhooks/shopify/{shop.id}"
    return shop.ask("POST", path, json.dumps(payload).encode(), headers)


TOPICS = {"customers/redact": REDACT, "customers/data_request": REQUEST, "shop/redact": OF_SHOP}


@pytest.mark.parametrize("topic", TOPICS)
def test_whoever_has_no_secret_has_nobody_erased_or_told_of(shop: Shop, topic: str) -> None:
    assert unsigned(shop, topic, TOPICS[topic]).status == 401
    assert asked_for(shop) == []


def asked_for(shop: Shop) -> list[str]:
    """What was kept, or queued, of requests for persons."""
    url = shop.cloud.template.environment["ERASURES_QUEUE"]
    messages = boto3.client("sqs").receive_message(QueueUrl=url).get("Messages", [])
    kept = [*sealed_objects.listed("erasures/"), *sealed_objects.listed("exports/")]
    return [*(each["Body"] for each in messages), *(key for key, _ in kept)]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("body", ["an order", *TOPICS])
def test_a_body_of_another_topic_does_nothing(shop: Shop, topic: str, body: str) -> None:
    """Whoever once saw a signed body sends it as something else: nobody signs the topic."""
    if body == topic:
        return
    payload: Any = TOPICS.get(body) or shop.an_order("1001")
    answer = shop.deliver(topic, payload)
    assert answer.status == 422 or "quarantined" in answer.json
    if body == "an order":
        assert answer.status == 422
    assert asked_for(shop) == []


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("said_by", ["body", "header"])
def test_another_shops_request_is_refused(shop: Shop, topic: str, said_by: str) -> None:
    other = "teapots.myshopify.com"
    payload = {**TOPICS[topic], **({"shop_domain": other} if said_by == "body" else {})}
    headers = {"x_shopify_shop_domain": other} if said_by == "header" else {}
    assert shop.deliver(topic, payload, **headers).status == 422
    assert asked_for(shop) == []


def test_shop_redact_has_the_operator_called_and_erases_the_shop_after_three_days(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    """The secret that signs orders, or an old body, is not enough to have all of a shop gone."""
    bought(shop)
    assert shop.deliver("shop/redact", OF_SHOP).json["whose"] == "shop"
    assert shop.cloud.drain()["failed"] == []
    rung = [line for line in capfd.readouterr().out.splitlines() if "ShopToBeErased" in line]
    assert [json.loads(line)["merchant"] for line in rung] == [shop.id]
    later(shop, days=1)
    night(shop)
    assert len(shop.read("/v1/stats?by=day")["rows"]) > 0
    later(shop, days=3)
    night(shop)
    assert profiles.read(shop.id) is None


def test_a_shops_erasure_that_is_withdrawn_is_not_done(shop: Shop) -> None:
    shop.deliver("shop/redact", OF_SHOP)
    ((key, _),) = sealed_objects.listed("erasures/")
    sealed_objects.delete(key)
    later(shop, days=4)
    night(shop)
    assert profiles.read(shop.id) is not None


def test_a_dry_run_has_nothing_done(shop: Shop) -> None:
    answer = shop.deliver("customers/redact", REDACT, "?dry_run=true")
    assert (answer.status, answer.json["dry_run"]) == (200, True)
    assert asked_for(shop) == []


def test_what_cannot_be_queued_is_no_receipt(shop: Shop) -> None:
    """Shopify comes again; and what was kept before that is done once a day."""
    bought(shop)
    with faults.elsewhere(faults.NOWHERE, "sqs"):
        assert shop.deliver("customers/redact", REDACT).status == 500
    night(shop)
    assert hashes(shop, "1001") == {None}


def test_an_order_that_had_not_come_is_judged_when_it_comes_and_erased_in_the_night(
    shop: Shop,
) -> None:
    """Or whoever buys by their own link would have the order's number forgotten before they buy."""
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    cleo = {"name": "Cleo", "email": ANN.emails[0]}
    assert shop.ask("PUT", "/v1/influencers/cleo", cleo, headers).status == 200
    trail = shop.click(shop.share("cleo").json["code"])
    assert shop.deliver("customers/redact", REDACT).status == 200
    assert shop.cloud.drain()["failed"] == []
    assert list(ORDERS.query(f"{shop.id}#shopify#1001")) == []
    later(shop, minutes=5)
    shop.buy("1001", "40.00", trail, visit=trail, **tells(ANN))
    assert shop.cloud.drain()["failed"] == []
    before = shop.order("1001")["decisions"]
    assert [each["sign"] for each in before] == ["self_email"]
    night(shop)
    assert hashes(shop, "1001") == {None}
    assert shop.order("1001")["decisions"] == before
