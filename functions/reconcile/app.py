"""POST /v1/reconciliations?format=auto&load=false&repair=false: the shop's own order export beside
what is here.

The body is the CSV as the shop exported it, of at most 4 MB and 10,000 orders, of WooCommerce's
3,000. With `load=true` what is missing is loaded, with `repair=true` what differs is repaired.
`from` and `to` name the days the export was made of.
"""

from typing import Any

from sharetrail.aws import clients
from sharetrail.merchants import api_keys, profiles
from sharetrail.reconciliation import read_export, reconcile
from sharetrail.reconciliation.reconcile import Query
from sharetrail.web.http import Answer, Event, Request, answer, answered

clients.warm()


def handler(event: Event, _context: Any) -> Answer:
    return answered(lambda: _reconcile(Request.of(event, read_export.MAX_BYTES)))


def _reconcile(request: Request) -> Answer:
    merchant = profiles.find(api_keys.require_secret(request).merchant, request.now)
    told = reconcile.reconcile(merchant, request.body, Query.of(request.query), request.now)
    return answer(200, told)
