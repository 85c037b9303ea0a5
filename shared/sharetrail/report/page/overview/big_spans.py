"""Spans that take longer than somebody waits: worked on as questions are, once an hour each, or
twice a day where they ended long ago.

The question's id says as of when, so that whoever comes back finds its result, and whoever comes
often asks nothing anew.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sharetrail import calendars
from sharetrail.aws.items import dump, load
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance, used_up
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.questions import questions, results
from sharetrail.questions.question import Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.report import span
from sharetrail.report.page.overview import edition
from sharetrail.report.page.overview.edition import Edition
from sharetrail.report.page.visit import Visit
from sharetrail.report.span import Span
from sharetrail.words.speech import mark, say, speaking

MOST_BYTES = 12_000_000
"""Of a report, packed: some 200,000 people, for whom the page needs half a gigabyte, of its 1.7. It
is sent to nobody as it is."""
_LOOKED_BACK = 2
"""What began in the last minute of an hour is done in the next; likewise of half a day."""
_LONG_AGO = timedelta(days=45)
"""Since a span ended: hardly anything changes any more."""
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


def find(visit: Visit) -> Edition | None:
    """What was added up as of this hour, or half day, if anything was. NotBuilt as it says."""
    return _found(_questions(visit)[0])


def find_older_or_ask(visit: Visit) -> Edition | None:
    """What was added up before that; None as long as it is worked on. NotBuilt, TooManySpans and
    TooManyAtOnce, as they say."""
    newest, *older = _questions(visit)
    for question in older:
        if found := _found(question):
            return found
    ask(visit, newest)
    return None


def ask(visit: Visit, question: Question) -> None:
    """For whoever has the link. TooManySpans and TooManyAtOnce, as they say."""
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
    return [half_day - timedelta(hours=12 * n) for n in range(_LOOKED_BACK)]


def _found(question: Question) -> Edition | None:
    result = results.find(question.merchant, question.id)
    return _edition(result.status, json.loads(result.body(packed=True))) if result else None


def _questions(visit: Visit) -> list[Question]:
    merchant, asked = visit.merchant, visit.span
    return [_question(merchant, asked, at) for at in _times(asked, visit.now)]


def _times(asked: Span, now: datetime) -> list[datetime]:
    """As of when it may have been asked, newest first."""
    hour = calendars.hour_of(now)
    if now.date() - asked.last < _LONG_AGO:
        return [hour - n * calendars.HOUR for n in range(_LOOKED_BACK)]
    return half_days(now)


def _take_of_day(visit: Visit, question: Question) -> None:
    """Who waits for an answer takes nothing more."""
    link = hashlib.sha256(visit.link.token.encode()).hexdigest()[:_DIGITS]
    allowance = Allowance(name=f"spans#{link}", most=_OF_A_DAY)
    if not daily_allowances.take(visit.merchant, allowance, {question.id}, visit.now):
        raise TooManySpans(
            say("Long spans take minutes to add up. Go on tomorrow, or ask for a week."),
            headers=used_up(allowance, daily_allowances.seconds_left(visit.merchant, visit.now)),
        )


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    asked = span.read(question.about["span"])
    with speaking(merchant.language):
        return dump(edition.read_big(merchant, asked, question.asked_at))


def _question(merchant: Merchant, asked: Span, hour: datetime) -> Question:
    return Question(merchant=merchant.id, kind="report", about={"span": asked.key}, asked_at=hour)


def _edition(status: int, body: dict[str, Any]) -> Edition:
    if status != 200:
        raise NotBuilt(say("Ask for fewer days: a quarter, or a month."))
    return load(Edition, body)
