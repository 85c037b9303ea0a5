"""POST /v1/reconciliations: the shop's own order export beside what is here."""

from datetime import datetime

from sharetrail.api.frame import acceptance
from sharetrail.merchants.profile import Merchant
from sharetrail.questions.question import Question
from sharetrail.reconciliation import reconcile
from sharetrail.reconciliation.reconcile import Query
from sharetrail.reconciliation.reconciled import Reconciled
from sharetrail.web import bodies
from sharetrail.web.http import Answer


def respond(merchant: Merchant, body: bytes, query: Query, now: datetime) -> Answer:
    """202 where the export has too many orders for a call; one that cannot be read is refused."""
    export = reconcile.read(merchant, body, query)
    about = bodies.plain(query)
    question = Question(
        merchant=merchant.id, kind="reconciliation", about=about, asked_at=now, export=body
    )
    return acceptance.respond(
        question, lambda: reconcile.reconcile(export, query, now), is_big=export.is_big
    )


def answer_question(merchant: Merchant, question: Question) -> Reconciled:
    query = bodies.parse(Query, question.about)
    export = reconcile.read(merchant, question.export, query)
    return reconcile.reconcile(export, query, question.asked_at)
