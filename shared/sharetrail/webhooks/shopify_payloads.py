"""What Shopify sends, as far as we read it: orders and refunds of API version 2024-10."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=100)]


class Payload(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, str_max_length=4096)


class TaxLine(Payload):
    price: str


class Discount(Payload):
    amount: str


class Attribute(Payload):
    name: str
    value: str | None = None


class Line(Payload):
    product_id: str | None = None
    sku: str | None = None
    title: str = ""
    quantity: int
    price: str
    discount_allocations: list[Discount] = []
    tax_lines: list[TaxLine] = []
    properties: list[Attribute] = []


class Customer(Payload):
    id: Id | None = None
    email: str | None = None


class Code(Payload):
    code: str


class ShopMoney(Payload):
    amount: str


class PriceSet(Payload):
    shop_money: ShopMoney


class RefundLine(Payload):
    subtotal: str
    total_tax: str = "0"


class RefundOnOrder(Payload):
    refund_line_items: list[RefundLine] = []


class OrderPayload(Payload):
    id: Id
    name: str = Field(default="", max_length=100)
    created_at: AwareDatetime
    processed_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    currency: str
    presentment_currency: str | None = None
    subtotal_price: str
    current_subtotal_price: str | None = None
    total_tax: str = "0"
    total_shipping_price_set: PriceSet | None = None
    total_price: str
    taxes_included: bool = False
    test: bool = False
    email: str | None = None
    customer: Customer | None = None
    landing_site: str | None = None
    note_attributes: list[Attribute] = []
    discount_codes: list[Code] = []
    line_items: list[Line]
    refunds: list[RefundOnOrder] = []


class Adjustment(Payload):
    kind: str | None = None
    reason: str | None = None
    amount: str


class Transaction(Payload):
    kind: str = ""
    status: str = ""
    amount: str = "0"
    currency: str | None = None


class RefundPayload(Payload):
    id: Id
    order_id: Id
    created_at: AwareDatetime
    refund_line_items: list[RefundLine]
    order_adjustments: list[Adjustment] = []
    transactions: list[Transaction] = []


class DisputePayload(Payload):
    id: Id
    order_id: Id
    type: str
    amount: str
    currency: str
    status: str
    initiated_at: AwareDatetime
