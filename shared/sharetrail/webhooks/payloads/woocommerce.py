"""What WooCommerce sends, as far as we read it: an order of its REST API, version 3.

Money, currency, ids, times and the status are validated; the rest may be anything.
"""

from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.webhooks.payloads.fields import (
    Hint,
    HintIfAny,
    Id,
    IsTrue,
    MomentIfAny,
    Payload,
    Pieces,
    SignedAmount,
    SignedIfAny,
    UtcMoment,
    Words,
    fitting,
    or_empty,
)

_ERRORS = "woocommerce_"


class Line(Payload):
    product_id: Words = ""
    """0 once the product is deleted."""
    sku: Words = ""
    name: Words = ""
    quantity: Pieces = 1
    subtotal: SignedAmount
    """Before discounts. Like `total` without tax, whatever the shop's prices carry."""
    total: SignedAmount
    total_tax: Hint = "0"


class Fee(Payload):
    total: SignedIfAny = "0"


class Coupon(Payload):
    code: str
    discount: HintIfAny = None
    """What it took off, without tax."""


class Meta(Payload):
    key: str
    value: Any = None


class Billing(Payload):
    email: Words = ""


class Shipping(Payload):
    """Empty where nothing is shipped; where the buyer named no other, it repeats the bill's."""

    address_1: Words = ""
    address_2: Words = ""
    city: Words = ""
    postcode: Words = ""
    country: Words = ""

    @property
    def house(self) -> DeliveryAddress:
        return DeliveryAddress(
            lines=(self.address_1, self.address_2),
            postcode=self.postcode,
            city=self.city,
            country=self.country,
        )


class ShippingLine(Payload):
    method_id: Words = ""


PICKUPS = ("local_pickup", "pickup_location")
"""Ways to ship by which the buyer comes: whatever address stands there, nothing goes to it."""


class RefundOnOrder(Payload):
    id: Id
    total: SignedAmount
    total_tax: HintIfAny = None
    """Since WooCommerce 10.9."""


class OrderPayload(Payload):
    id: Id
    number: Words = ""
    status: str
    currency: str
    created_via: Words = ""
    prices_include_tax: IsTrue = False
    date_created_gmt: UtcMoment
    date_modified_gmt: UtcMoment
    date_paid_gmt: UtcMoment | None = None
    date_completed_gmt: MomentIfAny = None
    shipping_total: SignedIfAny = "0"
    shipping_tax: Hint = "0"
    total_tax: SignedIfAny = "0"
    total: SignedAmount
    customer_id: Words = ""
    """0 for a guest."""
    billing: Annotated[Billing, BeforeValidator(or_empty)] = Billing()
    shipping: Annotated[Shipping, BeforeValidator(or_empty)] = Shipping()
    shipping_lines: Annotated[
        tuple[ShippingLine, ...], BeforeValidator(partial(fitting, ShippingLine))
    ] = ()
    line_items: tuple[Line, ...]
    fee_lines: tuple[Fee, ...] = ()
    coupon_lines: Annotated[tuple[Coupon, ...], BeforeValidator(partial(fitting, Coupon))] = ()
    meta_data: Annotated[tuple[Meta, ...], BeforeValidator(partial(fitting, Meta))] = ()
    refunds: tuple[RefundOnOrder, ...] = ()

    @property
    def house(self) -> DeliveryAddress | None:
        """Where it goes; None where it is fetched."""
        ways = [each.method_id for each in self.shipping_lines]
        is_fetched = bool(ways) and all(each in PICKUPS for each in ways)
        return None if is_fetched else self.shipping.house


class Deletion(Payload, extra="forbid"):
    id: Id


class _Data(BaseModel):
    status: int


class ErrorPayload(BaseModel):
    """What WooCommerce signs where it may not read the order it is to tell of."""

    code: str
    message: str
    data: _Data


def error_of(body: Any) -> str | None:
    """The code of an error that stands where an order should; None where none does."""
    fits = fitting(ErrorPayload, [body])
    codes = [each.code for each in fits if isinstance(each, ErrorPayload)]
    return next((code for code in codes if code.startswith(_ERRORS)), None)
