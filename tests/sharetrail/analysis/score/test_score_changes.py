"""Why a score changed: factors that multiply exactly, and a sentence that does not over-read."""

from dataclasses import replace
from datetime import date
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.analysis.score.expectation import InfluencerWeek, Record
from sharetrail.analysis.score.factors import Factors
from sharetrail.analysis.score.score import Score, score_all
from sharetrail.analysis.score.score_changes import Change

BEFORE = date(2026, 11, 9)


(BASE,) = score_all(
    [Record(influencer="ana", network="x", weeks=(InfluencerWeek(clicks=9, orders=1),))], seed="s"
)


def scored(*, spread: float = 1.05, **told: float) -> Score:
    """A score of these factors."""
    factors = Factors(
        **{"clicks": 100, "rate": 0.05, "order_value": 5_000, "closer": 1, "fraud": 1, **told}
    )
    value, fraud = prod(factors), factors.fraud
    return replace(
        BASE,
        value=value,
        low=value / spread,
        high=value * spread,
        parts=replace(
            BASE.parts,
            c4=factors.clicks,
            rate=factors.rate * fraud,
            order_value=factors.order_value,
            closer=factors.closer,
        ),
        waterfall={**BASE.waterfall, "fraud": fraud},
    )


def between(old: Score, new: Score) -> Change:
    return Change(since=BEFORE, old=old, new=new)


def sentence(spread: float = 1.05, **told: float) -> str:
    return between(scored(spread=spread), scored(**told)).sentence


above_zero = st.floats(1e-6, 1e9)
parts = st.fixed_dictionaries(
    {
        "clicks": above_zero,
        "rate": st.floats(1e-6, 1),
        "order_value": above_zero,
        "closer": st.floats(0.5, 1),
        "fraud": st.floats(0.01, 1),
    }
)


@given(parts, parts)
def test_the_factors_multiply_to_the_change(old: dict, new: dict) -> None:
    change = between(scored(**old), scored(**new))
    assert prod(change.factors) == pytest.approx(change.ratio, rel=1e-9)


@given(parts)
def test_a_week_against_itself_has_not_changed(told: dict) -> None:
    change = between(scored(**told), scored(**told))
    assert (change.ratio, change.is_within, change.sentence) == (1, True, "As the week before.")


def test_the_factors_of_real_scores_multiply_to_their_values() -> None:
    def week(clicks: float, orders: float, doubted: float = 0) -> InfluencerWeek:
        revenue = orders * 5_000
        return InfluencerWeek(
            clicks=clicks,
            orders=orders,
            squares=orders,
            revenue=revenue,
            shares=1,
            first=0,
            last=revenue,
            doubted=doubted,
        )

    def one_of(*weeks: InfluencerWeek) -> Score:
        others = [Record(influencer=f"{n}", network="x", weeks=(week(50, 1),) * 4) for n in "abc"]
        records = [Record(influencer="ana", network="x", weeks=weeks), *others]
        (ana,) = (s for s in score_all(records, seed="s") if s.influencer == "ana")
        return ana

    old, new = one_of(week(100, 4)), one_of(week(300, 9, doubted=20_000), week(100, 4))
    for each in (old, new):
        assert prod(each.factors) == pytest.approx(each.value, rel=1e-9)
    change = between(old, new)
    assert change.factors.fraud < 1
    assert prod(change.factors) == pytest.approx(new.value / old.value, rel=1e-9)


# ── in words ─────────────────────────────────────────────────────────────────────────────────────
def test_a_rise_is_told_with_its_reasons_the_largest_first() -> None:
    assert sentence(clicks=108, rate=0.065) == (
        "Up 40% since the week before: a better rate (+30%) and more clicks (+8%)."
    )


def test_what_held_against_the_change_is_told_too() -> None:
    assert sentence(clicks=50, order_value=6_000) == (
        "Down 40% since the week before: fewer clicks (−50%), in spite of larger orders (+20%)."
    )


def test_a_value_inside_the_old_interval_is_too_little_to_tell() -> None:
    told = sentence(spread=1.5, clicks=140)
    assert told == "Up 40% since the week before, within its interval: too little to tell."


def test_the_ends_of_the_interval_are_inside_it() -> None:
    old = scored(spread=2)
    assert between(old, scored(clicks=200)).is_within
    assert between(old, scored(clicks=50)).is_within
    assert not between(old, scored(clicks=200.1)).is_within


def test_tenfold_is_told_as_times() -> None:
    assert sentence(clicks=1_200) == (
        "Up to 12 times since the week before: more clicks (12 times)."
    )


def test_many_small_reasons_are_told_as_such() -> None:
    told = between(scored(spread=1.001), scored(clicks=100.4, rate=0.0502, order_value=5_020))
    assert told.sentence == "Up 1% since the week before: a little of everything."


def test_from_nothing_and_to_nothing_there_is_no_ratio() -> None:
    nothing = replace(scored(rate=0), high=100)
    some = scored()
    for old, new, told in (
        (nothing, some, "Nothing was expected the week before: there was no order to go by."),
        (some, nothing, "Nothing is expected any more."),
        (nothing, nothing, "Nothing is expected, as the week before."),
    ):
        change = between(old, new)
        assert (change.ratio, change.factors, change.sentence) == (None, None, told)


def test_scores_of_two_rules_are_not_compared_in_words() -> None:
    change = between(replace(scored(), rule="score-0"), scored(clicks=300))
    assert "computed in another way" in change.sentence
    assert "Up" not in change.sentence


# ── In few words ─────────────────────────────────────────────────────────────────────────────────
def brief(spread: float = 1.05, **told: float) -> tuple[str, str]:
    change = between(scored(spread=spread), scored(**told))
    return change.way, change.brief


def test_in_few_words_stands_which_way_and_what_moved_it_most() -> None:
    assert brief(clicks=200, order_value=5_500) == ("up", "Risen by more clicks.")
    assert brief(clicks=50, order_value=6_000) == ("down", "Fallen by fewer clicks.")
    assert brief(clicks=200, order_value=3_000, rate=0.029) == ("down", "Fallen by a worse rate.")
    assert brief(closer=0.8) == ("down", "Fallen by coming last more often.")


def test_within_the_interval_it_is_about_the_same_or_in_range() -> None:
    assert brief(spread=2, clicks=109) == ("", "About the same.")
    assert brief(spread=2, clicks=111) == ("", "In range.")
    assert brief() == ("", "About the same.")


def test_something_after_nothing_is_not_about_the_same() -> None:
    nothing = replace(scored(), value=0.0, low=0.0, high=9_000.0)
    assert between(nothing, replace(scored(), value=3_000.0)).brief == "In range."
    assert between(nothing, nothing).brief == "About the same."


def test_scores_of_two_rules_have_no_way() -> None:
    change = between(replace(scored(), rule="score-0"), scored(clicks=900))
    assert (change.way, change.brief) == ("", "Computed in another way since.")


@given(parts, parts)
def test_which_way_in_few_words_is_the_way_of_the_values(old: dict, new: dict) -> None:
    change = between(scored(**old), scored(**new))
    if change.way:
        assert (change.new.value > change.old.value) is (change.way == "up")
        assert change.brief.startswith({"up": "Risen by", "down": "Fallen by"}[change.way])
