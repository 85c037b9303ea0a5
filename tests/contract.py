"""What the API says of itself, held against what it answers in tests."""

import json
import re
from functools import cache
from threading import Lock
from typing import Any

import jsonschema_rs

from functions.merchant_api import app
from sharetrail.api.description import openapi

Schema = dict[str, Any]
Operation = dict[str, Any]


_at_work = Lock()


def description() -> Schema:
    """Worked out once, also where the first answers come to several threads: Powertools takes one
    at a time."""
    with _at_work:
        return _description()


@cache
def _description() -> Schema:
    return openapi.description(app._api, app._RESOURCES, "https://go.shop.example")


def operations() -> list[tuple[str, str, Operation]]:
    """(method, path, operation) of every route."""
    paths = description()["paths"]
    return [(m, path, each) for path, methods in paths.items() for m, each in methods.items()]


def hold(method: str, path: str, status: int, media: str, body: bytes) -> None:
    """AssertionError where an answer is not among those that its route describes, or has a field
    that it does not describe."""
    if (operation := _operation(method.lower(), path.partition("?")[0])) is None:
        return
    told = operation["responses"].get(str(status))
    assert told, f"{method} {path} answers {status}, of which it says nothing: {body[:300]!r}"
    contents = told.get("content")
    if contents is None or not body:
        return
    plain = {kind.partition(";")[0]: each for kind, each in contents.items()}
    kind = media.partition(";")[0]
    assert kind in plain, f"{method} {path} answers {kind}, and says {list(plain)}"
    if kind.endswith("json"):
        validator = _validator(json.dumps(plain[kind]["schema"]))
        faults = [
            f"{e.instance_path}: {e.message}"[:500] for e in validator.iter_errors(json.loads(body))
        ]
        assert not faults, f"{method} {path}: {faults[:5]}"


@cache
def _routes() -> list[tuple[str, re.Pattern[str], Operation]]:
    """Those whose path has fewer parameters first."""
    found = sorted(operations(), key=lambda it: it[1].count("{"))
    return [(m, re.compile(re.sub(r"\{\w+\}", "[^/]+", p)), each) for m, p, each in found]


def _operation(method: str, path: str) -> Operation | None:
    matching = (each for m, pattern, each in _routes() if m == method and pattern.fullmatch(path))
    return next(matching, None)


@cache
def _validator(schema: str) -> Any:
    components = {
        name: closed(each) for name, each in description()["components"]["schemas"].items()
    }
    whole = {**json.loads(schema), "components": {"schemas": components}}
    return jsonschema_rs.validator_for(whole)


def closed(schema: Any) -> Any:
    """A schema that takes no field that it does not name: answers may gain some, but no test may
    see one that is not described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    own = {name: closed(each) for name, each in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        own.setdefault("additionalProperties", False)
    return own
