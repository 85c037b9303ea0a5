"""What a delivery costs, counted exactly."""

import pytest

from bench.costs.deliveries import PROVIDERS, deliver
from bench.dynamodb.meter import Meter
from tests.shops import Shop


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_delivery_is_one_write_new_or_repeated(
    metered: tuple[Shop, Meter], provider: str
) -> None:
    deliveries = deliver(*metered, provider)
    for name, requests in deliveries.items():
        assert sum(request.writes for request in requests) == 1, name
    units = [request.units for requests in deliveries.values() for request in requests]
    assert min(filter(None, units)) == 2, "a kilobyte, and its place in the index"
