"""The share tree: who came by whose link and then shared, too. Pure.

A link's parent is the link that brought its maker, as far as the maker's browser said: a
publishable key can send any trail, so this tree ranks and explains, and moves no money.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sharetrail.attribution.credit import CreditDetails
from sharetrail.sharing.link import MOST_ANCESTORS, Link
from sharetrail.totals.tally import FOLLOWED, Tally, valid_clicks


@dataclass(frozen=True, kw_only=True)
class Generation:
    """The links that stand so many shares below one that nobody's link led to (generation 0)."""

    generation: int
    links: int
    sharers: int
    """Influencers with a link in it; who has links in two generations counts in both."""
    clicks: int
    revenue: int
    """Credited by the linear model, in minor units."""


@dataclass(frozen=True, kw_only=True)
class KFactor:
    """New sharers per sharer within one period: `k = invitations per sharer × conversion`.

    An invitation is a person's click on a link; it converts when its visitor becomes a recruit, an
    influencer whose very first link came through another's. The clicks cancel out, so
    `k = recruits / sharers`. Above 1 sharing would grow by itself. It is a figure of one period:
    who clicks now and shares later converts in the later one.

    Of one influencer, who is one sharer, k is the number of recruits; a merchant's k is the mean of
    its sharers'.
    """

    sharers: int
    """Influencers with a link that was followed or credited, or that brought a recruit or
    second-order revenue."""
    invitations: int
    recruits: int

    @property
    def k(self) -> float | None:
        """None where nobody shared: there is nobody to divide by. Without a recruit it is 0."""
        return self.recruits / self.sharers if self.sharers else None

    @property
    def per_sharer(self) -> float | None:
        return self.invitations / self.sharers if self.sharers else None

    @property
    def conversion(self) -> float | None:
        """None without invitations; over 1 where recruits followed a link before the period."""
        return self.recruits / self.invitations if self.invitations else None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One influencer's place in the tree."""

    generation: int
    """The deepest that a link of theirs stands at which was followed or credited, or led to one
    that was credited or to a recruit."""
    invitations: int
    recruits: int
    second_order: int
    """Linear revenue, in minor units, of others' links directly below theirs, in full."""

    @property
    def k_factor(self) -> KFactor:
        return KFactor(sharers=1, invitations=self.invitations, recruits=self.recruits)


@dataclass(frozen=True, kw_only=True)
class Tree:
    generations: tuple[Generation, ...]
    branches: dict[str, Branch]
    """By influencer; everybody who counts as a sharer."""

    @property
    def k_factor(self) -> KFactor:
        return KFactor(
            sharers=len(self.branches),
            invitations=sum(each.invitations for each in self.branches.values()),
            recruits=sum(each.recruits for each in self.branches.values()),
        )


class Leaf(NamedTuple):
    """What a tree asks of a link."""

    code: str
    influencer: str
    parent_code: str | None
    created_at: datetime


def leaf_of(link: Link) -> Leaf:
    return Leaf(link.code, link.influencer, link.parent_code, link.created_at)


@dataclass
class LinkFigures:
    """What a tree asks of a period's links, of one pass over its days and orders."""

    clicks: Counter[str] = field(default_factory=Counter)
    """People's, by link."""
    followed: set[str] = field(default_factory=set)
    """Links of which a click is proof that they were shared (tally.FOLLOWED)."""
    revenue: Counter[str] = field(default_factory=Counter)
    """By the linear model, by link, in minor units."""

    def add_day(self, tally: Tally) -> None:
        for code, counts in tally.links.items():
            self.clicks[code] += valid_clicks(counts)
            if FOLLOWED in counts:
                self.followed.add(code)

    def add_order(self, details: CreditDetails) -> None:
        for line in details.lines("linear"):
            self.revenue[line.touch.link] += line.amount


def parent_of(link: Leaf, links: Mapping[str, Leaf]) -> Leaf | None:
    """The link above; None for one that is not among `links`, is the influencer's own, or is not
    older. Since every step leads to an older link, no chain runs in a circle.
    """
    parent = links.get(link.parent_code or "")
    if parent is None or parent.influencer == link.influencer:
        return None
    return parent if parent.created_at < link.created_at else None


def generations(links: Mapping[str, Leaf]) -> dict[str, int]:
    """How many parents stand above each link, ten at most: no more are looked up of a link, so what
    stands deeper would be told otherwise in a period that has some of those above it."""
    depth: dict[str, int] = {}
    for link in sorted(links.values(), key=lambda link: link.created_at):
        parent = parent_of(link, links)
        depth[link.code] = min(depth[parent.code] + 1, MOST_ANCESTORS) if parent else 0
    return depth


def recruiters(
    links: Mapping[str, Leaf], first_known: Mapping[str, datetime], since: datetime, until: datetime
) -> dict[str, str]:
    """Who came by which link, as far as a period's links tell: recruit → its code, for first links
    of [since, until).

    `first_known` is when the merchant first knew an influencer: whoever was known before their
    oldest link here had shared already, or was declared by the shop, and is nobody's recruit.
    """
    newest_first = sorted(
        links.values(), key=lambda link: (link.created_at, link.code), reverse=True
    )
    oldest = {link.influencer: link for link in newest_first}
    return {
        influencer: parent.code
        for influencer, link in oldest.items()
        if since <= link.created_at < until
        and first_known.get(influencer, link.created_at) >= link.created_at
        and (parent := parent_of(link, links))
    }


def second_order(links: Mapping[str, Leaf], revenue: Mapping[str, int]) -> Counter[str]:
    """Influencer → revenue of others' links directly below theirs, in minor units; `revenue` is by
    link.

    One level: a link's revenue counts for its parent alone and so for nobody twice.
    """
    found: Counter[str] = Counter()
    for code, amount in revenue.items():
        if (link := links.get(code)) and (parent := parent_of(link, links)):
            found[parent.influencer] += amount
    return found


def grow(links: Mapping[str, Leaf], figures: LinkFigures, came_by: Mapping[str, str]) -> Tree:
    """A period's tree. `came_by` is by which link each recruit of the period came, and `links` hold
    all above those and the period's own.

    All that it tells of a month is what its weeks tell together.
    """
    depth = generations(links)
    alive = [links[code] for code in links if code in figures.followed or code in figures.revenue]
    invitations: Counter[str] = Counter()
    for link in alive:
        invitations[link.influencer] += figures.clicks[link.code]
    above = (parent_of(link, links) for link in alive if link.code in figures.revenue)
    standing = {*alive, *filter(None, above), *(links[code] for code in came_by.values())}
    deepest_last = sorted(standing, key=lambda link: depth[link.code])
    reached = {link.influencer: depth[link.code] for link in deepest_last}
    recruits = Counter(links[code].influencer for code in came_by.values())
    below = second_order(links, figures.revenue)
    return Tree(
        generations=tuple(_generations(alive, depth, figures)),
        branches={
            each: Branch(
                generation=reached[each],
                invitations=invitations[each],
                recruits=recruits[each],
                second_order=below[each],
            )
            for each in sorted({*(link.influencer for link in alive), *recruits, *below})
        },
    )


def _generations(
    alive: list[Leaf], depth: Mapping[str, int], figures: LinkFigures
) -> Iterator[Generation]:
    members: dict[int, list[Leaf]] = defaultdict(list)
    for link in alive:
        members[depth[link.code]].append(link)
    for generation, found in sorted(members.items()):
        yield Generation(
            generation=generation,
            links=len(found),
            sharers=len({link.influencer for link in found}),
            clicks=sum(figures.clicks[link.code] for link in found),
            revenue=sum(figures.revenue[link.code] for link in found),
        )
