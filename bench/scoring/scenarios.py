"""Which shops the score has to prove itself in: sizes, and at the third one thing at a time."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`clicks` are people's in four weeks. Shares of influencers: `closers`, whose visitors buy
    anyway; `farms` of bots; `selves`, who buy through their own links."""

    name: str
    influencers: int = 100
    clicks: int = 5_000
    overlap: float = 0.35
    """Chance of another touch on an order's path, and of one more beside that one, and so on."""
    closers: float = 0.15
    anyway: float = 0.10
    """Orders per click of a closer: about what the carts of people ready to pay convert at."""
    caused_share: float = 0.0
    """The part of a closer's orders that would not have come without it."""
    farms: float = 0.05
    selves: float = 0.05
    recall: float = 0.3
    """Share of a farm's clicks that are judged bot."""
    effect_cv: float = 1.0
    """How much influencers' rates differ: deviation over mean."""
    drift: float = 0.3
    """How far the logarithm of one's revenue wanders from its level (deviation), half of the
    variance in clicks and half in the rate."""


def _sizes() -> Iterator[Scenario]:
    for influencers, clicks in ((10, 400), (30, 1_500), (300, 30_000)):
        name = f"{influencers} influencers, {clicks:,} clicks"
        yield Scenario(name=name, influencers=influencers, clicks=clicks)


def _grid() -> Iterator[Scenario]:
    """Without closers their visitors' rate changes nothing: each such world is counted once."""
    for overlap in (0.1, 0.35, 0.6):
        yield Scenario(name=f"overlap {overlap}, no closers", overlap=overlap, closers=0)
        for closers in (0.15, 0.3):
            for anyway in (0.02, 0.1):
                name = f"overlap {overlap}, closers {closers} buying {anyway}"
                yield Scenario(name=name, overlap=overlap, closers=closers, anyway=anyway)


SCENARIOS = (
    *_sizes(),
    *_grid(),
    Scenario(name="fraud 0.15 each", farms=0.15, selves=0.15),
    Scenario(name="clean", closers=0, farms=0, selves=0),
    Scenario(name="rates alike, CV 0.4", effect_cv=0.4),
    Scenario(name="rates apart, CV 2", effect_cv=2),
    Scenario(name="no drift", drift=0),
    Scenario(name="drift 0.6", drift=0.6),
)
"""100 influencers with 5,000 clicks and everything usual stand in the middle of the grid."""

BESIDE = (Scenario(name="closers cause half of theirs", caused_share=0.5),)
"""Printed, and part of no goal: how much rests on closers causing nothing."""
