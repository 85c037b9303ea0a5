"""What others can make true of a buyer, on the whole chain: weighed, taken back, and told only to
whom it concerns."""

from datetime import timedelta
from typing import Any

import pytest

from sharetrail.attribution import attribute_order, buyer_history, cross_device
from sharetrail.aws.tables import ORDERS
from sharetrail.orders.order_fact import OrderRef
from tests.chain.test_identities import ANN, ELSEWHERE, HOME, drained, later
from tests.senders import a_woo_order, meta, send_woo
from tests.shops import Shop, monday


def credited(order: Any) -> list[tuple[str, str, list[str]]]:
    lines = order["credits"].get("linear", [])
    return [(line["influencer"], line["credited"]["amount"], line["marks"]) for line in lines]


def attributed_anew(shop: Shop, order: str) -> Any:
    """As it would be if it were rung now."""
    ref = OrderRef(merchant=shop.id, platform="shopify", id=order)
    attribute_order.refresh(ref, shop.cloud.clock.now())
    return shop.order(order)


def in_ann_s_name(street: str = "9 Mallory Street") -> dict[str, Any]:
    return {**ANN, "shipping_address": {**HOME, "address1": street}}


# ── what is taken back ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("topic", ["orders/cancelled", "refunds/create", "orders/updated"])
def test_what_an_order_said_of_many_clicks_is_taken_back_whole(shop: Shop, topic: str) -> None:
    trail = ",".join(shop.click(shop.share(who).json["code"]) for who in ("ana", "ben", "cat"))
    told = shop.an_order("1001", trail=trail, created_at=later(shop, minutes=5), **ANN)
    shop.deliver("orders/create", told)
    later(shop, days=1)
    shop.buy("1002", **ANN)
    assert len(credited(drained(shop, "1002"))) == 3
    at = later(shop, days=1)
    gone = {
        "orders/cancelled": told | {"cancelled_at": at},
        "refunds/create": shop.a_refund("1001", "1", "50.00"),
        "orders/updated": told | {"test": True, "updated_at": at},
    }
    shop.deliver(topic, gone[topic])
    assert credited(drained(shop, "1002")) == []


def test_a_run_that_was_slower_than_a_cancellation_leaves_no_evidence(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    told = shop.an_order("1001", trail=trail, created_at=later(shop, minutes=5), **ANN)
    shop.deliver("orders/create", told)
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1001")
    real, raced = cross_device._write, []

    def write(*args: Any) -> None:
        if not raced:
            raced.append(True)
            shop.deliver("orders/cancelled", told | {"cancelled_at": later(shop, minutes=1)})
            attribute_order.refresh(ref, shop.cloud.clock.now())
        real(*args)

    monkeypatch.setattr(cross_device, "_write", write)
    attribute_order.refresh(ref, shop.cloud.clock.now())
    later(shop, minutes=5)
    shop.buy("1002", **ANN)
    assert credited(drained(shop, "1002")) == []


def test_a_run_that_died_is_noticed_though_the_order_says_again_what_it_said_before(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trashed, in a run that dies, and restored: what is told last was told before that."""
    trail = shop.click(shop.share("ana").json["code"])
    placed = shop.cloud.clock.now() + timedelta(minutes=5)
    shop.cloud.clock.set_forward(placed)

    def tell(topic: str, order: int, **said: Any) -> None:
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
        now = shop.cloud.clock.now()
        changed = f"{now:%Y-%m-%dT%H:%M:%S}"
        told = a_woo_order(placed, order=order, date_modified_gmt=changed, customer_id=26, **said)
        send_woo(shop, topic, told)
        shop.cloud.drain()

    tell("order.created", 1001, meta_data=meta(_sharetrail=trail))
    with monkeypatch.context() as patched:
        patched.setattr(cross_device, "_ring_others", lambda *_: 1 / 0)
        tell("order.updated", 1001, meta_data=meta(_sharetrail=trail), status="trash")
    tell("order.updated", 1001, meta_data=meta(_sharetrail=trail))
    placed = shop.cloud.clock.now()
    tell("order.created", 1002)
    (touch,) = shop.order("1002", "woocommerce")["touches"]
    assert (touch["evidence"], touch["counts"]) == ("sure", True)


# ── what others make of somebody's name ──────────────────────────────────────────────────────────
def test_what_an_order_tells_later_is_no_evidence_for_what_was_bought_before(shop: Shop) -> None:
    """A parcel shop's address is many people's; the name alone is corrected, once it pays."""
    trail = shop.click(shop.share("mallory").json["code"])
    at = later(shop, minutes=5)
    mine: Any = {"email": "m@x.example", "customer": {"id": 66}, "shipping_address": HOME}
    told = shop.an_order("1001", "30.00", trail=trail, created_at=at, **mine)
    shop.deliver("orders/create", told)
    later(shop, days=1)
    shop.buy("1002", "60.00", **ANN)
    corrected = told | {"email": ANN["email"], "updated_at": later(shop, hours=1)}
    shop.deliver("orders/updated", corrected)
    assert credited(drained(shop, "1002")) == []


def test_an_address_that_is_corrected_once_the_goods_are_sent_corroborates_nothing(
    shop: Shop,
) -> None:
    trail = shop.click(shop.share("mallory").json["code"])
    told = shop.an_order("1001", "60.00", trail=trail, **in_ann_s_name())
    shop.deliver("orders/create", told)
    corrected = told | {"shipping_address": HOME, "updated_at": later(shop, days=3)}
    shop.deliver("orders/updated", corrected)
    later(shop, days=1)
    shop.buy("1002", "150.00", **ANN)
    assert credited(drained(shop, "1002")) == []


def test_an_account_that_is_made_later_takes_no_credit_back(shop: Shop) -> None:
    """Whoever types an address at registering may have its guests' orders linked to the account."""
    trail = shop.click(shop.share("ana").json["code"])
    at = later(shop, minutes=5)
    guest: Any = {"email": ANN["email"], "customer": None, "shipping_address": HOME}
    told = shop.an_order("1001", trail=trail, created_at=at, **guest)
    shop.deliver("orders/create", told)
    later(shop, days=2)
    again = shop.an_order("1002", **guest)
    shop.deliver("orders/create", again)
    assert [who for who, *_ in credited(drained(shop, "1002"))] == ["ana"]
    for order in (told, again):
        linked = order | {"customer": {"id": 77}, "updated_at": later(shop, days=1)}
        shop.deliver("orders/updated", linked)
        assert [who for who, *_ in credited(drained(shop, "1002"))] == ["ana"]


def test_an_account_made_in_another_s_name_earns_nothing_by_a_cheap_order(shop: Shop) -> None:
    """She takes it over later, and buys for more to her own door."""
    trail = shop.click(shop.share("mallory").json["code"])
    at = shop.cloud.clock.now() + timedelta(minutes=5)
    hers = {"address_1": "1 Main Street", "postcode": "10001", "country": "US"}
    his = {**hers, "address_1": "9 Mallory Street"}
    cheap = {"total": "1.00", "line_items": [{"name": "Pin", "subtotal": "1.00", "total": "1.00"}]}
    told = a_woo_order(at, order=1001, customer_id=77, shipping=his, **cheap)
    send_woo(shop, "order.created", {**told, "meta_data": meta(_sharetrail=trail)})
    later_on = at + timedelta(days=2)
    send_woo(
        shop, "order.created", a_woo_order(later_on, order=1002, customer_id=77, shipping=hers)
    )
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1002", "woocommerce")
    assert [each["evidence"] for each in order["touches"]] == ["sure"]
    assert (order["credits"], order["decisions"][-1]["sign"]) == ({}, "thin_evidence")


def test_an_unpaid_order_of_any_size_moves_no_score(shop: Shop) -> None:
    buys = {"ana": "50.00", "mallory": "100000.00"}
    for number, (who, price) in enumerate(buys.items(), 1001):
        trail = shop.click(shop.share(who).json["code"])
        later(shop, minutes=5)
        status = "paid" if who == "ana" else "pending"
        shop.buy(str(number), price, trail=trail, financial_status=status)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []
    sold = shop.read("/v1/rankings/sales")["items"]
    assert [each["name"] for each in sold] == ["Ana"]
    assert float(sold[0]["value"]["amount"]) < 1_000


@pytest.mark.parametrize("status", ["pending", "paid"])
def test_a_stranger_s_dear_order_puts_no_doubt_on_an_honest_credit(shop: Shop, status: str) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, hours=1)
    shop.buy("6666", "10000.00", financial_status=status, **in_ann_s_name())
    later(shop, days=1)
    shop.buy("1002", **ANN)
    (line,) = drained(shop, "1002")["credits"]["linear"]
    assert (line["influencer"], line["credited"]["amount"]) == ("ana", "50.00")
    assert not any(mark.startswith("doubt:") for mark in line["marks"])


def test_a_stranger_s_cheap_orders_make_no_crowd_of_anybody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", 2)
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    for number in range(6001, 6005):
        shop.buy(str(number), "1.00", **in_ann_s_name())
    later(shop, days=1)
    shop.buy("1002", **ANN)
    assert [who for who, *_ in credited(drained(shop, "1002"))] == ["ana"]


# ── who must know ────────────────────────────────────────────────────────────────────────────────
def test_a_first_order_that_is_told_late_frees_the_others_of_its_house(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    first = shop.an_order("1001", trail=trail, created_at=later(shop, minutes=5), **ANN)
    later(shop, hours=1)
    bob: Any = {"customer": {"id": 2}, "email": "bob@x.example", "shipping_address": ELSEWHERE}
    shop.buy("1002", trail=trail, **bob)
    later(shop, hours=1)
    partner: Any = {"customer": {"id": 3}, "email": "bea@x.example", "shipping_address": HOME}
    shop.buy("1003", trail=trail, **partner)
    assert credited(drained(shop, "1003"))[0][2] == ["doubt:shared_click"]
    shop.deliver("orders/create", first)
    assert credited(drained(shop, "1003"))[0][2] == []
    assert credited(shop.order("1002"))[0][2] == ["doubt:shared_click"]


def test_an_earlier_order_that_is_paid_for_late_rings_what_was_bought_between(shop: Shop) -> None:
    told = shop.an_order("1001", "100.00", created_at=later(shop, minutes=10), **ANN)
    later(shop, hours=1)
    shop.buy("1002", "10.00", trail=shop.click(shop.share("ana").json["code"]), **ANN)
    drained(shop, "1002")
    paid = later(shop, hours=1)
    shop.deliver("orders/paid", told | {"updated_at": paid, "processed_at": paid})
    seen = drained(shop, "1002")
    assert seen == attributed_anew(shop, "1002")


def test_what_evidence_brought_is_weighed_again_when_a_refund_takes_of_it(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", "20.00", trail=trail, **ANN)
    later(shop, minutes=5)
    shop.buy("1002", "100.00", **ANN)
    later(shop, hours=1)
    shop.buy("1003", "10.00", **ANN)
    assert credited(drained(shop, "1003")) == []
    assert "1003" in [each["id"] for each in shop.read("/v1/held-orders")["items"]]
    shop.deliver("refunds/create", shop.a_refund("1002", "1", "95.00"))
    assert [who for who, *_ in credited(drained(shop, "1003"))] == ["ana"]


def test_who_follows_a_copied_address_rings_nobody(shop: Shop) -> None:
    """Its click is in everybody's order: were each new one news to all, rings would grow with the
    square."""
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    for number in range(1001, 1013):
        street = {**HOME, "address1": f"{number} Main Street"}
        shop.buy(str(number), trail=trail, shipping_address=street)
        assert shop.cloud.drain()["failed"] == []
    rings = {
        number: sum(1 for _ in ORDERS.query(f"{shop.id}#shopify#{number}", prefix="known#"))
        for number in range(1001, 1013)
    }
    assert max(rings.values()) == 1, "the second buyer told the first, and nobody anybody else"


# ── what a merchant decides ──────────────────────────────────────────────────────────────────────
def test_the_merchant_s_last_word_counts_though_the_order_has_not_heard_the_one_before(
    shop: Shop,
) -> None:
    shop.buy("1001", trail=shop.click(shop.share("ana").json["code"]))
    (held,) = drained(shop, "1001")["decisions"]
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}

    def say(verdict: str) -> bool:
        later(shop, seconds=1)
        body = {"decision": held["id"], "word": verdict}
        path = "/v1/orders/shopify/1001/decisions"
        return bool(shop.ask("POST", path, body, headers).json["new"])

    assert say("upheld")
    shop.cloud.drain()
    assert [say("released"), say("upheld"), say("upheld")] == [True, True, False]
    assert drained(shop, "1001")["decisions"][0]["word"] == "upheld"


def test_no_held_order_is_lost_between_pages(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    at = shop.cloud.clock.now()
    for n, order in enumerate((999, 1000, 1001)):
        placed = at + timedelta(seconds=1 + n)
        told = a_woo_order(placed, order=order, meta_data=meta(_sharetrail=trail))
        send_woo(shop, "order.created", told)
    shop.buy("5", trail=trail)
    assert shop.cloud.drain()["failed"] == []
    later(shop, minutes=1)
    found, cursor = [], ""
    while cursor is not None:
        page = shop.read(f"/v1/held-orders?limit=1{cursor and f'&cursor={cursor}'}")
        found += [each["id"] for each in page["items"]]
        cursor = page["cursor"]
    assert sorted(found) == ["1000", "1001", "5", "999"]
