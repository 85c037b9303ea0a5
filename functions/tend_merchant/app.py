"""Queue of chores: what is to be done for one merchant every hour, in seconds."""

from typing import Any

from sharetrail.agenda import workers
from sharetrail.agenda.job import Kind
from sharetrail.agenda.workers import Worker, one_by_one
from sharetrail.attribution import late_evidence, missed_rings
from sharetrail.aws.queues import CHORES
from sharetrail.orders import spilled_facts
from sharetrail.totals import closings, missed_events

WORKERS: dict[Kind, Worker] = {
    "close": closings.close,
    "heal": one_by_one("heal", CHORES, missed_events.heal),
    "attribute": one_by_one("attribute", CHORES, missed_rings.heal),
    "retry": one_by_one("retry", CHORES, late_evidence.retry),
    "store": one_by_one("store", CHORES, spilled_facts.store),
}


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return workers.work_off(event, WORKERS)
