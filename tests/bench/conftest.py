"""A shop behind a meter."""

from collections.abc import Iterator

import pytest

from bench.dynamodb.meter import Meter, metered_cloud
from local.emulator.ministack import Emulator
from tests.shops import Shop


@pytest.fixture(scope="module")
def metered(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[tuple[Shop, Meter]]:
    """Of a stack of its own: the emulator keeps what a module leaves."""
    stack = f"metered-{request.path.stem.removeprefix('test_')}"
    with metered_cloud(emulator, stack) as (cloud, meter):
        yield Shop.onboard(cloud), meter
