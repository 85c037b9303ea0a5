"""What the API answers with: the values that every resource's answers are made of.

An answer is a TypedDict, its fields in the order in which people read them: mypy holds what builds
it to its fields, OpenAPI and the clients made of that show them, and on its way out it is a dict as
before. A docstring under a field says what its name cannot. Always there, and `null` where nothing
is known yet; money never without its currency.
"""

from typing import Annotated, Generic, TypeVar

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from sharetrail.money import Amount

T = TypeVar("T")
described = with_config(ConfigDict(use_attribute_docstrings=True))
"""Has OpenAPI show the docstrings under an answer's fields."""
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""UTC, as `calendars.iso` writes it."""
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""A day of the shop's own zone."""


@described
class Money(TypedDict):
    amount: Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["12.34"])]
    """Decimal text, with as many decimals as the currency has."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["USD"])]
    """ISO 4217."""


def money(amount: Amount) -> Money:
    return {"amount": str(amount), "currency": amount.currency}


@described
class Page(TypedDict, Generic[T]):
    items: list[T]
    cursor: str | None
    """Where the next page begins; `null` where none follows."""
