"""What a delivery costs, counted exactly."""

import pytest

from bench.costs.deliveries import PROVIDERS, deliver
from bench.dynamodb.meter import Meter
from tests.shops import Shop


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_delivery_is_one_write_new_or_repeated(
    metered: tuple[Shop, Meter], provider: str
) -> None:
    for name, requests in deliver(*metered, provider).items():
        assert sum(request.writes for request in requests) == 1, name
