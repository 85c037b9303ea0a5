"""Spans that take longer than somebody waits: worked on as questions are, once an hour each, or
twice a day where they ended long ago.

The question's id says as of when, so that whoever comes back finds its result, and whoever comes
often asks nothing anew.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from sharetrail import calendars
from sharetrail.aws.items import dump, load
from sharetrail.merchants.profile import Merchant
from sharetrail.questions import results
from sharetrail.questions.question import Question
from sharetrail.report import span
from sharetrail.report.page import page_questions
from sharetrail.report.page.overview import edition
from sharetrail.report.page.overview.edition import Edition
from sharetrail.report.page.visit import Visit
from sharetrail.report.span import Span
from sharetrail.words.speech import say, speaking

MOST_BYTES = 12_000_000
"""Of a report, packed: some 200,000 people, for whom the page needs half a gigabyte, of its 1.7. It
is sent to nobody as it is."""
_LONG_AGO = timedelta(days=45)
"""Since a span ended: hardly anything changes any more."""


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
    page_questions.ask(visit, newest)
    return None


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
        return [hour - n * calendars.HOUR for n in range(page_questions.LOOKED_BACK)]
    return page_questions.half_days(now)


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    asked = span.read(question.about["span"])
    with speaking(merchant.language):
        return dump(edition.read_big(merchant, asked, question.asked_at))


def _question(merchant: Merchant, asked: Span, hour: datetime) -> Question:
    return Question(merchant=merchant.id, kind="report", about={"span": asked.key}, asked_at=hour)


def _edition(status: int, body: dict[str, Any]) -> Edition:
    if status != 200:
        raise page_questions.NotBuilt(say("Ask for fewer days: a quarter, or a month."))
    return load(Edition, body)
