"""A request's JSON body as a validated dataclass: the edge where pydantic stands guard."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from typing import Annotated, Any, TypeVar, dataclass_transform, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    with_config,
)

from sharetrail.problems import Malformed
from sharetrail.web.http import json_body

T = TypeVar("T")
_WORDS = {
    "dataclass_type": "Input should be an object",
    "unexpected_keyword_argument": "Extra inputs are not permitted",
}
MOST_NAMED = 20
"""Faults that an answer names: a body has room for many thousands, and people mend the first."""
_STRICT = ConfigDict(extra="forbid", str_max_length=4096)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def strict(cls: type[T]) -> type[T]:
    """A dataclass that bodies are read into, or parts of them: unknown fields are refused."""
    return with_config(_STRICT)(dataclass(frozen=True, kw_only=True)(cls))


def in_reach(at: datetime) -> datetime:
    """The time in UTC. ValueError outside this century, where days and weeks around it may end."""
    if at.year not in range(2000, 2100):
        raise ValueError("is not of this century")
    return at.astimezone(UTC)


def one_line(text: str) -> str:
    """Trimmed. ValueError for what is no printable line."""
    line = " ".join(text.split())
    if not line or not line.isprintable():
        raise ValueError("is no line of text")
    return line


Moment = Annotated[AwareDatetime, AfterValidator(in_reach)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def read(cls: type[T], body: bytes) -> T:
    """The body as `cls`. Malformed, naming each field at fault, where it does not fit."""
    return parse(cls, json_body(body))


def parse(cls: type[T], value: Any) -> T:
    try:
        adapter: TypeAdapter[T] = _adapter(cls)  # type: ignore[arg-type]  # a class is hashable
        return adapter.validate_python(value)
    except ValidationError as error:
        faults = islice(error.errors(include_url=False), MOST_NAMED)
        errors = {field_of(each["loc"]): in_words(each) for each in faults}
        raise Malformed("Some fields are not as they should be.", errors=errors) from error


def plain(value: Any) -> Any:
    """What `parse` reads it from again, without what is left out: JSON's own values."""
    adapter: TypeAdapter[Any] = _adapter(type(value))  # type: ignore[arg-type]  # as above
    return adapter.dump_python(value, mode="json", by_alias=True, exclude_none=True)


def listed(value: Any, name: str) -> list[Any]:
    """The items of a field that is a list; none where it is something else."""
    items = value.get(name) if isinstance(value, dict) else None
    return items if isinstance(items, list) else []


def sound_fields(cls: type[Any], value: Any) -> dict[str, Any]:
    """Those of the class's fields that are as they should be, whatever else the value is: for rules
    that look at some of them. No field may depend on another."""
    sound = {}
    for name, adapter in _field_adapters(cls).items():  # type: ignore[arg-type]  # as above
        if isinstance(value, dict) and name in value:
            with suppress(ValidationError):
                sound[name] = adapter.validate_python(value[name])
    return sound


@cache
def _field_adapters(cls: type[Any]) -> dict[str, TypeAdapter[Any]]:
    return {
        name: TypeAdapter(hint) for name, hint in get_type_hints(cls, include_extras=True).items()
    }


@cache
def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def names_of(cls: type[Any]) -> tuple[str, ...]:
    """What its fields are called where they are read from."""
    adapter: TypeAdapter[Any] = _adapter(cls)  # type: ignore[arg-type]  # a class is hashable
    return tuple(adapter.json_schema()["properties"])


def field_of(loc: Iterable[Any]) -> str:
    """`product.title`; the body itself where no field is at fault."""
    return ".".join(map(str, loc)) or "body"


def in_words(error: Mapping[str, Any]) -> str:
    """What pydantic says, but for our classes and exceptions: whoever sends JSON has none."""
    return _WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
