"""Facts that the orders table did not take in time: in a queue or, where that fails or the fact is
too large for it, in a bucket, until it does.

Queue: `{"merchant": …, "fact": …}`, the fact as stored. Quarantine bucket: the same as
`spilled/merchant/digest`. The fact carries its key and when it was first received, so that it
comes to the same however late, how often and in which order it is stored.
"""

import hashlib
import json
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.agenda.job import Job
from sharetrail.aws import sealed_objects
from sharetrail.aws.queues import CHORES, ORDERS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, OrderRef

FAILURES = (BotoCoreError, ClientError)
"""How AWS fails, whatever of it: refused, throttled, not reached, not answered."""
CONCERN = "OrdersSpilled"
PREFIX = "spilled/"
_SOON = timedelta(hours=1)
"""Until then what stands in the bucket is queued and stored by itself."""


def spill(order: OrderRef, fact: Fact, why: Exception) -> None:
    """Keep it, and ring. What S3 raises where the queue failed too is the sender's 5xx."""
    body = json.dumps({"merchant": order.merchant, "fact": order_facts.item(order, fact)})
    place = _keep(order.merchant, body)
    logs.ring(
        CONCERN,
        merchant=order.merchant,
        platform=order.platform,
        order=order.id,
        fact=fact.sk,
        place=place,
        failure=logs.told(why),
    )


def _keep(merchant_id: str, body: str) -> str:
    """Where it is now."""
    try:
        ORDERS.send(body)
    except FAILURES:  # its reason is the metric's line: one is enough to see what is wrong
        key = f"{PREFIX}{merchant_id}/{hashlib.sha256(body.encode()).hexdigest()[:32]}"
        sealed_objects.put(merchant_id, key, body.encode())
        return key
    return "queue"


def save(body: str, now: datetime) -> bool:
    """Store what was kept; False where it was known already, or its shop was erased since."""
    told = json.loads(body)
    if profiles.find_if_any(told["merchant"], now) is None:
        return False
    return order_facts.save_item(told["fact"], now)


def queue() -> int:
    """Queue what stands in the bucket; how many messages those were."""
    return workers.queue_all((_job(key) for key, _ in sealed_objects.listed(PREFIX)), CHORES)


def stuck(now: datetime) -> int:
    """How many have stood there for so long that their attempts fail."""
    return sum(now - written > _SOON for _, written in sealed_objects.listed(PREFIX))


def _job(key: str) -> Job:
    merchant_id = key.removeprefix(PREFIX).partition("/")[0]
    return Job(kind="store", merchant=merchant_id, about=key)


def store(_merchant: Merchant, key: str, now: datetime) -> None:
    """Store what stands in the bucket under this key, and remove it there."""
    body = sealed_objects.get(key)
    if body is None:  # another run was faster
        return
    save(body.decode(), now)
    sealed_objects.delete(key)
