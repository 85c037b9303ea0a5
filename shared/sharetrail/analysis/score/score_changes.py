"""Why a score rose or fell between two weeks: five factors that multiply to the change. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from math import log

from sharetrail.analysis.score.score import Score

_WORDS = {
    "clicks": ("more clicks", "fewer clicks"),
    "rate": ("a better rate", "a worse rate"),
    "order_value": ("larger orders", "smaller orders"),
    "closer": ("less often only the last click", "more often only the last click"),
    "fraud": ("fewer flagged orders", "more flagged orders"),
}
_OFTEN = 10  # from ten times as much, "12 times" reads better than "up 1,100 %"


@dataclass(frozen=True, kw_only=True)
class WeekScore:
    """A week's score as history keeps it. Money in minor units; `value` is the product of the five
    that `Factors` names, `low` to `high` its 80 % interval."""

    week: date
    """Its Monday."""
    value: float
    low: float
    high: float
    percentile: float
    tier: str
    clicks: float
    """Expected in the four weeks after it."""
    rate: float
    """Orders a click, with the flagged ones in; `fraud` takes them out again."""
    order_value: float
    closer: float
    fraud: float
    rule: str


@dataclass(frozen=True, kw_only=True)
class Factors:
    """New over old, each above zero."""

    clicks: float
    rate: float
    order_value: float
    closer: float
    fraud: float


@dataclass(frozen=True, kw_only=True)
class Change:
    since: date
    """The Monday of the week compared with."""
    ratio: float | None
    """New over old; None where either is zero, and then there are no factors."""
    factors: Factors | None
    is_within: bool
    """Whether the new value lies inside the old interval, both ends included."""
    sentence: str


def of_score(score: Score, week: date) -> WeekScore:
    return WeekScore(
        week=week,
        value=score.value,
        low=score.low,
        high=score.high,
        percentile=score.percentile,
        tier=score.tier,
        clicks=score.parts.c4,
        rate=score.parts.rate / score.waterfall.fraud,
        order_value=score.parts.order_value,
        closer=score.parts.closer,
        fraud=score.waterfall.fraud,
        rule=score.rule,
    )


def between(old: WeekScore, new: WeekScore) -> Change:
    """From one week's score to a later one's."""
    factors = _factors(old, new)
    return Change(
        since=old.week,
        ratio=new.value / old.value if factors else None,
        factors=factors,
        is_within=old.low <= new.value <= old.high,
        sentence=_sentence(old, new, factors),
    )


def _factors(old: WeekScore, new: WeekScore) -> Factors | None:
    if not (old.value > 0 and new.value > 0):
        return None  # a product above zero has no factor that is zero
    names = [field.name for field in fields(Factors)]
    return Factors(**{name: getattr(new, name) / getattr(old, name) for name in names})


def _sentence(old: WeekScore, new: WeekScore, factors: Factors | None) -> str:
    if old.rule != new.rule:
        return (
            "Scores are computed in another way since the week before, so the two do not compare."
        )
    if factors is None:
        return _from_nothing(old, new)
    moved = _direction(new.value / old.value)
    if moved is None:
        return "As the week before."
    if old.low <= new.value <= old.high:
        return f"{moved} since the week before, within its interval: too little to tell."
    return f"{moved} since the week before: {_reasons(factors, is_up=new.value > old.value)}."


def _from_nothing(old: WeekScore, new: WeekScore) -> str:
    if new.value > 0:
        return "Nothing was expected the week before: there was no order to go by."
    return (
        "Nothing is expected any more."
        if old.value > 0
        else "Nothing is expected, as the week before."
    )


def _reasons(factors: Factors, *, is_up: bool) -> str:
    """What moved the score its way, largest first, and what held against it."""
    told = {field.name: getattr(factors, field.name) for field in fields(Factors)}
    telling = {name: each for name, each in told.items() if round(100 * (each - 1))}
    largest = sorted(telling, key=lambda name: -abs(log(telling[name])))
    along = [_reason(name, told[name]) for name in largest if (told[name] > 1) == is_up]
    against = [_reason(name, told[name]) for name in largest if (told[name] > 1) != is_up]
    despite = f", in spite of {', '.join(against)}" if against else ""
    return (", ".join(along) or "a little of everything") + despite


def _reason(name: str, factor: float) -> str:
    more, less = _WORDS[name]
    size = f"{factor:.0f} times" if factor >= _OFTEN else f"{100 * (factor - 1):+.0f} %"
    return f"{more if factor > 1 else less} ({size.replace('-', '−')})"


def _direction(ratio: float) -> str | None:
    """`Up 40 %`; None for less than half a percent."""
    if ratio >= _OFTEN:
        return f"Up to {ratio:.0f} times"
    percent = round(100 * (ratio - 1))
    if not percent:
        return None
    return f"{'Up' if percent > 0 else 'Down'} {abs(percent)} %"
