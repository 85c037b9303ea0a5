"""The message that any shop sends us: the model its JSON Schema is made from.

Fields we do not know are passed over: a shop may send more than we ask for.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field

from sharetrail.orders.order_fact import MAX_LINES
from sharetrail.web.bodies import Moment

Text = Annotated[str, Field(min_length=1, max_length=200, coerce_numbers_to_str=True)]
Decimals = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$")]

Type = Literal["order.placed", "order.paid", "order.updated", "order.refunded", "order.cancelled"]
TYPES = get_args(Type)


class Payload(BaseModel, use_attribute_docstrings=True):
    """Its fields' docstrings are the schema's."""


class Customer(Payload):
    id: Text | None = None
    """Your own number for them. We keep a keyed hash alone, and so of the e-mail address."""
    email: Text | None = None


class Item(Payload):
    product_id: Text
    """As your share buttons name the product."""
    title: str = Field(default="", max_length=2_000)
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    net: Decimals = "0"
    """What the line earned: after discounts, without tax."""


class Data(Payload):
    order_id: Text
    """The same in everything you tell of the order."""
    name: str = Field(default="", max_length=100)
    """How you call the order where people read of it; otherwise its id."""
    refund_id: Text | None = None
    """Of order.refunded, which needs it: a refund that is told twice counts once."""
    currency: str
    """ISO 4217."""
    subtotal: Decimals | None = None
    """Items after discounts, without tax and shipping; in a refund what the items give back."""
    total: Decimals | None = None
    """What the buyer paid; in a refund what went back. A refund without subtotal counts pro rata of
    the order's total."""
    trail: list[Text] | Literal["none", "denied"] | None = Field(default=None, max_length=50)
    """The click ids in `sharetrail.trail`, oldest first; `none` or `denied` as they stand there."""
    visit: Text | None = None
    """`sharetrail.visit`: the click id that began the visit of the order, or `other`."""
    customer: Customer | None = None
    codes: list[Text] = Field(default=[], max_length=50)
    """The coupon codes the buyer entered."""
    items: list[Item] = Field(default=[], max_length=MAX_LINES)
    test: bool = False
    """A test order is kept and never counted."""


class Message(Payload, title="Sharetrail webhook"):
    """An order was placed, paid for, changed, refunded (in part) or cancelled.

    Paid after placed moves no money: send both, or either. An update tells the whole order anew.
    """

    type: Type
    timestamp: Moment
    """When it happened, with its zone."""
    data: Data


def schema() -> dict[str, Any]:
    """The message as JSON Schema, for docs/standard-webhook.schema.json."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **Message.model_json_schema()}
