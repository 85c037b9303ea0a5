"""The other half of the schedules of test_schedules.py."""

import pytest

from tests.proofs.test_schedules import PARTS, part
from tests.proofs.test_schedules import there as there  # a fixture
from tests.schedules.schedules import Town

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", range(1, PARTS, 2))
def test_whatever_goes_wrong_every_table_is_what_it_would_have_been(
    there: Town, number: int
) -> None:
    assert there.first_wrong(part(number)) == ""
