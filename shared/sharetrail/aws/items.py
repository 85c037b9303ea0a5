"""Dataclass ⇄ plain values ⇄ DynamoDB attribute values.

boto3's own serializer refuses floats and returns every number as a Decimal; here a whole number is
an int, any other a float, and little else is imported, since the redirect stands on this module.
"""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from sharetrail.calendars import iso, moment

Value = Any  # None, bool, int, float, str, bytes, list, dict, set of str
Item = dict[str, Value]
Reader = Callable[[Value], Any]
T = TypeVar("T")


# ── values ⇄ attribute values ────────────────────────────────────────────────────────────────────
def encode(item: Item) -> dict[str, Any]:
    """A plain item as DynamoDB's attribute values. A key whose value is None is left out."""
    return {name: _encode(value) for name, value in item.items() if value is not None}


def _encode(value: Value) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [_encode(each) for each in value]}
        case dict():
            return {"M": encode(value)}
        case set() | frozenset():
            return {"SS": sorted(value)}
    raise TypeError(f"DynamoDB has no type for {type(value).__name__}")


def decode(attributes: dict[str, Any]) -> Item:
    """DynamoDB's attribute values as a plain item."""
    return {name: _decode(value) for name, value in attributes.items()}


def _decode(attribute: dict[str, Any]) -> Value:
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "B":  # as JSON has it, or botocore
            return b64decode(value) if isinstance(value, str) else value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "M":
            return decode(value)
        case "L":
            return [_decode(each) for each in value]
        case "SS":
            return set(value)
        case "NULL":
            return None
    raise TypeError(f"no plain value for DynamoDB's {kind}")


# ── dataclass ⇄ plain values ─────────────────────────────────────────────────────────────────────
def dump(thing: Any) -> Item:
    """A dataclass as a plain item: times as ISO-8601 in UTC, None and empty fields left out.

    A field whose metadata names it `stored_as` goes by that name.
    """
    names = _names(type(thing)).items()  # type: ignore[arg-type]  # a class is hashable
    plain = {stored: _dump(getattr(thing, name)) for name, stored in names}
    return {name: value for name, value in plain.items() if value not in (None, [], {})}


def _dump(value: Any) -> Value:
    if value is None or isinstance(value, str | int | float):
        return value
    if is_dataclass(value):
        return dump(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_dump(each) for each in value]
    if isinstance(value, dict):
        return {name: _dump(each) for name, each in value.items()}
    return value


def load(cls: type[T], item: Item) -> T:
    """A dataclass from a plain item; names the dataclass does not have are passed over."""
    readers = _readers(cls)  # type: ignore[arg-type]  # a class is hashable
    values = {
        name: read(item[stored])
        for name, (stored, read) in readers.items()
        if item.get(stored) is not None
    }
    return cls(**{**_blanks(cls), **values})  # type: ignore[arg-type]


@cache
def _readers(cls: type) -> dict[str, tuple[str, Reader]]:
    """Field → the name it is stored by, and how it is read."""
    hints = get_type_hints(cls)
    return {name: (stored, _reader(hints[name])) for name, stored in _names(cls).items()}


def stored_names(cls: type) -> list[str]:
    """The attributes that a dataclass is stored in."""
    return [*_names(cls).values()]


@cache
def _names(cls: type) -> dict[str, str]:
    """Field → the name it is stored by."""
    return {field.name: field.metadata.get("stored_as", field.name) for field in fields(cls)}


@cache
def _blanks(cls: type) -> Item:
    """What `dump` left out and the dataclass has no default for: None, () or {}."""
    hints = get_type_hints(cls)
    required = [f for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]
    blanks = {field.name: _blank(hints[field.name]) for field in required}
    return {name: blank for name, blank in blanks.items() if blank is not MISSING}


def _blank(hint: Any) -> Any:
    if NoneType in get_args(hint):
        return None
    return {tuple: (), dict: {}}.get(get_origin(hint), MISSING)


def _reader(hint: Any) -> Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (hint,) = (each for each in inner if each is not NoneType)
        return _reader(hint)
    if origin is tuple:
        read = _reader(inner[0])
        return lambda value: tuple(read(each) for each in value)
    if origin is dict:
        read = _reader(inner[1])
        return lambda value: {name: read(each) for name, each in value.items()}
    if origin is Literal or hint in (str, int, bool, bytes, Any):
        return lambda value: value
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value: load(hint, value)
    return _READERS[hint]


_READERS: dict[Any, Reader] = {float: float, datetime: moment, date: date.fromisoformat}
