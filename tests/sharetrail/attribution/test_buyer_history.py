"""What a buyer's other orders tell: weighed, bounded, and never more than they cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sharetrail.attribution import buyer_history, testimony
from sharetrail.attribution.buyer_history import Backing, BuyerHistory, Person
from sharetrail.attribution.testimony import Claim
from sharetrail.orders.order_fact import OrderRef

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ref(number: int) -> OrderRef:
    return OrderRef(merchant="m", platform="shopify", id=str(number))


def a_word(days: float = 0, **said: Any) -> testimony.Testimony:
    """Of an order that was placed and paid for so many days before ours."""
    at = NOON - timedelta(days=days)
    told = {"persons": ("mail",), "addresses": ("home",), "net": 10_000, "currency": "USD", **said}
    return testimony.Testimony(**{"placed": at, "since": at, **told})


def a_person(*orders: tuple[int, testimony.Testimony]) -> Person:
    """Each order says a click of its own: `c` and its number."""
    known = Person(orders={ref(number): said for number, said in orders})
    for number, said in orders:
        known.clicks[f"c{number}"].append(Claim(ref(number), said))
    return known


def history(
    *orders: tuple[int, testimony.Testimony], words: Any = None, **claims: Any
) -> BuyerHistory:
    person, now = a_person(*orders), a_word()
    person.words.update(words or {})
    strengths = buyer_history.strengths_of(now, [person])
    disputed = buyer_history.to_be_disputed(now, [person], strengths)
    known = {click: claims.get(click, ()) for click in disputed}
    return buyer_history.history_of(ref(0), now, [person], strengths, known)


def test_each_click_has_the_strongest_that_is_said_of_it() -> None:
    elsewhere = a_word(2, addresses=("elsewhere",))
    found = history((1, a_word(3)), (2, elsewhere), words={"c2": NOON, "c9": NOON})
    assert found.evidence == {"c1": "corroborated", "c2": "sure", "c9": "sure"}
    assert history((1, a_word(3)), (2, elsewhere)).evidence["c2"] == "bare"


def test_what_was_said_later_than_the_order_was_placed_says_nothing_of_it() -> None:
    later = timedelta(seconds=1)
    found = history(
        (1, a_word(2, since=NOON + later)), (2, a_word(2, since=None)), words={"c9": NOON + later}
    )
    assert found.evidence == {}


def test_a_click_of_two_households_is_disputed_unless_the_shop_says_whose() -> None:
    others = a_word(1, persons=("other",), addresses=("elsewhere",))
    claims = [Claim(ref(1), a_word(3)), Claim(ref(5), others)]
    assert history((1, a_word(3)), c1=claims).evidence == {"c1": "disputed"}
    later = [claims[0], Claim(ref(5), a_word(-1, persons=("other",), addresses=("elsewhere",)))]
    assert history((1, a_word(3)), c1=later).evidence == {"c1": "corroborated"}
    assert history((1, a_word(3)), words={"c1": NOON}, c1=claims).evidence == {"c1": "sure"}


def test_weightless_clicks_push_out_no_click_that_has_weight(monkeypatch: Any) -> None:
    monkeypatch.setattr(buyer_history, "MOST_OF_A_BUYER", 2)
    bare = [(n, a_word(1, addresses=("elsewhere",))) for n in range(2, 9)]
    assert history((1, a_word(9)), *bare).evidence == {"c1": "corroborated", "c8": "bare"}


def test_what_evidence_cost_is_told_beside_all_that_it_brought() -> None:
    cheap, dear = (1, a_word(5, net=1_000)), (2, a_word(3, net=9_000))
    found = history(cheap, dear)
    assert found.backings == {
        "c1": Backing(told=1_000, brought=9_000 + 10_000),
        "c2": Backing(told=9_000, brought=10_000),
    }


def test_an_account_alone_may_have_been_made_for_somebody_who_takes_it_over() -> None:
    login: Any = {"account": "mail", "addresses": ("elsewhere",)}
    person = a_person((1, a_word(5, net=100, **login)))
    now = a_word(account="mail")

    def backings(who: Person) -> Any:
        strengths = buyer_history.strengths_of(now, [who])
        assert strengths == {"c1": "sure"}
        return buyer_history.history_of(ref(0), now, [who], strengths, {"c1": ()}).backings

    assert backings(person) == {"c1": Backing(told=100, brought=10_000)}
    assert backings(a_person((1, a_word(5, net=100, account="mail")))) == {}, "the same door"


def test_what_was_told_in_another_currency_is_worth_nothing_here() -> None:
    found = history((1, a_word(5, net=90_000, currency="EUR")))
    assert found.backings == {"c1": Backing(told=0, brought=10_000)}


def test_earlier_orders_are_those_that_were_paid_for_and_may_be_believed() -> None:
    found = history(
        (1, a_word(5)),
        (2, a_word(4, addresses=("elsewhere",))),
        (3, a_word(3, since=None)),
        (4, a_word(91)),
        (5, a_word(-1)),
    )
    assert found.earlier == (NOON - timedelta(days=5),)
    assert found.namesakes == 1


def test_a_crowd_is_made_by_orders_that_may_be_believed_and_by_nobody_else(
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", 2)
    unpaid = [(n, a_word(1, since=None)) for n in range(1, 9)]
    typed = [(n, a_word(1, addresses=("elsewhere",))) for n in range(11, 19)]
    later = [(n, a_word(-1)) for n in range(21, 29)]
    known = history((30, a_word(5)), *unpaid, *typed, *later)
    assert known.evidence["c30"] == "corroborated"
    crowd = [(n, a_word(3)) for n in range(31, 34)]
    assert history(*crowd).evidence == {}
    assert history(*crowd).earlier == ()
    assert history(*crowd, words={"c9": NOON}).evidence == {"c9": "sure"}, "the shop's own word"


def test_what_is_said_and_does_not_count_is_withdrawn_where_it_was_copied() -> None:
    found = history((1, a_word(2, since=NOON + timedelta(seconds=1))))
    assert (found.evidence, found.withdrawn) == ({}, {"c1"})


def test_who_only_types_the_buyers_name_adds_nothing_to_what_evidence_brought() -> None:
    typed = a_word(1, addresses=("elsewhere",), net=10**9)
    unpaid = a_word(1, since=None, net=10**9)
    found = history((1, a_word(5, net=9_000)), (2, typed), (3, unpaid))
    assert found.backings["c1"] == Backing(told=9_000, brought=10_000)
