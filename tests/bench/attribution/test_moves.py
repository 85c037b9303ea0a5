"""Moves counted over many rows at once."""

import pytest

from bench.attribution import journeys, moves
from bench.attribution.journeys import Row
from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.markov_chain import removal_effects_of
from tests.bench.attribution.command import SMALL


@pytest.mark.parametrize("rows", [SMALL, journeys.random_rows(500)], ids=["small", "unrepeated"])
def test_moves_counted_at_once_have_the_effects_of_journeys(rows: list[Row]) -> None:
    wanted = markov.removal_effects(journeys.by_path(rows))
    assert removal_effects_of(moves.flows(rows)) == pytest.approx(wanted, abs=1e-12)
