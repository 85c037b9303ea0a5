"""What Stripe sends, as far as we read it: events of its API, from 2020 to 2026.

Money, currency, ids, times and what decides between them are validated; the rest may be anything.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.webhooks.payloads.fields import Id, IsTrue, Words, fitting, or_empty

_YEAR_2100 = 4_102_444_800


class Payload(BaseModel):
    """Fields we do not know are passed over; a number is no text."""


def _id_of(reference: Any) -> Any:
    """Stripe names an object by its id, or spells it out where asked to."""
    return reference.get("id") if isinstance(reference, dict) else reference


def _moment(seconds: Any) -> datetime:
    if type(seconds) is not int or not 0 <= seconds < _YEAR_2100:
        raise ValueError("is no time in whole seconds since 1970")
    return datetime.fromtimestamp(seconds, UTC)


_MOST = 10**14
Amount = Annotated[int, Field(strict=True, ge=0, le=_MOST)]
"""In Stripe's own minor units."""
Currency = Annotated[str, AfterValidator(str.upper), Field(pattern="^[a-zA-Z]{3}$")]
Reference = Annotated[Id | None, BeforeValidator(_id_of)]
Seconds = Annotated[datetime, BeforeValidator(_moment)]


class Data(Payload):
    object: Any


class Event(Payload):
    type: str
    created: Seconds
    livemode: IsTrue
    data: Data


class Discount(Payload):
    coupon: Reference = None
    promotion_code: Reference = None

    @property
    def code(self) -> str:
        return self.promotion_code or self.coupon or ""


class DiscountTaken(Payload):
    amount: Amount
    discount: Discount


class Breakdown(Payload):
    discounts: Annotated[
        tuple[DiscountTaken, ...], BeforeValidator(partial(fitting, DiscountTaken))
    ] = ()


class TotalDetails(Payload):
    amount_discount: Amount = 0
    breakdown: Annotated[Breakdown, BeforeValidator(or_empty)] = Breakdown()
    """Told only where whoever sends the event asked for it."""
    amount_shipping: Amount | None = None
    amount_tax: Amount = 0


class ShippingCost(Payload):
    amount_total: Amount
    amount_tax: Amount = 0


class CustomerDetails(Payload):
    email: Words = ""


class Address(Payload):
    line1: Words = ""
    line2: Words = ""
    city: Words = ""
    postal_code: Words = ""
    country: Words = ""

    @property
    def house(self) -> DeliveryAddress:
        return DeliveryAddress(
            lines=(self.line1, self.line2),
            postcode=self.postal_code,
            city=self.city,
            country=self.country,
        )


class ShippingDetails(Payload):
    address: Annotated[Address, BeforeValidator(or_empty)] = Address()


Shipping = Annotated[ShippingDetails, BeforeValidator(or_empty)]


class CollectedInformation(Payload):
    shipping_details: Shipping = ShippingDetails()


class PresentmentDetails(Payload):
    """What the buyer saw and paid, where that is not the session's currency."""

    presentment_amount: Amount
    presentment_currency: Currency


class CurrencyConversion(Payload):
    """Of sessions whose own currency is the buyer's (before 2025-03-31): the shop's."""

    amount_total: Amount
    source_currency: Currency


def _conversion(value: Any) -> Any:
    return next(iter(fitting(CurrencyConversion, [value])), None)


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value <= _MOST else 0


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _presentment(value: Any) -> Any:
    """One that does not fit is none."""
    return next(iter(fitting(PresentmentDetails, [value])), None)


class Session(Payload):
    object: Literal["checkout.session"]
    id: Id
    created: Seconds
    payment_status: str
    payment_intent: Reference = None
    livemode: IsTrue = False
    currency: Currency | None = None
    amount_total: Amount | None = None
    total_details: TotalDetails | None = None
    shipping_cost: ShippingCost | None = None
    presentment_details: Annotated[PresentmentDetails | None, BeforeValidator(_presentment)] = None
    currency_conversion: Annotated[CurrencyConversion | None, BeforeValidator(_conversion)] = None
    customer: Reference = None
    customer_email: Words = ""
    customer_details: Annotated[CustomerDetails, BeforeValidator(or_empty)] = CustomerDetails()
    collected_information: Annotated[CollectedInformation, BeforeValidator(or_empty)] = (
        CollectedInformation()
    )
    shipping_details: Shipping = ShippingDetails()
    """Until 2025-03-31; until 2022-11-15 by the name `shipping`."""
    shipping: Shipping = ShippingDetails()
    client_reference_id: Words = ""
    metadata: Annotated[dict[str, Any], BeforeValidator(_object)] = {}
    discounts: Annotated[tuple[Discount, ...], BeforeValidator(partial(fitting, Discount))] = ()


class Charge(Payload):
    object: Literal["charge"]
    id: Id
    payment_intent: Reference = None
    currency: Currency
    amount: Annotated[int, BeforeValidator(_whole)] = 0
    """Of the payment; 0 where it is not told."""
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
