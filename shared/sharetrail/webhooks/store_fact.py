"""What becomes of a delivery: its fact is stored, or it turns out that it cannot be understood."""

from traceback import extract_tb
from typing import Any

from botocore.exceptions import ClientError

from sharetrail.money import BadMoney
from sharetrail.orders import order_facts
from sharetrail.webhooks import providers
from sharetrail.webhooks.delivery import Delivery, NotUnderstood

# What a reader raises that met something it was not written for; what AWS raises is none of these.
_STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def take(delivery: Delivery) -> dict[str, Any]:
    """Store the fact that a delivery tells, in one write, and answer what became of it.

    Mismatch as its provider's `read` raises it; NotUnderstood for whatever else there is no fact
    for, be it by a mistake of ours, since the sender cannot mend that by coming again.
    """
    try:
        told = providers.provider(delivery.platform).read(delivery)
        if told is None:
            return {"order": None, "fact": None, "new": False}
        order, fact = told
        is_new = order_facts.save(order, fact)
    except BadMoney as error:
        raise NotUnderstood(error.detail, errors=error.errors) from error
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        raise NotUnderstood("It holds more than the orders table takes.") from error
    except _STUMBLES as error:
        at = extract_tb(error.__traceback__)[-1]
        where = f"{at.filename.rpartition('/')[2]}:{at.lineno}"
        raise NotUnderstood(f"Its reader stumbled: {type(error).__name__} at {where}.") from error
    return {"order": order.id, "fact": fact.sk, "new": is_new}
