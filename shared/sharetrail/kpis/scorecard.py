"""All KPIs of some days, beside the days before, the same a year ago, and their targets. Pure;
scorecards.py reads one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sharetrail.kpis import comparison
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.figure import OTHER_DAYS, OTHER_NETWORKS, Figure, Judgement, Reading, judge
from sharetrail.kpis.funnel import Funnel
from sharetrail.kpis.kpi import KPIS, OF_NETWORK, Kpi
from sharetrail.kpis.network_figure import NetworkSpan
from sharetrail.kpis.target import Aimed, Target, aimed
from sharetrail.words import change as words


@dataclass(frozen=True, kw_only=True)
class Funnels:
    """What a scorecard is made of, as it is kept where a worker added it up."""

    now: Funnel
    before: Funnel | None = None
    """None where that is too much to be added up."""
    last_year: Funnel | None = None


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A figure of other days, and whether these differ from it."""

    reading: Reading
    judgement: Judgement | None = None
    """None where one of both is not known, or but in part."""


@dataclass(frozen=True, kw_only=True)
class Line:
    kpi: Kpi
    reading: Reading
    before: Beside | None
    """None where those days are not compared with: see Scorecard."""
    last_year: Beside | None
    targets: tuple[Aimed, ...] = ()

    @property
    def figure(self) -> Figure | None:
        return self.reading if isinstance(self.reading, Figure) else None


@dataclass(frozen=True, kw_only=True)
class NetworkLine:
    """One network's."""

    span: NetworkSpan
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    funnels: Funnels
    year: LastYear
    """Which days a year ago, and why those."""
    lines: tuple[Line, ...]
    networks: tuple[NetworkLine, ...] = ()
    is_over: bool = True
    """Whether the days have ended: part of them compares with no whole."""

    @property
    def days(self) -> Days:
        return Days(first=self.funnels.now.first, last=self.funnels.now.last)

    @property
    def days_before(self) -> Days:
        return comparison.before(self.days)

    def of(self, kpi: str) -> Line:
        return next(each for each in self.lines if each.kpi.id == kpi)


def scorecard_of(
    funnels: Funnels, year: LastYear, targets: Iterable[Target], *, is_over: bool = True
) -> Scorecard:
    funnels, aims = _with_leads(funnels), [*targets]
    lines = (_line(kpi, funnels, aims) for kpi in KPIS.values())
    return Scorecard(
        funnels=funnels,
        year=year,
        lines=tuple(lines if is_over else map(_not_judged, lines)),
        networks=tuple(_networks(funnels, aims, is_over=is_over)),
        is_over=is_over,
    )


def _with_leads(funnels: Funnels) -> Funnels:
    """Where pages told of leads in earlier days, none in later ones are zero, and not unknown."""
    now, before, year = funnels.now, funnels.before, funnels.last_year
    of_year = year is not None and year.pages.all_leads > 0
    of_before = of_year or (before is not None and before.pages.all_leads > 0)
    return replace(
        funnels,
        now=replace(now, told_leads=of_before),
        before=before and replace(before, told_leads=of_year),
    )


def _line(kpi: Kpi, funnels: Funnels, aims: list[Target], network: str = "") -> Line:
    reading = kpi.read(funnels.now)
    figure = reading if isinstance(reading, Figure) else None
    return Line(
        kpi=kpi,
        reading=reading,
        before=_beside(kpi, reading, funnels.before),
        last_year=_beside(kpi, reading, funnels.last_year),
        targets=aimed(kpi, figure, funnels.now, aims, network),
    )


def _beside(kpi: Kpi, reading: Reading, other: Funnel | None) -> Beside | None:
    if other is None:
        return None
    there = kpi.read(other)
    if not (other.is_whole and isinstance(reading, Figure) and isinstance(there, Figure)):
        return Beside(reading=there)
    if reading.is_part or there.is_part:
        return Beside(reading=there)
    if reading.of != there.of:
        return Beside(reading=OTHER_NETWORKS)
    if reading.told_on != there.told_on:
        return Beside(reading=OTHER_DAYS)
    judged = _judge_sums(kpi, reading, there) if kpi.is_sum else judge(reading, there)
    return Beside(reading=there, judgement=judged)


def _judge_sums(kpi: Kpi, now: Figure, before: Figure) -> Judgement:
    """As mail and page judge the same sums: words/change.py."""
    orders = (now.rests_on[0], before.rests_on[0]) if kpi.unit == "money" else None
    found = words.change(now.top, before.top, "en", orders=orders)
    if found.way == "up":
        return "up"
    if found.way == "down":
        return "down"
    return "too_few" if now.rests_on[0] + before.rests_on[0] < words.FEW else "unclear"


def _not_judged(line: Line) -> Line:
    """Part of the days compares with no whole, and misses nothing that the whole should reach."""
    before, year = (each and Beside(reading=each.reading) for each in (line.before, line.last_year))
    targets = line.targets
    if line.kpi.is_sum:
        targets = tuple(
            each if each.standing == "met" else replace(each, off=None, standing=None)
            for each in targets
        )
    return replace(line, before=before, last_year=year, targets=targets)


def _networks(funnels: Funnels, aims: list[Target], *, is_over: bool) -> Iterator[NetworkLine]:
    for span in funnels.now.networks:
        alone = _of_network(funnels, span.network)
        lines = (_line(KPIS[each], alone, aims, span.network) for each in OF_NETWORK)
        yield NetworkLine(span=span, lines=tuple(lines if is_over else map(_not_judged, lines)))


def _of_network(funnels: Funnels, network: str) -> Funnels:
    """As if there were no other network."""

    def alone(funnel: Funnel) -> Funnel:
        its = (each for each in funnel.networks if each.network == network)
        return replace(funnel, networks=tuple(its))

    before, year = funnels.before, funnels.last_year
    return Funnels(
        now=alone(funnels.now), before=before and alone(before), last_year=year and alone(year)
    )
