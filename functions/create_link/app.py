"""POST /v1/links: a short link for one sharer, destination and network; again is the same."""

from sharetrail import destinations, environment, influencers, links, shares
from sharetrail.bodies import read
from sharetrail.callers import Caller, admit
from sharetrail.http import Answer, Request, answer, endpoint
from sharetrail.shares import ShareBody


@endpoint
def handler(request: Request) -> Answer:
    caller = admit(request)
    return caller.readable(lambda: _create(request, caller))


def _create(request: Request, caller: Caller) -> Answer:
    merchant = caller.merchant
    body = read(ShareBody, request.body)
    destinations.check(body.url, merchant.hosts, loopback=environment.is_local())
    influencer = shares.influencer_of(body.influencer, caller, request)
    wish = shares.wish(body, influencer, merchant, request)
    link, is_new = links.create(merchant, wish, request.now)
    declared = shares.is_declared(body.influencer, caller)
    influencers.meet(merchant.id, influencer, declared=declared)
    return answer(201 if is_new else 200, shares.answer_of(link))
