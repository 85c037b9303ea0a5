"""POST /v1/events: what happened on a shop's page, by beacon (text/plain, the key in the body)."""

from sharetrail import beacons, events
from sharetrail.callers import Caller, admit
from sharetrail.http import Answer, Request, answer, endpoint


@endpoint
def handler(request: Request) -> Answer:
    body = beacons.read(request.body)
    caller = admit(request, body.key)
    return caller.readable(lambda: _collect(request, caller, body))


def _collect(request: Request, caller: Caller, body: beacons.Beacon) -> Answer:
    for event in beacons.facts(body, caller.merchant, request.now):
        events.save(event)
    return answer(202)
