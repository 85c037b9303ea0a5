import pytest

from local.cloud import Cloud
from tests.instances import forget_counts
from tests.shops import Shop


@pytest.fixture(autouse=True)
def _fresh_instance() -> None:
    """What an instance remembers of a merchant's minute and day is another test's."""
    forget_counts()


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """A shop in New York, onboarded a moment ago."""
    return Shop.onboard(cloud)
