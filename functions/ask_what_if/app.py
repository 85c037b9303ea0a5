"""POST /v1/what-if: a past period's credits under another window, model or coupon rule.

Changes nothing; answers with the difference for each influencer, or with 202 where the period has
too many orders for a call.
"""

from sharetrail.api.questions import what_if
from sharetrail.aws import clients
from sharetrail.merchants import profiles
from sharetrail.merchants.keys import api_keys
from sharetrail.web import query
from sharetrail.web.http import Answer, Request, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    merchant = profiles.find(api_keys.require_secret(request).merchant, request.now)
    trial = query.none_and_body(what_if.Trial, request)
    return what_if.respond(merchant, trial, request.now)
