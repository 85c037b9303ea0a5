"""Questions that are worked on: each once, and at most five of a merchant at a time; the report
page's spans have two places of their own, so that nobody with a link takes the merchant's.

Table agenda: `merchant / questions` and `merchant / questions#report`, those that are open, by
digest: since when, and whether their message was sent. Quarantine bucket: `questions/merchant/id`,
the question itself until it is answered, under the merchant's name like all that holds buyers'
data.
"""

from dataclasses import replace
from datetime import timedelta

from sharetrail.agenda.job import Work
from sharetrail.aws import sealed_objects
from sharetrail.aws.items import Item
from sharetrail.aws.queues import QUESTIONS
from sharetrail.aws.tables import AGENDA
from sharetrail.calendars import iso, moment
from sharetrail.problems import Problem
from sharetrail.questions.question import LIFETIME, OF_PAGES, Question

MOST_OPEN = 5
MOST_OF_PAGES = 2
POLICY = f'"questions";q={MOST_OPEN};qu="concurrent-requests"'
"""RateLimit-Policy, as daily_allowance.py has others: so many at a time."""
ABANDONED = timedelta(days=1)
"""So long an answer may take: what is open for longer is not among the five any more."""
PREFIX = "questions/"
_ROW = "questions"
_A_WHILE = "60"
"""Seconds, in which one of five has been answered as a rule."""
_OPEN = ("open",)


class TooManyQuestions(Problem):
    """So many of the merchant's are worked on."""

    status = 429
    title = "Too many questions are open"


def ask(question: Question) -> Question:
    """Have it worked on. It, or the same one if that is worked on already: a call that is sent
    again costs nothing twice. TooManyQuestions beyond its places.
    """
    asked, is_sent = _take_place(question)
    if not is_sent:
        sealed_objects.put(asked.merchant, _key(asked.merchant, asked.id), asked.stored())
        work = Work(kind="answer", merchant=asked.merchant, abouts=(asked.id,))
        QUESTIONS.send_all([(asked.merchant, work.body())])
        _note_sent(asked)
    return asked


def find(merchant_id: str, question_id: str) -> Question | None:
    """The question itself; None where it is answered, or was never asked."""
    stored = sealed_objects.get(_key(merchant_id, question_id))
    return None if stored is None else Question.read(stored)


def is_open(merchant_id: str, question_id: str) -> bool:
    return sealed_objects.get(_key(merchant_id, question_id), most=1) is not None


def close(question: Question) -> None:
    """It is answered: its place is free, and it is gone, export and all."""
    _leave_place(question, question.digest, iso(question.asked_at))
    sealed_objects.delete(_key(question.merchant, question.id))


def _key(merchant_id: str, question_id: str) -> str:
    return f"{PREFIX}{merchant_id}/{question_id}"


# ── places ───────────────────────────────────────────────────────────────────────────────────────
def _take_place(question: Question) -> tuple[Question, bool]:
    """The question that has the place, and whether its message was sent."""
    while True:  # until nobody was faster
        places = _places(question)
        if place := places.get(question.digest):
            return replace(question, asked_at=moment(place["at"])), place["sent"]
        if len(places) >= (most := _most(question)):
            raise TooManyQuestions(
                f"{most} of your questions are worked on: ask again once one is answered.",
                headers={
                    "retry_after": _A_WHILE,
                    "ratelimit": f'"questions";r=0;t={_A_WHILE}',
                    "ratelimit_policy": POLICY,
                },
            )
        if _put_place(question):
            return question, False


def _places(question: Question) -> Item:
    """Those taken, by digest; the abandoned are freed on the way."""
    key = _row(question)
    row = AGENDA.get(key["pk"], key["sk"])
    if row is None:
        AGENDA.update(key, "SET #open = :none", "attribute_not_exists(#open)", _OPEN, none={})
        return {}
    places: Item = dict(row["open"])
    for digest, place in row["open"].items():
        if moment(place["at"]) <= question.asked_at - ABANDONED:
            _leave_place(question, digest, place["at"])
            del places[digest]
    return places


def _put_place(question: Question) -> bool:
    place = f"#open.#{question.digest}"
    return AGENDA.update(
        _row(question),
        f"SET {place} = :place, expires = :expires",
        f"size(#open) < :most AND attribute_not_exists({place})",
        (*_OPEN, question.digest),
        place={"at": iso(question.asked_at), "sent": False},
        most=_most(question),
        expires=int((question.asked_at + LIFETIME).timestamp()),
    )


def _note_sent(question: Question) -> None:
    place = f"#open.#{question.digest}"
    AGENDA.update(
        _row(question),
        f"SET {place}.sent = :sent",
        f"{place}.#at = :at",
        (*_OPEN, question.digest, "at"),
        sent=True,
        at=iso(question.asked_at),
    )


def _leave_place(question: Question, digest: str, at: str) -> None:
    place = f"#open.#{digest}"
    names = (*_OPEN, digest, "at")
    AGENDA.update(_row(question), f"REMOVE {place}", f"{place}.#at = :at", names, at=at)


def _most(question: Question) -> int:
    return MOST_OF_PAGES if question.kind in OF_PAGES else MOST_OPEN


def _row(question: Question) -> dict[str, str]:
    is_of_pages = question.kind in OF_PAGES
    return {"pk": question.merchant, "sk": f"{_ROW}#report" if is_of_pages else _ROW}
