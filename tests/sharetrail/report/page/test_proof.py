from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.merchants import vault
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.page.acts.proof import GOOD_FOR, NotOffered, Offer
from tests.senders import a_merchant

NOW = datetime(2026, 11, 30, 9, 0, 0, 123_000, tzinfo=UTC)
LINK = PageLink(merchant=a_merchant(NOW), recipient="owner@shop.example", token="ab" * 20, at=NOW)
OFFER = Offer(
    link=LINK,
    kind="decide",
    about={"order": "shopify#1", "decision": "self_email:ana"},
    after="released",
    seen="undecided",
)


@pytest.fixture(autouse=True)
def _roots(tables: Any) -> None:
    for merchant in ("m_1", "m_2"):
        vault.keep_first(merchant, "root")


def test_a_proof_names_the_act_by_when_its_page_was_shown_however_late_it_is_pressed() -> None:
    proof = OFFER.proof(NOW, NOW)
    last = NOW + GOOD_FOR - timedelta(milliseconds=1)
    assert OFFER.act_id(proof, NOW) == OFFER.act_id(proof, last)
    assert OFFER.act_id(proof, NOW).startswith("2026-11-30T09:00:00.123Z#")


def test_pages_that_were_shown_at_other_times_offer_other_acts() -> None:
    later = NOW + timedelta(milliseconds=1)
    ids = {OFFER.act_id(OFFER.proof(at, at), later) for at in (NOW, later)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "link"},
        {"about": {"order": "shopify#2", "decision": "self_email:ana"}},
        {"about": {"order": "shopify#1", "decision": "self_email:ben"}},
        {"about": {"order": "shopify#1"}},
        {"after": "upheld"},
        {"after": ""},
        {"seen": "upheld"},
        {"link": replace(LINK, token="cd" * 20)},
        {"link": replace(LINK, merchant=replace(LINK.merchant, id="m_2"))},
    ],
)
def test_a_proof_is_good_for_nothing_that_differs_in_anything(other: dict[str, Any]) -> None:
    proof = OFFER.proof(NOW, NOW)
    with pytest.raises(NotOffered):
        replace(OFFER, **other).act_id(proof, NOW)


@pytest.mark.parametrize("late", [GOOD_FOR, -timedelta(milliseconds=1), timedelta(days=400)])
def test_a_proof_is_good_from_when_it_was_shown_for_half_an_hour(late: timedelta) -> None:
    with pytest.raises(NotOffered):
        OFFER.act_id(OFFER.proof(NOW, NOW), NOW + late)


def test_a_proof_whose_time_was_changed_is_none() -> None:
    shown, _, digest = OFFER.proof(NOW, NOW).partition(".")
    with pytest.raises(NotOffered):
        OFFER.act_id(f"{int(shown) + 60_000}.{digest}", NOW + timedelta(minutes=5))
