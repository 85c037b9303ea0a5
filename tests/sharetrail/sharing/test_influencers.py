"""Who an influencer is to the merchant."""

import pytest

from sharetrail.sharing import influencers

ANONYMOUS = "anon_7f3k000000000000"


@pytest.mark.parametrize(
    ("influencer", "name", "tags", "is_known"),
    [
        (ANONYMOUS, "Visitor 7F3K", [], False),
        (ANONYMOUS, "Kim", [], True),
        (ANONYMOUS, "Visitor 7F3K", ["vip"], True),
        ("ana", "ana", [], True),
    ],
)
def test_known_is_who_has_a_name_or_tags_from_the_merchant(
    influencer: str, name: str, tags: list[str], is_known: bool
) -> None:
    assert influencers.is_known(influencer, name, tags) is is_known
