"""A shop connected by its own system's credentials: webhooks registered and mended, orders read."""

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from contextvars import Context
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from local.cloud import Cloud
from local.platforms.platforms import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    STRIPE_KEY,
)
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.attribution import attribute_order, credits
from sharetrail.aws import clients, environment
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.installation.connecting import connect_shop, register_webhooks, told_orders
from sharetrail.logs import Failed
from sharetrail.merchants import profiles, vault
from sharetrail.orders import order_facts
from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.platforms import calling, connections, stripe, woocommerce
from sharetrail.platforms.page import Buyer
from sharetrail.platforms.trouble import CallFailed
from tests.senders import (
    a_session,
    a_woo_customer,
    a_woo_order,
    an_event,
    later,
    post_stripe,
    seconds,
    stripe_headers,
    stripe_signature,
)
from tests.shops import SECRETS, SHOPIFY_DOMAIN, Answer, Shop

APP = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
KEY = {"consumer_key": CONSUMER_KEY, "consumer_secret": CONSUMER_SECRET}
RESTRICTED = {"secret_key": STRIPE_KEY}
CREDENTIALS: dict[str, dict[str, str]] = {"shopify": APP, "woocommerce": KEY, "stripe": RESTRICTED}
A_DAY = timedelta(days=1, minutes=1)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "PAUSE", 0.001)


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """Without any secret of a platform's."""
    return Shop.onboard(cloud, webhook_secrets={})


def connect(shop: Shop, platform: str, **asked: Any) -> dict[str, Any]:
    """Onboard with the platform's credentials and let the queue be worked off: how it stands."""
    shop.onboarded(**{"webhook_secrets": {}, platform: CREDENTIALS[platform], **asked})
    assert shop.cloud.drain()["failed"] == []
    return standing(shop, platform)


def standing(shop: Shop, platform: str) -> dict[str, Any]:
    told = shop.onboarded(webhook_secrets={})["connections"]
    (own,) = [each for each in told if each["platform"] == platform]
    return own


def next_day(shop: Shop) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + A_DAY)
    assert shop.run("sweep") == []


def facts_of(shop: Shop, order: str, platform: str = "shopify") -> list[str]:
    ref = OrderRef(merchant=shop.id, platform=platform, id=order)
    return [each.sk for each in order_facts.among(order_facts.rows(ref))]


def changed(order: dict[str, Any], at: datetime, **more: Any) -> dict[str, Any]:
    """Shopify's order as it stands at a later time."""
    return {**order, "updated_at": at.isoformat(), **more}


# ── from nothing ─────────────────────────────────────────────────────────────────────────────────
def test_a_shopify_shop_goes_from_nothing_to_registered_and_read(shop: Shop) -> None:
    stub = shop.cloud.platforms.shopify
    stub.orders = [shop.an_order("1001"), shop.an_order("1002")]
    told = connect(shop, "shopify")
    assert (told["state"], told["problem"], told["remarks"]) == ("connected", None, [])
    assert told["webhooks"]["made"] == len(stub.webhooks) == 7
    assert {each["uri"] for each in stub.webhooks} == {shop.facts["webhooks"]["shopify"]}
    assert (told["order_reading"]["read"], told["order_reading"]["added"]) == (2, 2)
    assert shop.order("1001")["net"]["amount"] == "50.00"
    assert deliver_shopify(shop, shop.an_order("1003")).json["new"] is True


def test_a_woocommerce_shop_goes_from_nothing_to_registered_and_read(shop: Shop) -> None:
    stub, now = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    stub.orders = [a_woo_order(now, 1001), a_woo_order(now, 1002, status="pending", date_paid=None)]
    told = connect(shop, "woocommerce")
    assert told["state"] == "connected"
    assert [each["topic"] for each in stub.webhooks] == told["webhooks"]["topics"]
    assert told["order_reading"]["read"] == 2
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "45.00"
    assert deliver_woo(shop, a_woo_order(now, 1003)).json["new"] is True


def test_a_stripe_account_goes_from_nothing_to_registered_and_read(shop: Shop) -> None:
    stub, now = shop.cloud.platforms.stripe, shop.cloud.clock.now()
    completed = an_event("checkout.session.completed", a_session(now, payment_intent="pi_1"), now)
    stub.events = [{**completed, "id": "evt_1"}]
    long_ago = now - timedelta(days=50)
    charge = {"object": "charge", "id": "ch_2", "payment_intent": "pi_2", "currency": "usd"}
    charge |= {"amount": 5855, "amount_refunded": 1000, "created": seconds(long_ago)}
    charge |= {"livemode": True}
    intent = {"id": "pi_2", "object": "payment_intent", "latest_charge": charge}
    stub.sessions = [a_session(long_ago, id="cs_2", status="complete", payment_intent=intent)]
    told = connect(shop, "stripe")
    assert told["state"] == "connected"
    assert (told["order_reading"]["read"], told["order_reading"]["added"]) == (2, 2)
    (endpoint,) = stub.endpoints
    assert endpoint["enabled_events"] == [*stripe.EVENTS]
    assert shop.order("pi_1", "stripe")["refunded"]["amount"] == "0.00"
    assert shop.order("pi_2", "stripe")["refunded"]["amount"] != "0.00"
    body = json.dumps(an_event("checkout.session.completed", a_session(now), now)).encode()
    signed = stripe_signature(body, now, stub.secrets[endpoint["id"]])
    headers = {**stripe_headers(body, now), "stripe-signature": signed}
    answer = shop.ask("POST", f"/v1/webhooks/stripe/{shop.id}", body, headers)
    assert answer.json["new"] is True


def deliver_shopify(shop: Shop, order: dict[str, Any], topic: str = "orders/create") -> Answer:
    """Signed by the app's secret, as an app's webhooks are."""
    body = json.dumps(order).encode()
    digest = hmac.new(CLIENT_SECRET.encode(), body, hashlib.sha256).digest()
    headers = {
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
    }
    return shop.ask("POST", f"/v1/webhooks/shopify/{shop.id}", body, headers)


def deliver_woo(shop: Shop, order: dict[str, Any]) -> Answer:
    """Signed by the secret that WooCommerce was given."""
    body = json.dumps(order).encode()
    (secret,) = {each["secret"] for each in shop.cloud.platforms.woocommerce.webhooks}
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    headers = {
        "x-wc-webhook-topic": "order.updated",
        "x-wc-webhook-signature": base64.b64encode(digest).decode(),
    }
    return shop.ask("POST", f"/v1/webhooks/woocommerce/{shop.id}", body, headers)


# ── the same facts ───────────────────────────────────────────────────────────────────────────────
def test_an_order_that_its_webhooks_told_too_is_the_same_facts(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    order = changed(shop.an_order("1001"), now)
    shop.cloud.platforms.shopify.orders = [order]
    connect(shop, "shopify")
    read = facts_of(shop, "1001")
    assert deliver_shopify(shop, order).json["new"] is False
    assert deliver_shopify(shop, order, "orders/updated").json["new"] is False
    assert facts_of(shop, "1001") == read
    assert deliver_shopify(shop, shop.an_order("1002")).json["new"] is True
    shop.cloud.platforms.shopify.orders.append(shop.an_order("1002"))
    shop.cloud.drain()
    before = shop.order("1002")
    next_day(shop)
    after = shop.order("1002")
    assert (after["net"], after["models"]) == (before["net"], before["models"])


def test_an_account_that_a_list_tells_proves_no_login(shop: Shop) -> None:
    """It may have been linked since: what is read later is no webhook of that moment."""
    now = shop.cloud.clock.now()
    shop.cloud.platforms.woocommerce.orders = [a_woo_order(now, 1001)]
    connect(shop, "woocommerce")
    deliver_woo(shop, a_woo_order(now, 1002))
    assert [account(shop, order) for order in ("1001", "1002")] == [False, True]


def account(shop: Shop, order: str) -> bool:
    rows = order_facts.rows(OrderRef(merchant=shop.id, platform="woocommerce", id=order))
    folded = fold_facts(order_facts.among(rows))
    assert folded
    return folded.account is not None


def test_refunds_and_cancellations_of_an_order_are_read_with_it(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    refund = shop.a_refund("1001", "9", "20.00")
    shop.cloud.platforms.shopify.orders = [
        changed(shop.an_order("1001"), now, refunds=[refund]),
        changed(shop.an_order("1002"), now, cancelled_at=now.isoformat()),
    ]
    connect(shop, "shopify")
    assert shop.order("1001")["net"]["amount"] == "30.00"
    assert shop.order("1002")["cancelled"] is True


def test_connecting_twice_is_connecting_once(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    platforms = shop.cloud.platforms
    platforms.shopify.orders = [shop.an_order("1001")]
    platforms.woocommerce.orders = [a_woo_order(now)]
    for platform in CREDENTIALS:
        connect(shop, platform)
    before = (
        platforms.shopify.webhooks,
        platforms.woocommerce.webhooks,
        platforms.stripe.endpoints,
    )
    copied = json.dumps(before)
    facts = facts_of(shop, "1001"), facts_of(shop, "1001", "woocommerce")
    for platform in CREDENTIALS:
        told = connect(shop, platform)
        assert told["state"] == "connected"
        done = told["webhooks"]
        assert (done["made"], done["mended"], done["removed"]) == (0, 0, 0), platform
        assert told["order_reading"]["added"] == 0
    assert json.dumps(before) == copied
    assert (facts_of(shop, "1001"), facts_of(shop, "1001", "woocommerce")) == facts


def test_many_orders_are_read_page_by_page_and_message_by_message(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect_shop, "PAGES", 1)
    now = shop.cloud.clock.now()
    stub = shop.cloud.platforms.woocommerce
    stub.orders = [an_unpaid_order(now - timedelta(hours=n // 70), 1000 + n) for n in range(230)]
    told = connect(shop, "woocommerce")
    assert told["state"] == "connected"
    assert told["order_reading"]["read"] >= 230
    assert told["order_reading"]["added"] == 230
    ids = {str(1000 + n) for n in range(230)}
    assert all(facts_of(shop, each, "woocommerce") for each in ids)


def an_unpaid_order(at: datetime, order: int) -> dict[str, Any]:
    """By a buyer of its own; quickly attributed."""
    who = {"customer_id": order, "billing": {"email": f"buyer{order}@example.com"}}
    return a_woo_order(at, order, status="pending", date_paid_gmt=None, **who)


def test_a_page_of_one_second_is_no_dead_end(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    stub = shop.cloud.platforms.woocommerce
    stub.orders = [an_unpaid_order(now, 1000 + n) for n in range(210)]
    assert connect(shop, "woocommerce")["order_reading"]["added"] == 210


def test_a_shop_that_tells_ever_more_orders_has_so_many_read_a_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect_shop, "PAGES", 3)
    monkeypatch.setattr(woocommerce, "_A_PAGE", 10)
    monkeypatch.setattr(connect_shop, "MOST_A_DAY", 30)
    stub, now = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    stub.orders = [an_unpaid_order(now, 1000 + n) for n in range(31)]
    told = connect(shop, "woocommerce")
    assert (told["state"], told["order_reading"]["read"]) == ("working", 30)
    next_day(shop)
    told = standing(shop, "woocommerce")
    assert (told["state"], told["order_reading"]["read"]) == ("connected", 41)


def test_one_message_at_a_time_works_at_a_shop_and_the_other_is_looked_at_within_the_hour(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the first waits for another attempt; and it comes again by itself."""
    stub, runs = shop.cloud.platforms.woocommerce, list[datetime]()
    connect(shop, "woocommerce")
    merchant, now = profiles.read(shop.id), shop.cloud.clock.now() + 2 * A_DAY
    job = Job(kind="connect", merchant=shop.id, about="woocommerce")
    assert merchant
    assert jobs.take(job, iso(now))
    real = connect_shop._looked_at

    def looked_at(*asked: Any) -> Any:
        runs.append(asked[-1])
        if len(runs) == 1:
            later = now + timedelta(minutes=10)
            connect_shop.connect(merchant, "woocommerce", later)
            raise CallFailed("away")
        return real(*asked)

    monkeypatch.setattr(connect_shop, "_looked_at", looked_at)
    with pytest.raises(CallFailed):
        connect_shop.connect(merchant, "woocommerce", now)
    assert runs == [now]
    assert job in jobs.due("connect", now + timedelta(minutes=10))
    connect_shop.connect(merchant, "woocommerce", now + timedelta(minutes=12))
    assert runs == [now], "it waits for its next attempt"
    connect_shop.connect(merchant, "woocommerce", now)
    connect_shop.connect(merchant, "woocommerce", now + timedelta(minutes=30))
    assert runs == [now, now, now + timedelta(minutes=30)]
    assert {each["status"] for each in stub.webhooks} == {"active"}


def test_a_slow_system_goes_on_within_the_hour_and_lets_others_in(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(woocommerce, "_A_PAGE", 10)
    monkeypatch.setattr(connect_shop, "LONG", 0.0)
    stub, now = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    stub.orders = [an_unpaid_order(now, 1000 + n) for n in range(11)]
    assert connect(shop, "woocommerce")["order_reading"]["read"] == 10
    for read in (20, 21):
        assert standing(shop, "woocommerce")["state"] == "working"
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
        assert shop.run("sweep") == []
        assert standing(shop, "woocommerce")["order_reading"]["read"] == read


def test_a_system_that_does_not_end_is_left_and_tried_the_day_after(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connect_shop, "LONGEST", 0.0)
        told = connect(shop, "woocommerce")
    assert (told["state"], shop.cloud.platforms.asked) == ("troubled", [])
    next_day(shop)
    assert standing(shop, "woocommerce")["state"] == "connected"


def test_a_list_without_an_end_is_no_list_of_woocommerces(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(woocommerce, "_A_PAGE", 10)
    stub, now = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    other = {"topic": "order.created", "status": "active", "delivery_url": "https://a.example"}
    stub.webhooks = [{**other, "id": n} for n in range(100)]
    assert "Is WooCommerce active" in connect(shop, "woocommerce")["problem"]
    stub.webhooks, stub.least = [], 5_000
    stub.orders = [an_unpaid_order(now, 1000 + n) for n in range(11)]
    assert "Is WooCommerce active" in connect(shop, "woocommerce")["problem"]


def test_what_cannot_be_read_is_named_and_holds_nothing_up(shop: Shop) -> None:
    odd = {**shop.an_order("1001"), "subtotal_price": "many"}
    shop.cloud.platforms.shopify.orders = [odd, shop.an_order("1002")]
    told = connect(shop, "shopify")
    assert told["state"] == "connected"
    assert told["order_reading"]["unread"] == ["1001"]
    assert shop.order("1002")["net"]["amount"] == "50.00"


# ── who bought before ────────────────────────────────────────────────────────────────────────────
def test_a_woocommerce_customer_of_before_is_no_new_buyer(shop: Shop) -> None:
    stub, now = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    stub.customers = [
        a_woo_customer(26, "buyer@example.com"),
        a_woo_customer(27, "window@example.com", is_paying_customer=False),
    ]
    told = connect(shop, "woocommerce")
    assert (told["earlier_buyers"]["read"], told["earlier_buyers"]["added"]) == (1, 1)
    at = now + timedelta(minutes=1)
    who = {"customer_id": 27, "billing": {"email": "window@example.com"}}
    deliver_woo(shop, a_woo_order(at, 2001))
    deliver_woo(shop, a_woo_order(at, 2002, **who))
    shop.cloud.drain()
    assert earlier_orders(shop, "2001", "woocommerce") == 1
    assert earlier_orders(shop, "2002", "woocommerce") == 0


def test_a_name_that_shopify_knows_proves_nobody_and_makes_nobody_new(shop: Shop) -> None:
    """Whoever types a known address joins that customer's record."""
    stub = shop.cloud.platforms.shopify
    stub.customers = [a_customer(7, 3, "old@example.com"), a_customer(8, 0, "new@example.com")]
    told = connect(shop, "shopify")
    assert told["earlier_buyers"]["read"] == 1
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    for order, email in (("1001", "old@example.com"), ("1002", "new@example.com")):
        who = {"email": email, "customer": {"id": int(order), "email": email}}
        deliver_shopify(shop, shop.an_order(order, **who))
    shop.cloud.drain()
    assert earlier_orders(shop, "1001", "shopify") is None
    assert earlier_orders(shop, "1002", "shopify") == 0


def test_who_ordered_while_buyers_were_read_is_known_as_if_it_had_been_after(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round begins, somebody orders and is attributed, and then their page is read."""
    stub, begun = shop.cloud.platforms.woocommerce, shop.cloud.clock.now()
    stub.customers = [a_woo_customer(26, "buyer@example.com")]
    real, told = woocommerce.buyers, []

    def buyers(*asked: Any) -> Any:
        if not told:
            shop.cloud.clock.set_forward(begun + timedelta(minutes=1))
            told.append(deliver_woo(shop, a_woo_order(begun + timedelta(seconds=30), 2001)))
            ref = OrderRef(merchant=shop.id, platform="woocommerce", id="2001")
            # Not as the function that reads buyers, which knows no links.
            Context().run(attribute_order.refresh, ref, shop.cloud.clock.now())
            shop.cloud.skip_stream("attribute_order")  # it was attributed
            assert earlier_orders(shop, "2001", "woocommerce") == 0
        return real(*asked)

    monkeypatch.setattr(woocommerce, "buyers", buyers)
    connect(shop, "woocommerce")
    assert told
    assert earlier_orders(shop, "2001", "woocommerce") == 1


@pytest.mark.parametrize("platform", ["shopify", "woocommerce"])
def test_who_became_a_customer_while_they_were_read_had_ordered_nothing_before(
    shop: Shop, platform: str
) -> None:
    since = shop.cloud.clock.now() + timedelta(seconds=30)
    stubs = shop.cloud.platforms
    stubs.shopify.customers = [a_customer(7, 1, "new@example.com", since.isoformat())]
    created = since.strftime("%Y-%m-%dT%H:%M:%S")
    imported = a_woo_customer(8, "old@example.com", date_created_gmt=None)
    new = a_woo_customer(7, "new@example.com", date_created_gmt=created)
    stubs.woocommerce.customers = [new, imported]
    told = connect(shop, platform)
    assert told["earlier_buyers"]["read"] == (1 if platform == "woocommerce" else 0)


def earlier_orders(shop: Shop, order: str, platform: str) -> int | None:
    ref = OrderRef(merchant=shop.id, platform=platform, id=order)
    found = credits.find_in(order_facts.rows(ref))
    assert found
    return found.earlier_orders


# ── mending ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["paused", "disabled"])
def test_a_webhook_that_woocommerce_switched_off_is_active_again_the_day_after(
    shop: Shop, status: str
) -> None:
    stub = shop.cloud.platforms.woocommerce
    connect(shop, "woocommerce")
    stub.webhooks[1]["status"] = status
    missed = a_woo_order(shop.cloud.clock.now() + timedelta(hours=5), 1001)
    stub.orders = [missed]
    next_day(shop)
    assert {each["status"] for each in stub.webhooks} == {"active"}
    told = standing(shop, "woocommerce")
    assert told["webhooks"]["mended"] == 1
    assert told["webhooks"]["mended_at"] is not None
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "45.00"  # nothing is sent twice


def test_a_day_on_which_nothing_was_wrong_changes_nothing(shop: Shop) -> None:
    for platform in CREDENTIALS:
        connect(shop, platform)
    shop.cloud.platforms.asked.clear()
    next_day(shop)
    assert not any("POST" in each and "webhook" in each for each in shop.cloud.platforms.asked)
    assert len(shop.cloud.platforms.asked) <= 10
    assert {standing(shop, each)["state"] for each in CREDENTIALS} == {"connected"}


def test_duplicates_of_ours_go_and_nobody_elses(shop: Shop) -> None:
    stub, address = shop.cloud.platforms.woocommerce, shop.facts["webhooks"]["woocommerce"]
    others = {"id": 90, "topic": "order.created", "status": "disabled"}
    others |= {"delivery_url": "https://accounting.example/hook", "secret": "theirs", "name": "A"}
    by_hand = {"topic": "order.created", "status": "active", "delivery_url": address, "name": "B"}
    stub.webhooks = [{**by_hand, "id": 91}, {**by_hand, "id": 92}, dict(others)]
    stub._made = 92
    told = connect(shop, "woocommerce")
    assert (told["webhooks"]["made"], told["webhooks"]["removed"]) == (3, 1)
    assert others in stub.webhooks
    ours = [each for each in stub.webhooks if each["delivery_url"] == address]
    assert sorted(each["topic"] for each in ours) == sorted(told["webhooks"]["topics"])
    assert len({each["secret"] for each in ours}) == 1


def test_a_webhook_of_ours_that_leads_elsewhere_leads_back(shop: Shop) -> None:
    stub = shop.cloud.platforms.shopify
    connect(shop, "shopify")
    stub.webhooks[0]["uri"] = "https://old.example/v1/webhooks"
    next_day(shop)
    assert {each["uri"] for each in stub.webhooks} == {shop.facts["webhooks"]["shopify"]}
    assert len(stub.webhooks) == 7


def test_an_endpoint_that_stripe_disabled_or_that_hears_too_little_is_mended(shop: Shop) -> None:
    stub = shop.cloud.platforms.stripe
    connect(shop, "stripe")
    stub.endpoints[0] |= {"status": "disabled", "enabled_events": ["charge.refunded"]}
    next_day(shop)
    (endpoint,) = stub.endpoints
    assert endpoint["status"] == "enabled"
    assert endpoint["enabled_events"] == [*stripe.EVENTS]


def test_an_endpoint_made_by_hand_stays_where_its_secret_is_known(shop: Shop) -> None:
    stub, address = shop.cloud.platforms.stripe, shop.facts["webhooks"]["stripe"]
    by_hand = {"id": "we_hand", "url": address, "status": "enabled", "created": 1}
    stub.endpoints = [{**by_hand, "enabled_events": ["charge.refunded"], "metadata": {}}]
    told = connect(shop, "stripe", webhook_secrets={"stripe": SECRETS["stripe"]})
    assert (told["webhooks"]["made"], told["webhooks"]["mended"]) == (0, 1)
    assert [each["id"] for each in stub.endpoints] == ["we_hand"]
    now = shop.cloud.clock.now()
    completed = an_event("checkout.session.completed", a_session(now), now)
    assert post_stripe(shop, completed).status == 200


def test_an_endpoint_made_by_hand_whose_secret_nobody_told_is_replaced(shop: Shop) -> None:
    stub, address = shop.cloud.platforms.stripe, shop.facts["webhooks"]["stripe"]
    by_hand = {"id": "we_hand", "url": address, "status": "enabled", "created": 1}
    stub.endpoints = [{**by_hand, "enabled_events": [*stripe.EVENTS], "metadata": {}}]
    told = connect(shop, "stripe")
    assert (told["webhooks"]["made"], told["webhooks"]["removed"]) == (1, 1)
    assert [each["id"] for each in stub.endpoints] == ["we_1"]


def test_a_version_that_has_ended_and_a_scope_that_lacks_are_told(shop: Shop) -> None:
    stub = shop.cloud.platforms.shopify
    stub.scopes = "read_orders"
    connect(shop, "shopify")
    stub.version, stub.is_version_supported = "2024-01", False
    next_day(shop)
    told = standing(shop, "shopify")
    assert told["state"] == "connected"
    assert told["webhooks"]["untold"] == ["disputes/create", "disputes/update"]
    assert told["earlier_buyers"] is None
    version, scope = told["remarks"]
    assert "2024-01" in version
    assert "read_shopify_payments_disputes" in scope


def test_a_topic_that_shopify_refuses_holds_up_no_other(shop: Shop) -> None:
    shop.cloud.platforms.shopify.refused = {"ORDERS_PAID"}
    shop.cloud.platforms.shopify.orders = [shop.an_order("1001")]
    told = connect(shop, "shopify")
    assert (told["state"], told["webhooks"]["untold"]) == ("connected", ["orders/paid"])
    assert "orders/paid" not in told["webhooks"]["topics"]
    assert "orders/paid" in told["remarks"][0]
    assert told["order_reading"]["added"] == 1
    shop.cloud.platforms.shopify.refused = set()
    next_day(shop)
    assert standing(shop, "shopify")["remarks"] == []


ODD: list[tuple[str, Any]] = [
    ("webhooks", ["a"]),
    ("webhooks", [{"id": "\ud800", "topic": "a", "delivery_url": "u", "status": "active"}]),
    ("webhooks", [{"id": 1, "topic": {}, "delivery_url": [], "status": 7}]),
    ("orders", [{"id": 1, "date_modified_gmt": None}] * 2),
    ("orders", [{"id": 1, "date_modified_gmt": "0001-01-01T00:00:00"}] * 2),
    ("orders", ["a"] * 2),
    ("customers", [7]),
    ("customers", [{"is_paying_customer": True}]),
    ("customers", [{"id": float("inf"), "is_paying_customer": True}]),
]


@pytest.mark.parametrize(("resource", "told"), ODD)
def test_an_odd_answer_is_the_systems_trouble_and_none_of_ours(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, resource: str, told: Any
) -> None:
    real = woocommerce._listed
    monkeypatch.setattr(woocommerce, "_A_PAGE", 2)

    def listed(shop: Any, path: str, *asked: Any) -> Any:
        return told if path == f"/{resource}" else real(shop, path, *asked)

    monkeypatch.setattr(woocommerce, "_listed", listed)
    found = connect(shop, "woocommerce")
    assert found["state"] == "troubled"
    assert f"({resource})" in found["problem"]


def test_an_address_that_is_none_is_no_buyers() -> None:
    told = [None, 7, ["a"], "\ud800@example.com", "an@example.com"]
    emails = [Buyer.told(5, email).email for email in told]
    assert emails == [None, None, None, None, "an@example.com"]


def test_an_order_is_named_by_what_can_be_written() -> None:
    assert told_orders.name_of({"id": "\ud800" + "1" * 99}) == "?" + "1" * 39
    assert told_orders.name_of(["1001"]) == ""


def test_a_systems_own_words_are_not_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    own = json.dumps({"code": "rest_my_key_is_cs_of_the_stub", "message": "m"})
    refusal = calling.Reply(status=400, headers={}, text=own)
    monkeypatch.setattr(calling, "send", lambda *_: refusal)
    problem = connect(shop, "woocommerce")["problem"]
    assert "(webhooks)" in problem
    assert "cs_of" not in problem


def test_a_fault_of_our_own_is_no_trouble_of_the_shops_and_rings(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> Any:
        raise KeyError("uri")

    monkeypatch.setattr(register_webhooks, "of_woocommerce", faulty)
    shop.onboarded(webhook_secrets={}, woocommerce=KEY)
    shop.cloud.drain()
    assert standing(shop, "woocommerce")["problem"] is None
    sent = clients.sqs().receive_message(QueueUrl=failed_queue())["Messages"]
    assert [json.loads(each["Body"])["about"] for each in sent] == [["woocommerce"]]


def test_a_fault_of_our_own_is_tried_again_the_day_after(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> Any:
        raise KeyError("uri")

    with monkeypatch.context() as patched:
        patched.setattr(register_webhooks, "of_woocommerce", faulty)
        shop.onboarded(webhook_secrets={}, woocommerce=KEY)
        shop.cloud.drain()
    assert standing(shop, "woocommerce")["state"] == "working"
    next_day(shop)
    assert standing(shop, "woocommerce")["state"] == "connected"


def failed_queue() -> str:
    return environment.queue("connections").replace("connections-queue", "failed-chores")


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────
WRONG = {
    "shopify": {**APP, "client_secret": "another-secret-of-somebody"},
    "woocommerce": {**KEY, "consumer_secret": "cs_another_one"},
    "stripe": {"secret_key": "rk_test_another_one"},
}


@pytest.mark.parametrize("platform", WRONG)
def test_a_wrong_secret_is_told_with_what_to_do_and_the_right_one_connects(
    shop: Shop, platform: str
) -> None:
    told = connect(shop, platform, **{platform: WRONG[platform]})
    assert told["state"] == "troubled"
    assert "refused" in told["problem"]
    assert connect(shop, platform)["state"] == "connected"


def test_a_key_that_was_mended_a_moment_ago_is_the_one_that_is_used(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a worker that has read the wrong one within the same minute."""
    monkeypatch.setattr(vault._recent, "clear", lambda: None)  # the operator's is another instance
    connect(shop, "stripe", stripe=WRONG["stripe"])
    assert connect(shop, "stripe")["state"] == "connected"


@pytest.mark.parametrize(
    ("attribute", "words"),
    [("is_installed", "not installed"), ("is_of_the_organisation", "another organisation")],
)
def test_why_shopify_gives_no_token_is_told(shop: Shop, attribute: str, words: str) -> None:
    setattr(shop.cloud.platforms.shopify, attribute, False)
    assert words in connect(shop, "shopify")["problem"]


def test_an_app_that_may_not_read_orders_is_told_which_scope_it_lacks(shop: Shop) -> None:
    shop.cloud.platforms.shopify.scopes = "read_products"
    assert "read_orders" in connect(shop, "shopify")["problem"]


def test_a_key_that_may_only_read_is_told_what_it_lacks(shop: Shop) -> None:
    shop.cloud.platforms.woocommerce.permission = "read"
    assert "Read/Write" in connect(shop, "woocommerce")["problem"]
    shop.cloud.platforms.stripe.may_write = False
    assert "Webhook Endpoints: write" in connect(shop, "stripe")["problem"]


def test_a_firewalls_page_is_no_shop_and_a_redirect_is_not_followed(shop: Shop) -> None:
    faults = shop.cloud.platforms.faults
    faults.plan("page")
    assert "Is WooCommerce active" in connect(shop, "woocommerce")["problem"]
    faults.plan("moved")
    assert "www.elsewhere.example" in connect(shop, "woocommerce")["problem"]
    assert not any("elsewhere" in each for each in shop.cloud.platforms.asked)


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        *(("shopify", "throttled"), ("woocommerce", "throttled"), ("stripe", "throttled")),
        *(("woocommerce", "broken"), ("shopify", "late")),
    ],
)
def test_a_system_that_throttles_breaks_or_dawdles_is_asked_again(
    shop: Shop, platform: str, kind: Any
) -> None:
    shop.cloud.platforms.faults.plan(kind, times=2)
    shop.cloud.platforms.faults.plan(kind, "orders", times=2)
    shop.cloud.platforms.faults.plan(kind, "/v1/events", times=2)
    assert connect(shop, platform)["state"] == "connected"
    assert shop.cloud.platforms.faults.happened[:2] == [kind, kind]


def test_shopifys_points_are_waited_for(shop: Shop) -> None:
    shop.cloud.platforms.shopify.throttled = 2
    assert connect(shop, "shopify")["state"] == "connected"


@pytest.mark.parametrize("kind", ["throttled", "broken"])
def test_a_system_that_stays_away_is_told_of_and_asked_the_day_after(shop: Shop, kind: Any) -> None:
    shop.cloud.platforms.faults.plan(kind, times=200)
    shop.onboarded(webhook_secrets={}, woocommerce=KEY)
    shop.cloud.drain()
    told = standing(shop, "woocommerce")
    assert told["state"] == "troubled"
    assert "tomorrow" in told["problem"]
    shop.cloud.platforms.faults.clear()
    next_day(shop)
    assert standing(shop, "woocommerce")["state"] == "connected"


@pytest.mark.parametrize("platform", CREDENTIALS)
def test_the_answer_of_what_is_made_is_lost_and_nothing_is_made_twice(
    cloud: Cloud, platform: str
) -> None:
    making = {"shopify": "graphql", "woocommerce": "POST", "stripe": "POST"}
    assert lose_an_answer(cloud, platform, 1 if platform == "shopify" else 0, making[platform])


@pytest.mark.slow
@pytest.mark.parametrize("platform", CREDENTIALS)
def test_whichever_answer_is_lost_nothing_is_done_twice(cloud: Cloud, platform: str) -> None:
    assert next(n for n in count() if not lose_an_answer(cloud, platform, n)) > 3


def lose_an_answer(cloud: Cloud, platform: str, n: int, on: str = "") -> bool:
    """Whether there were so many."""
    shop = another(cloud, n)
    cloud.platforms.faults.plan("lost", on, after=n)
    assert_connected_once(shop, platform, connect(shop, platform))
    return bool(cloud.platforms.faults.happened)


class Died(Exception):
    """The instance was killed."""


@pytest.mark.parametrize("platform", CREDENTIALS)
def test_a_death_midway_resumes(
    cloud: Cloud, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert die(cloud, platform, 4, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("platform", CREDENTIALS)
def test_a_death_after_each_call_and_each_write_resumes(
    cloud: Cloud, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert next(n for n in count() if not die(cloud, platform, n, monkeypatch)) > 5


def die(cloud: Cloud, platform: str, n: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether there was so much to do."""
    shop, left = another(cloud, n), [n]
    with monkeypatch.context() as patched:
        for module, name in ((calling, "send"), (connections, "save")):
            patched.setattr(module, name, dying(getattr(module, name), left))
        with suppress(Failed):  # the operator's own call, who then makes it again
            shop.onboarded(**{platform: CREDENTIALS[platform]})
        if left[0] < 0:
            shop.onboarded(**{platform: CREDENTIALS[platform]})
        assert cloud.drain()["failed"] == []
    assert_connected_once(shop, platform, standing(shop, platform))
    return left[0] < 0


def dying(real: Any, left: list[int]) -> Any:
    """What it does is done, and nobody lives to see it: once, after so many."""

    def do(*args: Any, **named: Any) -> Any:
        done = real(*args, **named)
        left[0] -= 1
        if left[0] == -1:
            raise Died
        return done

    return do


def another(cloud: Cloud, n: int) -> Shop:
    """A shop, and systems that know nobody yet."""
    cloud.platforms.__init__()  # type: ignore[misc]
    host = f"s{n}.shop.example"
    named = {"shop_host": host, "shopify_domain": f"mugs{n}.myshopify.com"}
    shop = Shop.onboard(cloud, webhook_secrets={}, **named)
    real = shop.onboarded
    shop.onboarded = lambda **asked: real(**{**named, **asked})  # type: ignore[method-assign]
    now = cloud.clock.now()
    cloud.platforms.shopify.orders = [shop.an_order("1001")]
    cloud.platforms.shopify.customers = [a_customer(7, 2)]
    cloud.platforms.woocommerce.orders = [a_woo_order(now)]
    session = a_session(now, payment_intent="1001")
    completed = an_event("checkout.session.completed", session, now)
    cloud.platforms.stripe.events = [{**completed, "id": "evt_1"}]
    return shop


def a_customer(
    customer: int, orders: int, email: str | None = None, since: str = "2024-05-01T08:00:00Z"
) -> dict[str, Any]:
    address = {"emailAddress": email} if email else None
    named = {"legacyResourceId": customer, "numberOfOrders": orders, "createdAt": since}
    return {**named, "defaultEmailAddress": address}


def assert_connected_once(shop: Shop, platform: str, told: dict[str, Any]) -> None:
    assert told["state"] == "connected", told
    assert shop.order("1001", platform)["net"]["amount"] != "0.00"
    stubs = shop.cloud.platforms
    if platform == "stripe":
        ours = [each for each in stubs.stripe.endpoints if each["status"] == "enabled"]
        assert len(ours) == 1
        now = shop.cloud.clock.now()
        body = json.dumps(an_event("charge.succeeded", {}, now)).encode()
        signed = stripe_signature(body, now, stubs.stripe.secrets[ours[0]["id"]])
        headers = {**stripe_headers(body, now), "stripe-signature": signed}
        assert shop.ask("POST", f"/v1/webhooks/stripe/{shop.id}", body, headers).status == 200
    else:
        webhooks = getattr(stubs, platform).webhooks
        topics = [each["topic"] for each in webhooks]
        assert len(topics) == len({*topics}) == len(told["webhooks"]["topics"])


# ── asked for ────────────────────────────────────────────────────────────────────────────────────
def test_a_merchant_asks_how_it_stands_and_has_it_checked_now(shop: Shop) -> None:
    assert shop.read("/v1/connection") == {"connections": []}
    connect(shop, "woocommerce")
    (told,) = shop.read("/v1/connection")["connections"]
    assert told == standing(shop, "woocommerce")
    stub = shop.cloud.platforms.woocommerce
    stub.webhooks[0]["status"] = "disabled"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", "/v1/connection/check", None, headers).status == 200
    assert shop.cloud.drain()["failed"] == []
    assert stub.webhooks[0]["status"] == "active"
    (told,) = shop.read("/v1/connection")["connections"]
    assert told["webhooks"]["mended"] == 1


def test_a_publishable_key_hears_nothing_of_it_and_checks_nothing(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}"}
    for method, path in (("GET", "/v1/connection"), ("POST", "/v1/connection/check")):
        assert shop.ask(method, path, None, headers).status in (401, 403)


def test_a_check_is_asked_for_once_in_ten_minutes(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}

    def check() -> Answer:
        return shop.ask("POST", "/v1/connection/check", None, headers)

    assert [check().status, check().status] == [200, 200]  # there is nothing to look at
    connect(shop, "woocommerce")
    assert check().status == 200
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=9))
    refused = check()
    assert (refused.status, refused.headers["retry-after"]) == (429, "600")
    assert refused.json["code"] == "checked_just_now"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    assert check().status == 200


# ── who may, and what is told ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"shopify": {**APP, "client_id": "short"}}, "shopify.client_id"),
        ({"shopify": APP, "shopify_domain": None}, "shopify_domain"),
        ({"woocommerce": {**KEY, "host": "169.254.169.254"}}, "woocommerce.host"),
        ({"woocommerce": {**KEY, "host": "other.example"}}, "woocommerce.host"),
        ({"stripe": {"secret_key": "pk_live_12345678"}}, "stripe.secret_key"),
        ({"stripe": {**RESTRICTED, "account": "acct_1"}}, "stripe.account"),
    ],
)
def test_credentials_that_can_lead_nowhere_are_refused_and_nothing_is_kept(
    cloud: Cloud, asked: dict[str, Any], field: str
) -> None:
    shop = Shop(cloud)
    answer = shop.onboarded(**{"webhook_secrets": {}, **asked})
    assert field in answer["errors"]
    assert cloud.drain()["failed"] == []
    assert cloud.platforms.asked == []


def test_what_a_shop_was_known_by_is_not_sent_on_to_a_host_of_before(shop: Shop) -> None:
    shop.onboarded(webhook_secrets={}, hosts=["old.example"])
    connect(shop, "woocommerce", woocommerce={**KEY, "host": "old.example"})
    connect(shop, "shopify")
    shop.onboarded(webhook_secrets={}, hosts=[], shopify_domain="other.myshopify.com")
    shop.cloud.platforms.asked.clear()
    next_day(shop)
    assert shop.cloud.platforms.asked == []
    for platform in ("shopify", "woocommerce"):
        assert "refused" in standing(shop, platform)["problem"]
        assert connect(shop, platform)["state"] == "connected"


def test_a_shop_that_is_disconnected_is_asked_nothing_more(shop: Shop) -> None:
    for platform in CREDENTIALS:
        connect(shop, platform)
    told = shop.onboarded(webhook_secrets={}, disconnect=["woocommerce", "stripe"])["connections"]
    assert [each["platform"] for each in told] == ["shopify"]
    kept = {row["sk"] for row in MERCHANTS.query(f"merchant#{shop.id}")}
    assert not kept & {"secret#platform:woocommerce", "secret#platform:stripe"}
    shop.cloud.platforms.asked.clear()
    next_day(shop)
    assert {each.partition(":")[0] for each in shop.cloud.platforms.asked} == {SHOPIFY_DOMAIN}
    now = shop.cloud.clock.now()
    assert deliver_woo(shop, a_woo_order(now)).json["new"] is True
    assert connect(shop, "woocommerce")["state"] == "connected"


def test_credentials_are_in_no_answer_no_log_no_error_and_no_row(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [CLIENT_SECRET, CONSUMER_SECRET, STRIPE_KEY, "cs_another_one", "shpat_"]
    for platform in CREDENTIALS:
        connect(shop, platform)
    shop.cloud.platforms.faults.plan("broken", times=200)
    told = shop.onboarded(webhook_secrets={}, woocommerce=WRONG["woocommerce"], stripe=RESTRICTED)
    shop.cloud.drain()
    written = "".join(capfd.readouterr()) + json.dumps(told)
    written += repr(list(MERCHANTS.query(f"merchant#{shop.id}")))
    assert not [word for word in words if word in written]


def test_orders_are_called_for_at_the_shops_own_host_alone(shop: Shop) -> None:
    for platform in CREDENTIALS:
        connect(shop, platform)
    hosts = {each.partition(":")[0] for each in shop.cloud.platforms.asked}
    assert hosts == {SHOPIFY_DOMAIN, "shop.example", "api.stripe.com"}


def test_another_of_the_merchants_hosts_may_be_named(shop: Shop) -> None:
    host = {"hosts": ["www.shop.example"], "woocommerce": {**KEY, "host": "www.shop.example"}}
    assert connect(shop, "woocommerce", **host)["state"] == "connected"
    assert all(each.startswith("www.shop.example:") for each in shop.cloud.platforms.asked)


def test_an_order_that_changes_while_pages_are_read_is_read_as_it_is_then(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    order = a_woo_order(now - timedelta(days=1))
    shop.cloud.platforms.woocommerce.orders = [order]
    connect(shop, "woocommerce")
    shop.cloud.platforms.woocommerce.orders = [
        later(order, now + timedelta(hours=1), status="cancelled")
    ]
    next_day(shop)
    assert shop.order("1001", "woocommerce")["cancelled"] is True
