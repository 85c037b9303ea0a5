"""The page's cards: a pillar's figures in rows, what is not known of them, their targets. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from sharetrail.kpis.figure import OTHER_DAYS, OTHER_NETWORKS, Figure, Unknown
from sharetrail.kpis.kpi import (
    KPIS,
    OF_NETWORK,
    PILLAR_NAMES,
    PILLAR_QUESTIONS,
    PILLARS,
    Kpi,
    Pillar,
)
from sharetrail.kpis.scorecard import Beside, Line, Scorecard
from sharetrail.kpis.target import Aimed, Target
from sharetrail.report.page import charts
from sharetrail.report.page.figures.figure_words import FigureWords, Remark
from sharetrail.words.speech import listed, say, sentence


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A target in words."""

    name: str
    id: str
    """Of its KPI."""
    network: str
    """Where it is one network's."""
    anchor: str
    value: str
    about: str
    """Whose it is, and of when."""
    remark: Remark | None
    now: str = ""
    width: int | None = None
    """Of a bar: how much of it is reached; None where less is better."""


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    anchor: str
    value: str
    before: str = ""
    change: Remark | None = None
    last_year: str = ""
    change_of_year: Remark | None = None
    aims: list[Aim] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Card:
    pillar: Pillar
    title: str
    question: str
    rows: list[Row]
    unknown: list[str]
    """Sentences."""


@dataclass(frozen=True, kw_only=True)
class NetworkCard:
    network: str
    rows: list[Row]


def cards(card: Scorecard, words: FigureWords) -> list[Card]:
    return [_card(pillar, card, words) for pillar in PILLARS]


def _card(pillar: Pillar, card: Scorecard, words: FigureWords) -> Card:
    lines = [line for line in card.lines if line.kpi.pillar == pillar]
    return Card(
        pillar=pillar,
        title=sentence(PILLAR_NAMES[pillar]),
        question=sentence(PILLAR_QUESTIONS[pillar]),
        rows=_rows(lines, words),
        unknown=_unknown(lines),
    )


def _rows(lines: Iterable[Line], words: FigureWords) -> list[Row]:
    return [_row(line, line.figure, words) for line in lines if line.figure]


def _row(line: Line, figure: Figure, words: FigureWords) -> Row:
    return Row(
        name=sentence(line.kpi.name),
        anchor=line.kpi.anchor,
        value=words.value(line.kpi, figure.value),
        before=_value(line, line.before, words),
        change=words.change(line.kpi, figure, line.before),
        last_year=_value(line, line.last_year, words),
        change_of_year=words.change(line.kpi, figure, line.last_year),
        aims=[_aim(line, each, words) for each in line.targets],
    )


def _value(line: Line, other: Beside | None, words: FigureWords) -> str:
    """Where both are known and do not compare, why not."""
    if other is None:
        return ""
    if isinstance(other.reading, Figure):
        return words.value(line.kpi, other.reading.value)
    return sentence(other.reading.why) if other.reading in (OTHER_DAYS, OTHER_NETWORKS) else ""


def _aim(line: Line, each: Aimed, words: FigureWords) -> Aim:
    target = each.target
    return Aim(
        name=sentence(line.kpi.name),
        id=line.kpi.id,
        network=target.network,
        anchor=line.kpi.anchor,
        value=words.value(line.kpi, each.aim, target.currency),
        about=_about(line, each, words),
        remark=words.standing(line.kpi, each),
        now=words.value(line.kpi, line.figure.value) if line.figure else "",
        width=_width(line, each),
    )


def _about(line: Line, each: Aimed, words: FigureWords) -> str:
    target = each.target
    if target.is_own:
        return _own(line.kpi, target, words)
    by = say("{source}, {year}", source=sentence(target.by), year=f"{target.year}")
    if not target.note:
        return by
    return say("{note} ({source})", note=sentence(target.note), source=by)


def _own(kpi: Kpi, target: Target, words: FigureWords) -> str:
    if not kpi.is_sum:
        return say("your target")
    amount = words.value(kpi, target.exact, target.currency)
    match target.per:
        case "day":
            return say("your target: {amount} a day", amount=amount)
        case "week":
            return say("your target: {amount} a week", amount=amount)
        case "month":
            return say("your target: {amount} a month", amount=amount)
        case "quarter":
            return say("your target: {amount} a quarter", amount=amount)
        case "year":
            return say("your target: {amount} a year", amount=amount)


def _width(line: Line, each: Aimed) -> int | None:
    if line.figure is None or not line.kpi.more_is_better or each.aim <= 0:
        return None
    reached = min(Fraction(1), max(Fraction(0), line.figure.value / each.aim))
    return charts.part_of(round(reached * 1_000), 1_000)


def _unknown(lines: Iterable[Line]) -> list[str]:
    """What is not known, by why."""
    whys: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if isinstance(line.reading, Unknown):
            whys[line.reading.why].append(sentence(line.kpi.name))
    return [
        say("{figures}: {why}.", figures=listed(names), why=sentence(why))
        for why, names in whys.items()
    ]


def own(card: Scorecard, words: FigureWords) -> list[tuple[str, list[Aim]]]:
    """The merchant's own targets, by pillar: those that have some. Of networks those that anything
    is known of."""
    found = []
    every = [*card.lines, *(line for each in card.networks for line in each.lines)]
    for pillar in PILLARS:
        lines = [line for line in every if line.kpi.pillar == pillar]
        aims = [
            _aim(line, each, words) for line in lines for each in line.targets if each.target.is_own
        ]
        if aims:
            found.append((sentence(PILLAR_NAMES[pillar]), aims))
    return found


def to_aim() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each pillar's figures, by id and name: what a target can be set for."""
    names = {
        pillar: [(each.id, sentence(each.name)) for each in KPIS.values() if each.pillar == pillar]
        for pillar in PILLARS
    }
    return [(sentence(PILLAR_NAMES[pillar]), names[pillar]) for pillar in PILLARS]


def to_aim_on_network() -> list[tuple[str, str]]:
    """What a network's own target can be set for."""
    return [(each, sentence(KPIS[each].name)) for each in OF_NETWORK]


def networks(card: Scorecard, words: FigureWords) -> list[NetworkCard]:
    return [
        NetworkCard(network=each.span.network, rows=_rows(each.lines, words))
        for each in card.networks
    ]


def sources(card: Scorecard) -> list[str]:
    """In full, each once."""
    lines = [*card.lines, *(line for each in card.networks for line in each.lines)]
    targets = [each.target for line in lines for each in line.targets if each.target.source]
    told = (
        say("{source}, {year}", source=sentence(each.source), year=f"{each.year}")
        for each in targets
    )
    return [*dict.fromkeys(told)]
