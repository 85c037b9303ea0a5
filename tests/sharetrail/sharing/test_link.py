"""A link's code, as people and messengers write it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharetrail import base32
from sharetrail.sharing.link import CODE_LENGTH, is_chosen_code, is_made_code, link_code_in

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
        CODE + " x",
        f"{CODE}/more",
        "ab",
        "a" * 41,
        "ana bell",
        "wp-login.php",
        "\u212aana",  # a Kelvin, which folds to a letter of ours
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


# ── codes that merchants choose ──────────────────────────────────────────────────────────────────
CHOSEN = st.from_regex(r"[0-9a-z][0-9a-z-]{1,38}[0-9a-z]", fullmatch=True).filter(is_chosen_code)


@given(CHOSEN, SIGNS, SIGNS)
@example("ana", "", "")
@example("a--b", "-", "-")
def test_a_chosen_code_is_read_in_capitals_and_with_signs_around_it(
    code: str, before: str, after: str
) -> None:
    assert link_code_in(f"{before}{code.upper()}{after}") == code


@given(CODES.flatmap(lambda code: st.tuples(st.just(code), as_written(code))))
def test_no_chosen_code_reads_as_one_that_we_make(pair: tuple[str, str]) -> None:
    code, written = pair
    assert is_made_code(code)
    assert not is_chosen_code(written.lower())


@given(st.text(max_size=45))
def test_what_is_read_as_a_code_is_one(text: str) -> None:
    code = link_code_in(text)
    assert code is None or is_made_code(code) != is_chosen_code(code)
