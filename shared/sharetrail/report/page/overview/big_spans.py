"""Spans that take longer than somebody waits: worked on as questions are, once an hour each.

The question's id says as of which hour, so that whoever comes back finds its result, and whoever
comes often asks nothing anew.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from sharetrail import calendars
from sharetrail.aws.items import dump, load
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.questions import questions, results
from sharetrail.questions.question import Question
from sharetrail.report import span
from sharetrail.report.page.overview import standing
from sharetrail.report.page.overview.standing import Standing
from sharetrail.report.span import Span

MOST_BYTES = 12_000_000
"""Of a report, packed: some 200,000 people, for whom the page needs half a gigabyte, of its 1.7. It
is sent to nobody as it is."""
_LOOKED_BACK = 2
"""Hours: what began in the last minute of one is done in the next."""


class NotBuilt(Problem):
    """A worker refused it, or failed again and again."""

    status = 422
    title = "These days could not be added up"


def find_or_ask(merchant: Merchant, asked: Span, now: datetime) -> Standing | None:
    """None as long as it is worked on. NotBuilt as it says; TooManyQuestions."""
    this_hour = calendars.hour_of(now)
    for hours in range(_LOOKED_BACK):
        question = _question(merchant, asked, this_hour - timedelta(hours=hours))
        if result := results.find(merchant.id, question.id):
            return _standing(result.status, json.loads(result.body(packed=True)))
    questions.ask(_question(merchant, asked, this_hour))
    return None


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    asked = span.read(question.about["span"])
    return dump(standing.read_big(merchant, asked, question.asked_at))


def _question(merchant: Merchant, asked: Span, hour: datetime) -> Question:
    return Question(merchant=merchant.id, kind="report", about={"span": asked.key}, asked_at=hour)


def _standing(status: int, body: dict[str, Any]) -> Standing:
    if status != 200:
        raise NotBuilt(body["detail"])
    return load(Standing, body)
