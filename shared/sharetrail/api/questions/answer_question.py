"""A question answered by a queue's worker, with the code that answers a call."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sharetrail.agenda.workers import ATTEMPTS
from sharetrail.api.measures import kpis
from sharetrail.api.questions import cohorts, reconciliations, returns, stats, what_if
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.questions import questions, results
from sharetrail.questions.question import Question, QuestionKind
from sharetrail.report.page.overview import big_spans
from sharetrail.report.page.spending import buyer_words
from sharetrail.web.http import Answer, answer, answered, problem_json

_BY_KIND: Mapping[QuestionKind, Callable[[Merchant, Question], Mapping[str, Any]]] = {
    "what_if": what_if.answer_question,
    "stats": stats.answer_question,
    "returns": returns.answer_question,
    "cohorts": cohorts.answer_question,
    "kpis": kpis.answer_question,
    "reconciliation": reconciliations.answer_question,
    "report": big_spans.answer_question,
    "buyers": buyer_words.answer_question,
}


class NotAnswered(Problem):
    """Working it out failed again and again, by a fault of ours or for lack of time or room."""

    status = 500
    title = "The question could not be answered"


def answer_all(merchant: Merchant, question_ids: tuple[str, ...], _now: datetime) -> None:
    """Answer those of the questions that are open still. A refusal is an answer, too."""
    for question in _open(merchant, question_ids):
        _close(question, answered(partial(_answer, merchant, question), question.id))


def give_up(merchant: Merchant, question_ids: tuple[str, ...], _now: datetime) -> None:
    """Say of those that are open still that they will not be answered."""
    for question in _open(merchant, question_ids):
        why = NotAnswered(f"It failed {ATTEMPTS} times: ask for fewer days.")
        _close(question, problem_json(why, question.id))


def _open(merchant: Merchant, question_ids: tuple[str, ...]) -> Iterator[Question]:
    """Where a worker died between the two, the result is there and the question, too."""
    for question_id in question_ids:
        question = questions.find(merchant.id, question_id)
        if question and results.is_there(merchant.id, question_id):
            questions.close(question)
        elif question:
            yield question


def _answer(merchant: Merchant, question: Question) -> Answer:
    return answer(200, _BY_KIND[question.kind](merchant, question))


def _close(question: Question, told: Answer) -> None:
    most = big_spans.MOST_BYTES if question.kind == "report" else results.MOST_BYTES
    results.keep(question.merchant, question.id, told, most)
    questions.close(question)
