"""Other people's JSON: how it is understood, and how it is refused."""

import hashlib
import json
from dataclasses import is_dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from sharetrail import money
from sharetrail.aws.items import dump
from sharetrail.orders.order_fact import Chargeback
from sharetrail.webhooks.delivery import Mismatch, NotUnderstood

MAX_ERRORS = 20
"""How many fields at fault an answer names."""
_DIGEST = 16
_State = Literal["open", "won", "lost"]
_WON, _LOST = ("won", "prevented", "charge_refunded"), ("lost", "accepted")
"""What ends a dispute. The refund that prevents one, or ends it, is told by itself."""
P = TypeVar("P", bound=BaseModel)


def understood(model: type[P], payload: Any, otherwise: str) -> P:
    """The payload as `model`. NotUnderstood, naming the fields at fault, where it has that shape
    and does not fit; Mismatch where it has not: what is signed may be sent under another topic.
    """
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in faults[:MAX_ERRORS]}
        refusal = NotUnderstood if _has_shape(model, payload) else Mismatch
        raise refusal(otherwise, errors=fields) from error


def _has_shape(model: type[BaseModel], payload: Any) -> bool:
    """Whether two thirds of the fields that the model needs are there, whatever they hold."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    there = [name for name in needed if isinstance(payload, dict) and name in payload]
    return 3 * len(there) >= 2 * len(needed)


def digest_of(*parts: Any) -> str:
    """Of what was read of a state, not of the body: the same state told under another topic, or
    with other noise, is one fact; and nobody can try e-mail addresses on it, for they are hashed in
    it. Parts are dataclasses, or tuples of them, or text.
    """
    return hashlib.sha256(json.dumps(_plain(parts), sort_keys=True).encode()).hexdigest()[:_DIGEST]


def _plain(part: Any) -> Any:
    if is_dataclass(part):
        return dump(part)
    return [_plain(each) for each in part] if isinstance(part, tuple) else part


def not_negative(amount: str, currency: str) -> int:
    """In minor units. NotUnderstood below zero."""
    value = money.minor(amount, currency)
    if value < 0:
        raise NotUnderstood(f"{amount[:40]} is negative, and what it stands for cannot be.")
    return value


def chargeback(dispute_id: str, amount: int, currency: str, status: str) -> Chargeback:
    """Of a dispute as Stripe tells it, and so Shopify, whose payments are Stripe's."""
    state: _State = "won" if status in _WON else "lost" if status in _LOST else "open"
    return Chargeback(id=dispute_id, amount=amount, currency=currency, state=state)
