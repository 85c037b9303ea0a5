"""An export beside what is here: differences, reasons, and what loading would make of an order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from sharetrail.attribution.credit import OrderCredits, OrderHead, compute_credits
from sharetrail.attribution.models import CreditRule, rule_of
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.items import Item, dump, load
from sharetrail.clicks.trail import TrailState
from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import Fact, OrderRef, Refund, Sale, Snapshot
from sharetrail.reconciliation import compare, findings, read_export, why_uncredited
from sharetrail.reconciliation.compare import Finding, Reconciliation, StoredOrder
from sharetrail.reconciliation.export_row import ExportedOrder
from sharetrail.reconciliation.read_export import Export
from tests import exports as written
from tests.sharetrail.reconciliation.test_read_export import MERCHANT
from tests.shops import usd

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)
NOW = AT + timedelta(days=3)
NO_TOUCHES = OrderTouches(touches=())


def a_sale(**changes: Any) -> Sale:
    told = {"name": "#1001", "currency": "USD", "lines": (), "net": 5_000, "total": 5_000}
    return Sale(**told | changes)


def placed(**changes: Any) -> Fact:
    return Fact(kind="placed", at=AT, sale=a_sale(**changes))


def refund(net: int, at: datetime = NOW) -> Fact:
    return Fact(kind="refund", at=at, refund=Refund(id=f"{at:%d}", items=net))


def a_touch(at: datetime = AT - timedelta(days=1)) -> Touch:
    return Touch(
        id="c1",
        at=at,
        link="abc",
        influencer="ana",
        name="Ana",
        network="whatsapp",
        evidence="trail",
        verdict="human",
        reason="",
        verdict_version=1,
    )


def credits_of(
    *facts: Fact,
    order: str = "1001",
    resolved: OrderTouches | None = None,
    rule: CreditRule | None = None,
) -> Item:
    """An order's credits as they are stored."""
    folded = fold_facts(facts)
    assert folded
    ref = OrderRef(merchant="m_1", platform="shopify", id=order)
    found = compute_credits(ref, folded, resolved or NO_TOUCHES, rule or rule_of(MERCHANT))
    return {**dump(found), "net": found.net, "counts": found.counts}


def outcome(*facts: Fact, **more: Any) -> OrderCredits:
    return load(OrderCredits, credits_of(*facts, **more))


def other(order: str) -> OrderHead:
    return load(OrderHead, credits_of(placed(name=f"#{order}"), order=order))


def a_standing(*facts: Fact) -> StoredOrder:
    return StoredOrder(facts=facts, credits=outcome(*facts))


def an_export(*rows: dict[str, Any], header: list[str] = written.SHOPIFY) -> Export:
    export = read_export.read(written.text(header, *rows), "auto", MERCHANT)
    assert export.bad == ()
    return export


def compared(
    export: Export, *standings: StoredOrder, others: tuple[OrderHead, ...] = ()
) -> Reconciliation:
    named = {e.id: s for e, s in zip(export.orders, standings, strict=True)}
    return compare.compare(export, named, others, NOW)


def finding(
    row: dict[str, Any], standing: StoredOrder, header: list[str] = written.SHOPIFY
) -> Finding:
    (found,) = compared(an_export(row, header=header), standing).findings
    return found


def fields(row: dict[str, Any], *facts: Fact, header: list[str] = written.SHOPIFY) -> list[str]:
    return [each.field for each in finding(row, a_standing(*facts), header).differences]


# ── what differs ─────────────────────────────────────────────────────────────────────────────────
def test_what_agrees_differs_in_nothing() -> None:
    assert fields(written.shopify(), placed()) == []


@pytest.mark.parametrize(
    ("row", "facts", "expected"),
    [
        (written.shopify(price="50.01"), [placed()], ["subtotal", "total"]),
        (written.shopify(), [placed(total=5_500)], ["total"]),
        (written.shopify(Currency="EUR", price="1.00"), [placed()], ["currency"]),
        (written.shopify(Cancelled_at="2026-11-03 08:00:00 +0000"), [placed()], ["state"]),
        (written.shopify(), [placed(), Fact(kind="cancelled", at=NOW)], ["state"]),
        (written.shopify(Payment_Method="bogus"), [placed()], ["test"]),
        (written.shopify(Payment_Method="bogus"), [placed(test=True)], []),
        (written.shopify(), [placed(test=True)], []),
        (written.shopify(Refunded_Amount="10.00"), [placed()], ["refunded"]),
        (written.shopify(), [placed(), refund(1_000)], ["refunded"]),
        (written.shopify(Refunded_Amount="10.00"), [placed(), refund(1_000)], []),
        (written.shopify(Refunded_Amount="10.00"), [placed(), refund(999)], ["refunded"]),
    ],
)
def test_what_differs_is_named(row: dict, facts: list[Fact], expected: list[str]) -> None:
    assert fields(row, *facts) == expected


def test_a_refund_with_tax_and_shipping_need_not_take_as_much_from_net() -> None:
    row = written.shopify(Shipping="5.00", Taxes="4.40", Total="59.40")
    sold = placed(total=5_940, shipping=500, tax=440)
    for returned, agrees in (("10.88", True), ("10.00", True), ("19.40", True), ("19.41", False)):
        told = fields({**row, "Refunded Amount": returned}, sold, refund(1_000))
        assert (told == []) is agrees, returned
    assert fields({**row, "Refunded Amount": "9.99"}, sold, refund(1_000)) == ["refunded"]


def test_prices_with_tax_are_compared_with_tax() -> None:
    row = written.shopify(
        price="119.00", Taxes="19.95", Shipping="5.95", Total="124.95", Tax_1_Name="VAT 19%"
    )
    sold = {"total": 12_495, "shipping": 595, "tax": 1_995, "tax_included": True}
    assert fields(row, placed(net=10_000, **sold)) == []
    assert fields(row, placed(net=9_999, **sold)) == []
    tip = {**row, "Total": "126.95"}
    assert fields(tip, placed(net=10_000, **sold | {"total": 12_695})) == []


def test_woocommerces_rounding_is_no_difference() -> None:
    assert fields(written.plugin(price="50.01"), placed(), header=written.PLUGIN) == []
    told = fields(written.plugin(price="50.02"), placed(), header=written.PLUGIN)
    assert told == ["subtotal", "total"]
    with_tax = placed(net=5_000, total=5_000, tax=800, tax_included=True)
    assert fields(written.plugin(), with_tax, header=written.PLUGIN) == []


def test_an_order_that_nobody_paid_is_passed_over_unless_it_counts_here() -> None:
    export = an_export(written.plugin(status="failed"), header=written.PLUGIN)
    found = compared(export, StoredOrder())
    assert (found.findings, len(found.passed_over)) == ((), 1)
    found = compared(export, a_standing(placed()))
    assert [d.field for d in found.findings[0].differences] == ["state"]


# ── what is here and not in the export ───────────────────────────────────────────────────────────
def test_what_the_export_does_not_have_is_named_but_for_rows_that_could_not_be_read() -> None:
    body = written.text(written.SHOPIFY, written.shopify(), written.shopify(1002, Total="?"))
    export = read_export.read(body, "auto", MERCHANT)
    others = (other("1001"), other("1002"), other("1003"))
    found = compared(export, a_standing(placed()), others=others)
    assert [each.order for each in found.others] == ["1003"]


# ── why there is no credit ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("sale", "resolved", "code"),
    [
        ({}, NO_TOUCHES, "script_absent"),
        ({"trail": "none"}, NO_TOUCHES, "no_share_click"),
        ({"trail": "denied"}, NO_TOUCHES, "consent_denied"),
        ({"trail": "hello"}, NO_TOUCHES, "trail_unreadable"),
        ({"origin": "hand"}, NO_TOUCHES, "made_by_hand"),
        ({"origin": "hand", "trail": "none"}, NO_TOUCHES, "no_share_click"),
        ({"origin": "renewal"}, NO_TOUCHES, "renewal_unshared"),
        ({"trail": "none", "test": True}, NO_TOUCHES, "test_order"),
        ({"trail": "0" * 26}, OrderTouches(touches=(), waiting=("0" * 26,)), "click_waiting"),
        ({"trail": "0" * 26}, NO_TOUCHES, "link_gone"),
        ({"trail": "0" * 26}, OrderTouches(touches=(a_touch(),)), None),
    ],
)
def test_the_reason_is_what_the_order_carries(
    sale: dict, resolved: OrderTouches, code: str
) -> None:
    found = why_uncredited.of(outcome(placed(**sale), resolved=resolved), NOW)
    assert (found.code if found else None) == code
    assert found is None or found.sentence.endswith(".")


def test_a_test_order_is_one_whatever_its_clicks() -> None:
    late = OrderTouches(touches=(a_touch(AT + timedelta(days=1)),))
    told = why_uncredited.of(outcome(placed(test=True), resolved=late), NOW)
    assert told
    assert (told.code, told.sentence[:12]) == ("test_order", "A test order")


def test_a_click_that_did_not_come_within_two_weeks_is_unknown() -> None:
    waiting = OrderTouches(touches=(), waiting=("0" * 26,))
    found = outcome(placed(trail="0" * 26), resolved=waiting)
    late = why_uncredited.of(found, AT + timedelta(days=15))
    assert late
    assert late.code == "click_unknown"


@pytest.mark.parametrize(
    ("days", "code"),
    [(-31, "outside_window"), (1, "click_after_order")],
)
def test_a_click_outside_the_window_is_named(days: int, code: str) -> None:
    touch = a_touch(AT + timedelta(days=days))
    found = outcome(placed(trail="0" * 26), resolved=OrderTouches(touches=(touch,)))
    told = why_uncredited.of(found, NOW)
    assert told
    assert told.code == code
    assert told.sentence.startswith("Ana's click")


def test_a_renewal_that_the_rule_leaves_out_says_so() -> None:
    facts = [placed(trail="0" * 26, origin="renewal")]
    rule = rule_of(replace(MERCHANT, renewals="renewals_ignored"))
    resolved = OrderTouches(touches=(a_touch(),))
    told = why_uncredited.of(outcome(*facts, resolved=resolved, rule=rule), NOW)
    assert told
    assert told.code == "renewal_ignored"


def test_every_code_has_a_sentence_of_many() -> None:
    by_state, by_why = why_uncredited._CODE_OF_STATE, why_uncredited._CODE_OF_EXCLUSION
    assert {*by_state.values(), *by_why.values()} < why_uncredited.CODES.keys()
    assert {*by_state, "ids"} == {*get_args(TrailState)}
    for code in why_uncredited.CODES:
        assert why_uncredited.of_many(code, 3, 4).startswith("3 of 4 orders ")
    told = why_uncredited.of_many("script_absent", 312, 400)
    assert told.startswith("312 of 400 orders say nothing of shares: sharetrail.js did not run")


def test_the_answer_ranks_reasons_and_adds_no_currencies() -> None:
    rows = [written.shopify(n) for n in (1001, 1002, 1003)]
    rows.append(written.shopify(1004, price="9.00", Currency="EUR"))
    rows.append(written.shopify(1005, Cancelled_at="2026-11-03 08:00:00 +0000"))
    export = an_export(*rows)
    none = a_standing(placed(trail="none"))
    gone = a_standing(placed(), Fact(kind="cancelled", at=NOW))
    found = compared(export, none, none, StoredOrder(), StoredOrder(), gone)
    told = findings.as_json(export, found, {}, {})
    eur = {"amount": "9.00", "currency": "EUR"}
    assert [(r["code"], r["orders"], r["revenue_by_currency"]) for r in told["reasons"]] == [
        ("no_share_click", 2, [usd("100.00")]),
        ("webhook_missing", 2, [eur, usd("50.00")]),
    ]
    assert told["currencies"] == {
        "EUR": {
            "export": {"orders": 1, "summed": "subtotal", "sum": eur},
            "missing": {"orders": 1, "summed": "subtotal", "sum": eur},
        },
        "USD": {
            "export": {"orders": 3, "summed": "subtotal", "sum": usd("150.00")},
            "missing": {"orders": 1, "summed": "subtotal", "sum": usd("50.00")},
            "here": {"orders": 2, "summed": "net_before_refunds", "sum": usd("100.00")},
            "here_after_refunds": {"orders": 2, "summed": "net", "sum": usd("100.00")},
        },
    }
    assert told["order_counts"]["uncredited"] == 4
    assert [each["id"] for each in told["missing"]] == ["1003", "1004"]


# ── loading ──────────────────────────────────────────────────────────────────────────────────────
def exported(**columns: Any) -> ExportedOrder:
    return an_export(written.shopify(**columns)).orders[0]


def net(*facts: Fact) -> int:
    order = fold_facts(facts)
    assert order
    return order.net


def test_a_loaded_order_is_placed_last_so_that_a_crash_leaves_it_missing() -> None:
    order = exported(Refunded_Amount="10.00", Cancelled_at="2026-11-03 08:00:00 +0000")
    kinds = [fact.kind for fact in order.facts(NOW)]
    assert kinds == ["refund", "cancelled", "placed"]


def test_the_webhooks_that_come_later_move_no_money() -> None:
    loaded = exported().facts(NOW)
    (sale,) = loaded
    assert sale.sk == placed().sk
    paid = Fact(kind="paid", at=AT, sale=a_sale())
    assert net(*loaded) == net(*loaded, paid) == net(placed(), paid) == 5_000


def test_an_update_or_a_snapshot_takes_a_loaded_orders_place() -> None:
    loaded = exported().facts(NOW)
    updated = Fact(kind="updated", at=AT + timedelta(hours=1), sale=a_sale(net=4_000))
    assert net(*loaded, updated) == 4_000
    snapshot = Snapshot(state="placed", refunds=(Refund(id="9", amount=1_000),))
    stands = Fact(kind="snapshot", at=NOW, sale=a_sale(), snapshot=snapshot)
    refunded = exported(Refunded_Amount="10.00").facts(NOW)
    assert net(*refunded, stands) == 4_000


def test_a_refund_of_the_exports_sum_told_later_takes_nothing_more() -> None:
    loaded = exported(Refunded_Amount="10.00").facts(NOW)
    before = refund(1_000, at=NOW - timedelta(days=1))
    assert net(*loaded) == net(*loaded, before) == 4_000
    part = refund(400, at=NOW - timedelta(days=1))
    assert net(*loaded, part) == 4_000
    after = refund(500, at=NOW + timedelta(days=1))
    assert net(*loaded, after) == net(*loaded, before, after) == 3_500


def test_a_newer_sum_replaces_an_older_one() -> None:
    first = exported(Refunded_Amount="10.00").facts(NOW)
    again = exported(Refunded_Amount="15.00").facts(NOW + timedelta(days=1))
    assert net(*first, *again) == net(*again, *first) == 3_500


def test_what_would_be_a_guess_is_not_loaded_and_says_why() -> None:
    tip = finding(written.shopify(Taxes="5.00", Total="56.00"), StoredOrder())
    assert tip.hindrance == "What the items cost without tax does not follow from the export."
    assert tip.net is None
    few = finding(written.analytics(), StoredOrder(), written.ANALYTICS)
    assert few.hindrance
    assert few.net == 5_000
    future = finding(written.shopify(Created_at="2027-11-02 10:00:00 -0500"), StoredOrder())
    assert future.hindrance == "It would be placed in the future."
    pending = Fact(kind="snapshot", at=AT, sale=a_sale(), snapshot=Snapshot(state="pending"))
    unpaid = finding(written.plugin(), StoredOrder(facts=(pending,)), written.PLUGIN)
    assert unpaid.hindrance
    assert finding(written.shopify(), StoredOrder(facts=(refund(100),))).hindrance is None


def test_a_loaded_woocommerce_order_finds_the_click_of_its_landing() -> None:
    entry = "https://shop.example/?st=" + "0" * 26 + "&utm_medium=share&utm_content=abcdefghjk"
    row = written.plugin(**{"meta:_wc_order_attribution_session_entry": entry})
    (order,) = an_export(row, header=written.PLUGIN).orders
    (told,) = order.facts(NOW)
    assert told.sale
    assert told.sale.landing_click == "0" * 26
    assert told.sale.landing_code == "abcdefghjk"
