"""What Shopify sends, as far as we read it: orders and refunds of API version 2024-10."""

from typing import Annotated

from pydantic import Field

from sharetrail.web.bodies import Moment
from sharetrail.webhooks.payload import Id, Payload, Quantity

Amount = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,15})?$")]
"""Of what is never below zero; an adjustment may be."""
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class TaxLine(Payload):
    price: Amount


class Discount(Payload):
    amount: Amount


class Attribute(Payload):
    name: str
    value: str | None = None


class Line(Payload):
    product_id: str | None = None
    sku: str | None = None
    title: str = ""
    quantity: Quantity
    price: Amount
    discount_allocations: tuple[Discount, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    properties: tuple[Attribute, ...] = ()


class Customer(Payload):
    id: Id | None = None
    email: str | None = None


class Code(Payload):
    code: str


class ShopMoney(Payload):
    amount: Amount


class PriceSet(Payload):
    shop_money: ShopMoney


class RefundLine(Payload):
    subtotal: Amount
    total_tax: Amount = "0"


class RefundOnOrder(Payload):
    refund_line_items: tuple[RefundLine, ...] = ()


class OrderPayload(Payload):
    id: Id
    name: str = Field(default="", max_length=100)
    created_at: Moment
    processed_at: Moment | None = None
    updated_at: Moment | None = None
    cancelled_at: Moment | None = None
    currency: Currency
    presentment_currency: str | None = None
    subtotal_price: Amount
    current_subtotal_price: Amount | None = None
    total_tax: Amount = "0"
    total_shipping_price_set: PriceSet | None = None
    total_price: Amount
    taxes_included: bool = False
    test: bool = False
    email: str | None = None
    customer: Customer | None = None
    landing_site: str | None = None
    referring_site: str | None = None
    note_attributes: tuple[Attribute, ...] = ()
    discount_codes: tuple[Code, ...] = ()
    line_items: tuple[Line, ...]
    refunds: tuple[RefundOnOrder, ...] = ()


class Adjustment(Payload):
    kind: str | None = None
    reason: str | None = None
    amount: str


class Transaction(Payload):
    kind: str = ""
    status: str = ""
    amount: Amount = "0"
    currency: Currency | None = None


class RefundPayload(Payload):
    id: Id
    order_id: Id
    created_at: Moment
    refund_line_items: tuple[RefundLine, ...]
    order_adjustments: tuple[Adjustment, ...] = ()
    transactions: tuple[Transaction, ...] = ()


class DisputePayload(Payload):
    id: Id
    order_id: Id
    type: str
    amount: Amount
    currency: Currency
    status: str
    initiated_at: Moment
