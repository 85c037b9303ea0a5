"""Queue of connections: one merchant's shop system, looked at, mended and read.

Nobody waits for it: systems throttle, fail and answer late.
"""

from typing import Any

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.agenda.job import Kind
from sharetrail.agenda.workers import Worker, one_by_one
from sharetrail.aws.queues import CONNECTIONS
from sharetrail.installation.connecting import connect_shop

_WORKERS: dict[Kind, Worker] = {"connect": one_by_one("connect", CONNECTIONS, connect_shop.connect)}


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return workers.work_off(event, _WORKERS, who_gives_up={"connect": connect_shop.give_up})
