"""POST /v1/what-if: a past period's credits under another window, model or coupon rule.

Changes nothing; answers with the difference for each influencer, or with 202 where the period has
too many orders for a call.
"""

from sharetrail.api.questions import what_if
from sharetrail.aws import clients
from sharetrail.merchants import api_keys, profiles
from sharetrail.web import bodies, query
from sharetrail.web.http import Answer, Request, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    merchant = profiles.find(api_keys.require_secret(request).merchant, request.now)
    query.parameters(request.query, known=())
    return what_if.respond(merchant, bodies.read(what_if.Trial, request.body), request.now)
