"""What a merchant asks of an order: found by its id or its name, and what is told of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.senders import (
    a_session,
    a_woo_order,
    later,
    meta,
    post_standard,
    send_stripe,
    send_woo,
)
from tests.shops import Answer, Shop

ODD_IDS = [
    "#1001",
    "2026/0001",
    "what?",
    "what?id=2&name=3",
    "50%",
    "100%25",
    "a%2Fb",
    "two words",
    " ",
    'a "quoted" one',
    "it's",
    "a\tb",
    "Übergröße №7",
    "a,b",
    "a+b",
    "a&b=c",
    "a\\b",
    "a;b",
    "{id}",
    "<b>",
    "a@b:c",
    "decisions",
    "1001/decisions",
    "🫖",
]


def place(shop: Shop, order: str, **said: Any) -> Answer:
    """By any other shop."""
    data = {"order_id": order, "currency": "USD", "subtotal": "48.00", "total": "52.90", **said}
    at = shop.cloud.clock.now().isoformat()
    return post_standard(shop, {"type": "order.placed", "timestamp": at, "data": data})


def ask(shop: Shop, path: str, method: str = "GET", body: Any = None) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, f"/v1/orders/{path}", body, headers)


def released(decision: str) -> dict[str, str]:
    return {"decision": decision, "word": "released"}


def encoded(text: str) -> str:
    return quote(text, safe="")


# ── by its id ────────────────────────────────────────────────────────────────────────────────────
def test_an_order_of_whatever_id_is_found_by_its_encoded_form_and_by_a_query(shop: Shop) -> None:
    for order in ODD_IDS:
        assert place(shop, order).status == 200, order
    shop.cloud.drain()
    for order in ODD_IDS:
        for path in (f"standard/{encoded(order)}", f"standard?{urlencode({'id': order})}"):
            answer = ask(shop, path)
            assert answer.status == 200, (order, answer.body)
            assert (answer.json["id"], answer.json["net"]["amount"]) == (order, "48.00"), path


def test_an_order_of_whatever_id_is_decided_both_ways(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    for order in ODD_IDS:
        place(shop, order, trail=[trail])
    shop.cloud.drain()
    choice = released(f"last_second:ana:{trail}")
    paths = {
        order: (f"{encoded(order)}/decisions", f"decisions?{urlencode({'id': order})}")
        for order in ODD_IDS
    }
    answers = {
        order: ask(shop, f"standard/{path}", "POST", choice).json
        for order, (path, _) in paths.items()
    }
    shop.cloud.drain()
    for order, (_, path) in paths.items():
        of_it = {"platform": "standard", "id": order, "decision": choice["decision"]}
        assert answers[order] == {**of_it, "new": True}, order
        again = ask(shop, f"standard/{path}", "POST", choice).json
        assert again == {**of_it, "new": False}, order


def test_an_order_that_nobody_told_of_is_not_found_by_either(shop: Shop) -> None:
    place(shop, "1001")
    shop.cloud.drain()
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    for path in ("standard/1002", "standard?id=1002", "standard?name=1002", "shopify/1001"):
        assert ask(shop, path).status == 404, path
    for path in ("standard/1001", "standard?id=1001", "standard?name=1001"):
        assert ask(other, path).status == 404, path
    choice = released("self_email:ana")
    assert ask(shop, "standard/1002/decisions", "POST", choice).status == 404
    assert ask(shop, "standard/decisions?name=1002", "POST", choice).status == 404


@pytest.mark.parametrize("query", ["", "?id=1&name=2"])
def test_a_question_for_no_order_or_two_says_what_is_needed(shop: Shop, query: str) -> None:
    for answer in (
        ask(shop, f"standard{query}"),
        ask(shop, f"standard/decisions{query}", "POST", released("self_email:ana")),
    ):
        assert answer.status == 400
        assert [each["field"] for each in answer.json["errors"]] == ["id"]


# ── by its name ──────────────────────────────────────────────────────────────────────────────────
NAMED = "6795898602587"


def test_an_order_is_found_by_the_name_that_people_see(shop: Shop) -> None:
    shop.buy(NAMED, name="#DE-1001")
    shop.cloud.drain()
    for name in ("#DE-1001", "DE-1001", "#de-1001", " #DE-1001 "):
        for path in (f"shopify/{encoded(name)}", f"shopify?{urlencode({'name': name})}"):
            assert ask(shop, path).json["id"] == NAMED, path
    for path in ("shopify/%23DE-1001/decisions", "shopify/decisions?name=DE-1001"):
        answer = ask(shop, path, "POST", released("self_email:ana"))
        assert answer.status == 400
        (error,) = answer.json["errors"]
        assert (error["field"], error["detail"].endswith(": it has none")) == ("decision", True)
    assert ask(shop, "shopify?id=DE-1001").status == 404
    assert ask(shop, "woocommerce/DE-1001").status == 404


def test_of_orders_that_share_a_name_the_one_placed_last_is_found(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    for order, days in (("7001", 3), ("7002", 1), ("7003", 2)):
        at = (now - timedelta(days=days)).isoformat()
        shop.buy(order, name="#1001", created_at=at)
    shop.cloud.drain()
    assert ask(shop, "shopify/%231001").json["id"] == "7002"


def test_a_name_that_several_orders_have_decides_none(shop: Shop) -> None:
    """A buyer may have chosen it: Stripe's client_reference_id is the name of an order."""
    for number, name in (("1001", "#7"), ("1002", "#7"), ("1003", "#8")):
        shop.buy(number, name=name)
    shop.cloud.drain()
    for path, status in (
        (f"{encoded('#7')}/decisions", 409),
        ("decisions?name=7", 409),
        ("1001/decisions", 400),
        (f"{encoded('#8')}/decisions", 400),
    ):
        answer = ask(shop, f"shopify/{path}", "POST", released("self_email:ana"))
        assert answer.status == status, path


def test_an_id_wins_over_another_orders_name(shop: Shop) -> None:
    shop.buy("1001", name="#55")
    shop.buy("7001", name="#1001")
    shop.cloud.drain()
    assert ask(shop, "shopify/1001").json["id"] == "1001"
    assert ask(shop, "shopify?name=1001").json["id"] == "7001"


def test_an_order_that_is_called_otherwise_later_is_found_by_both_names(shop: Shop) -> None:
    at = shop.cloud.clock.now().isoformat()
    shop.buy(NAMED, name="#1001", created_at=at)
    shop.cloud.drain()
    current = dict.fromkeys(("current_subtotal_price", "current_total_price"), "50.00")
    renamed = shop.an_order(NAMED, name="#1001-B", created_at=at, **current)
    later_on = (shop.cloud.clock.now() + timedelta(seconds=2)).isoformat()
    shop.deliver("orders/updated", {**renamed, "updated_at": later_on})
    shop.cloud.drain()
    for name in ("1001", "1001-b"):
        found = ask(shop, f"shopify?name={name}").json
        assert (found["id"], found["name"]) == (NAMED, "#1001-B")


# ── what is told of it ───────────────────────────────────────────────────────────────────────────
def woo(shop: Shop, **changes: Any) -> dict[str, Any]:
    """A WooCommerce order of two mugs at 22.50 with tax and shipping, placed an hour ago."""
    at = shop.cloud.clock.now() - timedelta(hours=1)
    return a_woo_order(at, **changes)


def test_an_order_tells_when_it_was_paid_and_delivered_and_where_it_was_made(shop: Shop) -> None:
    order = woo(shop)
    send_woo(shop, "order.created", order)
    shop.cloud.drain()
    told = shop.order("1001", "woocommerce")
    assert told["paid_at"][:19] == order["date_paid_gmt"]
    assert (told["fulfilled_at"], told["origin"]) == (None, "page")
    done = shop.cloud.clock.now()
    gmt = f"{done:%Y-%m-%dT%H:%M:%S}"
    completed = later(order, done, status="completed", date_completed=gmt, date_completed_gmt=gmt)
    send_woo(shop, "order.updated", completed)
    shop.cloud.drain()
    assert shop.order("1001", "woocommerce")["fulfilled_at"][:19] == gmt


def test_an_order_that_was_not_paid_says_so(shop: Shop) -> None:
    send_woo(shop, "order.created", woo(shop, date_paid=None, date_paid_gmt=None, status="on-hold"))
    shop.cloud.drain()
    assert shop.order("1001", "woocommerce")["paid_at"] is None


def test_an_order_made_by_hand_says_that_nothing_could_carry_a_click(shop: Shop) -> None:
    send_woo(shop, "order.created", woo(shop, created_via="admin"))
    shop.cloud.drain()
    told = shop.order("1001", "woocommerce")
    assert (told["origin"], told["trail_state"]) == ("hand", "absent")
    assert told["why_no_credit"].startswith("The order was made by hand, on no page")


def test_a_trail_that_is_no_click_id_is_named(shop: Shop) -> None:
    send_woo(shop, "order.created", woo(shop, meta_data=meta(_sharetrail="xyz" * 30)))
    shop.cloud.drain()
    told = shop.order("1001", "woocommerce")
    sentence = f"The order carries a trail that is no click id: '{('xyz' * 30)[:40]}…'."
    assert told["trail_state"] == "unreadable"
    assert told["trail_note"] == told["why_no_credit"] == sentence


def test_an_order_with_a_trail_has_nothing_to_note(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    shop.buy("1001", trail=trail)
    shop.cloud.drain()
    told = shop.order("1001")
    assert (told["trail_state"], told["trail_note"], told["refunds"]) == ("ids", None, [])


def refund(number: int, total: str, tax: str | None = "0.00") -> dict[str, Any]:
    return {"id": number, "reason": "", "total": total, "total_tax": tax}


def test_each_refund_tells_how_it_was_read(shop: Shop) -> None:
    refunds = [
        refund(1, "-26.78", "-4.28"),  # one mug, 22.50 and its tax
        refund(2, "-5.95", "-0.95"),  # the shipping
        refund(3, "-3.00", "-0.48"),  # something else that names tax
        refund(4, "-1.00"),
    ]
    send_woo(shop, "order.created", woo(shop, refunds=refunds))
    shop.cloud.drain()
    told = shop.order("1001", "woocommerce")["refunds"]
    assert [(each["id"], each["read_as"]) for each in told] == [
        ("1", "lines"),
        ("2", "shipping"),
        ("3", "items"),
        ("4", "amount"),
    ]
    assert [each["sentence"] for each in told] == [
        "It is the price of whole items: 22.50 USD of net.",
        "Shipping alone: nothing of net.",
        "It includes tax, so it was for items: 2.52 USD of net.",
        "1.00 USD went back, and no item is named: it counts pro rata of what was paid.",
    ]


def test_a_refund_of_shopifys_tells_its_lines_and_its_money(shop: Shop) -> None:
    shop.buy("1001")
    paid = {"kind": "refund", "status": "success", "amount": "8.00", "currency": "USD"}
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00", transactions=[paid]))
    shop.cloud.drain()
    (told,) = shop.order("1001")["refunds"]
    assert (told["id"], told["read_as"]) == ("9", "lines")
    assert told["sentence"] == "Items of 10.00 USD came back; 8.00 USD was paid back."


def test_a_refund_before_its_order_waits_for_it(shop: Shop) -> None:
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00"))
    shop.cloud.drain()
    assert shop.order("1001")["state"] == "untold"


def test_a_new_order_says_that_its_credits_are_being_worked_out(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    shop.buy("1001")
    send_woo(shop, "order.created", a_woo_order(now))
    send_stripe(shop, "checkout.session.completed", a_session(now))
    place(shop, "1001")
    ids = {"shopify": "1001", "woocommerce": "1001", "stripe": "pi_1001", "standard": "1001"}
    for platform, order in ids.items():
        told = shop.order(order, platform)
        assert told["state"] == "uncredited"
        assert told["origin"] == "page"
    shop.cloud.drain()
    for platform, order in ids.items():
        assert "status" not in shop.order(order, platform)


def test_a_new_order_is_not_found_by_its_name_yet_and_the_answer_says_until_when(
    shop: Shop,
) -> None:
    shop.buy("1001", name="#77")
    told = ask(shop, "shopify/77")
    assert told.status == 404
    assert "by its name when its credits are worked out" in told.json["detail"]
    shop.cloud.drain()
    assert ask(shop, "shopify/77").json["id"] == "1001"
