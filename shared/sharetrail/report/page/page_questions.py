"""What the report page has a worker add up: for whoever has a link, so few at a time, and a day."""

import hashlib
from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.problems import Problem
from sharetrail.questions import questions
from sharetrail.questions.question import Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.report.page.visit import Visit
from sharetrail.words.speech import mark, say

LOOKED_BACK = 2
"""What began in the last minute of an hour is done in the next; likewise of half a day."""
_OF_A_DAY = 30
"""Questions of one link: each may take a worker minutes."""
_DIGITS = 16


class TooManySpans(Problem):
    """More in a day by one link than a person looks at."""

    status = 429
    title = mark("That is a lot for a day")


class TooManyAtOnce(Problem):
    """So many are added up already, for others who look."""

    status = 429
    title = mark("Many long spans are being added up")


class NotBuilt(Problem):
    """A worker refused it, or failed again and again."""

    status = 422
    title = mark("These days could not be added up")


def ask(visit: Visit, question: Question) -> None:
    """Have it worked on. TooManySpans and TooManyAtOnce, as they say."""
    _take_of_day(visit, question)
    try:
        questions.ask(question)
    except TooManyQuestions as many:
        raise TooManyAtOnce(
            say("Look again in a few minutes, once some of them are done.")
        ) from many


def half_days(now: datetime) -> list[datetime]:
    """As of when what hardly changes may have been asked, newest first."""
    hour = calendars.hour_of(now)
    half_day = hour.replace(hour=hour.hour // 12 * 12)
    return [half_day - timedelta(hours=12 * n) for n in range(LOOKED_BACK)]


def _take_of_day(visit: Visit, question: Question) -> None:
    """Who waits for an answer takes nothing more."""
    link = hashlib.sha256(visit.link.token.encode()).hexdigest()[:_DIGITS]
    allowance = Allowance(name=f"spans#{link}", most=_OF_A_DAY)
    if not daily_allowances.take(visit.merchant, allowance, {question.id}, visit.now):
        raise TooManySpans(
            say("Long spans take minutes to add up. Go on tomorrow, or ask for a week."),
            headers=daily_allowances.nothing_left(visit.merchant, allowance, visit.now),
        )
