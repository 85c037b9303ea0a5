"""Which codes a merchant may choose."""

import re
from pathlib import Path

import pytest

from sharetrail.sharing.link import is_chosen_code
from sharetrail.sharing.link_codes import chosen_code
from sharetrail.sharing.redirect import NO_LINKS

TEMPLATE = Path(__file__).parents[3] / "template.yaml"


def test_a_code_is_kept_in_small_letters() -> None:
    assert chosen_code.chosen("Ana-10") == "ana-10"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ab", "3 to 40 letters"),
        ("a" * 41, "3 to 40 letters"),
        ("-ana", "dashes between"),
        ("an_a", "letters a to z"),
        ("café", "letters a to z"),
        ("ana.b", "letters a to z"),
        ("Sunflower1", "add a dash"),
        ("0h1kv8s1q4", "add a dash"),
        ("Reports", "kept for ourselves"),
    ],
)
def test_what_is_no_code_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        chosen_code.chosen(text)


def test_where_something_of_ours_answers_no_link_does() -> None:
    """Every first part of an address of ours that could else be chosen is kept."""
    paths = re.findall(r"Path: \"?/([a-z0-9.-]+)", TEMPLATE.read_text())
    assert {"v1", "reports", "unsubscribe", "sharetrail.js"} <= {*paths}
    free = {each for each in {*paths, *NO_LINKS} if is_chosen_code(each)} - chosen_code.RESERVED
    assert free == set()
