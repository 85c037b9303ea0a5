"""What is said of a score's discount, and from when on."""

import pytest

from sharetrail.analysis.score import score_discount


@pytest.mark.parametrize(("closer", "is_told"), [(0.96, False), (0.95, True), (0.5, True)])
def test_a_discount_is_told_where_it_changes_what_one_sees(closer: float, is_told: bool) -> None:
    assert score_discount.sentence(closer)
    assert score_discount.is_telling(score_discount.percent_of(closer)) is is_told


def test_of_no_discount_nothing_is_said() -> None:
    assert score_discount.sentence(0.996) is None
