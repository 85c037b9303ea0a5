"""What a KPI is compared with: what others reach, and what the merchant set. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal, get_args

from sharetrail import money
from sharetrail.kpis.comparison import Days
from sharetrail.kpis.figure import Figure, Judgement, judge_against
from sharetrail.kpis.funnel import Funnel
from sharetrail.kpis.kpi import KPIS, Kpi

Per = Literal["day", "week", "month", "quarter", "year"]
PERS: tuple[Per, ...] = get_args(Per)
_DAYS: Mapping[Per, int] = {"day": 1, "week": 7}
_MONTHS: Mapping[Per, int] = {"month": 1, "quarter": 3, "year": 12}
Standing = Literal["met", "missed", "unclear", "too_few"]


@dataclass(frozen=True, kw_only=True)
class Target:
    kpi: str
    value: str
    """Exact, in decimals: parts of one, seconds, counts; of money in whole units of `currency`."""
    currency: str = ""
    network: str = ""
    """Where it is one network's."""
    per: Per = "month"
    """Of what longer days have more of: for which time it is. A calendar month's is the month's
    however long it is, and of part of it the days' part."""
    source: str = ""
    """Who says so, in English, to be said by speech.say; empty where the merchant set it."""
    by: str = ""
    """The same in two words."""
    note: str = ""
    """What it is about, likewise."""
    year: int | None = None

    @property
    def place(self) -> tuple[str, str]:
        """KPI and network: of each the merchant sets one at most."""
        return self.kpi, self.network

    @property
    def is_own(self) -> bool:
        return not self.source

    @property
    def exact(self) -> Fraction:
        """Its value; of money in minor units."""
        return Fraction(
            money.minor(self.value, self.currency) if self.currency else Fraction(self.value)
        )

    def aim(self, days: Days) -> Fraction:
        """In the figure's own unit, for these days: of money in minor units. A sum's is whole, as
        what it is compared with, and rounded up."""
        if not KPIS[self.kpi].is_sum:
            return self.exact
        if self.per in _MONTHS:
            return Fraction(ceil(self.exact * days.in_months / _MONTHS[self.per]))
        return Fraction(ceil(self.exact * days.length / _DAYS[self.per]))

    def compares(self, currency: str) -> bool:
        """Whether it is in the same money, or none: what is not is told, and judged by nobody."""
        return self.currency in ("", currency)


@dataclass(frozen=True, kw_only=True)
class Aimed:
    """A figure beside a target."""

    target: Target
    aim: Fraction
    """In the figure's unit, for the figure's days."""
    off: Fraction | None = None
    """The figure less the aim; None where there is no figure, it is in other money, or the days are
    not over that a sum has yet to reach it in."""
    standing: Standing | None = None


def aimed(
    kpi: Kpi, figure: Figure | None, funnel: Funnel, targets: Iterable[Target], network: str = ""
) -> tuple[Aimed, ...]:
    """Beside each target of the KPI and network, the merchant's own first."""
    about = [each for each in targets if each.place == (kpi.id, network)]
    about.sort(key=lambda each: not each.is_own)
    return tuple(_aimed(kpi, figure, funnel, each) for each in about)


def _aimed(kpi: Kpi, figure: Figure | None, funnel: Funnel, target: Target) -> Aimed:
    aim = target.aim(Days(first=funnel.first, last=funnel.last))
    if figure is None or not target.compares(funnel.currency):
        return Aimed(target=target, aim=aim)
    standing = _standing(kpi, figure, aim, target)
    return Aimed(target=target, aim=aim, off=figure.value - aim, standing=standing)


def _standing(kpi: Kpi, figure: Figure, aim: Fraction, target: Target) -> Standing | None:
    """A sum that the merchant set as a plan is reached or not; what is a sample of how things are
    may miss by chance. None where neither more nor less is better, or not all of it is known."""
    if kpi.more_is_better is None or figure.is_part:
        return None
    is_met = figure.value >= aim if kpi.more_is_better else figure.value <= aim
    is_plan = target.is_own and kpi.is_sum
    judgement: Judgement = "up" if is_plan or not figure.rests_on else judge_against(figure, aim)
    if judgement == "too_few" or (judgement == "unclear" and figure.value != aim):
        return judgement
    return "met" if is_met else "missed"


def as_decimal(value: Fraction, places: int) -> Decimal:
    """Rounded half to even."""
    return Decimal(round(value * 10**places)).scaleb(-places)
