"""Who brought whom, below one influencer: of a share tree a part that can be looked at. Pure.

Each link is in one place, below the link that it was shared through, so no revenue is told twice;
who shared through several is told below each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sharetrail.analysis.share_tree import Leaf, LinkFigures, parent_of, second_order

DEEPEST = 4
"""Generations below the first."""
WIDEST = 8
MOST = 60
"""People in all."""


@dataclass(kw_only=True)
class Place:
    """Somebody's links that hang below those of the place above."""

    influencer: str
    links: list[str] = field(default_factory=list)
    below: list["Place"] = field(default_factory=list)
    """At most WIDEST, first those below whom most was credited."""
    hidden: set[str] = field(default_factory=set)
    """Links below for which there is no room."""


def best_of(leaves: Mapping[str, Leaf], figures: LinkFigures) -> str | None:
    """Who recruited most revenue: whose second-order revenue is most; None where nobody has any."""
    below = second_order(leaves, figures.revenue)
    best = min(below, key=lambda who: (-below[who], who), default=None)
    return best if best is not None and below[best] > 0 else None


def grow_below(root: str, leaves: Mapping[str, Leaf], figures: LinkFigures) -> Place:
    """The influencer's own links and what hangs below them, as far as anything was followed or
    credited there: level by level, until there is no more room."""
    branches = _Branches(root, leaves, figures)
    first = Place(influencer=root, links=[e.code for e in leaves.values() if e.influencer == root])
    room, level = MOST - 1, [first]
    for generation in range(DEEPEST + 1):
        for place in level:
            found = branches.below(place) if generation < DEEPEST else []
            place.below = found[: min(WIDEST, room)]
            room -= len(place.below)
            shown = {code for each in place.below for code in each.links}
            place.hidden = branches.under(place.links, shown)
        level = [each for place in level for each in place.below]
    return first


class _Branches:
    """Which links hang below which, of those on which anything happened or below which it did."""

    def __init__(self, root: str, leaves: Mapping[str, Leaf], figures: LinkFigures) -> None:
        self._leaves = leaves
        self._below: dict[str, list[str]] = defaultdict(list)
        self._worth: Counter[str] = Counter()
        """Of a link and all below it: what was credited."""
        self._clicks: Counter[str] = Counter()
        alive = {*figures.clicks, *figures.revenue}
        for leaf in sorted(leaves.values(), key=lambda each: each.created_at, reverse=True):
            code = leaf.code
            self._worth[code] += figures.revenue.get(code, 0)
            self._clicks[code] += figures.clicks.get(code, 0)
            parent = parent_of(leaf, leaves)
            is_alive = code in alive or code in self._below
            # The first one's own links stand together, wherever else they hang.
            if parent and is_alive and leaf.influencer != root:
                self._below[parent.code].append(code)
                self._worth[parent.code] += self._worth[code]
                self._clicks[parent.code] += self._clicks[code]

    def below(self, place: Place) -> list[Place]:
        """Everybody directly below, first who is worth most."""
        by: dict[str, Place] = {}
        for code in self._children(place.links):
            who = self._leaves[code].influencer
            by.setdefault(who, Place(influencer=who)).links.append(code)
        return sorted(by.values(), key=self._standing)

    def _standing(self, place: Place) -> tuple[int, int, str]:
        worth, clicks = (
            sum(counts[code] for code in place.links) for counts in (self._worth, self._clicks)
        )
        return -worth, -clicks, place.influencer

    def under(self, codes: Iterable[str], shown: set[str]) -> set[str]:
        """All links below these, and below none that is shown."""
        found: set[str] = set()
        level = [*codes]
        while level:
            level = [code for code in self._children(level) if code not in shown]
            found.update(level)
        return found

    def _children(self, codes: Iterable[str]) -> Iterator[str]:
        return (child for code in codes for child in self._below.get(code, ()))
