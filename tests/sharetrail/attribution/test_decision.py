"""What rules of fraud say of an order, made of what is stored of it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sharetrail.attribution.fraud_rules import Decision, OrderBackground, judge
from sharetrail.attribution.sentences import decision as decisions
from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Sale
from sharetrail.words.writing import Writing

GERMAN = Writing(language="de_DE", currency="EUR", zone="Europe/Berlin")
PLACED = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Details:
    touches: tuple[Touch, ...] = ()


def a_touch(**said: Any) -> Touch:
    told: dict[str, Any] = {"evidence": "trail", "network": "x", **said}
    return Touch(
        id="c1",
        at=PLACED - timedelta(hours=1),
        link="link",
        influencer="ana",
        name="Ana",
        verdict="human",
        reason="",
        verdict_version=1,
        **told,
    )


@dataclass(frozen=True)
class AnOrder:
    currency: str = "EUR"
    decisions: tuple[Decision, ...] = field(default=())
    details: Details = Details((a_touch(),))


def said(rule: str, sentence: str = "", effect: Any = "wait", **inputs: Any) -> str:
    decision = Decision(
        rule=rule, effect=effect, sentence=sentence, inputs=inputs, influencer="ana"
    )
    order: Any = AnOrder(decisions=(decision,))
    (told,) = decisions.reworded(order, GERMAN).decisions
    return told.sentence.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("count", "since", "told"),
    [
        (1, "2026-10-29", "The buyer had ordered before, once since 29. Oktober 2026."),
        (2, "2026-10-29", "The buyer had ordered before, 2 times since 29. Oktober 2026."),
        (2, "None", "The buyer had ordered before, 2 times."),
    ],
)
def test_a_buyer_who_ordered_before_is_told_by_the_merchants_calendar(
    count: int, since: str, told: str
) -> None:
    assert said("repeat_buyer", earlier_orders=count, since=since) == told


def test_amounts_of_thin_evidence_are_written_as_the_merchant_writes_them() -> None:
    told = said("thin_evidence", told=1_600, brought=164_050)
    assert "orders of 16,00 € by the buyer, beside 1.640,50 € ordered since" in told
    foreign = said("thin_evidence", told=0, brought=164_050)
    assert "another currency's orders by the buyer, beside 1.640,50 €" in foreign


@pytest.mark.parametrize(
    ("rule", "effect", "inputs", "told"),
    [
        ("self_customer", "reject", {}, "Ana bought this order: the customer account is theirs."),
        ("self_email", "doubt", {"address": "now"}, "The order's e-mail address is Ana's own."),
        (
            "self_email",
            "doubt",
            {"address": "before"},
            "A name that the order told before is Ana's own.",
        ),
        ("self_address", "doubt", {}, "The order's delivery address is Ana's own."),
        (
            "last_second",
            "doubt",
            {"seconds": 0.9},
            "Only 1 second from Ana's click to the order.",
        ),
        (
            "coupon_leak",
            "flag",
            {"referrer": "honey.example"},
            "Ana's code was used by a buyer who came from honey.example.",
        ),
        (
            "coupon_leak",
            "flag",
            {"part": 13, "whole": 20},
            "13 of 20 orders with their code came without a click: it may have leaked.",
        ),
        (
            "bot_ratio",
            "flag",
            {"part": 11, "whole": 20},
            "11 of 20 clicks on their links were bots'.",
        ),
    ],
)
def test_each_rule_has_its_sentence(rule: str, effect: str, inputs: Any, told: str) -> None:
    assert said(rule, effect=effect, **inputs) == told


def test_what_was_stored_without_its_inputs_stays_as_it_was() -> None:
    for rule in ("repeat_buyer", "thin_evidence", "self_email", "of_tomorrow"):
        assert said(rule, "As it was.") == "As it was."


def test_whatever_the_rules_notice_has_a_sentence() -> None:
    sale = Sale(
        name="#1",
        currency="EUR",
        lines=(),
        net=1,
        total=1,
        test=True,
        ad="gclid",
        email="e",
        referrer="retailmenot.com",
    )
    order = Order(
        sale=sale, placed_at=PLACED, net=1, refunded=0, fact_count=1, buyer=("e",), addresses=()
    )
    background = OrderBackground(
        people={"ana": frozenset("e")}, earlier_orders=2, since=date(2026, 11, 1), namesakes=2
    )
    touches = (a_touch(), a_touch(evidence="code"))
    found = judge(order, touches, background, FraudLimits(last_second=7_200))
    told: Any = AnOrder(decisions=found)
    sentences = [each.sentence for each in decisions.reworded(told, decisions.Plain()).decisions]
    assert len(sentences) == 7
    assert all(each.endswith(".") and each != "It is in doubt." for each in sentences)
