"""Charts as values: where their columns and whiskers lie, and which figures those are. Pure;
templates/charts.html draws them.

Places are percent of the drawing, from its upper corner where reading begins: it stretches to
whatever room there is and is mirrored as a whole. So no letter stands inside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

_BESIDE = 0.25
"""Of a column's room, left empty."""
_ALL_MARKED = 8
"""Columns that each have their label below them, of …"""
_MARKED_LETTERS = 30
"""… so many letters together; of more, the first, the middle and the last."""
_HALVED_WELL = (2, 4, 6, 8, 10)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a colour stands for."""

    colour: str
    """c0 to c3 of frame.css."""
    words: str
    anchor: str = ""
    """Of its definition, where it has one."""


@dataclass(frozen=True, kw_only=True)
class Box:
    colour: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Column:
    says: str
    """All of it in words: for whoever points at it."""
    boxes: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Columns over time, or over what else has an order, and their twin as a table."""

    id: str
    title: str
    summary: str
    """What one sees in it, in a sentence."""
    keys: tuple[Key, ...]
    columns: tuple[Column, ...]
    heights: tuple[str, ...]
    """What the top, the middle and the ground of it mean."""
    marks: tuple[str, ...]
    """Below it."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The very figures, as a table."""


Write = Callable[[int], str]
Columns = Sequence[tuple[str, Sequence[int]]]
"""By their labels, each with a part for every key."""


def chart(
    id: str,  # noqa: A002  as HTML calls it
    title: str,
    summary: str,
    *,
    of: str,
    keys: Sequence[Key],
    columns: Columns,
    write: Write,
    axis: Write | None = None,
    marks: Sequence[str] = (),
    more: Sequence[tuple[str, Sequence[str]]] = (),
) -> Chart:
    """Of columns by their labels, each with a part for every key, the first at the ground.

    `of` says what the labels are, `write` how a part is written, and `axis` how the heights are;
    `marks` are shorter labels, and `more` further columns of the table.
    """
    top = ceiling(max((sum(map(_room, parts)) for _, parts in columns), default=0))
    return Chart(
        id=id,
        title=title,
        summary=summary,
        keys=tuple(keys),
        columns=_drawn(keys, columns, top, write),
        heights=tuple(map(axis or write, (top, top // 2, 0))),
        marks=_marked(marks or [label for label, _ in columns]),
        head=(of, *(key.words for key in keys), *(head for head, _ in more)),
        rows=_rows(columns, write, [texts for _, texts in more]),
    )


def _drawn(keys: Sequence[Key], columns: Columns, top: int, write: Write) -> tuple[Column, ...]:
    boxes = stacked([parts for _, parts in columns], top, [key.colour for key in keys])
    return tuple(
        Column(says=_said(label, keys, parts, write), boxes=each)
        for (label, parts), each in zip(columns, boxes, strict=True)
    )


def _said(label: str, keys: Sequence[Key], parts: Sequence[int], write: Write) -> str:
    told = (f"{key.words} {write(part)}" for key, part in zip(keys, parts, strict=True))
    return f"{label}: {', '.join(told)}"


def _rows(
    columns: Columns, write: Write, more: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """The figures as texts, with further columns beside them."""
    further = zip(*more, strict=True) if more else [()] * len(columns)
    return tuple(
        (label, *map(write, parts), *texts)
        for (label, parts), texts in zip(columns, further, strict=True)
    )


def _marked(labels: Sequence[str]) -> tuple[str, ...]:
    if len(labels) <= _ALL_MARKED and sum(map(len, labels)) <= _MARKED_LETTERS:
        return tuple(labels)
    return (labels[0], labels[len(labels) // 2], labels[-1])


def stacked(
    columns: Sequence[Sequence[int]], top: int, colours: Sequence[str]
) -> list[tuple[Box, ...]]:
    """Each column's parts on one another; `top` is as high as the drawing. What is less than
    nothing takes no room."""
    room = 100 / max(len(columns), 1)
    return [_piled(n * room, room, parts, top, colours) for n, parts in enumerate(columns)]


def _piled(
    x: float, room: float, parts: Sequence[int], top: int, colours: Sequence[str]
) -> tuple[Box, ...]:
    boxes, ground = list[Box](), 100.0
    for colour, part in zip(colours, parts, strict=True):
        height = 100 * _room(part) / top
        ground -= height
        if height:
            box = (x + room * _BESIDE / 2, ground, room * (1 - _BESIDE), height)
            boxes.append(Box(colour=colour, **_rounded(*box)))
    return tuple(boxes)


def _rounded(*box: float) -> dict[str, float]:
    names = ("x", "y", "width", "height")
    return {name: round(value, 3) for name, value in zip(names, box, strict=True)}


def _room(part: int) -> int:
    return max(part, 0)


def ceiling(most: int) -> int:
    """Where an axis ends that has room for `most`: 2, 4, 6, 8 or 10 with zeros behind, whose half
    is whole, too."""
    unit = int(10 ** (len(str(max(most, 1))) - 1))
    return next(each * unit for each in _HALVED_WELL if each * unit >= most)


@dataclass(frozen=True, kw_only=True)
class Whisker:
    """An interval, and what is expected in it."""

    low: float
    value: float
    high: float


def whisker(low: int, value: int, high: int, top: int) -> Whisker:
    """On an axis from nothing to `top`."""
    places = (min(100.0, round(100 * _room(each) / max(top, 1), 2)) for each in (low, value, high))
    low_at, value_at, high_at = places
    return Whisker(low=low_at, value=value_at, high=high_at)


def part_of(part: int, whole: int) -> int:
    """Percent of a bar's room; what is something is seen."""
    return min(100, max(1, ceil(100 * part / whole))) if part > 0 and whole > 0 else 0
