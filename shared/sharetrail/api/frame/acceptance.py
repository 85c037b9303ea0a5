"""What may take longer than a call: answered at once, or 202 and where its result will be."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from typing_extensions import TypedDict

from sharetrail.aws import environment
from sharetrail.calendars import iso
from sharetrail.questions import questions
from sharetrail.questions.question import Question, asked_at
from sharetrail.questions.results import MOST_BYTES
from sharetrail.web.answers import Moment, described
from sharetrail.web.http import Answer, answer

_RETRY_AFTER = 10
"""Seconds."""


@described
class Accepted(TypedDict):
    id: str
    state: Literal["working"]
    asked_at: Moment
    url: str
    """Where its result will be."""


def respond(question: Question, tell: Callable[[], Mapping[str, Any]], *, is_big: bool) -> Answer:
    """What `tell` tells; 202 where that is more than can be added up while somebody waits, or too
    large for a call's answer. TooManyQuestions."""
    if not is_big:
        told = answer(200, tell(), ratelimit_policy=questions.POLICY)
        if len(told["body"].encode()) <= MOST_BYTES:
            return told
    return accepted(questions.ask(question).id, ratelimit_policy=questions.POLICY)


def accepted(question_id: str, **headers: str) -> Answer:
    url = url_of(question_id)
    at = iso(asked_at(question_id))
    body: Accepted = {"id": question_id, "state": "working", "asked_at": at, "url": url}
    return answer(202, body, location=url, retry_after=f"{_RETRY_AFTER}", **headers)


def url_of(question_id: str) -> str:
    """Where its result is, or will be."""
    return f"{environment.public_base_url()}/v1/results/{question_id}"
