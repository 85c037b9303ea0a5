"""Credits: what each model gives, what is left out, and what always holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.models import MODELS, Attribution, CreditRule, Journey, attribute
from sharetrail.attribution.touch import Evidence, Touch

PLACED = datetime(2026, 11, 20, 12, 0, 0, 1000, tzinfo=UTC)
RULE = CreditRule()
EFFECTS = {"x": 0.5, "whatsapp": 0.25}


def credited(
    touches: Sequence[Touch],
    visit: str | None = None,
    rule: CreditRule = RULE,
    *,
    net: int = 10_000,
    placed_at: datetime = PLACED,
    removal_effects: dict[str, float] = EFFECTS,
) -> Attribution:
    journey = Journey(
        placed_at=placed_at,
        net=net,
        visit=visit,
        touches=tuple(touches),
        removal_effects=removal_effects,
    )
    return attribute(journey, rule)


def a_touch(days: float, who: str = "ana", name: str = "", network: str = "x") -> Touch:
    """A click `days` before the order."""
    return Touch(
        id=f"{who}-{days:09.4f}-{name}",
        at=PLACED - timedelta(days=days),
        link=f"link-of-{who}",
        influencer=who,
        name=who.title(),
        network=network,
        evidence="trail",
        verdict="human",
        reason="",
        verdict_version=1,
    )


def amounts(model: str, *touches: Touch, net: int = 10_000, rule: CreditRule = RULE) -> list[int]:
    found = credited(touches, None, rule, net=net)
    return [credit.amount for credit in found.credits[model]]  # type: ignore[index]


FOUR = (a_touch(21, "ana"), a_touch(14, "ben"), a_touch(7, "cem"), a_touch(0, "dia"))


def test_each_model_shares_as_its_name_says() -> None:
    assert amounts("last", *FOUR) == [0, 0, 0, 10_000]
    assert amounts("first", *FOUR) == [10_000, 0, 0, 0]
    assert amounts("linear", *FOUR) == [2_500] * 4
    assert amounts("position", *FOUR) == [4_000, 1_000, 1_000, 4_000]
    # 2^(−age/7): 1/8, 1/4, 1/2, 1 → fifteenths.
    assert amounts("time_decay_7", *FOUR) == [667, 1_333, 2_667, 5_333]
    assert amounts("time_decay_1", *FOUR) == [0, 1, 77, 9_922]
    assert amounts("time_decay_14", *FOUR) == [1_381, 1_953, 2_761, 3_905]


def test_shapley_gives_each_influencer_the_same_however_often_they_were_clicked() -> None:
    touches = a_touch(9), a_touch(6), a_touch(3, "ben"), a_touch(1)
    assert amounts("shapley", *touches) == [1_667, 1_667, 5_000, 1_666]


def test_markov_weighs_networks_by_their_removal_effect_and_splits_it_over_their_touches() -> None:
    told = a_touch(9, network="whatsapp"), a_touch(6, "ben"), a_touch(3, "cem")
    assert amounts("markov", *told) == [3_334, 3_333, 3_333]
    assert amounts("markov", *told[:2]) == [3_333, 6_667]
    unheard = a_touch(9, network="sms"), a_touch(6, "ben", network="email")
    assert amounts("markov", *unheard) == [5_000, 5_000], "of neither is anything known"


def test_without_a_week_of_removal_effects_there_is_no_markov() -> None:
    assert "markov" not in credited(FOUR, removal_effects={}).credits


def test_only_the_models_asked_for_are_computed() -> None:
    journey = Journey(placed_at=PLACED, net=100, touches=FOUR)
    assert list(attribute(journey, RULE, ["last"]).credits) == ["last"]


def test_ages_of_many_half_lives_still_share_out() -> None:
    ancient = a_touch(85, "ana"), a_touch(84, "ben")
    found = credited(ancient, rule=CreditRule(window_days=90)).credits["time_decay_1"]
    assert [each.amount for each in found] == [3_333, 6_667]


def test_position_halves_between_two_and_gives_one_everything() -> None:
    assert amounts("position", *FOUR[:2]) == [5_000, 5_000]
    assert amounts("position", FOUR[0]) == [10_000]


def test_a_cent_that_does_not_divide_goes_to_the_earlier_touch() -> None:
    assert amounts("linear", *FOUR[:3], net=10_000) == [3_334, 3_333, 3_333]


@pytest.mark.parametrize("window", [7, 30, 90])
def test_the_window_includes_both_its_ends(window: int) -> None:
    rule = CreditRule(window_days=window)
    edge, outside = a_touch(window), a_touch(window + 0.001, "ben")
    found = credited([edge, outside, a_touch(0, "cem")], None, rule)
    assert [touch.influencer for touch in found.touches] == ["ana", "cem"]
    assert [(e.touch.influencer, e.why) for e in found.exclusions] == [("ben", "before_window")]


def a_code(who: str = "cem") -> Touch:
    return replace(a_touch(0, who), id=f"code-{who}", at=PLACED, link="", evidence="code")


@pytest.mark.parametrize(
    ("rule", "clicked", "counted"),
    [
        ("code_fills", True, ["ana"]),
        ("code_fills", False, ["cem", "dia"]),
        ("code_last", True, ["ana", "cem", "dia"]),
        ("code_ignored", True, ["ana"]),
        ("code_ignored", False, []),
    ],
)
def test_codes_count_as_the_rule_says(rule: str, clicked: bool, counted: list[str]) -> None:
    codes = [a_code(), a_code("dia")]
    touches = [*codes, a_touch(3)] if clicked else codes
    found = credited(touches, None, CreditRule(coupons=rule))  # type: ignore[arg-type]
    assert [touch.influencer for touch in found.touches] == counted
    assert len(found.touches) + len(found.exclusions) == len(touches)
    assert found.influence == ("assisted" if counted else "none"), "a code begins no visit"


def test_a_click_after_the_order_counts_for_nothing() -> None:
    found = credited([a_touch(-0.5)])
    assert (found.touches, found.exclusions[0].why) == ((), "after_order")


def test_an_order_in_whole_seconds_may_precede_its_own_click_within_the_second() -> None:
    placed_at = PLACED.replace(microsecond=0)
    click = replace(a_touch(0), at=placed_at + timedelta(milliseconds=900))
    late = replace(a_touch(0, "ben"), at=placed_at + timedelta(seconds=1))
    found = credited([click, late], placed_at=placed_at)
    assert [touch.influencer for touch in found.touches] == ["ana"]


def test_pressing_a_link_twice_within_half_a_minute_is_one_touch() -> None:
    twice = (
        a_touch(1),
        replace(a_touch(1, name="again"), at=a_touch(1).at + timedelta(seconds=29)),
    )
    found = credited(twice, twice[1].id)
    assert [e.why for e in found.exclusions] == ["same_click"]
    assert found.influence == "last_click"  # the visit began with the repeat of a counted click


@pytest.mark.parametrize(
    ("visit", "days", "influence"),
    [
        ("other", 0.001, "assisted"),
        (a_touch(1).id, 1, "last_click"),
        (a_touch(1.001).id, 1.001, "assisted"),
        (a_touch(20).id, 20, "assisted"),
        (None, 0.02, "last_click"),
        (None, 0.03, "assisted"),
    ],
)
def test_last_click_is_the_orders_own_visit_of_a_day_at_most(
    visit: str | None, days: float, influence: str
) -> None:
    assert credited([a_touch(days)], visit).influence == influence


# ── what is known of the buyer ───────────────────────────────────────────────────────────────────
def known(how: Evidence, days: float = 0.001, who: str = "mal") -> Touch:
    return replace(a_touch(days, who), evidence=how)


@pytest.mark.parametrize("how", ["bare", "disputed"])
def test_what_anybody_can_make_true_of_a_buyer_has_no_weight_in_any_model(how: Evidence) -> None:
    own = a_touch(5)
    alone, beside = credited([own]), credited([own, known(how)])
    assert beside.credits == alone.credits
    assert [(each.touch.influencer, each.why) for each in beside.exclusions] == [("mal", how)]
    assert credited([known(how)]).influence == "none"


def test_corroborated_evidence_counts_and_begins_no_visit() -> None:
    touch = known("corroborated")
    assert credited([touch]).influence == credited([touch], touch.id).influence == "assisted"
    assert credited([touch]).credits["linear"][0].amount == 10_000


def test_what_is_sure_of_a_buyer_may_begin_a_visit_that_nobody_named() -> None:
    assert credited([known("sure")]).influence == "last_click"


def test_an_order_without_a_touch_is_not_influenced() -> None:
    found = credited([], "other")
    assert found.influence == "none"
    assert found.credits == {}


# ── what always holds ────────────────────────────────────────────────────────────────────────────
touches = st.lists(
    st.builds(
        a_touch,
        st.floats(0, 29.9),
        st.sampled_from(["ana", "ben", "cem", "dia"]),
        network=st.sampled_from(["x", "whatsapp", "sms"]),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda touch: touch.id,
)
nets = st.integers(0, 10**12)


@given(nets, touches)
def test_credits_sum_to_net_revenue_to_the_cent_under_every_model(
    net: int, path: list[Touch]
) -> None:
    found = credited(path, net=net)
    for model in MODELS:
        assert sum(credit.amount for credit in found.credits[model]) == net
        assert all(credit.amount >= 0 for credit in found.credits[model])


@given(nets, touches, st.randoms())
def test_the_order_in_which_touches_are_read_does_not_matter(
    net: int, path: list[Touch], random: object
) -> None:
    shuffled = list(path)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert credited(path, net=net) == credited(shuffled, net=net)


@given(nets, touches, st.floats(30.01, 400))
def test_a_touch_outside_the_window_changes_no_credit(
    net: int, path: list[Touch], days: float
) -> None:
    before = credited(path, net=net)
    after = credited([*path, a_touch(days, "zoe")], net=net)
    assert after.credits == before.credits


@given(nets, touches)
def test_relabelling_influencers_relabels_credits(net: int, path: list[Touch]) -> None:
    named = [replace(touch, influencer=touch.influencer.upper()) for touch in path]
    before = credited(path, net=net).credits
    after = credited(named, net=net).credits
    for model in MODELS:
        assert [c.amount for c in before[model]] == [c.amount for c in after[model]]
        assert [c.touch.influencer.upper() for c in before[model]] == [
            c.touch.influencer for c in after[model]
        ]


@given(nets, touches, st.integers(0, 100))
def test_a_refund_scales_credits_within_a_cent(net: int, path: list[Touch], percent: int) -> None:
    left = net * (100 - percent) // 100
    before = credited(path, net=net).credits
    after = credited(path, net=left).credits
    for model in MODELS:
        for whole, part in zip(before[model], after[model], strict=True):
            assert abs(part.amount - whole.share * left) <= 1 + left * 1e-9


def test_the_rules_hash_changes_with_what_it_decides() -> None:
    hashes = {
        CreditRule().hash,
        CreditRule(window_days=7).hash,
        CreditRule(coupons="code_last").hash,
    }
    assert len(hashes) == 3
    assert CreditRule().hash == CreditRule(window_days=30).hash
