"""POST /v1/reconciliations?format=auto&load=false&repair=false: the shop's own order export beside
what is here.

The body is the CSV as the shop exported it, of at most 4 MB; of more than 10,000 orders, or
WooCommerce's 3,000, the answer is 202. With `load=true` what is missing is loaded, with
`repair=true` what differs is repaired. `from` and `to` name the days the export was made of.
"""

from typing import Any

from sharetrail import logs
from sharetrail.api.questions import reconciliations
from sharetrail.aws import clients
from sharetrail.merchants import profiles
from sharetrail.merchants.keys import api_keys
from sharetrail.reconciliation import read_export
from sharetrail.reconciliation.reconcile import Query
from sharetrail.web.http import Answer, Event, Request, answered, id_of

clients.warm()


@logs.entrance
def handler(event: Event, _context: Any) -> Answer:
    return answered(lambda: _reconcile(Request.of(event, read_export.MAX_BYTES)), id_of(event))


def _reconcile(request: Request) -> Answer:
    merchant = profiles.find(api_keys.require_secret(request).merchant, request.now)
    query = Query.of(request.query)
    return reconciliations.respond(merchant, request.body, query, request.now)
