import pytest

from local.cloud import Cloud
from tests.shops import Shop


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """A shop in New York, onboarded a moment ago."""
    return Shop.onboard(cloud)
