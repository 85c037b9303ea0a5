"""What Stripe sends, as far as we read it: events of its API, from 2020 to 2026."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from sharetrail.webhooks.payload import Id

_YEAR_2100 = 4_102_444_800


class Payload(BaseModel, str_max_length=5_000):
    """Fields we do not know are passed over; a number is no text."""


def _id_of(reference: Any) -> Any:
    """Stripe names an object by its id, or spells it out where asked to."""
    return reference.get("id") if isinstance(reference, dict) else reference


def _moment(seconds: Any) -> datetime:
    if type(seconds) is not int or not 0 <= seconds < _YEAR_2100:
        raise ValueError("is no time in whole seconds since 1970")
    return datetime.fromtimestamp(seconds, UTC)


Amount = Annotated[int, Field(strict=True, ge=0, le=10**14)]
"""In Stripe's own minor units."""
Currency = Annotated[str, AfterValidator(str.upper), Field(pattern="^[a-zA-Z]{3}$")]
Reference = Annotated[Id | None, BeforeValidator(_id_of)]
Seconds = Annotated[datetime, BeforeValidator(_moment)]


class Data(Payload):
    object: Any


class Event(Payload):
    type: str
    created: Seconds
    livemode: bool
    data: Data


class TotalDetails(Payload):
    amount_discount: Amount = 0
    amount_shipping: Amount | None = None
    amount_tax: Amount = 0


class ShippingCost(Payload):
    amount_total: Amount
    amount_tax: Amount = 0


class CustomerDetails(Payload):
    email: str | None = None


class PresentmentDetails(Payload):
    presentment_currency: Currency


class Discount(Payload):
    coupon: Reference = None
    promotion_code: Reference = None


class Session(Payload):
    object: Literal["checkout.session"]
    id: Id
    created: Seconds
    payment_status: str
    payment_intent: Reference = None
    livemode: bool
    currency: Currency | None = None
    amount_total: Amount | None = None
    total_details: TotalDetails | None = None
    shipping_cost: ShippingCost | None = None
    presentment_details: PresentmentDetails | None = None
    customer: Reference = None
    customer_email: str | None = None
    customer_details: CustomerDetails | None = None
    client_reference_id: str | None = None
    metadata: dict[str, Any] | None = None
    discounts: list[Discount] | None = None


class Charge(Payload):
    object: Literal["charge"]
    id: Id
    payment_intent: Reference = None
    currency: Currency
    amount_refunded: Amount


class RefundPayload(Payload):
    object: Literal["refund"]
    id: Id
    charge: Reference = None
    payment_intent: Reference = None
    currency: Currency
    amount: Amount
    status: str | None = None


class DisputePayload(Payload):
    object: Literal["dispute"]
    id: Id
    payment_intent: Reference = None
    currency: Currency
    amount: Amount
    status: str
