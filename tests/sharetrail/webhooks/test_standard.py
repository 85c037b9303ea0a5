"""Any shop's messages, read: what each does to its order, and what contradicts itself."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.clicks.click import mint_click_id
from sharetrail.clicks.trail import LONGEST_TRAIL, read_trail
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact, Sale
from sharetrail.webhooks import standard
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood
from sharetrail.webhooks.standard import Contradiction
from tests.senders import a_merchant

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLICKS = [mint_click_id(AT + timedelta(seconds=n), 0, n) for n in range(51)]
SALE = {"subtotal": "47.00", "total": "52.00"}
Message = dict[str, Any]


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return a_merchant(AT)


def message(kind: str, minutes: float = 0, **data: Any) -> Message:
    """Of so many minutes after noon; what is ... is left out."""
    at = (AT + timedelta(minutes=minutes)).isoformat()
    told = {"order_id": "A-1", "currency": "USD", **data}
    kept = {name: value for name, value in told.items() if value is not ...}
    return {"type": f"order.{kind}", "timestamp": at, "data": kept}


def read(merchant: Merchant, told: Any, heard: datetime = AT) -> Fact:
    delivery = Delivery(platform="standard", merchant=merchant, headers={}, payload=told, now=heard)
    order, fact = standard.read(delivery)
    assert (order.merchant, order.platform, order.id) == (merchant.id, "standard", "A-1")
    return fact


def sale_of(merchant: Merchant, **data: Any) -> Sale:
    sale = read(merchant, message("placed", **{**SALE, **data})).sale
    assert sale
    return sale


def folded(merchant: Merchant, *told: Message) -> Order:
    """The order of these messages, heard in this order; worked off in any, it is the same."""
    facts = [read(merchant, each, AT + timedelta(hours=n)) for n, each in enumerate(told)]
    distinct = {fact.sk: fact for fact in reversed(facts)}.values()
    orders = [fold_facts(each) for each in itertools.permutations(distinct)]
    assert all(each == orders[0] for each in orders)
    assert orders[0]
    return orders[0]


def errors_of(merchant: Merchant, told: Any, refusal: type[Exception]) -> dict[str, str]:
    with pytest.raises(refusal) as refused:
        read(merchant, told)
    errors: dict[str, str] = refused.value.errors  # type: ignore[attr-defined]
    return errors


PLACED = message("placed", **SALE)


# ── what each type does ──────────────────────────────────────────────────────────────────────────
def test_an_order_counts_from_whichever_comes_first_and_once(merchant: Merchant) -> None:
    paid = message("paid", 5, **SALE)
    for told in ([PLACED], [paid], [PLACED, paid], [paid, PLACED], [PLACED, PLACED]):
        assert folded(merchant, *told).net == 47_00
    assert folded(merchant, PLACED, paid).paid_at == AT + timedelta(minutes=5)


def test_an_update_tells_the_order_anew(merchant: Merchant) -> None:
    order = folded(merchant, PLACED, message("updated", 5, subtotal="40.00", total="45.00"))
    assert (order.net, order.sale.total) == (40_00, 45_00)


def test_of_two_updates_of_one_second_the_one_that_came_last_counts(merchant: Merchant) -> None:
    dear = message("updated", 5, subtotal="60.00", total="60.00")
    cheap = message("updated", 5, subtotal="20.00", total="20.00")
    assert folded(merchant, PLACED, dear, cheap).net == 20_00
    assert folded(merchant, PLACED, cheap, dear).net == 60_00
    assert folded(merchant, PLACED, cheap, dear, dear).fact_count == 3


def test_within_a_second_a_state_may_come_back(merchant: Merchant) -> None:
    states = [("20.00", 0.001), ("60.00", 0.005), ("20.00", 0.009)]
    told = [message("updated", m, subtotal=text, total=text) for text, m in states]
    assert folded(merchant, PLACED, *told).net == 20_00


def test_a_refund_takes_its_items_and_one_without_items_counts_pro_rata(
    merchant: Merchant,
) -> None:
    of_items = message("refunded", 5, refund_id="r1", subtotal="7.00", total="8.00")
    told = read(merchant, of_items).refund
    assert told
    assert (told.items, told.amount, told.currency) == (7_00, None, "USD")
    assert folded(merchant, PLACED, of_items).net == 40_00
    of_money = message("refunded", 5, refund_id="r1", total="5.20")
    assert folded(merchant, PLACED, of_money).net == 42_30  # 47.00 x (1 - 5.20 / 52.00)
    assert folded(merchant, of_items, PLACED, of_items).net == 40_00


def test_a_refund_that_is_told_again_counts_as_it_was_told_last(merchant: Merchant) -> None:
    told = [message("refunded", 5, refund_id="r1", subtotal="7.00")]
    told.append(message("refunded", 6, refund_id="r1", subtotal="9.00"))
    assert folded(merchant, PLACED, *told).net == 38_00
    assert folded(merchant, PLACED, *reversed(told)).net == 38_00
    one_second = [told[0], message("refunded", 5, refund_id="r1", subtotal="9.00")]
    assert folded(merchant, PLACED, *one_second).net == 38_00


def test_a_refund_that_failed_takes_nothing_until_it_is_told_anew(merchant: Merchant) -> None:
    refund = message("refunded", 5, refund_id="r1", subtotal="7.00")
    other = message("refunded", 5, refund_id="r2", subtotal="2.00")
    failed = message("refund_failed", 6, refund_id="r1", currency=...)
    again = message("refunded", 7, refund_id="r1", subtotal="6.00")
    assert folded(merchant, PLACED, refund, other, failed).net == 45_00
    assert folded(merchant, failed, PLACED, refund).net == 47_00
    assert folded(merchant, PLACED, refund, failed, again).net == 41_00


def test_an_edit_down_and_the_refund_made_for_it_count_once_where_the_shop_says_so(
    merchant: Merchant,
) -> None:
    """47.00, of which an item of 7.00 is taken out and paid back."""
    refund = message("refunded", 5, refund_id="r1", subtotal="7.00")
    left = {"subtotal": "40.00", "total": "45.00"}
    after = message("updated", 6, **left, refunded_in_total=True)
    later = message("refunded", 9, refund_id="r2", subtotal="5.00")
    assert folded(merchant, PLACED, refund, message("updated", 6, **SALE)).net == 40_00
    assert folded(merchant, PLACED, refund, after).net == 40_00
    assert folded(merchant, PLACED, after, refund, later).net == 35_00
    assert folded(merchant, PLACED, refund, message("updated", 6, **left)).net == 33_00
    again = message("refunded", 9, refund_id="r1", subtotal="7.00")
    more = message("refunded", 9, refund_id="r1", subtotal="8.00")
    assert folded(merchant, PLACED, refund, after, again).net == 40_00
    assert folded(merchant, PLACED, refund, after, more).net == 39_00


def test_an_order_is_cancelled_and_restored_and_cancelled_again(merchant: Merchant) -> None:
    turns = [message(kind, n, currency=...) for n, kind in
             enumerate(("cancelled", "restored", "cancelled"), 1)]  # fmt: skip
    assert [folded(merchant, PLACED, *turns[:n]).net for n in range(4)] == [47_00, 0, 47_00, 0]
    assert folded(merchant, PLACED, *turns).cancelled_at == AT + timedelta(minutes=3)


def test_a_dispute_takes_pro_rata_until_it_is_won_and_may_turn_again(merchant: Merchant) -> None:
    lost = message("disputed", 5, dispute_id="d1", total="26.00")
    won = message("dispute_won", 6, dispute_id="d1", currency=...)
    again = message("disputed", 7, dispute_id="d1", total="52.00")
    told = read(merchant, won).chargeback
    assert told
    assert (told.id, told.state) == ("d1", "won")
    assert folded(merchant, PLACED, lost).net == 23_50
    assert folded(merchant, PLACED, lost, won).net == 47_00
    assert folded(merchant, won, PLACED, lost).net == 47_00
    assert folded(merchant, PLACED, lost, won, again).net == 0


def test_an_order_tells_when_it_was_handed_over(merchant: Merchant) -> None:
    handed = message("fulfilled", 8, currency=...)
    assert folded(merchant, PLACED, handed).fulfilled_at == AT + timedelta(minutes=8)


def test_no_type_goes_unread(merchant: Merchant) -> None:
    needs = {**SALE, "refund_id": "r1", "dispute_id": "d1"}
    for name, model in standard.MODELS.items():
        fields = model.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
        data = {each: text for each, text in needs.items() if each in fields}
        assert read(merchant, message(name.removeprefix("order."), **data)).received == AT


# ── what a sale says ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ({}, "page"),
        ({"renewal": True}, "renewal"),
        ({"made_by_hand": True}, "hand"),
        ({"renewal": False, "made_by_hand": False}, "page"),
    ],
)
def test_an_order_says_where_it_came_from(merchant: Merchant, said: Message, origin: str) -> None:
    assert sale_of(merchant, **said).origin == origin


def test_ids_may_be_numbers_and_the_name_is_the_id_unless_it_is_told(merchant: Merchant) -> None:
    sale = sale_of(merchant, items=[{"product_id": 7, "net": "47.00"}])
    assert (sale.name, sale.lines[0].product, sale.lines[0].quantity) == ("A-1", "7", 1)
    assert sale_of(merchant, name="#1001").name == "#1001"


@pytest.mark.parametrize("empty", [None, "", [], [""]])
def test_what_is_empty_is_not_there(merchant: Merchant, empty: Any) -> None:
    sale = sale_of(merchant, visit=empty, customer=empty)
    assert (sale.visit, sale.customer, sale.email) == (None, None, None)
    sale = sale_of(merchant, customer={"id": empty, "email": empty})
    assert (sale.customer, sale.email) == (None, None)
    assert sale_of(merchant, trail=empty).trail == ("none" if empty == [] else None)


@pytest.mark.parametrize(
    ("told", "trail"),
    [
        ("none", "none"),
        ("denied", "denied"),
        (["none"], "none"),
        (["", " "], None),
        (",".join(CLICKS[:2]), ",".join(CLICKS[:2])),
        ([" ", CLICKS[0], f" {CLICKS[1]} "], ",".join(CLICKS[:2])),
        ([",".join(CLICKS[:2])], ",".join(CLICKS[:2])),
    ],
)
def test_a_trail_is_what_the_script_said_as_text_or_as_a_list(
    merchant: Merchant, told: Any, trail: str | None
) -> None:
    assert sale_of(merchant, trail=told).trail == trail


def test_what_is_no_click_is_left_in_the_trail_for_people_to_see(merchant: Merchant) -> None:
    for told in (["<the value of st>"], "<the value of st>"):
        trail = sale_of(merchant, trail=told).trail
        assert trail == "<the value of st>"
        assert read_trail(trail).state == "unreadable"
    assert read_trail(sale_of(merchant, trail=["x", CLICKS[0]]).trail).ids == (CLICKS[0],)


def test_of_a_trail_too_long_the_first_and_the_newest_clicks_are_kept(merchant: Merchant) -> None:
    trail = read_trail(sale_of(merchant, trail=CLICKS).trail)
    assert trail.ids == (CLICKS[0], *CLICKS[1 - LONGEST_TRAIL :])


# ── what contradicts itself ──────────────────────────────────────────────────────────────────────
def an_item(net: str) -> Message:
    return {"product_id": "1", "net": net}


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"items": [an_item("3.00")]}, "data.items", "add up to 3.00, and subtotal is 47.00"),
        ({"items": [an_item("47.01")]}, "data.items", "add up to 47.01, and subtotal is 47.00"),
        ({"total": "46.99"}, "data.total", "is less than subtotal, 47.00"),
        ({"items": [{"product_id": "1"}]}, "data.items.0.net", "Field required"),
        ({"subtotal": "999999999999999.99"}, "data.subtotal", "is more than an order can come to"),
        ({"subtotl": "47.00"}, "data.subtotl", "Extra inputs are not permitted"),
        ({"subtotal": ..., "subtotl": "47.00"}, "data.subtotl", "Extra inputs are not permitted"),
        ({"customer": {"phone": "1"}}, "data.customer.phone", "Extra inputs are not permitted"),
        ({"currency": "XQQ"}, "data.currency", "is no currency of ISO 4217"),
        ({"currency": "EURO"}, "data.currency", "is no currency of ISO 4217"),
        (
            {"renewal": True, "made_by_hand": True},
            "data.made_by_hand",
            "cannot be true of a renewal",
        ),
    ],
)
def test_what_contradicts_itself_or_the_contract_is_refused_and_the_field_named(
    merchant: Merchant, data: Message, field: str, words: str
) -> None:
    errors = errors_of(merchant, message("placed", **{**SALE, **data}), Contradiction)
    assert errors[field] == words
    assert Contradiction(errors).status == 422


def test_every_contradiction_is_named_at_once(merchant: Merchant) -> None:
    told = message("placed", **SALE | {"items": [an_item("3.00")], "total": "46.00"})
    assert errors_of(merchant, told, Contradiction).keys() == {"data.items", "data.total"}


def test_items_may_be_off_by_half_a_cent_each_since_shops_round_line_by_line(
    merchant: Merchant,
) -> None:
    """10.00 in three lines of 3.33."""
    ten = {"subtotal": "10.00", "total": "10.00"}
    assert sale_of(merchant, **ten, items=[an_item("3.33")] * 3).net == 10_00
    too_far = message("placed", **ten, items=[an_item("3.33"), an_item("3.33"), an_item("3.32")])
    assert "data.items" in errors_of(merchant, too_far, Contradiction)
    assert sale_of(merchant, **ten, items=[]).lines == ()


def test_a_refund_may_be_less_than_its_items_since_fees_are_kept(merchant: Merchant) -> None:
    told = message("refunded", 5, refund_id="r1", subtotal="20.00", total="15.10")
    assert folded(merchant, PLACED, told).net == 27_00


# ── what cannot be read, and may be one day ──────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"subtotal": "12,50"}, "data.subtotal", 'should be decimal text such as "12.50"'),
        ({"subtotal": 12.5}, "data.subtotal", 'should be decimal text such as "12.50"'),
        ({"subtotal": "-1.00"}, "data.subtotal", 'should be decimal text such as "12.50"'),
        ({"total": ...}, "data.total", "Field required"),
        ({"order_id": None}, "data.order_id", "Input should be a valid string"),
        ({"test": "no"}, "data.test", "Input should be a valid boolean"),
    ],
)
def test_what_cannot_be_read_is_not_understood_and_the_field_named(
    merchant: Merchant, data: Message, field: str, words: str
) -> None:
    told = message("placed", **{**SALE, **data})
    assert errors_of(merchant, told, NotUnderstood)[field] == words


def test_a_time_names_its_zone(merchant: Merchant) -> None:
    told = {**PLACED, "timestamp": "2026-11-21"}
    (field, words), *_ = errors_of(merchant, told, NotUnderstood).items()
    assert (field, words) == (
        "timestamp",
        "should be a time with its zone, such as 2026-11-21T12:00:00Z",
    )


@pytest.mark.parametrize(
    "told", [None, [], "order.placed", {}, {"type": "order.lost"}, {"type": []}]
)
def test_what_is_no_message_of_ours_is_a_mismatch_that_names_the_types(
    merchant: Merchant, told: Any
) -> None:
    with pytest.raises(Mismatch, match=r"order\.placed, order\.paid, order\.updated"):
        read(merchant, told)
