"""The share tree: generations, recruits, second-order revenue, k; and that names decide nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.analysis import share_tree
from sharetrail.analysis.share_tree import KFactor, Leaf, LinkFigures, Tree
from sharetrail.sharing.link import MOST_ANCESTORS

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SUNDAY = MONDAY + timedelta(days=7)


def link(code: str, by: str, parent: str | None = None, hour: float = 0) -> Leaf:
    return Leaf(code, by, parent, MONDAY + timedelta(hours=hour))


def by_code(*links: Leaf) -> dict[str, Leaf]:
    return {each.code: each for each in links}


def grown(links: dict[str, Leaf], clicks: dict[str, int], revenue: dict[str, int]) -> Tree:
    recruited = share_tree.recruiters(links, {}, MONDAY, SUNDAY)
    return share_tree.grow(links, figures_of(clicks, revenue), recruited)


def figures_of(clicks: dict[str, int], revenue: dict[str, int]) -> LinkFigures:
    return LinkFigures(Counter(clicks), set(clicks), Counter(revenue))


FAMILY = by_code(
    link("a", "ana", hour=1),
    link("b", "ben", "a", hour=2),
    link("c", "cem", "b", hour=3),
    link("d", "dee", "a", hour=4),
)


# ── generations ──────────────────────────────────────────────────────────────────────────────────
def test_a_link_stands_one_generation_below_the_link_that_brought_its_maker() -> None:
    assert share_tree.generations(FAMILY) == {"a": 0, "b": 1, "c": 2, "d": 1}


def test_a_missing_parent_ends_the_chain() -> None:
    rest = {code: each for code, each in FAMILY.items() if code != "a"}
    assert share_tree.generations(rest) == {"b": 0, "c": 1, "d": 0}


def test_ones_own_link_is_nobodys_parent() -> None:
    again = by_code(link("a", "ana", hour=1), link("b", "ana", "a", hour=2))
    assert share_tree.generations(again) == {"a": 0, "b": 0}
    assert grown(again, {"a": 1, "b": 1}, {"b": 100}).branches["ana"].second_order == 0


def test_links_that_name_each_other_end_instead_of_running_in_a_circle() -> None:
    circle = by_code(
        link("a", "ana", "c", hour=1), link("b", "ben", "a", hour=2), link("c", "cem", "b", hour=3)
    )
    assert share_tree.generations(circle) == {"a": 0, "b": 1, "c": 2}
    at_once = by_code(link("a", "ana", "b"), link("b", "ben", "a"), link("c", "cem", "c"))
    assert share_tree.generations(at_once) == {"a": 0, "b": 0, "c": 0}


def test_a_generation_counts_its_links_sharers_clicks_and_revenue() -> None:
    family = FAMILY | by_code(link("e", "dee", "a", hour=5))
    tree = grown(family, {"a": 10, "b": 4, "d": 0, "e": 1}, {"a": 500, "c": 300})
    told = [(g.generation, g.links, g.sharers, g.clicks, g.revenue) for g in tree.generations]
    assert told == [(0, 1, 1, 10, 500), (1, 3, 2, 5, 0), (2, 1, 1, 0, 300)]


def test_a_link_above_that_saw_nothing_in_the_period_is_in_no_generation() -> None:
    tree = grown(FAMILY, {"b": 1}, {})
    assert [(g.generation, g.links) for g in tree.generations] == [(1, 1)]


def test_an_influencer_has_reached_the_deepest_of_their_links() -> None:
    family = FAMILY | by_code(link("e", "ana", "c", hour=5))
    tree = grown(family, dict.fromkeys(family, 1), {})
    assert {each: of.generation for each, of in tree.branches.items()} == {
        "ana": 3,
        "ben": 1,
        "cem": 2,
        "dee": 1,
    }


# ── second-order revenue ─────────────────────────────────────────────────────────────────────────
def test_second_order_revenue_goes_one_level_up_and_to_nobody_twice() -> None:
    revenue = {"a": 1, "b": 10, "c": 1_100, "d": 10_000}
    assert share_tree.second_order(FAMILY, revenue) == {"ana": 10_010, "ben": 1_100}


def test_whoever_has_only_second_order_revenue_is_in_the_tree() -> None:
    tree = share_tree.grow(FAMILY, figures_of({}, {"b": 70}), {})
    assert tree.branches.keys() == {"ana", "ben"}
    assert (tree.branches["ana"].second_order, tree.k_factor.sharers) == (70, 2)


def test_what_no_known_link_earned_is_second_order_for_nobody() -> None:
    assert share_tree.second_order(FAMILY, {"code-ANA10": 10}) == {}


# ── recruits and k ───────────────────────────────────────────────────────────────────────────────
def recruiters(links: dict[str, Leaf], **met: float) -> dict[str, str]:
    times = {who: MONDAY + timedelta(hours=hour) for who, hour in met.items()}
    came_by = share_tree.recruiters(links, times, MONDAY, SUNDAY)
    return {who: links[code].influencer for who, code in came_by.items()}


def test_a_recruit_is_somebody_whose_first_link_came_through_anothers() -> None:
    assert recruiters(FAMILY, ana=1, ben=2, cem=3, dee=4) == {
        "ben": "ana",
        "cem": "ben",
        "dee": "ana",
    }


def test_who_had_shared_before_is_nobodys_recruit() -> None:
    family = FAMILY | by_code(link("z", "dee", hour=0.5))
    assert "dee" not in recruiters(family)
    assert "ben" not in recruiters(FAMILY, ben=-1), "known before their oldest link here"


def test_a_recruit_belongs_to_the_period_of_their_first_link() -> None:
    before = {code: each._replace(created_at=MONDAY) for code, each in FAMILY.items()}
    before |= by_code(link("a", "ana", hour=-2), link("b", "ben", "a", hour=-1))
    after = by_code(link("a", "ana"), link("b", "ben", "a", hour=7 * 24))
    at_the_first_instant = by_code(link("a", "ana", hour=-1), link("b", "ben", "a", hour=0))
    assert "ben" not in recruiters(before)
    assert recruiters(after) == {}
    assert recruiters(at_the_first_instant) == {"ben": "ana"}


def test_k_is_recruits_by_sharers_and_the_product_of_its_two_parts() -> None:
    k = grown(FAMILY, {"a": 30, "b": 8, "c": 1, "d": 1}, {}).k_factor
    assert (k.sharers, k.invitations, k.recruits) == (4, 40, 3)
    assert k.k == pytest.approx(3 / 4) == pytest.approx(k.per_sharer * k.conversion)


def test_the_merchants_k_is_the_mean_of_the_sharers() -> None:
    tree = grown(FAMILY, {"b": 8, "c": 1}, {})
    own = [each.k_factor.k for each in tree.branches.values()]
    assert tree.branches["ana"].k_factor.k == 2, "recruited by a link that slept in the period"
    assert tree.k_factor.k == pytest.approx(sum(own) / len(own))


def test_k_says_nothing_of_nobody_and_zero_of_sharers_without_recruits() -> None:
    nobody = grown({}, {}, {})
    assert (nobody.generations, nobody.branches) == ((), {})
    assert (nobody.k_factor.k, nobody.k_factor.per_sharer, nobody.k_factor.conversion) == (
        None,
        None,
        None,
    )
    alone = KFactor(sharers=2, invitations=0, recruits=0)
    assert (alone.k, alone.per_sharer, alone.conversion) == (0, 0, None)


# ── any tree at all ──────────────────────────────────────────────────────────────────────────────
@st.composite
def forests(draw: st.DrawFn) -> tuple[dict[str, Leaf], dict[str, int], dict[str, int]]:
    """Links at distinct times with any parent, also none of ours, and revenue of any of them."""
    size = draw(st.integers(1, 12))
    hours = draw(st.permutations(range(size)))
    codes = [f"link {n}" for n in range(size)]
    some_code = st.sampled_from([*codes, "unknown"])
    made = [
        link(
            code,
            draw(st.sampled_from(["ana", "ben", "cem", "dee"])),
            draw(st.none() | some_code),
            hour,
        )
        for code, hour in zip(codes, hours, strict=True)
    ]
    clicks = draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 50)))
    revenue = draw(st.dictionaries(some_code, st.integers(0, 9_999)))
    return by_code(*made), clicks, revenue


@given(forests())
def test_what_is_second_order_was_credited_to_a_link_with_a_parent(forest) -> None:
    links, _, revenue = forest
    below = share_tree.second_order(links, revenue)
    parented = [
        amount
        for code, amount in revenue.items()
        if code in links and share_tree.parent_of(links[code], links)
    ]
    assert sum(below.values()) == sum(parented)
    assert sum(below.values()) <= sum(revenue.values())


@given(forests())
def test_each_generation_is_one_below_its_parents(forest) -> None:
    links, clicks, revenue = forest
    depth = share_tree.generations(links)
    for each in links.values():
        parent = share_tree.parent_of(each, links)
        assert depth[each.code] == (depth[parent.code] + 1 if parent else 0)
    tree = grown(links, clicks, revenue)
    told = sum(amount for code, amount in revenue.items() if code in links)
    assert sum(each.revenue for each in tree.generations) == told
    assert sum(each.clicks for each in tree.generations) == sum(clicks.values())
    assert tree.k_factor.recruits <= tree.k_factor.sharers * len(links)


@given(forests(), st.randoms())
def test_the_order_of_links_and_revenue_decides_nothing(forest, dice) -> None:
    links, clicks, revenue = forest
    mixed, shuffled = [*links.values()], [*revenue.items()]
    dice.shuffle(mixed)
    dice.shuffle(shuffled)
    assert grown(by_code(*mixed), clicks, dict(shuffled)) == grown(links, clicks, revenue)


@given(forests())
def test_other_names_and_codes_give_the_same_tree(forest) -> None:
    links, clicks, revenue = forest

    def renamed(code: str | None) -> str | None:
        return code and code[::-1]

    other = by_code(
        *(
            each._replace(
                code=renamed(each.code),
                influencer=renamed(each.influencer),
                parent_code=renamed(each.parent_code),
            )
            for each in links.values()
        )
    )
    tree = grown(links, clicks, revenue)
    again = grown(
        other,
        {renamed(code): n for code, n in clicks.items()},
        {renamed(code): amount for code, amount in revenue.items()},
    )
    assert again.generations == tree.generations
    assert again.branches == {renamed(each): of for each, of in tree.branches.items()}


# ── periods of one another ───────────────────────────────────────────────────────────────────────
@st.composite
def months(draw: st.DrawFn) -> tuple[dict[str, Leaf], list[dict[str, int]], list[dict[str, int]]]:
    """Links, many of them made in one instant, and what each of four weeks saw of them."""
    size = draw(st.integers(1, 16))
    codes = [f"link {n:02}" for n in range(size)]
    made = [
        link(
            code,
            draw(st.sampled_from(["ana", "ben", "cem", "dee"])),
            draw(st.none() | st.sampled_from(codes)),
            draw(st.integers(0, size)),
        )
        for code in codes
    ]
    some = st.dictionaries(st.sampled_from(codes), st.integers(0, 9), max_size=4)
    return by_code(*made), draw(st.lists(some, min_size=4)), draw(st.lists(some, min_size=4))


def looked_up(links: dict[str, Leaf], *codes: str) -> dict[str, Leaf]:
    """These, and ten generations above them: what a period reads (sharing/links.py)."""
    found = {code: links[code] for code in codes}
    for _ in range(MOST_ANCESTORS):
        above = {each.parent_code for each in found.values()} & links.keys()
        found |= {code: links[code] for code in above}
    return found


@given(months())
def test_a_month_tells_the_depth_and_the_second_order_revenue_of_its_weeks(month) -> None:
    links, clicks, revenue = month
    weeks = [
        share_tree.grow(looked_up(links, *seen, *sold), figures_of(seen, sold), {})
        for seen, sold in zip(clicks, revenue, strict=False)
    ]
    seen, sold = (sum(map(Counter, each[: len(weeks)]), Counter()) for each in (clicks, revenue))
    codes = {code for each in (*clicks[: len(weeks)], *revenue[: len(weeks)]) for code in each}
    figures = LinkFigures(seen, {code for each in clicks[: len(weeks)] for code in each}, sold)
    for each in revenue[: len(weeks)]:
        figures.revenue.update(dict.fromkeys(each, 0))
    whole = share_tree.grow(looked_up(links, *codes), figures, {})
    for who, branch in whole.branches.items():
        own = [week.branches[who] for week in weeks if who in week.branches]
        assert branch.second_order == sum(each.second_order for each in own)
        assert branch.invitations == sum(each.invitations for each in own)
        assert branch.generation == max(each.generation for each in own)


def test_what_stands_deeper_than_is_looked_up_is_told_alike_in_every_period() -> None:
    chain = by_code(
        *(link(f"{n:02}", f"{n}", f"{n - 1:02}" if n else None, hour=n) for n in range(15))
    )
    for of in ("12", "14"):
        alone = share_tree.generations(looked_up(chain, of))
        assert alone[of] == share_tree.generations(chain)[of] == MOST_ANCESTORS
