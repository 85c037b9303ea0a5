"""Credits as stored: the same inputs give the same bytes, and reading back gives what was told."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.models import CreditRule, attribute
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.items import decode, dump, encode, load
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale

PLACED = datetime(2026, 11, 20, 12, tzinfo=UTC)
REF = OrderRef(merchant="m", platform="shopify", id="1")
EFFECTS = {"x": 0.5, "whatsapp": 0.25, "unused": 0.1}


def a_touch(minutes: int, who: str, network: str, evidence: str, name: str) -> Touch:
    at = PLACED - timedelta(minutes=minutes)
    return Touch(
        id=f"{evidence}-{minutes:06}-{who}",
        at=at,
        link=f"link-of-{who}",
        influencer=who,
        name=name,
        network=network,
        evidence=evidence,  # type: ignore[arg-type]
        verdict="human",
        reason="",
        verdict_version=1,
    )


touches = st.lists(
    st.builds(
        a_touch,
        st.integers(-10, 60_000),
        st.sampled_from(["ana", "ben", "cem"]),
        st.sampled_from(["x", "whatsapp", "sms"]),
        st.sampled_from(["trail", "sure", "corroborated", "disputed", "bare", "code"]),
        st.text(max_size=5),
    ),
    max_size=8,
    unique_by=lambda touch: touch.id,
)


def computed(known: list[Touch], net: int = 10_000, **more: Any) -> OrderCredits:
    sale = Sale(name="#1", currency="USD", lines=(), net=net, total=net)
    order = Order(sale=sale, placed_at=PLACED, net=net, refunded=0, fact_count=1)
    return compute_credits(
        REF,
        order,
        OrderTouches(touches=tuple(known)),
        CreditRule(),
        removal_effects=EFFECTS,
        **more,
    )


def as_stored(found: OrderCredits) -> OrderCredits:
    return load(OrderCredits, decode(encode(dump(found))))


@given(touches, st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_same_inputs_give_the_same_bytes(
    known: list[Touch], net: int, chance: random.Random
) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)
    assert computed(known, net) == computed(shuffled, net)
    assert as_stored(computed(known, net)) == computed(known, net)


@given(touches)
def test_what_is_read_back_is_what_attribution_said(known: list[Touch]) -> None:
    found = as_stored(computed(known))
    said = attribute(found.journey, CreditRule())
    assert set(found.journey.touches) == set(known)
    assert {
        model: [(c.touch, c.share, c.amount) for c in given]
        for model, given in (said.credits.items())
    } == {
        model: [(line.touch, line.share, line.amount) for line in lines]
        for model, lines in found.details.models.items()
    }
    assert set(found.details.exclusions) == set(said.exclusions)
    assert (found.influence, found.visit_touch) == (said.influence, said.visit_touch)


def test_every_credit_carries_the_rule_that_decided_it() -> None:
    found = as_stored(computed([a_touch(5, "ana", "x", "trail", "Ana")]))
    assert found.rule == CreditRule()
    assert found.rule.name == f"credit-5#{CreditRule().hash}"


def test_the_effects_kept_are_those_of_the_orders_own_networks() -> None:
    found = computed([a_touch(5, "ana", "x", "trail", "Ana")])
    assert found.details.removal_effects == {"x": 0.5}


def test_what_codes_took_off_stands_by_the_touches_of_those_who_own_one() -> None:
    known = [a_touch(0, "ana", "coupon", "code", "Ana"), a_touch(60, "ben", "x", "trail", "Ben")]
    found = as_stored(computed(known, taken_off={known[0].id: 500, "code-NOBODYS": 300}))
    assert found.taken_off == {known[0].id: 500}
    assert as_stored(computed(known)).taken_off == {}
