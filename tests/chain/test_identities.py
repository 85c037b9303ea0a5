"""Trails across devices: a buyer's clicks count for their later orders, whatever they buy on."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from sharetrail.attribution import buyer_history, cross_device
from tests.senders import a_session, a_woo_order, meta, send_stripe, send_woo
from tests.shops import ORIGIN, Answer, Shop, usd

HOME = {"address1": "1 Main Street", "zip": "10001", "city": "New York", "country_code": "US"}
ELSEWHERE = {**HOME, "address1": "2 Side Street"}
ANN = {
    "customer": {"id": 4_711_000_000_001, "email": "ann@mail.example"},
    "email": "Ann@mail.example",
    "shipping_address": HOME,
}


def later(shop: Shop, **ages: int) -> str:
    """Lets time pass; the shop's time in whole seconds, as shops tell it."""
    now = shop.cloud.clock.now() + timedelta(**ages)
    shop.cloud.clock.set_forward(now)
    return now.replace(microsecond=0).isoformat()


def drained(shop: Shop, order: str) -> Any:
    assert shop.cloud.drain()["failed"] == []
    return shop.order(order)


def identify(shop: Shop, body: dict[str, Any], key: str = "secret_key") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts[key]}", "origin": ORIGIN}
    return shop.ask("POST", "/v1/identities", body, headers)


def test_a_click_on_the_phone_counts_for_the_order_on_the_laptop(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, days=3)
    shop.buy("1002", "30.00", **ANN)
    order = drained(shop, "1002")
    (line,) = order["credits"]["last"]
    assert (line["influencer"], line["credited"]["amount"]) == ("ana", "30.00")
    assert "known from the buyer's paid order to the same delivery address" in line["sentence"]
    assert order["influence"] == "assisted", "the click did not begin this visit"
    assert [each["sign"] for each in order["decisions"]] == ["repeat_buyer"]


def test_a_name_and_a_delivery_address_join_and_neither_does_alone(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, minutes=5)
    by_email: Any = {"customer": None, "email": " ANN@mail.example "}
    by_account: Any = {"customer": {"id": 4_711_000_000_001}, "email": None}
    another: Any = {"customer": {"id": 1}, "email": "bob@mail.example"}
    shop.buy("1002", **by_email, shipping_address=HOME)
    shop.buy("1003", **by_account, shipping_address=HOME)
    shop.buy("1004", **by_email, shipping_address=ELSEWHERE)
    shop.buy("1005", **by_email)
    shop.buy("1006", **another, shipping_address=HOME)
    assert shop.cloud.drain()["failed"] == []
    joined = [shop.order(str(number)) for number in range(1002, 1007)]
    assert [bool(each["credits"]) for each in joined] == [True, True, False, False, False]
    known = [[touch["evidence"] for touch in each["touches"]] for each in joined]
    assert known == [["corroborated"], ["corroborated"], ["bare"], ["bare"], []]
    assert "anybody can type one" in joined[2]["left_out"][0]


def test_an_account_that_proves_itself_joins_wherever_it_is_delivered(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    at = shop.cloud.clock.now() + timedelta(minutes=5)
    for order, days, said in ((1001, 0, meta(_sharetrail=trail)), (1002, 2, [])):
        placed = at + timedelta(days=days)
        send_woo(
            shop, "order.created", a_woo_order(placed, order=order, customer_id=26, meta_data=said)
        )
    assert shop.cloud.drain()["failed"] == []
    (touch,) = shop.order("1002", "woocommerce")["touches"]
    assert (touch["evidence"], touch["counts"]) == ("sure", True)


def test_one_payment_speaks_of_one_buyer_however_many_addresses_were_tried(shop: Shop) -> None:
    """A checkout that fails is tried again under another address, and is the same order. All live
    in one house of many flats."""
    trail = shop.click(shop.share("ana").json["code"])
    at, names = shop.cloud.clock.now() + timedelta(minutes=5), ("ann", "bea", "carl")
    house: Any = {
        "customer_id": 0,
        "shipping": {"address_1": "1 Tower", "postcode": "1", "country": "US"},
    }

    def tell(order: int, who: str, minutes: int, **said: Any) -> None:
        billing = {"email": f"{who}@mail.example"}
        told = a_woo_order(at, order=order, billing=billing, **house, **said)
        told["date_modified_gmt"] = (at + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
        send_woo(shop, "order.updated", told)

    failed: Any = {"status": "failed", "date_paid": None, "date_paid_gmt": None}
    said = meta(_sharetrail=trail)
    for n, who in enumerate(names):
        tell(1001, who, n, meta_data=said, **(failed if who != "carl" else {}))
    at += timedelta(days=1)
    for n, who in enumerate(names):
        tell(2001 + n, who, 0)
    assert shop.cloud.drain()["failed"] == []
    touches = [shop.order(str(2001 + n), "woocommerce")["touches"] for n in range(len(names))]
    assert [[each["evidence"] for each in known] for known in touches] == [[], [], ["corroborated"]]


def test_a_stripe_customer_proves_no_login(shop: Shop) -> None:
    """Shops look them up by the address that somebody typed."""
    trail = shop.click(shop.share("ana").json["code"])
    at = shop.cloud.clock.now() + timedelta(minutes=20)
    for n, said in enumerate(({"sharetrail": trail}, {})):
        session = a_session(at, id=f"cs_{n}", payment_intent=f"pi_{n}", metadata=said)
        send_stripe(shop, "checkout.session.completed", session, minutes=20 + 60 * n)
    assert shop.cloud.drain()["failed"] == []
    (touch,) = shop.order("pi_1", "stripe")["touches"]
    assert (touch["evidence"], touch["counts"]) == ("bare", False)


def test_an_order_testifies_once_it_is_paid_for_and_as_long_as_it_stands(shop: Shop) -> None:
    """Somebody could wait, unpaid, for whoever buys something dear."""
    trail = shop.click(shop.share("ana").json["code"])
    placed = later(shop, minutes=5)
    told = shop.an_order("1001", trail=trail, created_at=placed, **ANN)
    seen = []

    def see(order: str) -> None:
        touches = drained(shop, order)["touches"]
        seen.append([(each["evidence"], each["counts"]) for each in touches])

    shop.deliver("orders/create", told | {"financial_status": "pending"})
    shop.buy("1002", **ANN, created_at=later(shop, days=1))
    see("1002")
    paid = later(shop, days=1)
    shop.deliver("orders/paid", told | {"updated_at": paid})
    see("1002")  # it was paid for too late for that one
    shop.buy("1003", **ANN, created_at=later(shop, days=1))
    see("1003")
    shop.deliver("orders/cancelled", told | {"cancelled_at": later(shop, days=1)})
    see("1003")
    assert seen == [[], [], [("corroborated", True)], []]


def test_once_two_households_carry_a_click_it_tells_of_neither_and_not_backwards(
    shop: Shop,
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, days=1)
    shop.buy("1002", **ANN)
    bob: Any = {
        "customer": {"id": 1},
        "email": "bob@mail.example",
        "shipping_address": ELSEWHERE,
    }
    between = later(shop, days=1)
    later(shop, days=1)
    shop.buy("1003", **ANN)
    shop.buy("1004", **bob)
    assert drained(shop, "1003")["touches"][0]["counts"]
    shop.buy("2001", trail=trail, created_at=between, **bob)
    shop.cloud.drain()
    known = {n: shop.order(n)["touches"] for n in ("1001", "1002", "1003", "1004", "2001")}
    assert [
        (each["evidence"], each["counts"]) for touches in known.values() for each in touches
    ] == [
        ("trail", True),
        ("corroborated", True),
        ("disputed", False),
        ("disputed", False),
        ("trail", True),
    ]
    assert shop.order("1001")["decisions"] == []
    (held,) = shop.order("2001")["decisions"]
    assert (held["sign"], held["effect"]) == ("shared_click", "doubt")
    assert shop.order("2001")["credits"]["linear"][0]["marks"] == ["doubt:shared_click"]


def test_the_first_paid_order_keeps_a_click_whichever_is_told_first(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    at = later(shop, minutes=5)
    first = shop.an_order("1001", trail=trail, created_at=at)
    later(shop, days=1)
    shop.buy("1002", trail=trail)
    assert drained(shop, "1002")["decisions"] == []
    shop.deliver("orders/create", first)
    assert [each["sign"] for each in drained(shop, "1002")["decisions"]] == ["shared_click"]
    assert shop.order("1001")["decisions"] == []
    cancelled = first | {"cancelled_at": later(shop, minutes=1)}
    shop.deliver("orders/cancelled", cancelled)
    assert drained(shop, "1002")["decisions"] == [], "what does not stand keeps nothing"


def test_the_same_household_may_buy_again_by_the_same_click(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, minutes=5)
    partner: Any = {"customer": {"id": 2}, "email": "bea@mail.example", "shipping_address": HOME}
    shop.buy("1002", trail=trail, **partner)
    moved = ANN | {"shipping_address": ELSEWHERE}
    shop.buy("1003", trail=trail, **moved)
    assert shop.cloud.drain()["failed"] == []
    rules = [[d["sign"] for d in shop.order(n)["decisions"]] for n in ("1002", "1003")]
    assert rules == [[], ["repeat_email"]]


def test_evidence_does_not_count_for_an_order_before_it(shop: Shop) -> None:
    """The click is older than both orders; that it is Ann's was known with the second alone."""
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", **ANN)
    later(shop, days=1)
    shop.buy("1002", trail=trail, **ANN)
    assert drained(shop, "1001")["credits"] == {}
    assert shop.order("1002")["credits"] != {}


def test_an_order_that_is_told_late_rings_the_buyers_later_ones(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    first = shop.an_order("1001", trail=trail, **ANN) | {"created_at": later(shop, minutes=5)}
    later(shop, days=2)
    shop.buy("1002", **ANN)
    assert drained(shop, "1002")["credits"] == {}
    shop.deliver("orders/create", first)
    order = drained(shop, "1002")
    assert order["credits"]["last"][0]["influencer"] == "ana"
    assert [each["sign"] for each in order["decisions"]] == ["repeat_buyer"]


def test_in_whatever_order_a_buyers_orders_are_told_their_credits_are_the_same(
    shop: Shop,
) -> None:
    """Six people do the same; of each the webhooks arrive in another order."""
    code, other = shop.share("ana").json["code"], shop.share("ben").json["code"]
    people: list[dict[str, Any]] = [
        {
            "customer": {"id": 10**12 + n},
            "email": f"p{n}@mail.example",
            "shipping_address": {**HOME, "address1": f"{n} Main Street"},
        }
        for n in range(6)
    ]
    clicked = [(shop.click(code), shop.click(other)) for _ in people]
    times = [later(shop, minutes=5), later(shop, days=1), later(shop, days=1)]
    for n, (person, order) in enumerate(zip(people, permutations(range(3)), strict=True)):
        trails = (clicked[n][0], None, clicked[n][1])
        for which in order:
            told = shop.an_order(f"{n + 1}{which}", trail=trails[which], **person)
            shop.deliver("orders/create", told | {"created_at": times[which]})
            assert shop.cloud.drain()["failed"] == []
    seen = [
        [
            [
                (line["influencer"], line["share"], line["credited"]["amount"], line["marks"])
                for line in shop.order(f"{n + 1}{which}")["credits"]["linear"]
            ]
            for which in range(3)
        ]
        for n in range(6)
    ]
    assert seen == [seen[0]] * 6
    assert [len(lines) for lines in seen[0]] == [1, 1, 2]


def test_who_forbade_to_be_remembered_is_joined_with_nothing(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", trail=trail, **ANN)
    later(shop, days=1)
    shop.buy("1002", trail="denied", **ANN)
    assert drained(shop, "1002")["credits"] == {}


def test_a_placeholder_address_is_no_person(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", 2)
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    for number in ("1001", "1002", "1003", "1004"):
        shop.buy(number, trail=trail if number == "1001" else None, **ANN)
        assert shop.cloud.drain()["failed"] == []
    assert shop.order("1004")["credits"] == {}


def test_the_shops_own_word_joins_a_click_to_a_customer(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    body = {"customer_ids": {"shopify": "4711000000001"}, "trail": [trail]}
    assert identify(shop, body).json["orders"] == 0
    later(shop, days=1)
    shop.buy("1001", **ANN)
    order = drained(shop, "1001")
    assert order["touches"][0]["evidence"] == "sure"
    assert order["credits"]["last"][0]["influencer"] == "ana"


def test_the_shops_word_since_a_time_rings_the_orders_behind_it(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    since = later(shop, minutes=5)
    later(shop, days=1)
    shop.buy("1001", **ANN)
    assert drained(shop, "1001")["credits"] == {}
    answer = identify(shop, {"email": "ann@mail.example", "trail": [trail], "at": since})
    assert answer.json["orders"] == 1
    assert drained(shop, "1001")["credits"]["last"][0]["influencer"] == "ana"


def test_a_publishable_key_joins_nobody(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    body = {"email": "ann@mail.example", "trail": [trail]}
    assert identify(shop, body, key="publishable_key").status == 403
    later(shop, days=1)
    shop.buy("1001", **ANN)
    assert drained(shop, "1001")["credits"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"trail": ["0" * 26]},
        {"email": "a@b.example", "trail": []},
        {"email": "a@b.example", "trail": ["no click"]},
        {"email": "a@b.example", "trail": ["0" * 26], "name": "Ann"},
        {"email": "a@b.example", "trail": ["0" * 26], "at": "yesterday"},
    ],
)
def test_what_is_no_identity_is_refused_with_the_field(shop: Shop, body: Any) -> None:
    answer = identify(shop, body)
    assert answer.status in (400, 422), answer.body
    assert answer.json["errors"]


def test_what_is_said_again_after_it_was_withdrawn_rings_again(shop: Shop) -> None:
    """An order's earlier words come late: it says a click, forbids it, and says the same click."""
    trail = shop.click(shop.share("ana").json["code"])
    times = [later(shop, minutes=5) for _ in range(3)]
    told = shop.an_order("1001", trail=trail, **ANN) | {"created_at": times[0]}
    denied = shop.an_order("1001", trail="denied", **ANN) | {"created_at": times[0]}
    later(shop, days=1)
    shop.buy("1002", **ANN)
    seen = []
    for said, at in ((told, times[2]), (denied, times[1]), (told, times[0])):
        shop.deliver("orders/updated", said | {"updated_at": at})
        seen.append(bool(drained(shop, "1002")["credits"]))
    assert seen == [True, False, True]


def test_many_clicks_do_not_hide_that_an_address_is_no_persons(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", 2)
    monkeypatch.setattr(cross_device, "_MOST_ROWS", 6)
    code = shop.share("ana").json["code"]
    trail = ",".join(shop.click(code) for _ in range(3))
    later(shop, minutes=5)
    for number in ("1001", "1002", "1003"):
        shop.buy(number, trail=trail, **ANN)
    drained(shop, "1003")
    later(shop, minutes=5)
    shop.buy("1004", **ANN)
    assert drained(shop, "1004")["credits"] == {}


def test_what_a_run_said_that_died_is_withdrawn_by_the_next(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order's attribution dies once its buyer's clicks stand, and then it hears that the
    shopper had forbidden all that."""
    trail = shop.click(shop.share("ana").json["code"])
    at = later(shop, minutes=5)
    shop.buy("1001", trail=trail, created_at=at, **ANN)
    with monkeypatch.context() as patched:
        patched.setattr(cross_device, "_ring_others", lambda *_: 1 / 0)
        shop.cloud.drain()
    before = (shop.cloud.clock.now() - timedelta(minutes=1)).isoformat()
    denied = shop.an_order("1001", trail="denied", created_at=at, updated_at=before, **ANN)
    shop.deliver("orders/updated", denied)
    shop.cloud.drain()
    later(shop, minutes=5)
    shop.buy("1002", **ANN)
    assert drained(shop, "1002")["credits"] == {}


def test_of_a_buyers_many_clicks_the_newest_count(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were there no bound, an order's credits would outgrow their item, and fail for ever."""
    monkeypatch.setattr(buyer_history, "MOST_OF_A_BUYER", 2)
    code, clicks = shop.share("ana").json["code"], []
    for n in range(3):
        clicks.append(shop.click(code))
        later(shop, minutes=5)
        shop.buy(f"100{n}", trail=clicks[n], **ANN)
    later(shop, minutes=5)
    shop.buy("1004", **ANN)
    assert [each["touch"] for each in drained(shop, "1004")["touches"]] == clicks[1:]


def test_what_somebody_else_never_paid_for_makes_nobodys_evidence_thin(shop: Shop) -> None:
    """A dear order under Ann's address, to her own door or to another, would doubt her credits."""
    trail = shop.click(shop.share("ana").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", "30.00", trail, **ANN)
    later(shop, days=1)
    unpaid = shop.an_order("1002", "9000.00", None, **ANN) | {"financial_status": "pending"}
    shop.deliver("orders/create", unpaid)
    shop.buy("1003", "9000.00", **ANN | {"shipping_address": ELSEWHERE})
    shop.buy("1004", "100.00", **ANN, created_at=later(shop, days=1))
    doubts = [each for each in drained(shop, "1004")["decisions"] if each["effect"] == "withhold"]
    assert doubts == []
    shop.deliver("orders/paid", unpaid | {"financial_status": "paid"})
    (held,) = (e for e in drained(shop, "1004")["decisions"] if e["effect"] == "withhold")
    assert (held["sign"], held["inputs"]) == (
        "thin_evidence",
        {"told": usd("30.00"), "brought": usd("9100.00")},
    )


def test_an_earlier_order_that_was_paid_for_late_is_seen_by_those_between(shop: Shop) -> None:
    first = shop.an_order("1001", **ANN) | {"created_at": later(shop, minutes=5)}
    later(shop, days=1)
    shop.buy("1002", **ANN)
    assert drained(shop, "1002")["decisions"] == []
    first |= {"updated_at": later(shop, days=1)}
    shop.deliver("orders/create", first | {"financial_status": "pending"})
    shop.deliver("orders/paid", first)
    assert [each["sign"] for each in drained(shop, "1002")["decisions"]] == ["repeat_buyer"]
