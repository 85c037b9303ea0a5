"""`python -m bench.attribution` over 10,000 paths says what other programs say of them."""

import pytest

from bench.attribution import heuristics
from bench.attribution.journeys import Row
from tests.bench.attribution.command import REMOVALS, Columns

REFERENCE = {  # to the cent, to six digits; of several programs, none of them ours
    "alpha": (28414.21, 19121.27, 24524.71, 24025.63, 0.558399, 0.547803, 0.546420),
    "beta": (3850.02, 12235.59, 8954.27, 8361.51, 0.264039, 0.237910, 0.228673),
    "delta": (10.97, 6.12, 4.40, 7.26, 0.000482, 0.000503, 0.000482),
    "epsilon": (2202.61, 412.30, 1106.27, 1243.73, 0.062639, 0.059913, 0.059264),
    "eta": (16754.20, 11909.48, 13783.50, 14117.95, 0.349026, 0.330767, 0.322834),
    "gamma": (506.01, 718.98, 569.42, 595.63, 0.017880, 0.016765, 0.016967),
    "iota": (13487.97, 19597.26, 15988.99, 16388.25, 0.405835, 0.371594, 0.360379),
    "kappa": (1069.38, 305.74, 599.75, 660.57, 0.028663, 0.025942, 0.025119),
    "lambda": (5249.95, 3735.60, 4430.32, 4462.93, 0.134022, 0.115995, 0.109391),
    "mi": (5.27, 5.27, 6.08, 5.48, 0.000180, 0.000202, 0.000202),
    "theta": (2799.09, 6652.35, 4295.74, 4575.03, 0.206010, 0.185526, 0.175845),
    "zeta": (453.26, 103.00, 539.53, 358.99, 0.039811, 0.036475, 0.035207),
}
CONVERSIONS, VALUE, NULLS = 19_785, 74_802.97, 68_602


def test_the_reference_is_the_one_that_the_figures_are_of(rows: list[Row]) -> None:
    assert len(rows) == 10_000
    assert sum(conversions for _, conversions, _, _ in rows) == CONVERSIONS
    assert sum(value for _, _, value, _ in rows) == pytest.approx(VALUE, abs=0.005)
    assert sum(nulls for _, _, _, nulls in rows) == NULLS


def test_every_column_is_printed_for_every_channel_by_name(columns: Columns) -> None:
    markovs = [name.replace("removal", "markov") for name in REMOVALS]
    assert list(columns) == [*heuristics.WEIGHT_MODELS, "shapley", *markovs, *REMOVALS]
    assert {tuple(column) for column in columns.values()} == {tuple(REFERENCE)}


@pytest.mark.parametrize(("place", "model"), [*enumerate(heuristics.WEIGHT_MODELS)])
def test_the_value_credited_is_the_references(columns: Columns, place: int, model: str) -> None:
    wanted = {channel: figures[place] for channel, figures in REFERENCE.items()}
    assert columns[model] == pytest.approx(wanted, abs=0.00501)


@pytest.mark.parametrize(("place", "removal"), [*enumerate(REMOVALS, 4)])
def test_the_removal_effects_are_the_references(columns: Columns, place: int, removal: str) -> None:
    wanted = {channel: figures[place] for channel, figures in REFERENCE.items()}
    assert columns[removal] == pytest.approx(wanted, rel=0, abs=5.01e-7)


def test_every_model_credits_all_there_is(columns: Columns) -> None:
    for name, column in columns.items():
        if not name.startswith("removal"):
            whole = CONVERSIONS if name == "shapley" else VALUE
            assert sum(column.values()) == pytest.approx(whole, abs=0.005), name


def test_markov_shares_the_value_out_by_effects(columns: Columns) -> None:
    ratios = {columns["markov_2"][c] / columns["removal_2"][c] for c in REFERENCE}
    assert max(ratios) == pytest.approx(min(ratios))
