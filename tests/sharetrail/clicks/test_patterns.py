"""Patterns are found where `re` finds them, whatever the text."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.clicks import patterns
from sharetrail.clicks.patterns import Patterns, branches_of, word_of

USED = [
    *Path(patterns.__file__).with_name("bot_patterns.txt").read_text("utf-8").splitlines(),
    *(r"tv\b", r"\baft[a-z0-9]{1,5}\b", "series ?60", r"^\[fb", r"\(pc;", "tablet(?! pc)"),
    r"microsoft (?:office|outlook)\b",
]
scraps = st.sampled_from(
    [*map(word_of, USED), *"az09 ._-/;:|@()[]<^$%\né", "cu", "lib", " pc", "mozilla/5.0 (", "1.0"]
)
scraps_of_text = st.lists(scraps, max_size=4).map("".join)
matched = st.sampled_from(USED).flatmap(lambda each: st.tuples(st.just(each), st.from_regex(each)))


@given(matched)
def test_in_whatever_a_branch_matches_its_word_stands(found: tuple[str, str]) -> None:
    branch, text = found
    assert word_of(branch) in text


@given(scraps_of_text, matched, scraps_of_text, st.lists(st.sampled_from(USED), max_size=30))
def test_each_branch_is_found_where_a_search_finds_it(
    before: str, found: tuple[str, str], after: str, others: list[str]
) -> None:
    text, branches = before + found[1] + after, [*others, found[0]]
    spans = [each.span() for branch in branches if (each := re.search(branch, text))]
    assert [*Patterns(*branches).spans(text)] == spans
    assert [*Patterns("|".join(branches)).spans(text)] == spans
    assert Patterns(*branches).stand_in(text) == bool(re.search("|".join(branches), text))


def test_most_branches_have_a_word_of_some_letters() -> None:
    assert sum(len(word_of(branch)) >= 3 for branch in USED) > 0.9 * len(USED)
    assert word_of(r"a?bc+d{2}e(?:fg|h)*ij[kl]m\.n\d") == "m.n"
    assert branches_of(r"a|b\|c|(?:d|e)|[|]f") == ["a", r"b\|c", "(?:d|e)", "[|]f"]
