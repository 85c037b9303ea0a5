"""What fields of other people's JSON have in common. Pure.

What is not read is not validated. Of what is read, money, currency, ids and times may be refused;
anything else that does not fit is as if it were not there.
"""

from datetime import UTC, datetime
from decimal import Decimal
from math import ceil, isfinite
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from sharetrail.web.bodies import in_reach

T = TypeVar("T")
_MOST_PIECES = 1_000_000
_DECIMALS = 15
"""Of an amount that are looked at: a float has more."""


class Payload(BaseModel, coerce_numbers_to_str=True):
    """Fields we do not know are passed over, and a number will do where text is meant."""


def _in_utc(at: datetime) -> datetime:
    return in_reach(at if at.tzinfo else at.replace(tzinfo=UTC))


Id = Annotated[str, Field(min_length=1, max_length=100)]
UtcMoment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time whose name says that it is UTC, and whose text need not."""


def _decimal_text(amount: Any) -> Any:
    """`12.5` and `"12.5"` alike; a float's noise behind the fifteenth decimal is left out."""
    if isinstance(amount, int | float) and not isinstance(amount, bool) and isfinite(amount):
        amount = f"{Decimal(repr(amount)):f}"
    if amount is None:
        return None
    whole, point, decimals = amount.partition(".") if isinstance(amount, str) else (amount, "", "")
    return f"{whole}{point}{decimals[:_DECIMALS]}" if point else whole


def _or_zero(amount: Any) -> Any:
    return "0" if amount is None else amount


def _words(value: Any) -> str:
    """Text, or nothing where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _pieces(value: Any) -> int:
    """How many of a line, rounded up, since plugins sell by the half metre; 1 where nobody can
    tell: an order's money does not depend on it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return 1
    return ceil(value) if 0 <= value <= _MOST_PIECES else 1


Amount = Annotated[
    str, BeforeValidator(_decimal_text), Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,15})?$")
]
"""Of what is never below zero."""
SignedAmount = Annotated[
    str, BeforeValidator(_decimal_text), Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$")
]
AmountIfAny = Annotated[Amount, BeforeValidator(_or_zero)]
SignedIfAny = Annotated[SignedAmount, BeforeValidator(_or_zero)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Words = Annotated[str, BeforeValidator(_words)]
Hint = Annotated[str, BeforeValidator(lambda value: _fit(_SIGNED, value, "0"))]
"""An amount that helps to read others, and decides nothing by itself: 0 where it is none."""
HintIfAny = Annotated[str | None, BeforeValidator(lambda value: _fit(_SIGNED, value, None))]
MomentIfAny = Annotated[datetime | None, BeforeValidator(lambda value: _fit(_MOMENT, value, None))]
Pieces = Annotated[int, BeforeValidator(_pieces)]
IsTrue = Annotated[bool, BeforeValidator(lambda value: value is True)]
"""Whether JSON says `true`; anything else is no."""


_SIGNED: TypeAdapter[str] = TypeAdapter(SignedAmount)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(UtcMoment)


def _fit(adapter: TypeAdapter[T], value: Any, otherwise: T | None) -> T | None:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return otherwise


def or_empty(value: Any) -> Any:
    """An object; PHP writes an empty one as a list, and nothing as null."""
    return value if isinstance(value, dict | BaseModel) else {}


def fitting(model: type[BaseModel], values: Any) -> tuple[BaseModel, ...]:
    """Of a list the entries that fit, in their order; none where it is no list."""
    fits = []
    for each in values if isinstance(values, list) else ():
        try:
            fits.append(model.model_validate(each))
        except ValidationError:
            continue
    return tuple(fits)
