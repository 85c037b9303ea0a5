"""POST /v1/webhooks/{provider}/{merchant_id}: one signed delivery, at most one fact, one write.

200 once the fact is stored (or was already, or there is none in it); 202 where the delivery is
ours and cannot be read, and stands in quarantine; 5xx only where the sender should come again.
"""

from sharetrail import merchants, quarantine, vault, webhooks
from sharetrail.http import Answer, Request, answer, endpoint, json_body
from sharetrail.webhooks.deliveries import Delivery, NotUnderstood
from sharetrail.webhooks.receipts import take


@endpoint
def handler(request: Request) -> Answer:
    name = request.path["provider"]
    provider = webhooks.provider(name)
    merchant = merchants.find(request.path["merchant_id"], request.now)
    if webhooks.is_ping(provider, request.headers, request.body):
        return answer(200)
    secrets = vault.active(merchant.id, f"webhook:{name}", request.now)
    provider.verify(request.headers, request.body, secrets, request.now)
    delivery = Delivery(
        merchant=merchant,
        headers=request.headers,
        payload=json_body(request.body),
        now=request.now,
    )
    try:
        return answer(200, take(provider.read, delivery))
    except NotUnderstood as why:
        kept = quarantine.keep(name, delivery, request.body, why)
        return answer(202, {"quarantined": kept.id, "reason": kept.reason})
