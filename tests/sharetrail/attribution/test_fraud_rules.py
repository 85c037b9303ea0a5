"""Signs of fraud: each rule's threshold, and what it does to credits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.analysis.fraud_history import marks_of
from sharetrail.analysis.score.history import History
from sharetrail.attribution import explanations, fraud_rules, week_rings
from sharetrail.attribution.buyer_history import Backing
from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.fraud_rules import Mark, OrderBackground, judge
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.items import dump, load
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale

PLACED = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMITS = FraudLimits()
REF = OrderRef(merchant="m", platform="shopify", id="1")


def an_order(**said: Any) -> Order:
    order = {name: said.pop(name) for name in ("account", "buyer", "addresses") if name in said}
    sale = Sale(name="#1", currency="USD", lines=(), net=10_000, total=10_000, **said)
    told = {
        "account": sale.customer,
        "buyer": tuple(filter(None, (sale.customer, sale.email))),
        "addresses": tuple(filter(None, [sale.address])),
        **order,
    }
    return Order(sale=sale, placed_at=PLACED, net=10_000, refunded=0, fact_count=1, **told)


def a_touch(who: str = "ana", seconds: float = 3_600, **said: Any) -> Touch:
    told = {"evidence": "trail", "network": "x", **said}
    return Touch(
        id=f"{who}-{seconds}",
        at=PLACED - timedelta(seconds=seconds),
        link=f"link-of-{who}",
        influencer=who,
        name=who.title(),
        verdict="human",
        reason="",
        verdict_version=1,
        **told,
    )


def decided(order: Order, *touches: Touch, **known: Any) -> list[tuple[str, str]]:
    told = judge(order, touches, OrderBackground(**known), LIMITS)
    return [(each.rule, each.effect) for each in told]


def test_an_ordinary_order_has_no_sign_of_anything() -> None:
    order = an_order(customer="c", email="e", referrer="instagram.com")
    assert decided(order, a_touch(), a_touch("ben"), people={"ana": frozenset("xy")}) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"test": True}, ("test_order", "exclude")),
        ({"ad": "gclid"}, ("paid_ad", "flag")),
        ({"customer": "c"}, ("self_customer", "reject")),
        ({"email": "e"}, ("self_email", "doubt")),
        ({"address": "a"}, ("self_address", "doubt")),
        ({"customer": "c", "email": "e"}, ("self_customer", "reject")),
    ],
)
def test_each_sign_of_an_order_is_told(said: dict[str, Any], expected: tuple[str, str]) -> None:
    people = {"ana": frozenset({"c", "e", "a"})}
    assert decided(an_order(**said), a_touch(), people=people) == [expected]


def test_a_buyer_who_ordered_before_is_told_since_when_as_far_as_we_heard() -> None:
    background = OrderBackground(earlier_orders=2, since=PLACED.date() - timedelta(days=9))
    (held,) = judge(an_order(), [], background, LIMITS)
    assert (held.rule, held.effect) == ("repeat_buyer", "wait")
    assert held.inputs == {"earlier_orders": 2, "since": f"{background.since}"}


def test_an_order_under_the_same_e_mail_address_alone_is_shown_and_holds_nothing() -> None:
    assert decided(an_order(), namesakes=2) == [("repeat_email", "flag")]


def test_a_click_that_another_household_s_paid_order_carried_is_held() -> None:
    first, second = a_touch(), a_touch("ben")
    (held,) = judge(
        an_order(), [first, second], OrderBackground(kept=frozenset([second.id])), LIMITS
    )
    assert (held.id, held.effect) == (f"shared_click:ben:{second.id}", "doubt")


@pytest.mark.parametrize(
    ("told", "brought", "is_thin"), [(2_999, 10_000, True), (3_000, 10_000, False)]
)
def test_evidence_that_cost_less_than_a_commission_on_what_it_brings_is_withheld(
    told: int, brought: int, is_thin: bool
) -> None:
    touch = a_touch(evidence="corroborated")
    backings = {touch.id: Backing(told=told, brought=brought)}
    found = decided(an_order(), touch, backings=backings)
    assert found == [("thin_evidence", "withhold")] * is_thin
    assert decided(an_order(), a_touch(), backings=backings) == [], "the order carries it itself"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"customer": "c", "account": None}, ("self_customer", "doubt")),
        ({"email": "other", "buyer": ("e", "other")}, ("self_email", "doubt")),
        ({"address": "other", "addresses": ("a", "other")}, ("self_address", "doubt")),
    ],
)
def test_what_an_order_told_once_shows_the_influencer_whatever_it_tells_now(
    said: dict[str, Any], expected: tuple[str, str]
) -> None:
    people = {"ana": frozenset({"c", "e", "a"})}
    assert decided(an_order(**said), a_touch(), people=people) == [expected]


def test_an_account_that_proves_no_login_is_doubted_and_not_rejected() -> None:
    people = {"ana": frozenset("c")}
    found = decided(an_order(customer="c"), a_touch(), people=people, proves_login=False)
    assert found == [("self_customer", "doubt")]


@pytest.mark.parametrize(("seconds", "is_held"), [(0, True), (9.999, True), (10, False)])
def test_fewer_than_ten_seconds_from_click_to_order_hold_that_click(
    seconds: float, is_held: bool
) -> None:
    (*found,) = judge(an_order(), [a_touch(), a_touch("ben", seconds)], OrderBackground(), LIMITS)
    assert [(each.rule, each.touch) for each in found] == [
        ("last_second", f"ben-{seconds}")
    ] * is_held


def test_a_code_is_no_click_that_came_too_fast() -> None:
    assert decided(an_order(), a_touch(seconds=0, evidence="code")) == []


@pytest.mark.parametrize(
    ("host", "evidence", "is_flagged"),
    [
        ("www.retailmenot.com", "code", True),
        ("retailmenot.com", "trail", False),
        ("notretailmenot.com", "code", False),
        (None, "code", False),
    ],
)
def test_a_code_used_by_a_buyer_from_a_coupon_site_is_flagged(
    host: str | None, evidence: str, is_flagged: bool
) -> None:
    found = decided(an_order(referrer=host), a_touch(evidence=evidence))
    assert found == [("coupon_leak", "flag")] * is_flagged


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (History(by_code=20, code_alone=13), ["coupon_leak"]),
        (History(by_code=20, code_alone=12), []),
        (History(by_code=19, code_alone=19), []),
        (History(orders=5, returns=2), ["refund_rate"]),
        (History(orders=10, returns=3), []),
        (History(orders=4, returns=4), []),
        (History(clicks=20, bots=11), ["bot_ratio"]),
        (History(clicks=20, bots=10), []),
    ],
)
def test_a_history_is_marked_from_its_threshold_on(history: History, expected: list[str]) -> None:
    found = marks_of(history, LIMITS)
    assert [mark.rule for mark in found] == expected
    assert all(mark.inputs["part"] < mark.inputs["whole"] for mark in found)
    assert {mark.effect for mark in found} <= {"flag"}, "others can cause each of them"


def test_a_merchant_may_choose_the_thresholds() -> None:
    strict = FraudLimits(refund_share=0.1, refund_orders=1, last_second=60)
    assert [m.rule for m in marks_of(History(orders=4, returns=1), strict)] == ["refund_rate"]
    assert [
        d.rule for d in judge(an_order(), [a_touch(seconds=59)], OrderBackground(), strict)
    ] == ["last_second"]


def test_a_wait_ends_by_its_date_and_a_doubt_when_its_order_leaves_the_score() -> None:
    touch, people = a_touch(), {"ana": frozenset("e")}
    background = OrderBackground(earlier_orders=3, people=people)
    wait, doubt = judge(an_order(email="e"), [touch], background, LIMITS)
    assert (wait.effect, wait.until) == ("wait", PLACED + timedelta(days=30))
    assert (doubt.effect, doubt.until) == (
        "doubt",
        PLACED + timedelta(weeks=week_rings.WEEKS),
    )
    for each in (wait, doubt):
        assert each.until
        assert each.is_open(each.until - timedelta(seconds=1))
        assert not each.is_open(each.until)


def test_each_decision_is_the_merchant_s_by_itself() -> None:
    at = PLACED + timedelta(days=2)
    words: Any = {"repeat_buyer": ("upheld", at), "self_email:ana": ("released", at)}
    background = OrderBackground(earlier_orders=3, people={"ana": frozenset("e")}, words=words)
    found = judge(an_order(email="e"), [a_touch(), a_touch("ben", 5)], background, LIMITS)
    assert [(each.id, each.verdict, each.mark) for each in found] == [
        ("repeat_buyer", "upheld", "upheld:repeat_buyer"),
        ("self_email:ana", "released", None),
        ("last_second:ben:ben-5", None, "doubt:last_second"),
    ]
    assert [each.is_open(at) for each in found] == [False, False, True]


def test_what_was_released_of_a_whole_order_before_is_released_still() -> None:
    background = OrderBackground(earlier_orders=3, released_at=PLACED)
    (wait,) = judge(an_order(), [], background, LIMITS)
    assert (wait.verdict, wait.decided_at) == ("released", PLACED)


def test_a_word_that_was_taken_back_leaves_what_was_there_before_it() -> None:
    taken_back: Any = {"repeat_buyer": ("undecided", PLACED + timedelta(days=1))}
    for released_at in (None, PLACED):
        background = OrderBackground(earlier_orders=3, words=taken_back, released_at=released_at)
        (wait,) = judge(an_order(), [], background, LIMITS)
        assert (wait.verdict, wait.decided_at, wait.mark) == (None, None, "wait:repeat_buyer")
        assert wait.is_open(PLACED)


def test_a_hold_of_before_is_read_as_what_it_is_today() -> None:
    def read(rule: str, **said: Any) -> fraud_rules.Decision:
        stored = {"rule": rule, "effect": "hold", "sentence": "", "version": "fraud-2", **said}
        return load(fraud_rules.Decision, fraud_rules.as_today(stored))

    effects = {rule: read(rule).effect for rule in ("self_email", "repeat_buyer", "refund_rate")}
    assert effects == {"self_email": "doubt", "repeat_buyer": "wait", "refund_rate": "flag"}
    released = read("last_second", released_at="2026-11-21T12:00:00.000Z")
    assert (released.verdict, released.mark) == ("released", None)


def test_decisions_survive_being_stored() -> None:
    mark = Mark(rule="bot_ratio", effect="flag", inputs={"part": 11, "whole": 20})
    found = judge(
        an_order(ad="gclid"),
        [a_touch()],
        OrderBackground(marks={"ana": (mark,)}, earlier_orders=1, since=PLACED.date()),
        LIMITS,
    )
    assert len(found) == 3
    assert [load(fraud_rules.Decision, dump(each)) for each in found] == list(found)


# ── what they do to credits ──────────────────────────────────────────────────────────────────────
def credited(order: Order, *touches: Touch, **known: Any) -> OrderCredits:
    decisions = judge(order, touches, OrderBackground(**known), LIMITS)
    return compute_credits(
        REF, order, OrderTouches(touches=touches), CreditRule(), decisions=decisions
    )


def test_a_rejected_touch_earns_nothing_under_any_model_and_the_order_says_why() -> None:
    found = credited(
        an_order(customer="c"), a_touch(), a_touch("ben", 60), people={"ana": frozenset("c")}
    )
    models = found.details.models.values()
    assert {line.touch.influencer for lines in models for line in lines} == {"ben"}
    assert {lines[0].amount for lines in models} == {10_000}
    assert explanations.all_left_out(found) == (
        "Ana bought this order: the customer account is theirs.",
    )


def test_a_withheld_touch_has_no_weight_until_it_is_released() -> None:
    bought, own = a_touch("mal", 9_000, evidence="corroborated"), a_touch()
    thin: Any = {"backings": {bought.id: Backing(told=100, brought=10_000)}}
    alone, beside = credited(an_order(), own), credited(an_order(), own, bought, **thin)
    assert beside.details.models == alone.details.models
    (held,) = beside.decisions
    (told,) = explanations.all_left_out(beside)
    assert "known only from orders of 1.00 USD by the buyer, beside 100.00 USD" in told
    assert beside.credited_without(held) == 5_000, "what a release would give"
    at = PLACED + timedelta(days=1)
    released = credited(an_order(), own, bought, **thin, words={held.id: ("released", at)})
    assert {line.touch.influencer for line in released.details.lines("linear")} == {"ana", "mal"}
    upheld = credited(an_order(), own, bought, **thin, words={held.id: ("upheld", at)})
    assert upheld.details.models == alone.details.models


def test_where_all_touches_are_rejected_nobody_is_credited() -> None:
    found = credited(an_order(customer="c"), a_touch(), people={"ana": frozenset("c")})
    assert (found.details.models, found.influence) == ({}, "none")
    assert explanations.why_none(found) == "No share click counts; see what was left out."


def test_flags_and_doubts_mark_the_credits_they_are_about_and_move_no_money() -> None:
    touches = (a_touch(), a_touch("ben", 5))
    plain = credited(an_order(), a_touch(), a_touch("ben", 50))
    found = credited(an_order(ad="gclid", email="e"), *touches, people={"ana": frozenset("e")})
    lines = {line.touch.influencer: line for line in found.details.models["linear"]}
    assert lines["ana"].marks == ("flag:paid_ad", "doubt:self_email")
    assert lines["ben"].marks == ("flag:paid_ad", "doubt:last_second")
    assert [line.amount for line in found.details.models["linear"]] == [
        line.amount for line in plain.details.models["linear"]
    ]


def test_what_a_rejection_leaves_is_shared_as_if_the_touch_had_never_been() -> None:
    rest = (a_touch("ben", 60), a_touch("cem", 90_000))
    order = an_order(customer="c")
    without = credited(order, *rest)
    found = credited(order, a_touch(), *rest, people={"ana": frozenset("c")})
    assert found.details.models == without.details.models
    assert (found.influence, found.visit_touch) == (without.influence, without.visit_touch)
