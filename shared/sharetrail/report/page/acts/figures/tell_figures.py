"""Telling what a network's own statistics say of the shop there, and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from sharetrail import calendars
from sharetrail.kpis import network_figures
from sharetrail.kpis.network_figure import NetworkFigure
from sharetrail.problems import Malformed
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, asked
from sharetrail.report.page.acts.figures import told_line, written_figures
from sharetrail.report.page.visit import Visit
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing

LONGEST_TABLE = 3_000
"""Characters: an address has room for no more."""
_LONGEST_LINE = 4_000
_READ_OUT = 8
"""Lines that are read out before one presses; of more it is told how many there are."""


@dataclass(frozen=True, kw_only=True)
class TellFigures(Deed):
    """`about` names the networks and days; what stands of them is told anew as a whole."""

    kind: ClassVar[ActKind] = "figures"

    @classmethod
    def read(cls, visit: Visit) -> Self:
        after = _after(visit)
        places = asked(visit, "of", _LONGEST_LINE) if after is None else ""
        about = told_line.read(places) if after is None else after
        return cls(
            visit=visit,
            about={"of": told_line.places_of(about)},
            label=_label(about, Writing.of(visit.merchant)),
            before=told_line.line_of(_standing(visit, about)),
            after=None if after is None else told_line.line_of(after),
        )

    @property
    def back(self) -> str:
        return "figures"

    @property
    def back_label(self) -> str:
        return say("Key figures")

    def shown(self, value: str) -> str:
        told = told_line.read(value)
        known = sum(each.is_told for each in told)
        if len(told) == 1 or not known:
            return told_line.said(told[0])
        # For translators: of figures of social networks, a line is a network's day.
        return say_n(known, "{n} line told", "{n} lines told")

    @property
    def ways(self) -> tuple[str, ...]:
        """What stands may be taken back."""
        return (_untold(told_line.read(self.before)),)

    def words(self) -> Words:
        told = told_line.read(self.after or "")
        writing = Writing.of(self.visit.merchant)
        lines = [
            say(
                "{label}: {became}",
                label=told_line.where(each, writing),
                became=told_line.said(each),
            )
            for each in told[:_READ_OUT]
        ]
        if more := len(told) - len(lines):
            lines.append(say_n(more, "And {n} more line.", "And {n} more lines."))
        replaces = say("It stands in the place of what was told of these days before.")
        moves = say("Key figures follow. No credit and no score changes.")
        return Words(
            title=say("Tell figures of your networks"),
            sentences=(*lines, replaces, moves),
            button=say("Tell them"),
            warns=self.after == _untold(told),
        )

    def do(self, act: Act) -> bool:
        told = told_line.read(act.after)
        figures = [replace(each, told_at=act.at) for each in told]
        network_figures.tell(self.visit.merchant.id, figures)
        return told_line.line_of(_standing(self.visit, told)) == act.after


def _after(visit: Visit) -> list[NetworkFigure] | None:
    """What the address says, or somebody has written; None where neither is."""
    query, merchant = visit.query, visit.merchant
    today = calendars.local_day(visit.now, merchant.tz)
    if value := query.get("value"):
        told = told_line.read(value[:_LONGEST_LINE])
        if any(each.day > today for each in told):
            raise Malformed(say("This day has not begun yet."))
        return told
    if table := query.get("table", "").strip():
        return written_figures.of_table(table[:LONGEST_TABLE], today, merchant.language)
    if "network" in query:
        return written_figures.of_form(query, today, merchant.language)
    return None


def _standing(visit: Visit, about: Iterable[NetworkFigure]) -> list[NetworkFigure]:
    """What stands of these networks and days, as a line has it; of others nothing."""
    told = {told_line.place_of(each): each for each in told_line.read(told_line.places_of(about))}
    days = [day for day, _ in told]
    for each in network_figures.between(visit.merchant.id, min(days), max(days)):
        if (place := told_line.place_of(each)) in told:
            told[place] = told_line.as_told(each)
    return [*told.values()]


def _untold(about: Iterable[NetworkFigure]) -> str:
    return told_line.line_of(told_line.read(told_line.places_of(about)))


def _label(about: list[NetworkFigure], writing: Writing) -> str:
    if len(about) == 1:
        return told_line.where(about[0], writing)
    days = [each.day for each in about]
    return writing.days(min(days), max(days))
