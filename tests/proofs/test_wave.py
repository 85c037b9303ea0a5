"""Two hundred shops on the emulator from Sunday to Monday: they ask what bench.wave's model says,
of each table and by each kind of job, within a tenth."""

import pytest

from bench.wave import beside, measured


@pytest.mark.slow
def test_the_model_says_what_is_counted() -> None:
    figures = beside.measure(measured.measure())
    for figure in figures:
        assert figure.verdict == "met", (figure.what, figure.value, figure.details)
