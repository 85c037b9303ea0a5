"""What the buyers whom somebody brought were worth since, as a person's page says it.

All orders that were ever told are looked through for it: of a shop with many a worker does, for all
its people at once, and again after half a day.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail import calendars
from sharetrail.aws.items import dump, load
from sharetrail.costs import cohorts, few
from sharetrail.costs.cohort import Step
from sharetrail.costs.cohorts import Brought
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.questions import results
from sharetrail.questions.question import Question
from sharetrail.report.page import page_questions
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
    others: float | None


@dataclass(frozen=True, kw_only=True)
class BuyerWords:
    buyers: int = 0
    rows: tuple[StepRow, ...] = ()
    """As long as anybody is known; empty where they are too few to tell."""
    namesakes: bool = False
    """Whether orders that have but a name in common would make it more."""
    why_not: str = ""
    """Why nothing is said of them yet; empty where something is."""


def of_person(visit: Visit, who: str) -> BuyerWords | None:
    """None where they brought nobody."""
    if not cohorts.is_big(visit.merchant, visit.now):
        found = read(visit.merchant, visit.now).get(who)
        return words_of(found) if found else None
    try:
        answered = _find_or_ask(visit)
    except Problem as problem:  # the rest of the page stands
        return BuyerWords(why_not=problem.detail)
    if answered is None:
        return BuyerWords(why_not=say("It is being added up: look again in a minute or some."))
    theirs = answered.get(who)
    return words_of(load(Brought, theirs)) if theirs else None


def read(merchant: Merchant, now: datetime) -> dict[str, Brought]:
    today = calendars.local_day(now, merchant.tz)
    found = cohorts.new_buyers(merchant, today - LATELY, today, now)
    return cohorts.brought_by_each(found.new, now)


def words_of(brought: Brought) -> BuyerWords:
    rows = [
        StepRow(when=_when(step.days), of=_of(step), step=step, others=others.worth)
        for step, others in zip(brought.steps, brought.others, strict=True)
        if step.buyers >= few.TOO_FEW
    ]
    return BuyerWords(
        buyers=brought.steps[0].buyers,
        rows=tuple(rows),
        namesakes=any(each.with_namesakes != each.worth for each in brought.steps),
    )


def _when(days: int) -> str:
    if not days:
        return say("First order")
    return say_n(days, "{n} day on", "{n} days on")


def _of(step: Step) -> str:
    return say_n(step.buyers, "of the {n} who came so long ago", "of the {n} who came so long ago")


# ── of a shop with many orders ───────────────────────────────────────────────────────────────────
def _find_or_ask(visit: Visit) -> dict[str, Any] | None:
    """By influencer, as stored; None as long as it is worked on. NotBuilt, TooManySpans and
    TooManyAtOnce, as they say."""
    newest, *older = (
        Question(merchant=visit.merchant.id, kind="buyers", about={}, asked_at=at)
        for at in page_questions.half_days(visit.now)
    )
    for question in (newest, *older):
        if result := results.find(question.merchant, question.id):
            if result.status != 200:
                raise page_questions.NotBuilt(say("There are too many orders to look through."))
            told: dict[str, Any] = json.loads(result.body(packed=True))["brought"]
            return told
    page_questions.ask(visit, newest)
    return None


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    found = read(merchant, question.asked_at)
    return {"brought": {who: dump(each) for who, each in found.items()}}
