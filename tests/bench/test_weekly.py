"""The bench of big weeks, of a small merchant: what it measures is all there."""

from bench.weekly.__main__ import figures_of


def test_a_small_merchants_week_is_measured() -> None:
    figures = {each.what: each for each in figures_of(0.01, 1_000, 1_000)}
    assert len(figures) == 12
    assert all(each.value for each in figures.values())
    (requests,) = (each.value for what, each in figures.items() if "requests with" in what)
    assert requests is not None
    assert requests < 0.5, "what is kept is not read again"
