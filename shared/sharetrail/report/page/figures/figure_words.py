"""How a key figure reads: its value, what became of it, and how far a target is. Pure."""

from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import Literal

from babel.numbers import format_decimal, format_percent

from sharetrail.kpis.figure import Figure, Judgement, Unit
from sharetrail.kpis.kpi import Kpi
from sharetrail.kpis.scorecard import Beside
from sharetrail.kpis.target import Aimed
from sharetrail.words import formats
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

Mood = Literal["up", "down", ""]
"""Of frame.css: good, bad, neither."""
_OFTEN = 3
_MINUTE = 60


@dataclass(frozen=True)
class Remark:
    text: str
    mood: Mood = ""


@dataclass(frozen=True, kw_only=True)
class FigureWords:
    writing: Writing

    def value(self, kpi: Kpi, value: Fraction, currency: str = "") -> str:
        return self.of_unit(kpi.unit, value, currency)

    def of_unit(self, unit: Unit, value: Fraction, currency: str = "") -> str:
        match unit:
            case "count":
                return self.writing.number(round(value))
            case "money":
                return self.writing.money(round(value), currency)
            case "share":
                return self._percent(value)
            case "ratio":
                return self._decimal(value)
            case "seconds":
                return self._duration(round(value))

    def change(self, kpi: Kpi, now: Figure, other: Beside | None) -> Remark | None:
        """What became of it since; None where nothing is to be said."""
        if other is None or other.judgement is None or not isinstance(other.reading, Figure):
            return None
        before = other.reading
        if other.judgement == "too_few":
            return Remark(say("too few to tell"))
        if other.judgement == "unclear":
            return None if now.value == before.value else Remark(say("no clear change"))
        return Remark(self._moved(other.judgement, now.value, before.value), _mood(kpi, other))

    def _moved(self, way: Judgement, now: Fraction, before: Fraction) -> str:
        if before <= 0:
            return say("up from nothing") if way == "up" else say("down")
        if now >= _OFTEN * before:
            return say("up {times}-fold", times=self._decimal(now / before))
        part = self._percent(abs(now - before) / before)
        return (
            say("up {percent}", percent=part)
            if way == "up"
            else say("down {percent}", percent=part)
        )

    def standing(self, kpi: Kpi, each: Aimed) -> Remark | None:
        """How far the target is; None where nothing stands beside it."""
        if each.off is None or each.standing is None:
            return None
        if each.standing == "met":
            return Remark(say("reached"), "up")
        if each.standing == "unclear":
            return Remark(say("too close to tell"))
        if each.standing == "too_few":
            return Remark(say("too few to tell"))
        return Remark(say("off by {amount}", amount=self.off(kpi, abs(each.off))), "down")

    def off(self, kpi: Kpi, off: Fraction) -> str:
        """A difference; of parts in points, since percents of percents mislead."""
        if kpi.unit == "share":
            return say("{points} points", points=self._decimal(off * 100))
        return self.value(kpi, off)

    def _percent(self, value: Fraction) -> str:
        """To two digits at least, of which none is lost: `0.035%`, `2.4%`, `38%`, `340%`."""
        places = _places(abs(value) * 100, 2)
        spoken = formats.locale_of(self.writing.language)
        pattern = copy(spoken.percent_formats[None])
        pattern.frac_prec = (0, places)
        return format_percent(float(value), pattern, locale=spoken)

    def _decimal(self, value: Fraction) -> str:
        places = _places(abs(value), 3 if abs(value) >= 1 else 2)
        rounded = float(round(value, places))
        pattern = "#,##0" + ("." + "#" * places if places else "")
        return format_decimal(rounded, pattern, locale=formats.locale_of(self.writing.language))

    def _duration(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, _MINUTE)
        number = self.writing.number
        if not minutes:
            return say("{seconds} s", seconds=number(rest))
        return say("{minutes} min {seconds} s", minutes=number(minutes), seconds=number(rest))


def _places(value: Fraction, digits: int) -> int:
    """Decimals that show so many digits: none from 10 on, one from 1, two below, and more below a
    hundredth."""
    if not value:
        return 0
    return max(0, digits - 1 - floor(log10(value)))


def _mood(kpi: Kpi, other: Beside) -> Mood:
    if kpi.more_is_better is None:
        return ""
    is_up = other.judgement == "up"
    return "up" if is_up == kpi.more_is_better else "down"
