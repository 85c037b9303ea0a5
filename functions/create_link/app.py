"""POST /v1/links: a short link for one sharer, destination and network; again is the same."""

from sharetrail.aws import clients
from sharetrail.merchants.daily_allowance import policy_of
from sharetrail.merchants.keys.callers import Caller, admit
from sharetrail.sharing import (
    create_link,
    given_link,
    influencers,
    product_names,
    share_request,
)
from sharetrail.web.http import Answer, Request, answer, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    caller = admit(request)
    return caller.readable(lambda: _create(request, caller))


def _create(request: Request, caller: Caller) -> Answer:
    merchant = caller.merchant
    body = given_link.read(request, caller)
    influencer = share_request.influencer_of(body.influencer, caller, request)
    wish = share_request.wish(body, influencer, merchant, request)
    maker = share_request.maker_of(body.influencer, influencer, caller, request)
    link, is_new = create_link.create(merchant, wish, maker, request.now)
    declared = share_request.is_declared(body.influencer, caller)
    influencers.meet(merchant.id, influencer, link, declared=declared)
    if body.product and caller.key.is_secret:
        product_names.remember(merchant.id, {body.product.id: body.product.title}, request.now)
    policy = policy_of(maker.allowances(merchant, link.code))
    return answer(201 if is_new else 200, share_request.answer_of(link), ratelimit_policy=policy)
