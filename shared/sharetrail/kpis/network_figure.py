"""What a network's own statistics say of a shop there: told by the merchant, day by day. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FIGURES = ("followers", "posts", "impressions", "engagements")
"""What may be told of a network."""
STANDS = timedelta(days=35)
"""How long the number of followers that was told last is taken to stand: a month, and some days."""


@dataclass(frozen=True, kw_only=True)
class NetworkFigure:
    """A day's, or what its last day stands for. None is what was not told: never zero."""

    network: str
    day: date
    followers: int | None = None
    """How many there were at the day's end."""
    posts: int | None = None
    impressions: int | None = None
    """How often the shop's posts were shown."""
    engagements: int | None = None
    """Likes, comments, saves and shares of them, as the network counts."""
    told_at: datetime

    @property
    def is_told(self) -> bool:
        """Not where it was taken back: then it stands there with nothing."""
        return any(getattr(self, name) is not None for name in FIGURES)


@dataclass(frozen=True, kw_only=True)
class NetworkSpan:
    """What a span's figures of a network come to."""

    network: str
    followers: int | None = None
    """At the span's end."""
    followers_before: int | None = None
    """At the end of the day before it."""
    posts: int | None = None
    impressions: int | None = None
    shown_on: int | None = 0
    """How many of the days tell impressions; None of all of them."""
    engagements: int | None = None
    seen: tuple[int, int] = (0, 0)
    """Engagements and impressions of the days that tell both."""
    reached: tuple[int, int] = (0, 0)
    """Engagements, and posts times followers, of the days that tell engagements and posts and whose
    followers are known."""


def spans_of(figures: Iterable[NetworkFigure], first: date, last: date) -> tuple[NetworkSpan, ...]:
    """By network, of figures in any order, those before the span among them; networks of which
    nothing stands in the span are none."""
    by_network: dict[str, list[NetworkFigure]] = defaultdict(list)
    for figure in figures:
        if figure.day <= last:
            by_network[figure.network].append(figure)
    spans = (_span_of(name, by_network[name], first, last) for name in sorted(by_network))
    return tuple(each for each in spans if each != NetworkSpan(network=each.network))


def _span_of(network: str, figures: list[NetworkFigure], first: date, last: date) -> NetworkSpan:
    followers = _Followers(figures)
    within = [each for each in figures if each.day >= first]
    at_end = followers.on(last)
    shown_on = sum(each.impressions is not None for each in within)
    of_days = [(each, followers.on(each.day)) for each in within]
    return NetworkSpan(
        network=network,
        followers=at_end,
        followers_before=None if at_end is None else followers.on(first - timedelta(days=1)),
        posts=_sum(each.posts for each in within),
        impressions=_sum(each.impressions for each in within),
        shown_on=None if shown_on > (last - first).days else shown_on,
        engagements=_sum(each.engagements for each in within),
        seen=_pairs((each.engagements, each.impressions) for each in within),
        reached=_pairs((each.engagements, _reach(each.posts, had)) for each, had in of_days),
    )


class _Followers:
    """A network's, as they were told last."""

    def __init__(self, figures: Iterable[NetworkFigure]) -> None:
        told = {each.day: each.followers for each in figures if each.followers is not None}
        self._days = sorted(told)
        self._told = told

    def on(self, day: date) -> int | None:
        """At the day's end; None where that was told too long before, or never."""
        place = bisect_right(self._days, day)
        if not place or day - self._days[place - 1] > STANDS:
            return None
        return self._told[self._days[place - 1]]


def _reach(posts: int | None, followers: int | None) -> int | None:
    return None if posts is None or followers is None else posts * followers


def _sum(told: Iterable[int | None]) -> int | None:
    known = [each for each in told if each is not None]
    return sum(known) if known else None


def _pairs(told: Iterable[tuple[int | None, int | None]]) -> tuple[int, int]:
    """The sums of those of which both are known."""
    tops, bottoms = 0, 0
    for top, bottom in told:
        if top is not None and bottom is not None:
            tops, bottoms = tops + top, bottoms + bottom
    return tops, bottoms
