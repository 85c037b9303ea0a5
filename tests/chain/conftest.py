from collections.abc import Iterator

import pytest

from local.cloud import Cloud
from sharetrail.report.page import frame
from tests import templates
from tests.instances import forget_counts
from tests.shops import Shop


@pytest.fixture(autouse=True)
def _fresh_instance() -> None:
    """What an instance remembers of a merchant's minute and day is another test's."""
    forget_counts()


@pytest.fixture(autouse=True, scope="session")
def _pages_are_given_every_name_that_they_may_ask_for() -> Iterator[None]:
    """Whichever branches of a template a test's own data take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "text", templates.written)
        yield


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """A shop in New York, onboarded a moment ago."""
    return Shop.onboard(cloud)
