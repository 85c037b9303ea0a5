"""What WooCommerce sends, as far as we read it: an order of its REST API, version 3."""

from typing import Annotated, Any

from pydantic import Field

from sharetrail.webhooks import payload
from sharetrail.webhooks.payload import Id, UtcMoment

Pieces = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
"""Plugins sell by the half metre."""


class Payload(payload.Payload, str_max_length=None):
    """What is long is cropped, not refused."""


class Line(Payload):
    product_id: str | None = None
    """0 once the product is deleted."""
    sku: str | None = None
    name: str = ""
    quantity: Pieces
    subtotal: str
    """Before discounts. Like `total` without tax, whatever the shop's prices carry."""
    total: str


class Fee(Payload):
    total: str = "0"


class Coupon(Payload):
    code: str


class Meta(Payload):
    key: str
    value: Any = None


class Billing(Payload):
    email: str | None = None


class RefundOnOrder(Payload):
    id: Id
    total: str


class OrderPayload(Payload):
    id: Id
    number: str = ""
    status: str
    currency: str
    prices_include_tax: bool = False
    date_created_gmt: UtcMoment
    date_modified_gmt: UtcMoment
    date_paid_gmt: UtcMoment | None = None
    shipping_total: str = "0"
    total_tax: str = "0"
    total: str
    customer_id: str | None = None
    """0 for a guest."""
    billing: Billing = Billing()
    line_items: tuple[Line, ...]
    fee_lines: tuple[Fee, ...] = ()
    coupon_lines: tuple[Coupon, ...] = ()
    meta_data: tuple[Meta, ...] = ()
    refunds: tuple[RefundOnOrder, ...] = Field(default=(), max_length=200)


class Deletion(Payload, extra="forbid"):
    id: Id
