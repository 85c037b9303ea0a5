"""202: a question is worked on, and where its result will be."""

from typing import Literal

from typing_extensions import TypedDict

from sharetrail.aws import environment
from sharetrail.calendars import iso
from sharetrail.questions.question import asked_at
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


def accepted(question_id: str) -> Answer:
    url = f"{environment.public_base_url()}/v1/results/{question_id}"
    at = iso(asked_at(question_id))
    body: Accepted = {"id": question_id, "state": "working", "asked_at": at, "url": url}
    return answer(202, body, location=url, retry_after=f"{_RETRY_AFTER}")
