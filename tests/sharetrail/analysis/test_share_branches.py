"""The part of a share tree that is shown: bounded, and nothing told twice or lost."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.analysis import share_branches, share_tree
from sharetrail.analysis.share_branches import DEEPEST, MOST, WIDEST, Place
from sharetrail.analysis.share_tree import Leaf, LinkFigures

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def leaf(code: str, by: str, parent: str | None, hour: float) -> Leaf:
    return Leaf(code, by, parent, MONDAY + timedelta(hours=hour))


def figures(clicks: dict[str, int], revenue: dict[str, int]) -> LinkFigures:
    return LinkFigures(Counter(clicks), set(clicks), Counter(revenue))


def told(place: Place) -> Iterator[tuple[int, Place]]:
    level, generation = [place], 0
    while level:
        yield from ((generation, each) for each in level)
        level, generation = [below for each in level for below in each.below], generation + 1


FAMILY = {
    each.code: each
    for each in (
        leaf("a", "ana", None, 0),
        leaf("a2", "ana", "b", 3),
        leaf("b", "ben", "a", 1),
        leaf("c", "cem", "b", 2),
        leaf("d", "dee", "a", 4),
        leaf("e", "eve", "a2", 5),
        leaf("f", "flo", None, 0),
    )
}


def test_whoever_recruited_most_revenue_is_the_best_whatever_they_sold_themselves() -> None:
    sold = figures({}, {"f": 900, "b": 10, "c": 50, "d": 5})
    assert share_branches.best_of(FAMILY, sold) == "ben"
    assert share_branches.best_of(FAMILY, figures({"b": 3}, {"f": 900, "b": 0})) is None
    assert share_branches.best_of({}, figures({}, {})) is None


def test_people_hang_below_whose_link_they_shared_through_those_worth_most_first() -> None:
    seen = figures({"b": 1, "d": 9, "e": 1}, {"c": 50})
    tree = share_branches.grow_below("ana", FAMILY, seen)
    assert tree.links == ["a", "a2"], "all of her own stand together, wherever else they hang"
    shown = [(each.influencer, [b.influencer for b in each.below]) for _, each in told(tree)]
    assert shown == [
        ("ana", ["ben", "dee", "eve"]),
        ("ben", ["cem"]),
        ("dee", []),
        ("eve", []),
        ("cem", []),
    ]


def test_a_branch_on_which_nothing_happened_is_not_told() -> None:
    assert share_branches.grow_below("ana", FAMILY, figures({}, {"f": 9})).below == []


def test_a_chain_of_thousands_is_told_four_generations_deep() -> None:
    chain = {
        f"{n}": leaf(f"{n}", f"w{n}", f"{n - 1}" if n else None, n / 100) for n in range(3_000)
    }
    tree = share_branches.grow_below("w0", chain, figures({}, {"2999": 1}))
    deepest = [each for generation, each in told(tree) if generation == DEEPEST]
    assert [len(each.hidden) for each in deepest] == [3_000 - 1 - DEEPEST]


@st.composite
def forests(draw: st.DrawFn) -> tuple[dict[str, Leaf], LinkFigures]:
    size = draw(st.integers(1, 150))
    dice = draw(st.randoms(use_true_random=False))
    people = draw(st.integers(1, 150))
    leaves = {
        f"{n}": leaf(
            f"{n}",
            f"w{dice.randrange(people)}",
            f"{dice.randrange(n)}" if n and dice.random() < 0.9 else None,
            dice.choice((n, n, n - 1)),
        )
        for n in range(size)
    }
    some = [f"{dice.randrange(size)}" for _ in range(size)]
    return leaves, figures(dict.fromkeys(some[::2], 1), dict.fromkeys(some[1::2], 100))


@given(forests())
def test_what_is_shown_is_bounded_and_with_what_is_hidden_it_is_everything(forest) -> None:
    leaves, seen = forest
    below = share_tree.second_order(leaves, seen.revenue)
    root = share_branches.best_of(leaves, seen)
    if root is None:
        assert not any(below.values())
        return
    tree = share_branches.grow_below(root, leaves, seen)
    shown = [each for _, each in told(tree)]
    assert len(shown) <= MOST
    assert max(len(each.below) for each in shown) <= WIDEST
    assert max(generation for generation, _ in told(tree)) <= DEEPEST
    codes = [code for each in shown for code in (*each.links, *each.hidden)]
    assert len(codes) == len(set(codes)), "no link is told twice"
    first = sum(seen.revenue[code] for each in tree.below for code in each.links)
    directly = {
        code
        for code in tree.hidden
        if share_tree.parent_of(leaves[code], leaves).influencer == root
    }
    assert first + sum(seen.revenue[code] for code in directly) == below[root]
