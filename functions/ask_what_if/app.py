"""POST /v1/what-if: a past period's credits under another window, model or coupon rule.

Changes nothing; answers with the difference for each influencer.
"""

import boto3  # noqa: F401  while Lambda starts it is at full speed; at the first call it is not

from sharetrail import bodies, keys, merchants, what_if
from sharetrail.http import Answer, Request, answer, endpoint


@endpoint
def handler(request: Request) -> Answer:
    merchant = merchants.find(keys.require_secret(request).merchant, request.now)
    return answer(200, what_if.ask(merchant, bodies.read(what_if.Question, request.body)))
