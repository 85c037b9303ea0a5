import pytest

from tests.local.shop.visitors import Visitor


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()
