"""What the API answers with: the values that every resource's answers are made of.

An answer is a TypedDict, its fields in the order in which people read them: mypy holds what builds
it to its fields, OpenAPI and the clients made of that show them, and on the wire it is a dict as it
always was. Every field is always there, `null` where nothing is known yet. A docstring under a
field says what its name cannot. A name means one thing over the whole API (docs/api.md, words), and
amounts of money never go without their currency.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict, get_original_bases, is_typeddict

from sharetrail.money import Amount

T = TypeVar("T")
C = TypeVar("C", bound=type[Any])


def described(answer: C) -> C:
    """Has OpenAPI show the docstrings under an answer's fields, those of its bases too."""

    def inherit(schema: dict[str, Any]) -> None:
        for base in get_original_bases(answer):
            if is_typeddict(base):
                inherited = TypeAdapter(base).json_schema().get("properties", {})
                for name, field in inherited.items():
                    if "description" in field:
                        schema["properties"][name].setdefault("description", field["description"])

    config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=inherit)
    return with_config(config)(answer)


Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""UTC, as `calendars.iso` writes it."""
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""A day of the shop's own zone."""
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["USD"])]
"""ISO 4217."""


Days = TypedDict("Days", {"from": Day, "to": Day})
"""A period's first and last day, both included: for answers to begin with."""


@described
class Money(TypedDict):
    amount: Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["12.34"])]
    """Decimal text, with as many decimals as the currency has."""
    currency: Currency


def money(amount: Amount) -> Money:
    return {"amount": str(amount), "currency": amount.currency}


@described
class Fault(TypedDict):
    """A field or parameter that is not as it should be."""

    field: str
    """`product.title`; `body` where it is none of its fields."""
    detail: str


@described
class Page(TypedDict, Generic[T]):
    items: list[T]
    cursor: str | None
    """Where the next page begins; `null` where none follows."""
