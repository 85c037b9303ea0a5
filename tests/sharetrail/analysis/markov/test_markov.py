"""Removal effects: chains computed by hand, laws that always hold, and figures others got too."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.attribution import journeys as reference
from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.markov import Outcome, Path
from sharetrail.analysis.markov.markov_chain import End, removal_effects_of

FINE = 1e-12

paths = st.lists(st.sampled_from("abcde"), min_size=1, max_size=6).map(tuple)
counts = st.integers(0, 9)
outcomes = st.builds(Outcome, conversions=counts, value=counts, nulls=counts)
any_journeys = st.dictionaries(paths, outcomes, min_size=1, max_size=12)
orders = st.integers(1, 3)


def journeys(**ended: tuple[float, float]) -> dict[Path, Outcome]:
    """`ab=(3, 1)`: of journeys over a and then b three converted, one did not."""
    return {
        tuple(path): Outcome(conversions=conversions, nulls=nulls)
        for path, (conversions, nulls) in ended.items()
    }


def close(found: Mapping[str, float], wanted: Mapping[str, float], by: float = FINE) -> bool:
    return found.keys() == wanted.keys() and all(
        math.isclose(found[name], wanted[name], rel_tol=0, abs_tol=by) for name in wanted
    )


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────
def test_two_channels_that_are_never_together_share_the_conversions() -> None:
    found = markov.removal_effects(journeys(a=(3, 1), b=(1, 3)))
    assert close(found, {"a": 3 / 4, "b": 1 / 4})


def test_a_channel_on_the_way_to_another_takes_its_conversions_along() -> None:
    """From a half go on to b; b converts 3 of 4, a 1 of 2: P = ½·½ + ½·¾ for who begins at a."""
    found = markov.removal_effects(journeys(ab=(3, 1), a=(2, 2)))
    assert close(found, {"a": 1, "b": (3 / 8) / (5 / 8)})


def test_a_chain_may_go_around_in_circles() -> None:
    """abab converts, ab does not: from b a third each goes back, converts, ends."""
    found = markov.removal_effects(journeys(abab=(1, 0), ab=(0, 1)))
    assert close(found, {"a": 1, "b": 1})


def test_where_order_one_sees_one_state_order_two_sees_the_way_there() -> None:
    """Only who came to c by a converts: for order 1 both ways to c are half of it."""
    told = journeys(ac=(4, 0), bc=(0, 4))
    assert close(markov.removal_effects(told, 1), {"a": 1 / 2, "b": 1 / 2, "c": 1})
    assert close(markov.removal_effects(told, 2), {"a": 1, "b": 0, "c": 1})


def test_a_path_shorter_than_the_order_is_a_state_of_its_own() -> None:
    found = markov.removal_effects(journeys(a=(1, 0), aab=(1, 0), b=(0, 2)), 3)
    assert close(found, {"a": 1, "b": 1 / 2})


def test_removing_a_channel_that_is_part_of_another_ones_name_leaves_that() -> None:
    told = {("mail",): Outcome(conversions=1), ("mail list",): Outcome(conversions=1)}
    assert close(markov.removal_effects(told), {"mail": 0.5, "mail list": 0.5})
    assert close(markov.removal_effects(told, 2), {"mail": 0.5, "mail list": 0.5})


@pytest.mark.parametrize("name", ["start", "conversion", "null", "", "START"])
def test_a_channel_may_have_any_name(name: str) -> None:
    told = {(name, "b"): Outcome(conversions=1, nulls=1), ("b",): Outcome(conversions=1, nulls=1)}
    assert close(markov.removal_effects(told), {name: 1 / 2, "b": 1})


def test_without_a_conversion_every_effect_and_every_share_is_nothing() -> None:
    found = markov.removal_effects(journeys(ab=(0, 3), abc=(0, 1)), 2)
    assert found == {"a": 0, "b": 0, "c": 0}
    assert markov.shares(found) == found


def test_no_journeys_no_channels() -> None:
    assert markov.removal_effects({}) == markov.shares({}) == markov.intervals({}, 1, 1) == {}


def test_a_journey_without_a_touch_and_an_order_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="without a touch"):
        markov.removal_effects({(): Outcome(conversions=1)})
    with pytest.raises(ValueError, match="order 0"):
        markov.removal_effects(journeys(a=(1, 1)), 0)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────
@given(any_journeys, orders)
def test_every_channel_has_an_effect_from_0_to_1(told: dict[Path, Outcome], order: int) -> None:
    found = markov.removal_effects(told, order)
    assert found.keys() == {channel for path in told for channel in path}
    assert all(0 <= effect <= 1 for effect in found.values())


@given(any_journeys, orders, st.permutations("abcde"))
def test_other_names_get_the_same_effects(
    told: dict[Path, Outcome], order: int, names: list[str]
) -> None:
    named = dict(zip("abcde", names, strict=True))
    other = {tuple(named[channel] for channel in path): told[path] for path in told}
    found = {named[c]: effect for c, effect in markov.removal_effects(told, order).items()}
    assert close(markov.removal_effects(other, order), found)


@given(st.data(), any_journeys, orders)
def test_the_order_in_which_journeys_come_changes_not_a_bit(
    data: st.DataObject, told: dict[Path, Outcome], order: int
) -> None:
    other = dict(data.draw(st.permutations(list(told.items()))))
    assert markov.removal_effects(other, order) == markov.removal_effects(told, order)
    assert markov.intervals(other, order, 7, 5) == markov.intervals(told, order, 7, 5)
    assert list(markov.pooled(other, 2).items()) == list(markov.pooled(told, 2).items())


@given(any_journeys, orders, st.sampled_from([0.1, 3, 1e6]))
def test_more_of_everything_changes_nothing(
    told: dict[Path, Outcome], order: int, times: float
) -> None:
    more = {
        path: Outcome(conversions=each.conversions * times, nulls=each.nulls * times)
        for path, each in told.items()
    }
    assert close(markov.removal_effects(more, order), markov.removal_effects(told, order))


@given(any_journeys)
def test_at_order_one_a_touch_repeated_at_once_does_not_matter(told: dict[Path, Outcome]) -> None:
    doubled = {tuple(channel for c in path for channel in (c, c)): told[path] for path in told}
    assert markov.removal_effects(doubled) == markov.removal_effects(told)


@given(any_journeys, orders)
def test_a_channel_on_every_path_that_converts_has_the_effect_1(
    told: dict[Path, Outcome], order: int
) -> None:
    through = {
        (*path, "x") if each.conversions else path: Outcome(conversions=each.conversions, nulls=2)
        for path, each in told.items()
    }
    found = markov.removal_effects(through, order)
    assert found.get("x", 1) == pytest.approx(1, abs=FINE)


@given(any_journeys)
def test_the_effects_of_order_one_are_those_of_the_fundamental_matrix(
    told: dict[Path, Outcome],
) -> None:
    """N[start, c] / N[c, c] · b[c] / b[start], summed as a series of powers of Q."""
    assert close(markov.removal_effects(told), _by_series(told), 1e-9)


@given(any_journeys, orders)
def test_shares_sum_to_1(told: dict[Path, Outcome], order: int) -> None:
    found = markov.shares(markov.removal_effects(told, order))
    assert sum(found.values()) == pytest.approx(1 if any(found.values()) else 0)


def test_moves_that_were_counted_elsewhere_give_the_same() -> None:
    moves = {
        (End.START, ("a",)): 8,
        (("a",), ("a",)): 5,
        (("a",), ("b",)): 4,
        (("a",), End.CONVERSION): 2,
        (("a",), End.NULL): 2,
        (("b",), End.CONVERSION): 3,
        (("b",), End.NULL): 1,
    }
    assert close(removal_effects_of(moves), markov.removal_effects(journeys(ab=(3, 1), a=(2, 2))))


def test_to_stay_in_a_state_is_no_move_in_longer_chains_either() -> None:
    """Half begin at aa, of whom 3 of 5 convert, 2 by ab; the others at bb, of whom all do."""
    moves = {
        (End.START, ("a", "a")): 5,
        (End.START, ("b", "b")): 5,
        (("a", "a"), ("a", "a")): 9,
        (("a", "a"), ("a", "b")): 2,
        (("a", "a"), End.CONVERSION): 1,
        (("a", "a"), End.NULL): 2,
        (("a", "b"), End.CONVERSION): 2,
        (("b", "b"), End.CONVERSION): 5,
    }
    assert close(removal_effects_of(moves), {"a": 3 / 8, "b": 7 / 8})


def _by_series(told: Mapping[Path, Outcome]) -> dict[str, float]:
    """Visits by walking on and on; the same without each channel."""
    channels = sorted({channel for path in told for channel in path})
    return {c: _lost(told, c, channels) for c in channels}


def _lost(told: Mapping[Path, Outcome], without: str, channels: list[str]) -> float:
    whole = _converting(told, channels)
    left = _converting(told, [channel for channel in channels if channel != without])
    return 1 - left / whole if whole else 0


def _converting(told: Mapping[Path, Outcome], kept: list[str]) -> float:
    moved: dict[tuple[str, str], float] = {}
    for path, each in told.items():
        both = each.conversions + each.nulls
        for one, other in zip(("^", *path), (*path, ""), strict=True):
            moved[one, other] = moved.get((one, other), 0) + both
        moved[path[-1], "$"] = moved.get((path[-1], "$"), 0) + each.conversions
    totals = {
        one: sum(moved.get((one, other), 0) for other in {to for _, to in moved} - {"$"})
        for one in {"^", *kept}
    }
    here, converted = {"^": 1.0}, 0.0
    while sum(here.values()) > 1e-13:
        there = dict.fromkeys(kept, 0.0)
        for one, mass in here.items():
            if mass and totals[one]:
                converted += mass * moved.get((one, "$"), 0) / totals[one]
                for other in kept:
                    there[other] += mass * moved.get((one, other), 0) / totals[one]
        here = there
    return converted


# ── intervals ────────────────────────────────────────────────────────────────────────────────────
SOME = journeys(a=(30, 50), ab=(20, 90), bc=(5, 200), cab=(9, 9))


def test_the_same_seed_redraws_the_same_journeys() -> None:
    assert markov.intervals(SOME, 1, 42, 50) == markov.intervals(SOME, 1, 42, 50)
    assert markov.intervals(SOME, 1, 42, 50) != markov.intervals(SOME, 1, 43, 50)


@pytest.mark.parametrize("order", [1, 2])
def test_an_interval_lies_around_the_share_and_narrows_with_more_journeys(order: int) -> None:
    share = markov.shares(markov.removal_effects(SOME, order))
    many = {
        path: Outcome(conversions=100 * each.conversions, nulls=100 * each.nulls)
        for path, each in SOME.items()
    }
    few, narrow = markov.intervals(SOME, order, 1), markov.intervals(many, order, 1)
    for channel in share:
        low, high = few[channel]
        assert low < share[channel] < high
        assert narrow[channel][1] - narrow[channel][0] == pytest.approx((high - low) / 10, rel=0.3)


def test_eighty_of_a_hundred_intervals_hold_the_true_share() -> None:
    """a and b never meet: a's share is binomial around 0.3, and so are the redrawn ones."""
    from random import Random

    dice, held = Random(5), 0
    for seed in range(200):
        hits = sum(dice.random() < 0.3 for _ in range(100))
        low, high = markov.intervals(journeys(a=(hits, 0), b=(100 - hits, 0)), 1, seed, 100)["a"]
        held += low <= 0.3 <= high
    assert 0.7 <= held / 200 <= 0.9


def test_draws_without_a_conversion_tell_nothing() -> None:
    assert markov.intervals(journeys(a=(0, 5)), 1, 1) == {"a": (0.0, 1.0)}
    assert markov.intervals(journeys(a=(1, 5)), 1, 1) == {"a": (1.0, 1.0)}


# ── pooling ──────────────────────────────────────────────────────────────────────────────────────
def test_the_tail_is_pooled_under_one_name() -> None:
    told = {
        ("a", "c"): Outcome(conversions=2, value=20, nulls=3),
        ("a", "d", "d"): Outcome(nulls=1),
        ("a", "d"): Outcome(conversions=1, value=5),
        ("b",): Outcome(conversions=5, value=1),
    }
    assert markov.pooled(told, 2) == {
        ("a", "others"): Outcome(conversions=3, value=25, nulls=3),
        ("a", "others", "others"): Outcome(nulls=1),
        ("b",): Outcome(conversions=5, value=1),
    }
    assert markov.pooled(told, 4) == told


def test_a_channel_counts_once_a_journey_and_ties_go_by_name() -> None:
    told = journeys(aaa=(1, 1), b=(3, 0), c=(3, 0))
    assert set(markov.pooled(told, 1, "rest")) == {("rest",) * 3, ("b",), ("rest",)}


# ── figures that others got too ──────────────────────────────────────────────────────────────────
REFERENCE = {  # orders 1, 2 and 3
    "alpha": (0.558399, 0.547803, 0.546420),
    "beta": (0.264039, 0.237910, 0.228673),
    "delta": (0.000482, 0.000503, 0.000482),
    "epsilon": (0.062639, 0.059913, 0.059264),
    "eta": (0.349026, 0.330767, 0.322834),
    "gamma": (0.017880, 0.016765, 0.016967),
    "iota": (0.405835, 0.371594, 0.360379),
    "kappa": (0.028663, 0.025942, 0.025119),
    "lambda": (0.134022, 0.115995, 0.109391),
    "mi": (0.000180, 0.000202, 0.000202),
    "theta": (0.206010, 0.185526, 0.175845),
    "zeta": (0.039811, 0.036475, 0.035207),
}


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_references_effects_are_those_of_two_other_programs(order: int) -> None:
    found = markov.removal_effects(reference.by_path(reference.reference()), order)
    assert close(found, {name: row[order - 1] for name, row in REFERENCE.items()}, 5.01e-7)
