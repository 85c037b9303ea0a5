"""Queue of chores: what is to be done for one merchant every hour, in seconds."""

from typing import Any

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.agenda.job import Kind
from sharetrail.agenda.workers import OneJob, Worker, one_by_one
from sharetrail.attribution import late_evidence, missed_rings
from sharetrail.aws.queues import CHORES
from sharetrail.orders import spilled_facts
from sharetrail.totals import closings, missed_events

_APART: dict[Kind, OneJob] = {
    "heal": missed_events.heal,
    "attribute": missed_rings.attribute,
    "retry": late_evidence.retry,
    "store": spilled_facts.store,
}
WORKERS: dict[Kind, Worker] = {
    "close": closings.close,
    **{kind: one_by_one(kind, CHORES, work) for kind, work in _APART.items()},
}


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return workers.work_off(event, WORKERS)
