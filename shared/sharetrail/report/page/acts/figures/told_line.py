"""What networks were told of, as an address says it in one line, and as people read it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sharetrail.calendars import moment
from sharetrail.kpis.network_figure import FIGURES, NetworkFigure
from sharetrail.problems import Malformed
from sharetrail.sharing.networks import NETWORKS, name_of
from sharetrail.words.speech import listed, say, say_n
from sharetrail.words.writing import Writing

MOST = 31
"""Lines at once: a month of a network's. More would fit no address."""
MOST_OF_ONE = 10**12
_BETWEEN = "~"
_UNTOLD = "-"
_LINE = re.compile(r"([a-z]+) (\d{4}-\d\d-\d\d)((?: (?:\d{1,13}|-)){4})?", re.ASCII)
_ACT = moment("2000-01-01T00:00:00Z")
"""In the place of when it was told, which its act says."""
Place = tuple[date, str]
"""A day and a network: each has one line."""


def place_of(figure: NetworkFigure) -> Place:
    return figure.day, figure.network


def a_figure(network: str, day: date, counts: Mapping[str, int | None]) -> NetworkFigure:
    return NetworkFigure(network=network, day=day, told_at=_ACT, **counts)


def line_of(figures: Iterable[NetworkFigure]) -> str:
    """`instagram 2026-11-22 1177 3 10000 200~tiktok 2026-11-22 495 - 2000 40`: by day and network,
    each the figures in the order of FIGURES."""
    told = sorted(figures, key=place_of)
    return _BETWEEN.join(f"{_place(each)} {' '.join(_counts(each))}" for each in told)


def places_of(figures: Iterable[NetworkFigure]) -> str:
    """The same without the figures."""
    return _BETWEEN.join(map(_place, sorted(figures, key=place_of)))


def _place(figure: NetworkFigure) -> str:
    return f"{figure.network} {figure.day}"


def _counts(figure: NetworkFigure) -> list[str]:
    counts = (getattr(figure, name) for name in FIGURES)
    return [_UNTOLD if n is None else f"{n}" for n in counts]


def read(line: str) -> list[NetworkFigure]:
    """What either says; of places all figures are untold. Malformed where it says neither."""
    told = [_read(part) for part in line.split(_BETWEEN)[: MOST + 1]]
    if len(told) > MOST or len({place_of(each) for each in told}) < len(told):
        raise _no_figures()
    return told


def _read(part: str) -> NetworkFigure:
    match = _LINE.fullmatch(part)
    if match is None or match[1] not in NETWORKS:
        raise _no_figures()
    try:
        day = date.fromisoformat(match[2])
    except ValueError as error:
        raise _no_figures() from error
    counts = (match[3] or " -" * len(FIGURES)).split()
    read_counts = (None if n == _UNTOLD else int(n) for n in counts)
    return a_figure(match[1], day, dict(zip(FIGURES, read_counts, strict=True)))


def _no_figures() -> Malformed:
    return Malformed(say("These are no figures of a network."))


def as_told(told: NetworkFigure) -> NetworkFigure:
    """Without when: as a line has it."""
    return replace(told, told_at=_ACT)


# ── as people read it ────────────────────────────────────────────────────────────────────────────
def where(figure: NetworkFigure, writing: Writing) -> str:
    return say("{network}, {day}", network=name_of(figure.network), day=writing.day(figure.day))


def said(figure: NetworkFigure) -> str:
    """`1,177 followers, 3 posts and 10,000 impressions`."""
    followers, posts, shown, moved = (getattr(figure, name) for name in FIGURES)
    parts = [
        None if followers is None else say_n(followers, "{n} follower", "{n} followers"),
        None if posts is None else say_n(posts, "{n} post", "{n} posts"),
        None if shown is None else say_n(shown, "{n} impression", "{n} impressions"),
        None if moved is None else say_n(moved, "{n} engagement", "{n} engagements"),
    ]
    known = [part for part in parts if part]
    # For translators: of a day no figures were told.
    return listed(known) if known else say("nothing told")
