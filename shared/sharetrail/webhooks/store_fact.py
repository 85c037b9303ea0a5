"""What becomes of a delivery: it is read into a fact, or cannot be; the fact is stored.

Reading and storing fail apart: what cannot be read waits in quarantine for a mended reader, what
cannot be stored waits for the table.
"""

from datetime import datetime
from traceback import extract_tb

from botocore.exceptions import ClientError

from sharetrail.money import BadMoney
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.webhooks import providers, replies
from sharetrail.webhooks.delivery import Delivery, NotUnderstood, OrderFact
from sharetrail.webhooks.replies import Stored

# What a reader raises that met something it was not written for; what AWS raises is none of these.
_STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def take(delivery: Delivery, now: datetime) -> Stored:
    """Read a delivery and store its fact, in one write; what became of it.

    As `read` and `store` raise.
    """
    told = read(delivery)
    return store(*told, now) if told else replies.NOTHING


def read(delivery: Delivery) -> OrderFact | None:
    """The order that a delivery speaks of and the fact that it tells; None where it tells none.

    Mismatch as its provider's `read` raises it; NotUnderstood for whatever else there is no fact
    for, be it by a mistake of ours, since the sender cannot mend that by coming again.
    """
    try:
        told: OrderFact | None = providers.provider(delivery.platform).read(delivery)
    except BadMoney as error:
        raise NotUnderstood(error.detail, errors=error.errors) from error
    except _STUMBLES as error:
        at = extract_tb(error.__traceback__)[-1]
        where = f"{at.filename.rpartition('/')[2]}:{at.lineno}"
        raise NotUnderstood(f"Its reader stumbled: {type(error).__name__} at {where}.") from error
    return told


def store(order: OrderRef, fact: Fact, now: datetime) -> Stored:
    """Store a fact, in one write. NotUnderstood where the table never takes it, since it is too
    large; what else AWS raises may pass."""
    try:
        is_new = order_facts.save(order, fact, now)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        why = error.response["Error"].get("Message", "")
        raise NotUnderstood(f"The orders table does not take it: {why}") from error
    return replies.stored(order, fact, is_new=is_new)
