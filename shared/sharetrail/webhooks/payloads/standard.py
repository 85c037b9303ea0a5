"""The messages that any shop sends us: one model a type, and their JSON Schema is made from these.

What a model takes its schema takes, and the other way round: a test asks ajv and the models about
the same messages. Unknown fields are refused, for a field that is misspelt is one that is missing.
`null` is absence in every field that need not be there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from sharetrail.money import CURRENCIES
from sharetrail.orders.order_fact import MAX_LINES
from sharetrail.web.bodies import in_reach

_LARGEST_WHOLE = 2**53 - 1
"""Beyond it languages disagree about which number a text is."""
_AMOUNT = r"[0-9]{1,12}(\.[0-9]{1,15})?"
_BEYOND_REASON = re.compile(r"[0-9]{13,}(\.[0-9]*)?")
_YEAR, _LEAP_YEAR = "20[0-9]{2}", "20([02468][048]|[13579][26])"
_DAYS = (
    f"{_YEAR}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
    f"{_YEAR}-(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    f"{_YEAR}-02-(0[1-9]|1[0-9]|2[0-8])",
    f"{_LEAP_YEAR}-02-29",
)
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_MOMENT = rf"({'|'.join(_DAYS)})T{_CLOCK}:[0-5][0-9](\.[0-9]{{1,9}})?(Z|[+-]{_CLOCK})"
"""RFC 3339 within this century. A pattern, since `format` is checked by few."""


# ── values ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Also:
    """A field also takes what `schema` says, which `read` turns into what the field holds."""

    schema: dict[str, Any]
    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        own = handler(core)
        options = own["anyOf"] if own.keys() == {"anyOf"} else [own]
        return {"anyOf": [*options, self.schema]}


def _whole(value: Any) -> Any:
    """JSON does not tell 1.0 from 1."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number_as_text(value: Any) -> Any:
    number = _whole(value)
    return str(number) if type(number) is int and 0 <= number <= _LARGEST_WHOLE else value


def _none_if_empty(value: Any) -> Any:
    return None if value in _EMPTY else value


def _click_ids(value: Any) -> Any:
    """An empty list is a trail without clicks; empty text is none."""
    if value in ("", [""]):
        return None
    return value.split(",") if isinstance(value, str) else value


def _amount(value: Any) -> Any:
    if isinstance(value, str) and _BEYOND_REASON.fullmatch(value):
        raise PydanticCustomError("beyond_reason", "is more than an order can come to")
    if not (isinstance(value, str) and re.fullmatch(_AMOUNT, value)):
        raise PydanticCustomError("amount", 'should be decimal text such as "12.50"')
    return value


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("no_currency", "is no currency of ISO 4217")
    return code


def _moment(value: Any) -> datetime:
    if not (isinstance(value, str) and re.fullmatch(_MOMENT, value)):
        raise PydanticCustomError(
            "moment", "should be a time with its zone, such as 2026-11-21T12:00:00Z"
        )
    return in_reach(datetime.fromisoformat(value))


_EMPTY: list[Any] = ["", [], [""]]
"""What languages make of a value that is not there, beside null."""
_NUMBER = {"type": "integer", "minimum": 0, "maximum": _LARGEST_WHOLE}

Text = TypeAliasType("Text", Annotated[str, Also(_NUMBER, _number_as_text)])
Id = TypeAliasType(
    "Id",
    Annotated[str, Field(min_length=1, max_length=200), Also(_NUMBER, _number_as_text)],
)
Amount = TypeAliasType(
    "Amount",
    Annotated[
        str, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": f"^{_AMOUNT}$"})
    ],
)
Currency = TypeAliasType(
    "Currency",
    Annotated[
        str,
        AfterValidator(_currency),
        WithJsonSchema({"type": "string", "enum": [*CURRENCIES]}),
    ],
)
Moment = TypeAliasType(
    "Moment",
    Annotated[
        datetime,
        BeforeValidator(_moment),
        WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$"}),
    ],
)
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000), BeforeValidator(_whole)]
Flag = Annotated[bool, Field(strict=True)]
Words = Annotated[Text | None, Also({"enum": _EMPTY}, _none_if_empty)]
"""Text that may be empty in any of the ways there are."""


class Payload(BaseModel, extra="forbid", use_attribute_docstrings=True):
    """Its fields' docstrings are the schema's."""


# ── what is told ─────────────────────────────────────────────────────────────────────────────────
class Customer(Payload):
    """We keep a keyed hash of each alone."""

    id: Words = None
    """Your own number for them."""
    email: Words = None


class DeliveryAddress(Payload):
    """We keep one keyed hash of it all, so that two orders to one house are known as such. It takes
    a line, and a postcode or a city; with less it is as if it were not told."""

    line1: Words = None
    """Street and number."""
    line2: Words = None
    postcode: Words = None
    city: Words = None
    country: Words = None
    """Its two letters of ISO 3166, or what you call it, each time alike."""


class Item(Payload):
    product_id: Id
    """As your share buttons name the product."""
    title: Text | None = None
    quantity: Quantity | None = None
    """1 where it is not told."""
    net: Amount
    """What the whole line earned: after discounts, without tax."""


class CodeUsed(Payload):
    """A coupon code, and what it took off the order."""

    code: Text
    amount: Amount | None = None
    """Without tax, before refunds. Told, it is a cost of whoever's code it is."""


class Order(Payload):
    """What every message may say of its order. A shop that sends the whole order each time may:
    what a message is not about is passed over."""

    order_id: Id
    """The same in everything you tell of the order."""
    name: Text | None = None
    """How you call the order where people read of it; otherwise its id."""
    items: Annotated[list[Item], Field(max_length=MAX_LINES)] | None = None
    """They add up to subtotal, give or take half a cent each for rounding."""
    trail: Annotated[list[Text] | None, Also({"type": "string"}, _click_ids)] = None
    """`sharetrail.trail` as the shop's page had it: click ids, `none` or `denied`; as text, or the
    click ids as a list, of which an empty one is `none`."""
    visit: Words = None
    """`sharetrail.visit`: the click id that began the visit of the order, or `other`."""
    customer: Annotated[Customer | None, Also({"enum": _EMPTY}, _none_if_empty)] = None
    delivery_address: Annotated[DeliveryAddress | None, Also({"enum": _EMPTY}, _none_if_empty)] = (
        None
    )
    """Where it is delivered to; nothing where nothing is."""
    codes: list[Text | CodeUsed] | None = None
    """The coupon codes the buyer entered: as text, or each with what it took off."""
    test: Flag | None = None
    """A test order is kept and never counted."""
    renewal: Flag | None = None
    """A subscription renewed itself: nobody came to a page for it."""
    made_by_hand: Flag | None = None
    """Somebody of the shop's wrote the order, or took it at a counter or by telephone."""


class Sale(Order):
    currency: Currency
    """The shop's own, in which all amounts are."""
    subtotal: Amount
    """Items after discounts, without tax and shipping, before refunds."""
    total: Amount
    """What the order costs the buyer, tax and shipping included, before refunds. Never less than
    subtotal: a gift card is a way to pay, and lowers neither."""


class Update(Sale):
    refunded_in_total: Flag | None = None
    """True where subtotal and total are what the refunds told until then left of the order: these
    then take nothing from it again. Otherwise refunds are taken from what this update tells."""


class About(Order):
    """No amount of these counts."""

    currency: Currency | None = None
    subtotal: Amount | None = None
    total: Amount | None = None


def _has_an_amount(schema: dict[str, Any]) -> None:
    """What Refund demands beyond its fields, in the schema's words."""
    amount = schema["properties"]["subtotal"]["anyOf"][0]
    schema["anyOf"] = [
        {"type": "object", "properties": {name: amount}, "required": [name]}
        for name in ("subtotal", "total")
    ]


class Refund(Order, json_schema_extra=_has_an_amount):
    """Has a subtotal or a total."""

    refund_id: Id
    """A refund that is told twice counts once; told with another timestamp, the newest counts."""
    currency: Currency
    subtotal: Amount | None = None
    """What the items give back: without tax and shipping."""
    total: Amount | None = None
    """What went back to the buyer. Without subtotal it counts pro rata of the order's total."""

    @model_validator(mode="after")
    def _is_priced(self) -> Self:
        if self.subtotal is None and self.total is None:
            raise PydanticCustomError("missing", "Has neither subtotal nor total")
        return self


class FailedRefund(About):
    refund_id: Id


class Dispute(Order):
    dispute_id: Id
    currency: Currency
    subtotal: Amount | None = None
    """Passed over."""
    total: Amount
    """What the buyer's bank took back, tax and shipping included: it counts pro rata."""


class WonDispute(About):
    dispute_id: Id


# ── messages ─────────────────────────────────────────────────────────────────────────────────────
class Message(Payload):
    timestamp: Moment
    """When it happened at your shop. Of two states the one of the later time counts."""


class SaleMessage(Message):
    """Placed, or paid for: send both, or either. Paid after placed moves no money."""

    type: Literal["order.placed", "order.paid"]
    data: Sale


class UpdateMessage(Message):
    """The order as it stands now, all of it."""

    type: Literal["order.updated"]
    data: Update


class TurnMessage(Message):
    """Handed over, cancelled (it counts no more) or restored (it counts again)."""

    type: Literal["order.fulfilled", "order.cancelled", "order.restored"]
    data: About


class RefundMessage(Message):
    """Money went back, in part or whole. A corrected refund is told again, with its refund_id."""

    type: Literal["order.refunded"]
    data: Refund


class FailedRefundMessage(Message):
    """The money did not reach the buyer: the refund takes nothing any more."""

    type: Literal["order.refund_failed"]
    data: FailedRefund


class DisputeMessage(Message):
    """The buyer's bank took the money back. A dispute that turns again is told again."""

    type: Literal["order.disputed"]
    data: Dispute


class WonDisputeMessage(Message):
    """The shop has its money back. A dispute that is lost needs no message."""

    type: Literal["order.dispute_won"]
    data: WonDispute


AnyMessage = (
    SaleMessage
    | UpdateMessage
    | TurnMessage
    | RefundMessage
    | FailedRefundMessage
    | DisputeMessage
    | WonDisputeMessage
)
MODELS: dict[str, type[AnyMessage]] = {
    name: model
    for model in get_args(AnyMessage)
    for name in get_args(model.model_fields["type"].annotation)
}
"""By type, in the order in which the documents name them."""


def schema() -> dict[str, Any]:
    """All messages as JSON Schema, for docs/standard-webhook.schema.json: of the standard's own
    words alone, so that strict validators compile it."""
    adapter = TypeAdapter[AnyMessage](Annotated[AnyMessage, Field(discriminator="type")])
    words = adapter.json_schema()
    del words["discriminator"]  # OpenAPI's
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": "Sharetrail webhook", **words}
