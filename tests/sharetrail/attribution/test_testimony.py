"""Testimonies: what an order's word about its buyer is worth, and whose a click is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution import testimony
from sharetrail.attribution.testimony import Claim
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLICK = "1m8hybgz248qzw2x6j2rw055e5"


def a_word(**said: Any) -> testimony.Testimony:
    return testimony.Testimony(**{"placed": NOON, "since": NOON, "persons": ("mail",), **said})


def an_order(paid: bool = True, **said: Any) -> Order:
    told = {
        "net": 10_000,
        "buyer": ("account", "mail"),
        "account": "account",
        "addresses": ("home",),
        **said,
    }
    words = {"trail": CLICK, "customer": "account", "email": "mail", **told.pop("words", {})}
    sale = Sale(name="#1", currency="USD", lines=(), net=10_000, total=10_000, **words)
    paid_at = NOON + timedelta(hours=1) if paid else None
    return Order(sale=sale, placed_at=NOON, paid_at=paid_at, refunded=0, fact_count=1, **told)


# ── what an order says ───────────────────────────────────────────────────────────────────────────
def test_an_order_testifies_from_when_it_was_paid_for() -> None:
    said = testimony.testimony_of(an_order(), proves_login=True)
    assert (said.since, said.ids) == (NOON + timedelta(hours=1), (CLICK,))
    assert (said.persons, said.account, said.door) == (("account", "mail"), "account", "home")
    assert not said.counts_at(NOON)
    assert said.counts_at(NOON + timedelta(hours=1))


@pytest.mark.parametrize("gone", [{"paid": False}, {"cancelled_at": NOON}, {"net": 0}])
def test_one_that_is_not_paid_for_or_does_not_stand_says_nothing_that_counts(gone: Any) -> None:
    said = testimony.testimony_of(an_order(**gone), proves_login=True)
    assert said.since is None
    assert not said.counts_at(NOON + timedelta(days=30))


def test_each_word_counts_from_when_it_was_told_and_leaves_the_others() -> None:
    later = NOON + timedelta(days=3)
    told = {"mail": NOON, "account": later, CLICK: NOON}
    said = testimony.testimony_of(an_order(told=told), proves_login=True)
    paid = NOON + timedelta(hours=1)
    assert said.about("mail", CLICK).since == said.about(CLICK).since == paid
    assert said.about("account", CLICK).since == later
    assert testimony.testimony_of(an_order(paid=False, told=told), proves_login=True).since is None


def test_a_door_that_is_told_later_corroborates_from_then_on() -> None:
    said = testimony.testimony_of(
        an_order(told={"home": NOON + timedelta(days=3)}), proves_login=False
    )
    before, after = (a_word(addresses=("home",), placed=NOON + timedelta(days=n)) for n in (2, 4))
    assert before.strength_of(said) == "bare"
    assert after.strength_of(said) == "corroborated"


def test_an_order_speaks_of_the_buyer_whom_it_told_last() -> None:
    order = an_order(buyer=("account", "before", "mail"))
    assert testimony.testimony_of(order, proves_login=True).persons == ("account", "mail")


def test_who_had_the_address_changed_may_have_the_goods_and_so_no_door_is_known() -> None:
    said = testimony.testimony_of(an_order(addresses=("mine", "home")), proves_login=False)
    assert said.door is None
    assert said.strength_of(a_word(addresses=("home",))) == "bare"
    assert said.household >= {"mine", "home"}


def test_an_account_counts_as_one_only_where_it_proves_a_login() -> None:
    assert testimony.testimony_of(an_order(), proves_login=False).account is None


@pytest.mark.parametrize("words", [{"trail": "denied"}, {"test": True}])
def test_who_forbade_it_and_a_test_say_nothing(words: Any) -> None:
    order = an_order(words=words)
    assert testimony.testimony_of(order, proves_login=True) == testimony.Testimony(placed=NOON)
    assert testimony.is_nobodys(order)


# ── how far it is believed ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("ours", "theirs", "strength"),
    [
        ({"account": "a"}, {"account": "a", "addresses": ("elsewhere",)}, "sure"),
        ({"addresses": ("home",)}, {"addresses": ("home",)}, "corroborated"),
        ({"account": "a", "addresses": ("home",)}, {"addresses": ("home",)}, "corroborated"),
        ({"addresses": ("home",)}, {"addresses": ("elsewhere",)}, "bare"),
        ({"account": "a"}, {"account": "b"}, "bare"),
        ({}, {}, "bare"),
    ],
)
def test_a_login_is_sure_an_address_corroborates_and_a_name_is_bare(
    ours: Any, theirs: Any, strength: str
) -> None:
    assert a_word(**ours).strength_of(a_word(**theirs)) == strength


@pytest.mark.parametrize(
    ("ours", "theirs", "is_others"),
    [
        ({"persons": ("a",)}, {"persons": ("b",)}, True),
        ({"persons": ("a", "c")}, {"persons": ("b", "c")}, False),
        (
            {"persons": ("a",), "addresses": ("home",)},
            {"persons": ("b",), "addresses": ("home",)},
            False,
        ),
        (
            {"persons": ("a",), "addresses": ("home",)},
            {"persons": ("a",), "addresses": ("new",)},
            False,
        ),
        ({"persons": ()}, {"persons": ("b",)}, False),
        ({"persons": (), "addresses": ("home",)}, {"persons": ("b",), "addresses": ("new",)}, True),
    ],
)
def test_a_household_shares_a_name_or_a_door(ours: Any, theirs: Any, is_others: bool) -> None:
    assert a_word(**ours).is_others(a_word(**theirs)) == is_others
    assert a_word(**theirs).is_others(a_word(**ours)) == is_others


# ── whose a click is ─────────────────────────────────────────────────────────────────────────────
def claim(number: int, hours: int | None, who: str) -> Claim:
    since = None if hours is None else NOON + timedelta(hours=hours)
    order = OrderRef(merchant="m", platform="shopify", id=str(number))
    return Claim(order, a_word(since=since, persons=(who,)))


def test_the_first_paid_order_keeps_a_click_and_a_second_household_disputes_it() -> None:
    claims = [claim(1, None, "cem"), claim(3, 2, "ben"), claim(2, 1, "ana"), claim(4, 3, "ana")]
    first = testimony.first_of(claims)
    assert first
    assert first.order.id == "2"
    assert testimony.disputed_since(claims) == NOON + timedelta(hours=2)
    assert testimony.disputed_since([claims[0], claims[2], claims[3]]) is None
    assert testimony.first_of(claims[:1]) is None


claims_on_one_click = st.lists(
    st.builds(claim, st.integers(1, 9), st.none() | st.integers(0, 3), st.sampled_from("abc")),
    max_size=6,
    unique_by=lambda each: each.order.id,
)


@given(claims_on_one_click, st.randoms())
def test_in_whatever_order_claims_are_read_they_say_the_same(
    claims: list[Claim], dice: Any
) -> None:
    mixed = dice.sample(claims, len(claims))
    assert testimony.first_of(mixed) == testimony.first_of(claims)
    assert testimony.disputed_since(mixed) == testimony.disputed_since(claims)


@given(claims_on_one_click, st.builds(claim, st.just(10), st.none(), st.sampled_from("xyz")))
def test_what_was_not_paid_for_takes_a_click_from_nobody(
    claims: list[Claim], unpaid: Claim
) -> None:
    assert testimony.first_of([*claims, unpaid]) == testimony.first_of(claims)
    assert testimony.disputed_since([*claims, unpaid]) == testimony.disputed_since(claims)


# ── by what a buyer is known again ───────────────────────────────────────────────────────────────
def kinds(said: testimony.Testimony) -> str:
    return "".join(key[0] for key in testimony.buyer_keys(said))


def test_a_login_and_a_name_with_its_door_prove_a_buyer_and_a_name_alone_is_told_apart() -> None:
    whole = a_word(persons=("account", "mail"), account="account", addresses=("home",))
    assert kinds(whole) == "addnn"
    assert kinds(a_word(addresses=("home", "office"))) == "n"
    assert kinds(a_word()) == "n"
    assert kinds(a_word(persons=())) == ""
    assert set(testimony.buyer_keys(whole)) >= set(testimony.buyer_keys(a_word()))
    assert not any(word in key for key in testimony.buyer_keys(whole) for word in ("mail", "home"))


def test_a_door_that_is_told_long_after_the_order_proves_no_buyer() -> None:
    at_once, late = (NOON + timedelta(hours=hours) for hours in (1, 30))
    assert kinds(a_word(addresses=("home",), door_since=at_once)) == "dn"
    assert kinds(a_word(addresses=("home",), door_since=late)) == "n"


def test_an_order_whose_shopper_forbade_it_has_no_buyer() -> None:
    denied = an_order(words={"trail": "denied"})
    assert testimony.buyer_keys(testimony.testimony_of(denied, proves_login=True)) == ()
