"""POST /v1/webhooks/{provider}/{merchant_id}: one signed delivery, at most one fact, one write.

200 once the fact is stored (or was already, or there is none in it); 202 where the delivery is
ours and cannot be read, and stands in quarantine, or where its fact cannot be stored yet, and waits
for the table; 5xx only where nothing could be kept, so that the sender should come again.
With `?dry_run=true` it answers what it would store, and stores nothing.
"""

from sharetrail.aws import clients
from sharetrail.web.http import Answer, Request, answer, endpoint
from sharetrail.webhooks.receive_order import receive

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    provider, merchant_id = request.path["provider"], request.path["merchant_id"]
    sent = request.headers, request.body, request.now, request.query
    return answer(*receive(provider, merchant_id, *sent))
