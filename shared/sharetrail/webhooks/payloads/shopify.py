"""What Shopify sends, as far as we read it: orders, refunds, disputes.

Money, currency, ids and times are validated; the rest may be anything, and is then passed over.
"""

from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.web.bodies import Moment
from sharetrail.webhooks.payloads.fields import (
    Amount,
    AmountIfAny,
    Currency,
    Hint,
    HintIfAny,
    Id,
    IsTrue,
    Payload,
    Pieces,
    SignedAmount,
    Words,
    fitting,
    or_empty,
)


class ShopMoney(Payload):
    amount: Hint = "0"
    currency_code: Words = ""


class PriceSet(Payload):
    """An amount in the shop's currency and in the buyer's."""

    shop_money: Annotated[ShopMoney, BeforeValidator(or_empty)] = ShopMoney()
    presentment_money: Annotated[ShopMoney, BeforeValidator(or_empty)] = ShopMoney()


def _price_set(value: Any) -> Any:
    """One that does not fit is none."""
    (fits, *_) = (*fitting(PriceSet, [value]), {})
    return fits


Prices = Annotated[PriceSet, BeforeValidator(_price_set)]


class TaxLine(Payload):
    price: Amount


class Discount(Payload):
    amount: Amount


class Attribute(Payload):
    name: str
    value: str


Attributes = Annotated[tuple[Attribute, ...], BeforeValidator(partial(fitting, Attribute))]
"""What names nothing, or has another value than text, was not written by our script."""


class Named(Payload):
    product_id: Words = ""
    sku: Words = ""
    title: Words = ""

    @property
    def is_tip(self) -> bool:
        """A tip is a line without a product, and part of no subtotal."""
        return not self.product_id and not self.sku and self.title.strip().lower() == "tip"


class Line(Named):
    quantity: Pieces = 1
    price: Amount
    discount_allocations: tuple[Discount, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    properties: Attributes = ()


class Customer(Payload):
    id: Words = ""
    email: Words = ""


class ShippingAddress(Payload):
    address1: Words = ""
    address2: Words = ""
    city: Words = ""
    zip: Words = ""
    country_code: Words = ""
    country: Words = ""

    @property
    def house(self) -> DeliveryAddress:
        return DeliveryAddress(
            lines=(self.address1, self.address2),
            postcode=self.zip,
            city=self.city,
            country=self.country_code or self.country,
        )


class Code(Payload):
    code: str
    amount: HintIfAny = None
    """What it took off, tax included where the shop's prices carry it."""


class ShippingLine(Payload):
    tax_lines: tuple[TaxLine, ...] = ()


class OrderPayload(Payload):
    id: Id
    name: Words = ""
    created_at: Moment
    currency: Currency
    presentment_currency: Words = ""
    subtotal_price: Amount
    total_tax: AmountIfAny = "0"
    total_price: Amount
    total_price_set: Prices = PriceSet()
    total_shipping_price_set: Prices = PriceSet()
    total_tip_received: Hint = "0"
    taxes_included: IsTrue = False
    test: IsTrue = False
    financial_status: Words = ""
    fulfillment_status: Words = ""
    source_name: Words = ""
    email: Words = ""
    customer: Annotated[Customer, BeforeValidator(or_empty)] = Customer()
    shipping_address: Annotated[ShippingAddress, BeforeValidator(or_empty)] = ShippingAddress()
    landing_site: Words = ""
    referring_site: Words = ""
    note_attributes: Attributes = ()
    discount_codes: Annotated[tuple[Code, ...], BeforeValidator(partial(fitting, Code))] = ()
    line_items: tuple[Line, ...]
    shipping_lines: Annotated[
        tuple[ShippingLine, ...], BeforeValidator(partial(fitting, ShippingLine))
    ] = ()


class Adjustment(Payload):
    kind: Words = ""
    reason: Words = ""
    amount: SignedAmount
    tax_amount: Hint = "0"


class Transaction(Payload):
    kind: Words = ""
    status: Words = ""
    amount: AmountIfAny = "0"
    currency: Currency | None = None


class RefundLine(Payload):
    subtotal: Amount
    total_tax: AmountIfAny = "0"
    line_item: Annotated[Named, BeforeValidator(or_empty)] = Named()


class RefundedShipping(Payload):
    subtotal_amount_set: Prices = PriceSet()
    tax_amount_set: Prices = PriceSet()


class Duty(Payload):
    amount_set: Prices = PriceSet()


class RefundPayload(Payload):
    id: Id
    refund_line_items: tuple[RefundLine, ...] = ()
    refund_shipping_lines: Annotated[
        tuple[RefundedShipping, ...], BeforeValidator(partial(fitting, RefundedShipping))
    ] = ()
    duties: Annotated[tuple[Duty, ...], BeforeValidator(partial(fitting, Duty))] = ()
    total_additional_fees_set: Prices = PriceSet()
    order_adjustments: tuple[Adjustment, ...] = ()
    transactions: tuple[Transaction, ...] = ()


class RefundTold(RefundPayload):
    """A refund that a webhook of its own tells."""

    order_id: Id
    created_at: Moment
    refund_line_items: tuple[RefundLine, ...]


def _lines_at_least(refund: Any) -> Any:
    """A refund within an order: where its money cannot be read, its lines alone."""
    if fitting(RefundPayload, [refund]) or not isinstance(refund, dict):
        return refund
    return {name: refund[name] for name in ("id", "refund_line_items") if name in refund}


RefundOnOrder = Annotated[RefundPayload, BeforeValidator(_lines_at_least)]


class OrderUpdate(OrderPayload):
    """An order as it stands, and what was refunded of it."""

    updated_at: Moment | None = None
    current_subtotal_price: Amount | None = None
    total_outstanding: HintIfAny = None
    refunds: tuple[RefundOnOrder, ...] = ()


class OrderPaid(OrderPayload):
    processed_at: Moment | None = None
    updated_at: Moment | None = None


class Cancellation(Payload):
    id: Id
    cancelled_at: Moment


class DisputePayload(Payload):
    id: Id
    order_id: Id
    type: str
    amount: Amount
    currency: Currency
    status: str
    initiated_at: Moment
    finalized_on: Moment | None = None
