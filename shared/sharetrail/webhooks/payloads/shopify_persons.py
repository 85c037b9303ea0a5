"""What Shopify passes on of people who ask what is kept of them, or to be forgotten, and of shops
that are gone. What is erased is not come by again: of a body that may erase, the fields are just
these.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from sharetrail.webhooks.payloads.fields import Id, Payload, Words, or_empty

MOST_ORDERS = 10_000
_Domain = Annotated[str, Field(min_length=1, max_length=253), AfterValidator(str.lower)]


def _or_none(value: Any) -> Any:
    return [] if value is None else value


_Orders = Annotated[list[Id], BeforeValidator(_or_none), Field(max_length=MOST_ORDERS)]


class Customer(Payload):
    id: Words = ""
    email: Words = ""


_Customer = Annotated[Customer, BeforeValidator(or_empty)]


class _OfShop(Payload):
    shop_id: Id
    shop_domain: _Domain


class DataRequested(_OfShop):
    model_config = ConfigDict(extra="allow")
    customer: _Customer
    orders_requested: _Orders
    data_request: dict[str, Any]


class CustomerGone(_OfShop):
    model_config = ConfigDict(extra="forbid")
    customer: _Customer
    orders_to_redact: _Orders


class ShopGone(_OfShop):
    model_config = ConfigDict(extra="forbid")
