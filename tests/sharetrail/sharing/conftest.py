from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def go_shop_example() -> Iterator[None]:
    """A deployment whose links live at go.shop.example."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("STAGE", "live")
        patched.setenv("PUBLIC_BASE_URL", "https://go.shop.example")
        yield
