"""What rules of fraud say, with amounts and days as the merchant writes them."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from sharetrail.attribution.fraud_rules import Decision
from sharetrail.report.page import decision_sentences
from sharetrail.words.writing import Writing

GERMAN = Writing(language="de_DE", currency="EUR", zone="Europe/Berlin")


@dataclass(frozen=True)
class AnOrder:
    currency: str = "EUR"
    decisions: tuple[Decision, ...] = field(default=())


def said(rule: str, sentence: str, **inputs: Any) -> str:
    decision = Decision(rule=rule, effect="wait", sentence=sentence, inputs=inputs)
    order: Any = AnOrder(decisions=(decision,))
    (told,) = decision_sentences.reworded(order, GERMAN).decisions
    return told.sentence.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("count", "since", "told"),
    [
        (1, "2026-10-29", "The buyer had ordered before, once since 29. Oktober 2026."),
        (1_200, "2026-10-29", "The buyer had ordered before, 1.200 times since 29. Oktober 2026."),
        (2, "None", "The buyer had ordered before, 2 times."),
    ],
)
def test_a_buyer_who_ordered_before_is_told_by_the_merchants_calendar(
    count: int, since: str, told: str
) -> None:
    stored = f"The buyer had ordered before ({count} times since {since})."
    assert said("repeat_buyer", stored, earlier_orders=count, since=since) == told


def test_amounts_of_thin_evidence_are_written_as_the_merchant_writes_them() -> None:
    stored = (
        "Ana's click is known only from orders of 16.00 EUR by the buyer, beside 1640.50 EUR"
        " ordered since: somebody may have placed the small order to earn on the large one."
    )
    told = said("thin_evidence", stored, told=1_600, brought=164_050)
    assert "orders of 16,00 € by the buyer, beside 1.640,50 € ordered since" in told


def test_an_amount_that_another_ends_with_is_not_taken_for_it() -> None:
    told = said("thin_evidence", "From 2.00 EUR, beside 82.00 EUR.", told=200, brought=8_200)
    assert told == "From 2,00 €, beside 82,00 €."


def test_what_was_stored_without_its_inputs_stays_as_it_was() -> None:
    for rule in ("repeat_buyer", "thin_evidence", "self_email"):
        assert said(rule, "As it was.") == "As it was."
