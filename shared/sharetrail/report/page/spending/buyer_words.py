"""What the buyers whom somebody brought were worth since, as a person's page says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sharetrail import calendars
from sharetrail.costs import cohorts, few
from sharetrail.costs.cohort import Buyer, Step, steps_of
from sharetrail.report.page.visit import Visit
from sharetrail.words.speech import say, say_n

LATELY = timedelta(days=360)
"""Whose first order is looked at."""


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """So many days after the first order, beside those who came otherwise."""

    when: str
    of: str
    """How many it is of: whose first order was so long ago."""
    step: Step
    others: Step


@dataclass(frozen=True, kw_only=True)
class Brought:
    buyers: int
    rows: tuple[StepRow, ...]
    """As long as anybody is known; empty where they are too few to tell."""
    namesakes: bool
    """Whether orders that have but a name in common would make it more."""


def of_person(visit: Visit, who: str) -> Brought | None:
    """None where they brought nobody, or there is too much to look through while somebody waits."""
    merchant, now = visit.merchant, visit.now
    today = calendars.local_day(now, merchant.tz)
    if cohorts.is_big(merchant, today - LATELY, now):
        return None
    found = cohorts.new_buyers(merchant, today - LATELY, today, now)
    groups = cohorts.groups_of(found.new, "influencer")
    if not groups.get(who):
        return None
    others = [each for each in found.new if who not in each.first.brought_by]
    return brought_of(visit, groups[who], others)


def brought_of(visit: Visit, buyers: Iterable[Buyer], others: Iterable[Buyer]) -> Brought:
    theirs = steps_of(buyers, visit.now)
    rows = [
        StepRow(when=_when(step.days), of=_of(step), step=step, others=other)
        for step, other in zip(theirs, steps_of(others, visit.now), strict=True)
        if step.buyers >= few.TOO_FEW
    ]
    return Brought(
        buyers=theirs[0].buyers,
        rows=tuple(rows),
        namesakes=any(each.with_namesakes != each.worth for each in theirs),
    )


def _when(days: int) -> str:
    if not days:
        return say("First order")
    return say_n(days, "{n} day on", "{n} days on")


def _of(step: Step) -> str:
    return say_n(step.buyers, "of the {n} who came so long ago", "of the {n} who came so long ago")
