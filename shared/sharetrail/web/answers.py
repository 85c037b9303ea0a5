"""What the API answers with: the values that every resource's answers are made of.

An answer is a TypedDict, its fields in the order in which people read them: mypy holds what builds
it to its fields, OpenAPI and the clients made of that show them, and on the wire it is a dict as it
always was. Every field is always there, `null` where nothing is known yet. A docstring under a
field says what its name cannot. A name means one thing over the whole API (docs/api.md, words), and
amounts of money never go without their currency.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache, partial
from itertools import pairwise
from typing import Annotated, Any, Generic, TypeVar

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict, get_original_bases, is_typeddict

from sharetrail.money import Amount

T = TypeVar("T")
C = TypeVar("C", bound=type[Any])


def described(answer: C) -> C:
    """Has OpenAPI show the docstrings under an answer's fields, those of its bases too. They are
    read when it is described, and not where it is only checked."""
    return with_config(ConfigDict(json_schema_extra=partial(_describe, answer)))(answer)


def _describe(answer: type[Any], schema: dict[str, Any]) -> None:
    for name, text in _docstrings(answer.__module__).get(answer.__name__, {}).items():
        schema["properties"][name].setdefault("description", text)
    for base in filter(is_typeddict, get_original_bases(answer)):
        _describe(base, schema)


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Of the fields of a module's classes, by class and field."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {each.name: dict(_of_fields(each)) for each in classes}


def _of_fields(of: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for node, below in pairwise(of.body):
        match node, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(str(text))):
                yield name, inspect.cleandoc(text)


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
