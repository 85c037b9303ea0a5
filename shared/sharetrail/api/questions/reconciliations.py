"""POST /v1/reconciliations: the shop's own order export beside what is here."""

from datetime import datetime

from sharetrail.api.frame.acceptance import accepted
from sharetrail.merchants.profile import Merchant
from sharetrail.questions import questions
from sharetrail.questions.question import Question
from sharetrail.reconciliation import reconcile
from sharetrail.reconciliation.reconcile import Query
from sharetrail.reconciliation.reconciled import Reconciled
from sharetrail.web import bodies
from sharetrail.web.http import Answer, answer


def respond(merchant: Merchant, body: bytes, query: Query, now: datetime) -> Answer:
    """202 where the export has too many orders for a call; one that cannot be read is refused."""
    export = reconcile.read(merchant, body, query)
    if not export.is_big:
        return answer(200, reconcile.reconcile(export, query, now))
    about = bodies.plain(query)
    question = Question(
        merchant=merchant.id, kind="reconciliation", about=about, asked_at=now, export=body
    )
    return accepted(questions.ask(question).id)


def answer_question(merchant: Merchant, question: Question) -> Reconciled:
    query = bodies.parse(Query, question.about)
    export = reconcile.read(merchant, question.export, query)
    return reconcile.reconcile(export, query, question.asked_at)
