"""A link's code, as people and messengers write it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharetrail import base32
from sharetrail.sharing.link import CODE_LENGTH, link_code_in

CODE = "0h1kv8s1q4"
ALIKE = {"0": "0oO", "1": "1iIlL"}
"""Crockford's: what a person may read or write for a letter of ours, beside its capital."""
SIGNS = st.text(
    st.sampled_from("/.,;:!?)]}>'\"*_~-|(<[ \t\u00a0\u200b\u3002\u2026\u201d"), max_size=8
)


def as_written(code: str) -> st.SearchStrategy[str]:
    letters = [st.sampled_from(ALIKE.get(each, each + each.upper())) for each in code]
    return st.tuples(*letters).map("".join)


CODES = st.text(st.sampled_from(base32.ALPHABET), min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@given(CODES.flatmap(lambda code: st.tuples(st.just(code), as_written(code))), SIGNS, SIGNS)
@example((CODE, "OHIKV8SLQ4"), "", "/")
@example((CODE, CODE), "\u200b", ".")
def test_a_code_is_read_in_any_letters_and_with_any_signs_around_it(
    pair: tuple[str, str], before: str, after: str
) -> None:
    code, written = pair
    assert link_code_in(f"{before}{written}{after}") == code


@pytest.mark.parametrize("written", [f"{CODE}%20", f"{CODE.upper()}%2E", f"%E2%80%8B{CODE}%2F"])
def test_a_code_with_signs_in_percent_signs_is_read_too(written: str) -> None:
    assert link_code_in(written) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE[1:],
        CODE + "0",
        CODE + " x",
        f"{CODE}/more",
        f"{CODE[:5]}-{CODE[5:]}",
        "u" + CODE[1:],  # Crockford leaves it out, and it stands for no other
        CODE[:9] + "\u0661",
        CODE + "\u00e9",
        CODE + "." * 1_000,
    ],
)
def test_what_is_more_or_less_than_a_code_is_none(text: str) -> None:
    assert link_code_in(text) is None


@given(CODES)
def test_a_code_as_links_have_it_is_itself(code: str) -> None:
    assert link_code_in(code) == code
