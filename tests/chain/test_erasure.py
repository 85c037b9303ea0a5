"""Erasure: nothing leads to a buyer any more, no figure changes, and nothing brings them back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.platforms.platforms import CONSUMER_KEY, CONSUMER_SECRET
from sharetrail.attribution import attribute_order
from sharetrail.attribution.erasing import erased_orders, told_of_buyers
from sharetrail.attribution.models import rule_of
from sharetrail.aws import sealed_objects
from sharetrail.aws.tables import IDENTITIES, ORDERS, Table
from sharetrail.merchants import profiles
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy import asked_person, buyers, pieces
from sharetrail.privacy.pieces import Piece
from sharetrail.questions import privacy_requests
from sharetrail.questions.privacy_request import PrivacyRequest
from sharetrail.webhooks import shopify
from tests import erasures, faults
from tests.chain.test_identities import ELSEWHERE, HOME, later
from tests.chain.test_quarantine import fixed
from tests.chain.test_reconciliation import as_exported, told
from tests.erasures import Person, erase, figures, night, places
from tests.senders import a_woo_customer, a_woo_order, meta, send_woo
from tests.shops import Shop

ANN = Person(
    ("ann.mark+shop@gmail.com", "annmark@gmail.com"),
    {"shopify": "4711000000001", "woocommerce": "4726"},
)
CARL = Person(("carl@mail.example",), {"shopify": "4711000000003"})
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

    came = erase(shop, buyer=ANN.asked)

    ours = ["1001", "1002", "1004", "1005"]
    assert came["orders"] == [f"shopify#{n}" for n in ours] + [
        "woocommerce#7001",
        "woocommerce#7002",
    ]
    assert still(shop, marks) == []
    assert places(shop, bobs) == of_bob
    assert figures(shop) == before


def test_all_orders_of_a_shop_are_read_through_once_be_it_in_many_pieces(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy_in_many_ways(shop)
    monkeypatch.setattr(told_of_buyers, "orders_of", lambda *_: [])  # as after forty weeks
    door = shop.order("1001")["facts"][0]["sale"]["address_hash"]
    marks, before, read = ANN.marks(shop, door), figures(shop), list[str]()
    real = buyers._theirs

    def looking(merchant_id: str, request: PrivacyRequest, heads: Any) -> Any:
        heads = list(heads)
        read.extend(head.order for head in heads)
        return real(merchant_id, request, heads)

    monkeypatch.setattr(buyers, "_theirs", looking)
    with monkeypatch.context() as short:
        short.setattr(pieces, "A_PIECE", -1.0)
        short.setattr(pieces, "_TOGETHER", 1)
        assert erase(shop, buyer=ANN.asked)["goes_on"]

    assert sorted(read) == ["1001", "1002", "1003", "1004", "1005", "1006", "7001", "7002"]
    assert still(shop, marks) == []
    assert figures(shop) == before


def still(shop: Shop, marks: re.Pattern[str]) -> list[str]:
    """Where the person is found, but for where it was kept whom to erase."""
    return [each for each in places(shop, marks) if not each.startswith("bucket erasures/")]


def attribute_everything(shop: Shop) -> None:
    refs = {OrderRef.of(row["pk"]) for row in ORDERS.scan() if row["sk"] == "credits"}
    for ref in sorted(refs, key=lambda ref: ref.pk):
        attribute_order.refresh(ref, shop.cloud.clock.now())
    assert shop.cloud.drain()["failed"] == []


def test_credits_that_are_computed_anew_by_whatever_rule_stand_as_they_stood(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy_in_many_ways(shop)
    before = figures(shop)
    erase(shop, buyer=ANN.asked)
    attribute_everything(shop)
    assert figures(shop) == before
    shop.deliver("refunds/create", shop.a_refund("1001", "10", "4.00"))
    shop.cloud.drain()
    (line,) = shop.order("1001")["credits"]["last"]
    assert line["credited"]["amount"] == "36.00", "what is told later counts"
    newer = partial(replace, version="credit-99")
    monkeypatch.setattr(attribute_order, "rule_of", lambda merchant: newer(rule_of(merchant)))
    attribute_everything(shop)
    after, known = erasures.plain(shop.order("1002")), before["1002", "shopify"]
    assert after["rule"] != known["rule"]
    for name in ("credits", "touches", "decisions", "left_out"):
        assert after[name] == known[name]


def test_the_merchants_word_on_an_erased_order_still_counts(shop: Shop) -> None:
    """Whoever asks to be forgotten is not rid of what was doubted, nor is it past deciding."""
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    cleo = {"name": "Cleo", "email": ANN.emails[0]}
    assert shop.ask("PUT", "/v1/influencers/cleo", cleo, headers).status == 200
    trail = shop.click(shop.share("cleo").json["code"])
    later(shop, minutes=5)
    shop.buy("1001", "40.00", trail, visit=trail, **tells(ANN))
    assert shop.cloud.drain()["failed"] == []
    (before,) = shop.order("1001")["decisions"]
    erase(shop, buyer=ANN.asked)
    attribute_everything(shop)
    assert shop.order("1001")["decisions"] == [before]
    said = {"decision": "self_email:cleo", "word": "upheld"}
    path = "/v1/orders/shopify/1001/decisions"
    assert shop.ask("POST", path, said, headers).status == 200
    assert shop.cloud.drain()["failed"] == []
    (after,) = shop.order("1001")["decisions"]
    assert (before["word"], after["word"]) == (None, "upheld")


def test_who_lives_with_an_erased_buyer_is_doubted_no_more_than_before(shop: Shop) -> None:
    """They shared a click and a door: what the one told of the door is gone."""
    trail = shop.click(shop.share("ana").json["code"])
    for order, who, home in (("1001", ANN, HOME), ("1002", BOB, HOME), ("1003", CARL, ELSEWHERE)):
        later(shop, minutes=5)
        shop.buy(order, "40.00", trail, visit=trail, **tells(who, home))
    assert shop.cloud.drain()["failed"] == []
    before = figures(shop)
    assert [bool(before[order, "shopify"]["decisions"]) for order in ("1002", "1003")] == [0, 1]
    erase(shop, buyer=ANN.asked)
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1002")
    attribute_order.refresh(ref, shop.cloud.clock.now())
    assert figures(shop) == before
    assert not still(shop, ANN.marks(shop))


def test_nothing_that_was_ever_told_brings_an_erased_buyer_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = noted(shop, monkeypatch)
    rows = as_exported(shop)
    buy_in_many_ways(shop)
    odd = {**shop.an_order("1009", **tells(ANN)), "subtotal_price": "12,50"}
    waiting = shop.deliver("orders/create", odd).json["quarantined"]
    with faults.elsewhere(faults.NOWHERE, "dynamodb", "sqs"):
        assert shop.deliver("orders/create", shop.an_order("1011", **tells(ANN))).json["kept"]
    trail = parse_qs(
        urlsplit(shop.follow(shop.share("ana").json["code"]).headers["location"]).query
    )
    marks, before, known = ANN.marks(shop), figures(shop), shop.cloud.clock.now()

    erase(shop, buyer=ANN.asked)
    later(shop, hours=2)
    for each in sent:
        assert shop.ask(*each).status in (200, 202)
    assert shop.cloud.drain()["failed"] == []
    assert {order for order in ORDERS_OF_ANN if hashed(shop, order)} == {"1011"}, "it is new"
    after = figures(shop)
    orders = [each for each in before if isinstance(each, tuple)]
    assert [after[each] for each in orders] == [before[each] for each in orders]

    monkeypatch.setattr(shopify, "read", fixed(shopify.read))
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", f"/v1/quarantine/{waiting}/replay", None, headers).status == 200
    assert shop.run("sweep") == []
    email = ANN.emails[0]
    loaded = told(shop, rows(1001, Email=email), rows(1010, Email=email), query="?load=true")
    assert loaded["orders_loaded"] == 1
    word = {"email": email, "trail": trail["st"], "at": known.isoformat()}
    assert shop.ask("POST", "/v1/identities", word, headers).status == 200
    stub = shop.cloud.platforms.woocommerce
    billing = {"email": email}
    stub.orders = [a_woo_order(known, order, billing=billing) for order in (7001, 7003)]
    stub.customers = [a_woo_customer(4726, email)]
    shop.onboarded(woocommerce=dict(zip(("consumer_key", "consumer_secret"), KEY, strict=True)))
    assert shop.cloud.drain()["failed"] == []
    assert {order for order in ORDERS_OF_ANN if hashed(shop, order)} == {"1009", "1010", "1011"}
    assert len(still(shop, marks)) > 6, "they came in by other orders"

    night(shop)
    assert still(shop, marks) == []


ORDERS_OF_ANN = ("1001", "1002", "1004", "1005", "1009", "1010", "1011")
KEY = (CONSUMER_KEY, CONSUMER_SECRET)


def hashed(shop: Shop, order: str) -> bool:
    """Whether a fact of the order leads to its buyer."""
    rows = ORDERS.query(f"{shop.id}#shopify#{order}")
    if not any("kind" in row for row in rows):
        return False
    sales = [each["sale"] for each in shop.order(order)["facts"] if each["sale"]]
    return any(sale["email_hash"] or sale["customer_hash"] for sale in sales)


def noted(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is sent to the webhooks from now on, to be sent again."""
    sent: list[tuple[Any, ...]] = []
    ask = Shop.ask

    def listening(self: Shop, *asked: Any, **more: Any) -> Any:
        if "/v1/webhooks/" in asked[1] and asked not in sent:
            sent.append(asked)
        return ask(self, *asked, **more)

    monkeypatch.setattr(Shop, "ask", listening)
    return sent


def test_what_a_backup_brings_back_is_erased_again(shop: Shop) -> None:
    buy_in_many_ways(shop)
    marks, before = ANN.marks(shop), figures(shop)
    backup = {table: list(table.scan()) for table in (ORDERS, IDENTITIES)}
    erase(shop, buyer=ANN.asked)
    known = figures(shop)
    for table, rows in backup.items():
        for row in table.scan():
            table.delete(row["pk"], row["sk"])
        table.write_all(rows)
    assert len(still(shop, marks)) > 20
    later(shop, days=30)
    assert shop.cloud.invoke("erase_person", {"again": True}) == {"queued": 1}
    assert shop.cloud.drain()["failed"] == []
    assert still(shop, marks) == []
    orders = [each for each in before if isinstance(each, tuple)]
    assert [figures(shop)[each] for each in orders] == [known[each] for each in orders]


def test_an_order_that_is_credited_at_this_moment_is_waited_for_an_hour_at_most(
    shop: Shop,
) -> None:
    shop.buy("1001", "40.00", **tells(ANN))
    began = shop.cloud.clock.now().isoformat()
    asked = {"merchant": shop.id, "buyer": {"orders": ["shopify/1001"]}, "time": began}
    assert "is credited at this moment" in shop.cloud.invoke("erase_person", asked)["error"]
    assert hashed(shop, "1001")
    shop.cloud.skip_stream("attribute_order")
    night(shop)
    assert not hashed(shop, "1001")


def test_what_a_buyer_orders_after_they_were_erased_is_another_beginning(shop: Shop) -> None:
    shop.buy("1001", "40.00", **tells(ANN))
    shop.cloud.drain()
    erase(shop, buyer=ANN.asked)
    for order in ("1002", "1003"):
        later(shop, days=1)
        shop.buy(order, "40.00", **tells(ANN))
    assert shop.cloud.drain()["failed"] == []
    night(shop)
    assert [hashed(shop, order) for order in ("1001", "1002", "1003")] == [False, True, True]
    signs = [[each["sign"] for each in shop.order(o)["decisions"]] for o in ("1002", "1003")]
    assert signs == [[], ["repeat_buyer"]]


def test_orders_that_no_name_leads_to_any_more_are_found_by_reading_them_through(
    shop: Shop,
) -> None:
    """What joins a buyer's orders ends after forty weeks; orders stay. One forbade to be known."""
    shop.buy("1001", "40.00", **tells(ANN))
    shop.buy("1002", "40.00", "denied", **tells(ANN))
    shop.buy("1003", "40.00", **tells(BOB, ELSEWHERE))
    assert shop.cloud.drain()["failed"] == []
    for row in IDENTITIES.scan():
        IDENTITIES.delete(row["pk"], row["sk"])
    came = erase(shop, buyer={"email": ANN.emails[1]})
    assert came["orders"] == ["shopify#1001", "shopify#1002"]
    assert [hashed(shop, order) for order in ("1001", "1002", "1003")] == [False, False, True]


def test_who_asks_again_while_they_are_erased_is_erased_again_and_nothing_found_is_lost(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = shop.cloud.clock.now().replace(microsecond=0)
    later_on = now + timedelta(hours=1)
    first = privacy_requests.keep(
        asked_person.request_of(shop.id, {"buyer": ANN.asked}, "erase", now)
    )
    again = asked_person.request_of(shop.id, {"buyer": ANN.asked}, "erase", later_on)
    real = sealed_objects.put

    def beaten(*args: Any, **more: Any) -> None:
        """The other one is faster, once."""
        monkeypatch.setattr(sealed_objects, "put", real)
        privacy_requests.keep(again)
        real(*args, **more)

    monkeypatch.setattr(sealed_objects, "put", beaten)
    noted = privacy_requests.note_found(first, ["shopify#1001"], ["n"])
    assert (noted.asked_at, noted.found) == (now, ("shopify#1001",))
    kept = privacy_requests.find(shop.id, "erase", first.name)
    assert kept == replace(noted, asked_at=later_on)


def test_an_erased_order_of_a_shop_that_goes_meanwhile_does_not_come_back(shop: Shop) -> None:
    """Whoever attributes it read its rows before they were deleted."""
    shop.buy("1001", "40.00", **tells(ANN))
    assert shop.cloud.drain()["failed"] == []
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1001")
    rows = [*ORDERS.query(ref.pk), {"pk": ref.pk, "sk": "erased", "at": "2026-12-01T00:00:00Z"}]
    for row in ORDERS.query(ref.pk):
        ORDERS.delete(row["pk"], row["sk"])
    erased_orders.scrubbed(rows)
    assert [row["sk"] for row in ORDERS.query(ref.pk) if "sale" in row] == []


@pytest.mark.slow
def test_an_erasure_that_dies_after_whichever_write_and_runs_again_ends_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy_in_many_ways(shop)
    door = shop.order("1001")["facts"][0]["sale"]["address_hash"]
    marks, before, now = ANN.marks(shop, door), figures(shop), shop.cloud.clock.now()
    asked = {"buyer": {"customer": {"shopify": ANN.customers["shopify"]}}}  # one name of several
    wanted = {"buyer": {**asked["buyer"], "orders": ["woocommerce/7001", "woocommerce/7002"]}}
    request = asked_person.request_of(shop.id, wanted, "erase", now)
    merchant = profiles.find(shop.id, now)
    monkeypatch.setattr(buyers, "_AT_ONCE", 1)
    for write in count():
        with dying(monkeypatch, write) as died, suppress(Killed):
            buyers.erase(merchant, privacy_requests.keep(request), now, Piece(), whole=True)
        if write % 8 == 0:
            shop.cloud.drain()
        if not died:
            break
    assert write > 20
    assert shop.cloud.drain()["failed"] == []
    assert still(shop, marks) == []
    assert figures(shop) == before


class Killed(BaseException):
    """Nothing more is done."""


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, write: int) -> Iterator[list[bool]]:
    """Within it what changes a table is done so many times, and then nothing any more."""
    left, died = [write], list[bool]()

    def last(real: Any) -> Any:
        def act(*args: Any, **more: Any) -> Any:
            if died:
                raise Killed
            answer = real(*args, **more)
            if not left[0]:
                died.append(True)
                raise Killed
            left[0] -= 1
            return answer

        return act

    with monkeypatch.context() as patched:
        for name in ("put", "put_if", "delete"):
            patched.setattr(Table, name, last(getattr(Table, name)))
        yield died
