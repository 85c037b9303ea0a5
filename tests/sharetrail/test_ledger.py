"""An order's state is a fold: the same whatever came when, and however often."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.ledger import fold
from sharetrail.orders import Fact, LineItem, Refund, Sale

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_sale(net: int = 10_000, **changes: object) -> Sale:
    lines = (LineItem(product="mug", title="Mug", quantity=1, net=net),)
    return Sale(
        **{"name": "#1", "currency": "USD", "lines": lines, "net": net, "total": net} | changes
    )


def placed(net: int = 10_000, **changes: object) -> Fact:
    return Fact(kind="placed", at=AT, sale=a_sale(net, **changes))


def refund(refund_id: str, **parts: int) -> Fact:
    at = AT + timedelta(days=int(refund_id))
    return Fact(kind="refund", at=at, refund=Refund(id=refund_id, **parts))


def test_an_order_is_unknown_until_something_says_what_was_bought() -> None:
    assert fold([]) is None
    assert fold([refund("1", items=500)]) is None


def test_paid_says_the_same_as_placed_and_moves_no_money() -> None:
    paid = Fact(kind="paid", at=AT + timedelta(hours=1), sale=a_sale())
    order = fold([placed(), paid])
    assert order
    assert (order.net, order.facts, order.placed_at) == (10_000, 2, AT)


def test_the_newest_update_replaces_what_was_placed() -> None:
    updates = [
        Fact(kind="updated", at=AT + timedelta(hours=n), sale=a_sale(10_000 - n)) for n in (1, 2)
    ]
    order = fold([updates[1], placed(), updates[0]])
    assert order
    assert order.net == 9_998


def test_a_refund_of_items_takes_them_from_net() -> None:
    order = fold([placed(), refund("1", items=2_500), refund("2", items=100)])
    assert order
    assert (order.net, order.refunded) == (7_400, 2_600)


def test_a_refund_that_names_only_an_amount_counts_pro_rata_of_what_was_paid() -> None:
    order = fold([placed(10_000, total=12_500), refund("1", amount=6_250)])
    assert order
    assert order.net == 5_000


def test_where_prices_carry_tax_a_refunds_tax_is_taken_out() -> None:
    with_tax = fold(
        [placed(10_000, total=11_900, tax_included=True), refund("1", items=1_190, tax=190)]
    )
    without = fold([placed(10_000, total=11_900), refund("1", items=1_000, tax=190)])
    assert with_tax
    assert without
    assert with_tax.net == without.net == 9_000


def test_nothing_falls_below_zero() -> None:
    order = fold([placed(1_000), refund("1", items=800), refund("2", items=800)])
    assert order
    assert (order.net, order.refunded) == (0, 1_000)


def test_a_cancelled_order_is_worth_nothing_whatever_was_refunded() -> None:
    cancelled = Fact(kind="cancelled", at=AT + timedelta(days=2))
    order = fold([placed(), refund("1", items=500), cancelled])
    assert order
    assert (order.net, order.cancelled_at) == (0, cancelled.at)


facts = st.lists(
    st.one_of(
        st.builds(placed, st.integers(0, 10**9)),
        st.builds(
            lambda n, amount: refund(str(n), items=amount), st.integers(1, 9), st.integers(0, 10**9)
        ),
        st.builds(
            lambda n, amount: refund(str(n), amount=amount),
            st.integers(1, 9),
            st.integers(0, 10**9),
        ),
        st.just(Fact(kind="cancelled", at=AT + timedelta(days=3))),
    ),
    max_size=8,
    unique_by=lambda fact: fact.sk,
)


@given(facts, st.randoms())
def test_the_order_of_arrival_does_not_matter(known: list[Fact], random: object) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(known) == fold(shuffled)


@given(facts)
def test_net_stays_between_zero_and_what_was_sold(known: list[Fact]) -> None:
    order = fold(known)
    if order:
        assert 0 <= order.net <= order.sale.net
        assert order.refunded <= order.sale.net
