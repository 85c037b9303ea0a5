"""The redirect's own client stays as small as promised: counted in instructions, without noise."""

import pytest

from bench.redirect import put_item

pytestmark = pytest.mark.slow


def test_a_put_costs_at_most_six_hundredths_of_boto3s() -> None:
    (figure,) = put_item.measure()
    if figure.value is None:
        pytest.skip(figure.note)
    assert figure.value <= put_item.LIMIT, figure.details
