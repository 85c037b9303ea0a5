"""Erasure: nothing leads to a buyer any more, no figure changes, and nothing brings them back."""

from datetime import timedelta
from typing import Any

from tests.chain.test_identities import ELSEWHERE, HOME, later
from tests.erasures import Person, erase, figures, places
from tests.senders import a_woo_order, meta, send_woo
from tests.shops import Shop

ANN = Person(
    ("ann.mark+shop@gmail.com", "annmark@gmail.com"),
    {"shopify": "4711000000001", "woocommerce": "4726"},
)
BOB = Person(("bob@mail.example",), {"shopify": "4711000000002"})


def tells(person: Person, home: dict[str, str] = HOME) -> dict[str, Any]:
    email = person.emails[0]
    customer = {"id": int(person.customers["shopify"]), "email": email}
    return {"customer": customer, "email": email, "shipping_address": home}


def buy_in_many_ways(shop: Shop) -> None:
    """Ann by a click, on another device, by a code, with a refund, as one who is not to be
    remembered, and in another system; Bob by a click that Ann had, too."""
    trail = shop.click(shop.share("ana").json["code"])
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    gift = {"code": "BEN", "influencer": "ben"}
    assert shop.ask("POST", "/v1/codes", gift, headers).status == 201
    later(shop, minutes=5)
    shop.buy("1001", "40.00", trail, visit=trail, **tells(ANN))
    later(shop, days=2)
    shop.buy("1002", "30.00", **tells(ANN))
    shop.buy("1003", "20.00", trail, **tells(BOB, ELSEWHERE))
    later(shop, days=1)
    codes = [{"code": "BEN", "amount": "2.00", "type": "fixed_amount"}]
    shop.buy("1004", "10.00", discount_codes=codes, **tells(ANN))
    shop.buy("1005", "15.00", "denied", **tells(ANN))
    shop.buy("1006", "15.00", **tells(BOB, ELSEWHERE))
    shop.deliver("refunds/create", shop.a_refund("1002", "9", "5.00"))
    assert shop.cloud.drain()["failed"] == []
    now = shop.cloud.clock.now()
    billing = {"email": ANN.emails[0]}
    said = meta(_sharetrail=trail)
    for order in (7001, 7002):
        more = {"customer_id": 4726, "billing": billing, "meta_data": said}
        later(shop, hours=1)
        told = a_woo_order(now + timedelta(hours=order - 7000), order=order, **more)
        assert send_woo(shop, "order.created", told).status == 200
    assert shop.cloud.drain()["failed"] == []


def test_an_erased_buyer_is_found_nowhere_and_no_figure_changes(shop: Shop) -> None:
    buy_in_many_ways(shop)
    door = shop.order("1001")["facts"][0]["sale"]["address_hash"]
    marks, bobs, before = ANN.marks(shop, door), BOB.marks(shop), figures(shop)
    of_bob = places(shop, bobs)
    assert len(places(shop, marks)) > 20

    told = erase(shop, buyer=ANN.asked)

    ours = ["1001", "1002", "1004", "1005"]
    assert told["orders"] == [f"shopify#{n}" for n in ours] + [
        "woocommerce#7001",
        "woocommerce#7002",
    ]
    assert [each.split("/")[0] for each in places(shop, marks)] == ["bucket erasures"]
    assert places(shop, bobs) == of_bob
    assert figures(shop) == before
