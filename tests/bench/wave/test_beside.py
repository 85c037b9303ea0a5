"""How far what is counted is off the model."""

import pytest

from bench.wave import beside


@pytest.mark.parametrize(
    ("counts", "model", "off"), [(110, 100, 0.1), (90, 100, -0.1), (0, 5, -1), (5, 0, 1)]
)
def test_what_the_model_does_not_know_is_as_far_off_as_can_be(
    counts: float, model: float, off: float
) -> None:
    assert beside.off(counts, model) == pytest.approx(off)


def test_operations_of_a_table_count_together_and_rarely_asked_tables_not_at_all() -> None:
    counts = {"totals Query": 90.0, "totals PutItem": 30.0, "links GetItem": 99.0}
    model = {"totals Query": 100.0}
    assert list(beside.by_table(counts, model)) == [("totals", 120, 100)]
