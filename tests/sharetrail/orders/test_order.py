"""An order's state is a fold: the same whatever came when, and however often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.clicks.click import mint_click_id
from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import Chargeback, Fact, LineItem, Refund, Sale, Snapshot

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
    assert fold_facts([]) is None
    assert fold_facts([refund("1", items=500)]) is None


def test_paid_says_the_same_as_placed_and_moves_no_money() -> None:
    paid = Fact(kind="paid", at=AT + timedelta(hours=1), sale=a_sale())
    order = fold_facts([placed(), paid])
    assert order
    assert (order.net, order.fact_count, order.placed_at) == (10_000, 2, AT)


def test_what_was_placed_counts_and_not_what_was_paid_be_it_told_before_or_after() -> None:
    for hours in (-1, 1):
        paid = Fact(kind="paid", at=AT + timedelta(hours=hours), sale=a_sale(9_000))
        order = fold_facts([placed(), paid])
        assert order
        assert order.net == 10_000


def test_an_order_that_was_only_told_as_paid_is_what_was_paid() -> None:
    order = fold_facts([Fact(kind="paid", at=AT, sale=a_sale(9_000))])
    assert order
    assert (order.net, order.placed_at) == (9_000, AT)


def test_an_order_has_the_lines_of_its_sale() -> None:
    order = fold_facts([placed()])
    assert order
    assert order.sale.lines == a_sale().lines


def test_the_newest_update_replaces_what_was_placed() -> None:
    updates = [
        Fact(kind="updated", at=AT + timedelta(hours=n), sale=a_sale(10_000 - n)) for n in (1, 2)
    ]
    order = fold_facts([updates[1], placed(), updates[0]])
    assert order
    assert order.net == 9_998


def test_a_refund_of_items_takes_them_from_net() -> None:
    order = fold_facts([placed(), refund("1", items=2_500), refund("2", items=100)])
    assert order
    assert (order.net, order.refunded) == (7_400, 2_600)


def test_a_refund_that_names_only_an_amount_counts_pro_rata_of_what_was_paid() -> None:
    order = fold_facts([placed(10_000, total=12_500), refund("1", amount=6_250)])
    assert order
    assert order.net == 5_000


def test_the_smallest_unit_counts_too() -> None:
    for net, refunded in ((10_000, 1), (1, 1)):
        order = fold_facts([placed(net), refund("1", amount=refunded)])
        assert order
        assert (order.net, order.refunded) == (net - refunded, refunded)


@pytest.mark.parametrize(
    ("sale", "parts"),
    [
        ({}, {"items": 0}),
        ({}, {"items": -500}),
        ({"tax_included": True}, {"items": 100, "tax": 190}),
        ({}, {"amount": 0}),
        ({}, {"amount": -500}),
        ({"total": 0}, {"amount": 500}),
        ({}, {}),
    ],
)
def test_a_refund_of_nothing_takes_nothing(sale: dict[str, Any], parts: dict[str, int]) -> None:
    order = fold_facts([placed(**sale), refund("1", **parts)])
    assert order
    assert (order.net, order.refunded) == (10_000, 0)


def test_where_prices_carry_tax_a_refunds_tax_is_taken_out() -> None:
    with_tax = fold_facts(
        [placed(10_000, total=11_900, tax_included=True), refund("1", items=1_190, tax=190)]
    )
    without = fold_facts([placed(10_000, total=11_900), refund("1", items=1_000, tax=190)])
    assert with_tax
    assert without
    assert with_tax.net == without.net == 9_000


def test_nothing_falls_below_zero() -> None:
    order = fold_facts([placed(1_000), refund("1", items=800), refund("2", items=800)])
    assert order
    assert (order.net, order.refunded) == (0, 1_000)


def test_a_cancelled_order_is_worth_nothing_whatever_was_refunded() -> None:
    cancelled = Fact(kind="cancelled", at=AT + timedelta(days=2))
    order = fold_facts([placed(), refund("1", items=500), cancelled])
    assert order
    assert (order.net, order.cancelled_at) == (0, cancelled.at)


def chargeback(state: str, amount: int = 6_250, days: int = 5) -> Fact:
    told = Chargeback(id="d1", amount=amount, state=state)
    return Fact(kind="chargeback", at=AT + timedelta(days=days), chargeback=told)


def test_a_chargeback_takes_its_part_of_net_until_the_shop_wins_it() -> None:
    lost = [placed(10_000, total=12_500), chargeback("open"), chargeback("lost", days=9)]
    for known in (lost[:2], lost):
        order = fold_facts(known)
        assert order
        assert (order.net, order.charged_back) == (5_000, 5_000)
    won = fold_facts([*lost[:2], chargeback("won", days=9)])
    assert won
    assert (won.net, won.charged_back) == (10_000, 0)


def test_a_chargeback_after_a_refund_takes_only_what_is_left() -> None:
    order = fold_facts([placed(10_000), refund("1", items=7_000), chargeback("open", 10_000)])
    assert order
    assert (order.net, order.refunded, order.charged_back) == (0, 7_000, 3_000)


def test_what_is_in_another_currency_is_told_apart_and_never_subtracted() -> None:
    back = Fact(kind="refund", at=AT, refund=Refund(id="r", items=500, currency="EUR"))
    told = Chargeback(id="d", amount=500, currency="EUR", state="open")
    order = fold_facts([placed(), back, Fact(kind="chargeback", at=AT, chargeback=told)])
    assert order
    assert (order.net, order.apart) == (10_000, ("r", "d"))


def test_of_a_refund_that_is_told_again_as_it_grows_the_newest_telling_counts() -> None:
    told = [
        Fact(
            kind="refund",
            at=AT + timedelta(days=n),
            refund=Refund(id="ch_1", amount=1_000 * n, telling=f"{n}"),
        )
        for n in (1, 3)
    ]
    order = fold_facts([placed(), *reversed(told)])
    assert order
    assert order.refunded == 3_000


def test_what_failed_of_a_refund_is_given_back_until_it_is_told_anew() -> None:
    def told(day: int, **parts: object) -> Fact:
        about = Refund(id="ch_1", telling=f"{day}", **parts)  # type: ignore[arg-type]
        return Fact(kind="refund", at=AT + timedelta(days=day), refund=about)

    known = [placed(), told(1, amount=3_000), told(2, failed=1_000)]
    for taken, facts in (
        (2_000, known),
        (0, [*known, told(3, failed=9_000)]),
        (2_500, [*known, told(4, amount=2_500)]),
        (0, [placed(), told(2, failed=1_000)]),
    ):
        order = fold_facts(reversed(facts))
        assert order
        assert order.refunded == taken


def a_sum(day: int, items: int) -> Fact:
    """All that an export knows to be refunded by then."""
    told = Refund(id="export", items=items, sum=True, telling=f"{day}")
    return Fact(kind="refund", at=AT + timedelta(days=day), refund=told)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ([a_sum(2, 3_000)], 3_000),
        ([refund("1", items=1_000), a_sum(2, 3_000)], 3_000),
        ([refund("2", items=1_000), a_sum(2, 3_000)], 3_000),
        ([refund("1", items=700), refund("3", items=500), a_sum(2, 3_000)], 3_500),
        ([refund("1", items=1_000), a_sum(2, 600)], 1_000),
        ([refund("1", items=1_000), a_sum(2, 1_000)], 1_000),
    ],
)
def test_a_sum_of_all_refunds_holds_the_earlier_ones_and_not_the_later(
    told: list[Fact], taken: int
) -> None:
    order = fold_facts([placed(), *told])
    assert order
    assert (order.net, order.refunded) == (10_000 - taken, taken)


def test_of_several_sums_the_newest_counts() -> None:
    order = fold_facts([a_sum(2, 1_000), a_sum(4, 2_500), placed(), a_sum(3, 2_000)])
    assert order
    assert order.refunded == 2_500


def test_a_state_that_is_newer_than_a_sum_knows_every_refund_itself() -> None:
    for seconds, taken in ((0, 3_000), (3 * 86_400, 1_000)):
        order = fold_facts([a_snapshot(seconds, 1_000), a_sum(2, 3_000)])
        assert order
        assert order.refunded == taken


def test_a_sum_that_settles_counts_even_where_less_came_back_than_was_told() -> None:
    settled = Refund(id="export", items=600, sum=True, settles=True, telling="2")
    known = [placed(), refund("1", items=1_000), refund("3", items=200)]
    order = fold_facts([*known, Fact(kind="refund", at=AT + timedelta(days=2), refund=settled)])
    assert order
    assert order.refunded == 800


def test_where_a_snapshot_of_the_same_second_has_the_order_it_is_not_cancelled() -> None:
    order = fold_facts([a_snapshot(60), Fact(kind="cancelled", at=AT + timedelta(seconds=60))])
    assert order
    assert (order.net, order.cancelled_at) == (10_000, None)


def test_a_cancelled_order_that_a_later_snapshot_has_again_is_restored() -> None:
    cancelled = Fact(kind="cancelled", at=AT + timedelta(seconds=60))
    gone = fold_facts([a_snapshot(0), cancelled])
    back = fold_facts([a_snapshot(90), cancelled, a_snapshot(0)])
    assert gone
    assert back
    assert (gone.net, gone.cancelled_at) == (0, cancelled.at)
    assert (back.net, back.cancelled_at) == (10_000, None)


def a_snapshot(
    seconds: int,
    *amounts: int,
    state: str = "placed",
    digest: str = "a",
    net: int = 10_000,
    **changes: object,
) -> Fact:
    refunds = tuple(Refund(id=f"r{n}", amount=amount) for n, amount in enumerate(amounts))
    return Fact(
        kind="snapshot",
        at=AT + timedelta(seconds=seconds),
        sale=a_sale(net, placed_at=AT, **changes),
        digest=digest,
        snapshot=Snapshot(state=state, refunds=refunds),
    )


def test_the_newest_snapshot_says_what_was_sold_and_what_was_refunded() -> None:
    order = fold_facts(
        [a_snapshot(90, 1_000, 500, net=9_000), a_snapshot(60, 1_000), a_snapshot(30)]
    )
    assert order
    assert (order.net, order.refunded, order.placed_at) == (7_500, 1_500, AT)


def test_a_refund_that_the_newest_snapshot_has_no_more_was_taken_back() -> None:
    order = fold_facts([a_snapshot(30, 1_000, 500), a_snapshot(60, 1_000)])
    assert order
    assert order.refunded == 1_000


def test_of_two_states_of_one_second_the_one_that_came_last_counts() -> None:
    before, after = a_snapshot(60, digest="b"), a_snapshot(60, 1_000, digest="a")
    for came_last, taken in ((after, 1_000), (before, 0)):
        facts = [
            replace(each, received=AT + timedelta(minutes=5, seconds=each is came_last))
            for each in (before, after)
        ]
        order = fold_facts(facts)
        assert order
        assert order.refunded == taken


def test_when_a_shop_set_out_to_tell_orders_a_second_and_nothing_else() -> None:
    def update(net: int, seconds: int, came: int, triggered: float | None) -> Fact:
        return Fact(
            kind="updated",
            at=AT + timedelta(seconds=seconds),
            received=AT + timedelta(seconds=came),
            triggered=AT + timedelta(seconds=triggered) if triggered is not None else None,
            digest=str(net),
            sale=a_sale(net),
        )

    for facts, net in (
        ([update(1, 9, 30, 9.1), update(2, 9, 20, 9.2)], 2),
        ([update(1, 9, 30, None), update(2, 9, 20, None)], 1),
        ([update(1, 9, 30, 99), update(2, 10, 20, 1)], 2),
    ):
        order = fold_facts(facts)
        assert order
        assert order.net == net


# ── gone and back ────────────────────────────────────────────────────────────────────────────────
def a_turn(kind: str, came: float, at: float | None = None, **parts: Any) -> Fact:
    """The order went or came back: as we heard of it, and maybe at a time of the shop's own."""
    heard = AT + timedelta(seconds=came)
    own = heard if at is None else AT + timedelta(seconds=at)
    return Fact(kind=kind, at=own, received=heard, **parts)  # type: ignore[arg-type]


def a_restoration(came: float, seconds: int) -> Fact:
    whole = a_snapshot(seconds)
    return replace(whole, kind="restored", received=AT + timedelta(seconds=came))


@pytest.mark.parametrize(
    ("turns", "is_there"),
    [
        ([a_turn("deleted", 10)], False),
        ([a_turn("deleted", 10), a_restoration(12, 5)], True),
        ([a_turn("deleted", 12), a_restoration(10, 5)], False),
        ([a_turn("deleted", 10), a_restoration(10, 9)], True),
        ([a_turn("deleted", 10), a_restoration(12, 5), a_turn("deleted", 14)], False),
        ([a_turn("cancelled", 10, 5), a_turn("restored", 9, 6)], True),
        ([a_turn("cancelled", 10, 7), a_turn("restored", 19, 6)], False),
    ],
)
def test_what_was_heard_last_of_a_deletion_decides_and_else_the_shops_own_times(
    turns: list[Fact], is_there: bool
) -> None:
    order = fold_facts([placed(), *turns])
    assert order
    assert (order.cancelled_at is None) is is_there


def test_a_plain_state_restores_a_deleted_order_only_if_it_is_newer_than_all_known_before() -> None:
    first = replace(a_snapshot(0), received=AT + timedelta(seconds=1))
    gone = a_turn("deleted", 100)
    for seconds, came, is_there in ((0, 200, False), (5, 200, True), (5, 50, False)):
        state = replace(a_snapshot(seconds, net=9_000), received=AT + timedelta(seconds=came))
        order = fold_facts([first, gone, state])
        assert order
        assert (order.cancelled_at is None) is is_there


def test_a_restoration_of_an_older_body_restores_nothing() -> None:
    """Whoever has an old body can send it again under another topic."""
    known = replace(a_snapshot(60), received=AT + timedelta(seconds=61))
    gone = a_turn("deleted", 100)
    for seconds, is_there in ((60, True), (59, False)):
        order = fold_facts([known, gone, a_restoration(200, seconds)])
        assert order
        assert (order.cancelled_at is None) is is_there


@pytest.mark.parametrize(("seconds", "is_there"), [(90, True), (30, False)])
def test_a_word_that_restores_a_cancelled_state_counts_if_it_is_the_newer(
    seconds: int, is_there: bool
) -> None:
    cancelled = a_snapshot(60, state="cancelled")
    for more in ([], [a_turn("deleted", 20)]):
        order = fold_facts([a_snapshot(0), cancelled, a_turn("restored", seconds), *more])
        assert order
        assert (order.cancelled_at is None) is is_there


def test_an_order_that_waited_for_money_was_placed_when_it_came() -> None:
    pending, placed_now = a_snapshot(0, state="pending"), a_snapshot(60)
    for facts, seconds in (
        ([placed_now], 0),
        ([pending, placed_now], 60),
        ([placed_now, a_snapshot(90, state="pending")], 0),
    ):
        order = fold_facts(facts)
        assert order
        assert order.placed_at == AT + timedelta(seconds=seconds)


def test_an_order_names_its_refunds_and_of_a_sum_the_one_that_counts() -> None:
    for facts, ids in (
        ([refund("1", items=500)], ["1"]),
        ([refund("1", items=500), a_sum(2, 900)], ["1", "export"]),
    ):
        order = fold_facts([placed(), *facts])
        assert order
        assert [each.id for each in order.refunds] == ids


# ── paid and fulfilled ───────────────────────────────────────────────────────────────────────────
def test_an_order_is_paid_from_the_first_word_of_it_and_stays_so() -> None:
    at = [AT + timedelta(hours=n) for n in range(4)]
    told = Fact(kind="updated", at=at[3], sale=a_sale(paid_at=at[2]))
    for facts, paid_at in (
        ([placed()], None),
        ([placed(), told], at[2]),
        ([placed(), told, Fact(kind="paid", at=at[1], sale=a_sale())], at[1]),
    ):
        order = fold_facts(facts)
        assert order
        assert order.paid_at == paid_at


def test_an_order_is_fulfilled_as_its_newest_state_says_or_a_fact_of_its_own() -> None:
    when = AT + timedelta(hours=2)
    for facts, fulfilled_at in (
        ([placed()], None),
        ([placed(), Fact(kind="fulfilled", at=when)], when),
        ([placed(), Fact(kind="updated", at=when, sale=a_sale(fulfilled_at=when))], when),
    ):
        order = fold_facts(facts)
        assert order
        assert order.fulfilled_at == fulfilled_at


# ── what an order says ───────────────────────────────────────────────────────────────────────────
ONE, TWO = (mint_click_id(AT, 0, n) for n in (1, 2))


@pytest.mark.parametrize(
    ("said", "trail", "visit"),
    [
        ([(ONE, ONE), (None, None)], ONE, ONE),
        ([(None, None), (ONE, "other")], ONE, "other"),
        ([(ONE, ONE), (TWO, TWO)], f"{ONE},{TWO}", ONE),
        ([(ONE, None), ("none", "other")], ONE, "other"),
        ([("none", None), (ONE, ONE)], "none", ONE),
        ([("denied", None), (ONE, ONE)], "denied", ONE),
        ([("rubbish", "rubbish"), (TWO, TWO)], TWO, TWO),
        ([("rubbish", None), (None, None)], "rubbish", None),
        ([("rubbish", None), ("more of it", None)], "rubbish", None),
    ],
)
def test_what_was_said_first_stays_said_and_ids_unite(
    said: list[tuple[str | None, str | None]], trail: str, visit: str | None
) -> None:
    facts = [
        Fact(
            kind="updated",
            at=AT + timedelta(minutes=n),
            digest=str(n),
            sale=a_sale(trail=words, visit=began),
        )
        for n, (words, began) in enumerate(said)
    ]
    for each in (facts, facts[::-1]):
        order = fold_facts(each)
        assert order
        assert (order.sale.trail, order.sale.visit) == (trail, visit)


def test_codes_are_those_of_the_newest_state_and_the_buyer_is_all_who_were_named() -> None:
    first = placed(codes=("ana10",), email="e1", customer="c1")
    update = Fact(kind="updated", at=AT + timedelta(hours=1), sale=a_sale(email="e2"))
    order = fold_facts([update, first])
    assert order
    assert (order.sale.codes, order.sale.email, order.sale.customer) == ((), "e2", None)
    assert order.buyer == ("c1", "e1", "e2")


def test_an_order_that_nobody_paid_is_none_yet_and_one_that_fails_later_earns_nothing() -> None:
    assert fold_facts([a_snapshot(0, state="pending")]) is None
    for state in ("pending", "cancelled"):
        order = fold_facts([a_snapshot(0), a_snapshot(60, state=state)])
        assert order
        assert (order.net, order.cancelled_at) == (0, AT + timedelta(seconds=60))
    back = fold_facts([a_snapshot(0), a_snapshot(60, state="cancelled"), a_snapshot(90)])
    assert back
    assert (back.net, back.cancelled_at) == (10_000, None)


facts = st.lists(
    st.one_of(
        st.builds(
            chargeback,
            st.sampled_from(["open", "won", "lost"]),
            st.integers(0, 10**9),
            st.integers(1, 9),
        ),
        st.builds(
            lambda seconds, amounts, state, digest: a_snapshot(
                seconds, *amounts, state=state, digest=digest
            ),
            st.integers(0, 3),
            st.lists(st.integers(0, 10_000), max_size=3),
            st.sampled_from(["pending", "placed", "cancelled"]),
            st.sampled_from("ab"),
        ),
        st.builds(placed, st.integers(0, 10**9)),
        st.builds(
            lambda n, amount: refund(str(n), items=amount), st.integers(1, 9), st.integers(0, 10**9)
        ),
        st.builds(
            lambda n, amount: refund(str(n), amount=amount),
            st.integers(1, 9),
            st.integers(0, 10**9),
        ),
        st.builds(
            lambda day, amount: Fact(
                kind="refund",
                at=AT + timedelta(days=day),
                refund=Refund(id="1", failed=amount, telling=f"failed-{day}"),
            ),
            st.integers(1, 9),
            st.integers(1, 10**9),
        ),
        st.just(Fact(kind="cancelled", at=AT + timedelta(days=3))),
        st.builds(a_turn, st.sampled_from(["deleted", "restored", "cancelled"]), st.integers(0, 9)),
        st.builds(a_restoration, st.integers(0, 9), st.integers(0, 9)),
    ),
    max_size=8,
    unique_by=lambda fact: fact.sk,
)


@given(facts, st.randoms())
def test_the_order_of_arrival_does_not_matter(known: list[Fact], random: object) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold_facts(known) == fold_facts(shuffled)


@given(facts)
def test_net_stays_between_zero_and_what_was_sold(known: list[Fact]) -> None:
    order = fold_facts(known)
    if order:
        assert 0 <= order.net <= order.sale.net
        assert order.refunded + order.charged_back <= order.sale.net


# ── whose order it is ────────────────────────────────────────────────────────────────────────────
def test_of_the_buyer_the_last_word_counts_and_silence_is_none() -> None:
    moved = Fact(kind="updated", at=AT + timedelta(hours=1), sale=a_sale(address="there"))
    silent = Fact(kind="updated", at=AT + timedelta(hours=2), sale=a_sale())
    order = fold_facts([silent, placed(address="here"), moved])
    assert order
    assert order.sale.address == "there"


def test_an_address_as_it_was_written_names_the_buyer_too() -> None:
    order = fold_facts([placed(email="mailbox", email_as_written="written", address="house")])
    assert order
    assert order.buyer == ("mailbox", "written"), "a house is no person"


def a_state(minutes: float, state: Any = "placed", **sale: Any) -> Fact:
    at = AT + timedelta(minutes=minutes)
    told = a_snapshot(0, state=state)
    return replace(told, at=at, digest=f"{minutes}", sale=a_sale(**sale))


def test_when_each_name_door_and_click_was_first_told_is_known() -> None:
    click, another = ONE, TWO
    hour = timedelta(hours=1)
    told = [
        placed(email="e1", trail=click, address="home"),
        Fact(kind="fulfilled", at=AT + hour),
        Fact(
            kind="updated",
            at=AT + 2 * hour,
            sale=a_sale(email="e2", customer="c", trail=f"{click},{another}", address="new"),
        ),
        Fact(kind="updated", at=AT + 3 * hour, sale=a_sale(email="e1", landing_click=another)),
    ]
    order = fold_facts(reversed(told))
    assert order
    first, later = ("e1", click, "home"), ("e2", "c", another, "new")
    assert order.told == {**dict.fromkeys(first, AT), **dict.fromkeys(later, AT + 2 * hour)}
    assert order.addresses == ("home", "new")
    assert (order.sale.email, order.sale.customer, order.sale.address) == ("e1", None, "new")


def test_a_door_of_a_checkout_that_nobody_had_paid_is_no_door_of_the_order() -> None:
    draft = a_snapshot(0, state="pending", address="old")
    order = fold_facts([draft, a_snapshot(60, address="home")])
    assert order
    assert order.addresses == ("home",)


def test_the_account_is_that_of_the_first_word_of_the_placed_order() -> None:
    for facts, account in (
        ([placed(customer="ana")], "ana"),
        ([placed()], None),
        ([a_state(0, customer="ana"), a_state(60, customer="ben")], "ana"),
    ):
        for told in (facts, facts[::-1]):
            order = fold_facts(told)
            assert order
            assert order.account == account


def test_an_account_that_a_guests_order_is_linked_to_later_proves_no_login() -> None:
    """WooCommerce does so with all orders under an e-mail address, once that makes an account."""
    order = fold_facts([a_state(0), a_state(3, customer="victim")])
    assert order
    assert (order.account, order.sale.customer) == (None, "victim")


def test_a_guest_who_logs_in_at_the_checkout_orders_by_their_login() -> None:
    draft = a_state(0, "pending")
    for minutes, account in ((1, "ana"), (60, "ana"), (61, None)):
        for draft_again in ([], [a_state(minutes - 0.5, "pending")]):
            order = fold_facts([a_state(minutes, customer="ana"), draft, *draft_again])
            assert order
            assert order.account == account, "an order that waits longer may be linked meanwhile"


def test_a_login_that_waits_for_its_payment_stays_one() -> None:
    order = fold_facts([a_state(0, "pending", customer="ana"), a_state(3_000, customer="ana")])
    assert order
    assert order.account == "ana"


@pytest.mark.parametrize("origin", ["hand", "renewal"])
def test_what_nobody_ordered_on_a_page_proves_no_login(origin: str) -> None:
    order = fold_facts([placed(customer="ana", origin=origin)])
    assert order
    assert order.account is None


def test_an_export_proves_no_login() -> None:
    """It names the customer that the order has by now."""
    order = fold_facts(
        [replace(placed(customer="ana"), source="export"), a_state(60, customer="ana")]
    )
    assert order
    assert order.account is None
