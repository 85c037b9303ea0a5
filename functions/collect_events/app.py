"""POST /v1/events: what happened on a shop's page, by beacon (text/plain, the key in the body)."""

from sharetrail.agenda import heard_hours
from sharetrail.aws import clients
from sharetrail.clicks import page_events
from sharetrail.clicks.visitor import address_hash
from sharetrail.merchants.keys.callers import Caller, admit
from sharetrail.sharing.beacon import Beacon, page_events_of, policy
from sharetrail.web.bodies import read
from sharetrail.web.http import Answer, Request, answer, endpoint, fields_at_fault

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    body = read(Beacon, request.body)
    caller = admit(request, body.key, needs_origin=not body.is_of_checkouts)
    return caller.readable(lambda: _collect(request, caller, body))


def _collect(request: Request, caller: Caller, body: Beacon) -> Answer:
    address = address_hash(request, caller.merchant.id)
    events, errors = page_events_of(body, caller.merchant, address, request.now)
    for event in events:
        page_events.save(event)
        heard_hours.note_once(event.merchant, event.at, request.now)
    told = {"errors": fields_at_fault(errors)} if errors else None
    return answer(202, told, ratelimit_policy=policy(caller.merchant))
