"""A repair: the facts that bring an order here to what the shop's export says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import (
    Chargeback,
    Fact,
    LineItem,
    Refund,
    ReturnedLines,
    Sale,
    Snapshot,
)
from sharetrail.reconciliation import read_export
from sharetrail.reconciliation.difference import differences
from sharetrail.reconciliation.export_row import ExportedOrder
from sharetrail.reconciliation.repair import Repair, plan

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)
NOW = AT + timedelta(days=30, seconds=0.4)
LATER = NOW + timedelta(hours=1)
FORMATS = {each.name: each for each in read_export.FORMATS}
SHOPIFY, PLUGIN, ANALYTICS = (
    FORMATS[name] for name in ("shopify", "woocommerce-orders", "woocommerce-analytics")
)


def a_sale(net: int = 5_000, total: int | None = None, **more: Any) -> Sale:
    total = net if total is None else total
    return Sale(
        **{"name": "#1", "currency": "USD", "lines": (), "net": net, "total": total, **more}
    )


def placed(**sale: Any) -> Fact:
    return Fact(kind="placed", at=AT, sale=a_sale(**sale))


def a_snapshot(
    minutes: int, state: Any = "placed", refunds: tuple[Refund, ...] = (), **more: Any
) -> Fact:
    is_refunded = more.pop("is_refunded", False)
    told = Snapshot(state=state, refunds=refunds, is_refunded=is_refunded)
    at = AT + timedelta(minutes=minutes)
    return Fact(kind="snapshot", at=at, digest=f"{minutes}", sale=a_sale(**more), snapshot=told)


def turned(kind: Any, minutes: int) -> Fact:
    return Fact(kind=kind, at=AT + timedelta(minutes=minutes))


def refund(refund_id: str, minutes: int = 9, **told: Any) -> Fact:
    at = AT + timedelta(minutes=minutes)
    return Fact(kind="refund", at=at, refund=Refund(id=refund_id, **told))


def exported(net: int = 5_000, total: int | None = None, **more: Any) -> ExportedOrder:
    sale = a_sale(net, total, **more.pop("sale", {}))
    told = {"row": 2, "id": "1", "placed_at": AT, "sale": sale, "subtotal": net, "refunded": 0}
    return ExportedOrder(**told | more)


def fold(facts: list[Fact]) -> Order:
    order = fold_facts(facts)
    assert order
    return order


def left(format_: read_export.Format, told: ExportedOrder, facts: list[Fact]) -> list[str]:
    return [each.field for each in differences(told, fold(facts), format_.slack)]


def repaired(
    told: ExportedOrder, *facts: Fact, format_: read_export.Format = SHOPIFY, now: datetime = NOW
) -> list[Fact]:
    """The order's facts after its repair, which left no difference."""
    added = plan(format_, told, facts, now).facts
    assert left(format_, told, [*facts, *added]) == []
    return [*facts, *added]


def kinds(repair: Repair) -> list[str]:
    return [fact.kind for fact in repair.facts]


# ── what it adds ─────────────────────────────────────────────────────────────────────────────────
def test_an_order_cancelled_in_the_shop_is_cancelled_at_the_shops_own_time() -> None:
    gone = exported(state="cancelled", cancelled_at=AT + timedelta(hours=1))
    *_, fact = facts = repaired(gone, placed())
    assert (fact.kind, fact.at, fact.received) == ("cancelled", gone.cancelled_at, NOW)
    assert fold(facts).net == 0


def test_a_cancellation_before_the_newest_state_is_told_as_of_now() -> None:
    gone = exported(state="cancelled", cancelled_at=AT + timedelta(minutes=1))
    *_, fact = repaired(gone, a_snapshot(0), a_snapshot(5), format_=PLUGIN)
    assert fact.at == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    "facts",
    [
        [placed(), turned("cancelled", 5)],
        [placed(), turned("deleted", 5), turned("cancelled", 6)],
        [a_snapshot(0), turned("deleted", 5)],
        [a_snapshot(0), a_snapshot(5, "cancelled")],
        [a_snapshot(0), a_snapshot(5, "pending"), turned("deleted", 7)],
    ],
)
def test_an_order_that_the_shop_has_counts_again(facts: list[Fact]) -> None:
    assert fold(facts).net == 0
    after = repaired(exported(), *facts, format_=PLUGIN)
    assert after[len(facts) :][0].kind == "restored"
    assert fold(after).net == 5_000


def test_more_refunded_and_less_are_both_settled() -> None:
    facts = [placed(), refund("a", items=2_000)]
    assert fold(repaired(exported(refunded=3_000), *facts)).net == 2_000
    assert fold(repaired(exported(refunded=500), *facts)).net == 4_500
    assert fold(repaired(exported(), *facts)).net == 5_000


def test_a_refund_that_was_deleted_in_the_shop_is_taken_back() -> None:
    facts = [a_snapshot(0), a_snapshot(5, refunds=(Refund(id="a", amount=2_000),))]
    assert fold(repaired(exported(), *facts, format_=PLUGIN)).net == 5_000


def test_analytics_says_that_more_was_refunded_and_never_that_less_was() -> None:
    told = exported(untold=("total",), refunded=1_000, refunded_net=True, more_refunds=True)
    assert left(ANALYTICS, told, [placed(), refund("a", items=3_000)]) == []
    facts = repaired(told, placed(), format_=ANALYTICS)
    assert fold(facts).net == 4_000
    assert fold([*facts, refund("a", items=3_000)]).net == 2_000


def test_a_status_that_said_refunded_counts_no_more() -> None:
    facts = [a_snapshot(0), a_snapshot(5, is_refunded=True)]
    assert fold(repaired(exported(), *facts, format_=PLUGIN)).net == 5_000
    few = exported(untold=("total",), refunded=1_000, refunded_net=True)
    assert fold(repaired(few, *facts, format_=ANALYTICS)).net == 4_000
    after = repaired(exported(refunded=5_000, refunded_net=True), a_snapshot(0), format_=PLUGIN)
    assert fold(after).net == 0


def test_amounts_are_the_exports_and_all_else_is_kept() -> None:
    mug = LineItem(product="7", title="Mug", quantity=1, net=4_000)
    before = placed(net=4_000, trail="none", codes=("ANA",), lines=(mug,), customer="c", email="e")
    after = fold(repaired(exported(total=5_500), before))
    assert (after.net, after.sale.total, after.placed_at) == (5_000, 5_500, AT)
    assert (after.sale.trail, after.sale.codes, after.buyer) == ("none", ("ANA",), ("c", "e"))
    assert [(line.product, line.net) for line in after.sale.lines] == [("7", 5_000)]


def test_lines_are_the_exports_where_other_things_were_sold() -> None:
    mug, sku = (LineItem(product=p, title="Mug", quantity=1, net=5_000) for p in ("7", "MUG"))
    told = exported(total=5_500, sale={"lines": (sku,)})
    assert fold(repaired(told, placed(lines=(mug,)))).sale.lines == (mug,)
    assert fold(repaired(told, placed(net=4_000, lines=(mug,)))).sale.lines == (sku,)


def test_no_more_is_added_than_needed() -> None:
    assert kinds(plan(SHOPIFY, exported(refunded=500), [placed()], NOW)) == ["refund"]
    assert kinds(plan(SHOPIFY, exported(total=5_500), [placed()], NOW)) == ["updated"]
    told = exported(total=5_500, refunded=1_000, state="cancelled")
    assert kinds(plan(SHOPIFY, told, [placed()], NOW)) == ["updated", "refund", "cancelled"]


def test_an_order_that_cost_less_than_its_items_is_refunded_by_its_part() -> None:
    told = exported(5_000, 2_500, refunded=1_000)
    assert fold(repaired(told, placed(total=2_500))).net == 3_000


def test_a_fact_that_stands_already_under_its_key_is_not_promised() -> None:
    sum_ = Refund(id="export", amount=900, sum=True, telling=f"{NOW:%Y%m%dT%H%M%S}")
    stored = Fact(kind="refund", at=NOW - timedelta(seconds=1), refund=sum_)
    assert plan(SHOPIFY, exported(refunded=500), [placed(), stored], NOW).facts == ()


def test_a_test_order_is_marked_as_one() -> None:
    after = fold(repaired(exported(sale={"test": True}), placed()))
    assert (after.net, after.counts) == (0, False)


def test_an_update_that_lets_a_refund_take_more_is_settled_with_it() -> None:
    facts = [placed(net=500), refund("a", items=1_000)]
    told = exported(net=1_000, refunded=500)
    assert kinds(plan(SHOPIFY, told, facts, NOW)) == ["updated", "refund"]
    assert fold(repaired(told, *facts)).net == 500


def test_an_order_told_after_its_refunds_is_compared_by_what_is_left() -> None:
    update = Fact(
        kind="updated", at=NOW - timedelta(days=1), sale=a_sale(3_000, after_refunds=True)
    )
    facts = [placed(), refund("a", items=2_000), update]
    assert left(SHOPIFY, exported(refunded=2_000), facts) == []
    assert left(SHOPIFY, exported(refunded=1_500), facts) == ["refunded"]
    assert fold(repaired(exported(refunded=1_500), *facts)).net == 3_500
    assert fold(repaired(exported(refunded=2_500), *facts)).net == 2_500


# ── what comes later ─────────────────────────────────────────────────────────────────────────────
def test_a_newer_state_takes_a_repairs_place() -> None:
    sold = repaired(exported(refunded=1_000), a_snapshot(0, "placed", net=4_000), format_=PLUGIN)
    assert fold(sold).net == 4_000
    newer = int((LATER - AT).total_seconds() // 60)
    assert fold([*sold, a_snapshot(newer, net=6_000)]).net == 6_000
    gone = repaired(exported(state="cancelled"), a_snapshot(0), format_=PLUGIN)
    assert fold([*gone, a_snapshot(newer)]).cancelled_at is None
    back = repaired(exported(), a_snapshot(0), a_snapshot(5, "cancelled"), format_=PLUGIN)
    assert fold([*back, a_snapshot(newer, "cancelled")]).cancelled_at
    assert fold([*back, turned("deleted", newer)]).cancelled_at


def test_what_reaches_us_later_of_a_repairs_own_second_is_newer() -> None:
    facts = repaired(exported(net=6_000), placed())
    second = NOW.replace(microsecond=0)
    told = {"at": second, "received": NOW + timedelta(seconds=1), "digest": "0", "sale": a_sale(70)}
    assert fold([*facts, Fact(kind="updated", **told)]).net == 70


def test_a_refund_made_after_a_settlement_counts_on_top() -> None:
    facts = repaired(exported(refunded=500), placed(), refund("a", items=2_000))
    later = Fact(kind="refund", at=LATER, refund=Refund(id="b", items=700))
    early = refund("c", items=100)
    assert fold([*facts, later]).net == 3_800
    assert fold([*facts, early]).net == 4_500


# ── what it cannot ───────────────────────────────────────────────────────────────────────────────
def why(repair: Repair) -> dict[str, str]:
    return {each.field: each.why for each in repair.hindrances}


def test_another_currency_is_never_repaired_and_the_state_beside_it_is() -> None:
    told = exported(state="cancelled", sale={"currency": "EUR", "test": True})
    repair = plan(SHOPIFY, told, [placed()], NOW)
    assert kinds(repair) == ["cancelled"]
    assert why(repair).keys() == {"currency", "test"}
    assert why(repair)["currency"].startswith("It is in USD here and in EUR in the export")


def test_amounts_that_the_export_leaves_open_stay() -> None:
    few = exported(net=6_000, untold=("total",), refunded=1_000, refunded_net=True)
    repair = plan(ANALYTICS, few, [placed()], NOW)
    assert kinds(repair) == ["refund"]
    assert "names no total" in why(repair)["subtotal"]
    tip = exported(net=6_000, untold=("net",))
    assert "without tax" in why(plan(SHOPIFY, tip, [placed()], NOW))["subtotal"]


def test_what_the_shop_dates_later_than_now_is_left_alone() -> None:
    ahead = Fact(kind="updated", at=LATER, sale=a_sale(9_000))
    repair = plan(SHOPIFY, exported(), [placed(), ahead], NOW)
    assert repair.facts == ()
    assert "later time" in why(repair)["subtotal"]


# ── whatever there is ────────────────────────────────────────────────────────────────────────────
AMOUNTS = st.integers(0, 9_000)
MINUTES = st.integers(0, 20)
SALES = st.builds(
    lambda net, beside, tax, **more: a_sale(net, max(0, net + beside), tax=tax, **more),
    AMOUNTS,
    st.integers(-1_000, 2_000),
    st.integers(0, 500),
    currency=st.sampled_from(["USD"] * 9 + ["EUR"]),
    tax_included=st.booleans(),
    after_refunds=st.booleans(),
    test=st.booleans(),
)
REFUNDS = st.one_of(
    st.builds(Refund, id=st.sampled_from("abc"), items=AMOUNTS),
    st.builds(Refund, id=st.sampled_from("abc"), amount=AMOUNTS),
    st.builds(
        lambda refund_id, cents: Refund(
            id=refund_id, returned=ReturnedLines(lines=f"{cents}.00", money=f"{cents}.00")
        ),
        st.sampled_from("xyz"),
        st.integers(0, 60),
    ),
    st.builds(
        Refund, id=st.just("export"), amount=AMOUNTS, sum=st.just(True), telling=st.just("1")
    ),
)
SNAPSHOTS = st.builds(
    lambda state, refunds, is_refunded: Snapshot(
        state=state, refunds=tuple(refunds), is_refunded=is_refunded
    ),
    st.sampled_from(["pending", "placed", "cancelled"]),
    st.lists(st.builds(Refund, id=st.sampled_from("st"), amount=AMOUNTS), max_size=2),
    st.booleans(),
)


def a_fact(kind: Any, minutes: int, **more: Any) -> Fact:
    return Fact(kind=kind, at=AT + timedelta(minutes=minutes), **more)


FACTS = st.lists(
    st.one_of(
        st.builds(a_fact, st.sampled_from(["placed", "paid", "updated"]), MINUTES, sale=SALES),
        st.builds(
            a_fact,
            st.sampled_from(["snapshot", "restored"]),
            MINUTES,
            sale=SALES,
            snapshot=SNAPSHOTS,
            digest=st.sampled_from("ab"),
        ),
        st.builds(a_fact, st.just("refund"), MINUTES, refund=REFUNDS),
        st.builds(a_fact, st.sampled_from(["cancelled", "deleted", "restored"]), MINUTES),
        st.builds(
            lambda minutes, amount, state: a_fact(
                "chargeback", minutes, chargeback=Chargeback(id="d", amount=amount, state=state)
            ),
            MINUTES,
            AMOUNTS,
            st.sampled_from(["open", "won", "lost"]),
        ),
    ),
    max_size=8,
    unique_by=lambda fact: fact.sk,
)
EXPORTED = st.builds(
    lambda net, beside, currency, test, **more: exported(
        net, max(0, net + beside), sale={"currency": currency, "test": test}, **more
    ),
    AMOUNTS,
    st.integers(-500, 2_000),
    st.sampled_from(["USD"] * 9 + ["EUR"]),
    st.booleans(),
    state=st.sampled_from(["sold", "cancelled", "unsold"]),
    refunded=st.none() | AMOUNTS,
    cancelled_at=st.none() | st.just(AT + timedelta(minutes=4)),
).filter(lambda told: told.sale.total or not told.refunded)
"""Of what cost nothing, no money can go back: such an export contradicts itself."""


@settings(max_examples=300, deadline=None)
@given(FACTS, EXPORTED)
def test_after_a_repair_nothing_differs_but_the_currency(
    facts: list[Fact], told: ExportedOrder
) -> None:
    if fold_facts(facts) is None:
        return
    repair = plan(SHOPIFY, told, facts, NOW)
    after = [*facts, *repair.facts]
    is_foreign = fold(facts).currency != told.sale.currency
    expected = {"currency", "test"} if is_foreign else set()
    assert set(left(SHOPIFY, told, after)) <= expected
    assert {each.field for each in repair.hindrances} == set(left(SHOPIFY, told, after))
    assert all(fact.received == NOW and fact.at <= NOW for fact in repair.facts)
    assert len({fact.sk for fact in after}) == len(after)
    for again in (NOW, LATER):
        assert plan(SHOPIFY, told, after, again).facts == ()
