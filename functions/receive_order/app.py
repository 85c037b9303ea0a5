"""POST /v1/webhooks/{provider}/{merchant_id}: one signed delivery, at most one fact, one write.

200 once the fact is stored (or was already, or there is none in it); 5xx only where the sender
should come again.
"""

from sharetrail import merchants, orders, vault, webhooks
from sharetrail.http import Answer, Request, answer, endpoint, json_body
from sharetrail.webhooks.deliveries import Delivery


@endpoint
def handler(request: Request) -> Answer:
    name = request.path["provider"]
    provider = webhooks.provider(name)
    merchant = merchants.find(request.path["merchant_id"], request.now)
    secrets = vault.active(merchant.id, f"webhook:{name}", request.now)
    provider.verify(request.headers, request.body, secrets, request.now)
    told = provider.read(
        Delivery(
            merchant=merchant,
            headers=request.headers,
            payload=json_body(request.body),
            now=request.now,
        )
    )
    if told is None:
        return answer(200, {"order": None, "fact": None, "new": False})
    order, fact = told
    is_new = orders.save(order, fact, request.now)
    return answer(200, {"order": order.id, "fact": fact.sk, "new": is_new})
