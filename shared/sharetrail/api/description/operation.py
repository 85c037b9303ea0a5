"""An operation of a function that is none of the merchant API, as OpenAPI has it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from sharetrail.problems import Problem

REF = "#/components/schemas/{model}"
JSON = "application/json"
HTML = "text/html; charset=utf-8"
BYTES = "application/octet-stream"
_FILE = {"type": "string", "format": "binary"}
Security = Literal["secret_key", "publishable_key"]
Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Content:
    """A body: of a type, or text of a kind."""

    of: Any = None
    """What pydantic makes a schema of; None for text."""
    media: str = JSON
    says: str = "The answer."
    headers: tuple[str, ...] = ()
    """Those that it comes with, beside what every answer may have."""
    or_as: str = ""
    """Another kind that it may be sent as: a body is read alike whatever its content type says."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    method: Literal["get", "head", "post", "options"]
    path: str
    name: str
    tag: str
    summary: str
    description: str = ""
    body: Content | None = None
    query: Any = None
    """A strict dataclass, whose fields are the parameters."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that it goes by, and what for."""
    security: tuple[Security, ...] = ()
    """Any of these opens it; none: it is open, or its path is the key."""
    answers: Mapping[int, Content | str]
    """By status; a text says what an answer without a body means."""
    refuses: tuple[type[Problem], ...] = ()


def models(operations: Iterable[Operation]) -> list[Any]:
    """The types that their bodies and parameters are of."""
    found: list[Any] = []
    for each in operations:
        contents = [each.body, *each.answers.values()]
        types = [it.of for it in contents if isinstance(it, Content) and it.of is not None]
        found += [*types, *([each.query] if each.query else [])]
    return [*dict.fromkeys(found)]


def schemas(types: Iterable[Any]) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """The schema of each type, and what these refer to."""
    inputs: list[tuple[Any, Literal["validation"], TypeAdapter[Any]]] = [
        (each, "validation", TypeAdapter(each)) for each in types
    ]
    by_type, whole = TypeAdapter.json_schemas(inputs, ref_template=REF)
    return {key: schema for (key, _), schema in by_type.items()}, whole.get("$defs", {})


def described(operation: Operation, schema_of: Mapping[Any, Schema], defs: Schema) -> Schema:
    """Without its refusals, which are described alike for all."""
    parameters = [*_in_path(operation.path), *_in_headers(operation.headers)]
    if operation.query:
        parameters += _in_query(_resolved(schema_of[operation.query], defs))
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": _body(operation.body, schema_of)} if operation.body else {}),
        "responses": {
            str(status): _answer(answer, schema_of) for status, answer in operation.answers.items()
        },
        "security": [{name: []} for name in operation.security],
    }


def _resolved(schema: Schema, defs: Schema) -> Schema:
    found: Schema = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _in_path(path: str) -> list[Schema]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]


def _in_headers(headers: Mapping[str, str]) -> list[Schema]:
    return [
        {"name": name, "in": "header", "description": why, "schema": {"type": "string"}}
        for name, why in headers.items()
    ]


def _in_query(schema: Schema) -> list[Schema]:
    return [
        {"name": name, "in": "query", "schema": each} for name, each in schema["properties"].items()
    ]


def _body(content: Content, schema_of: Mapping[Any, Schema]) -> Schema:
    return {
        "required": True,
        "description": content.says,
        "content": _content(content, schema_of),
    }


def _answer(answer: Content | str, schema_of: Mapping[Any, Schema]) -> Schema:
    if isinstance(answer, str):
        return {"description": answer}
    headers = {name: {"schema": {"type": "string"}} for name in answer.headers}
    return {
        "description": answer.says,
        "content": _content(answer, schema_of),
        **({"headers": headers} if headers else {}),
    }


def _content(content: Content, schema_of: Mapping[Any, Schema]) -> Schema:
    schema = {"type": "string"} if content.of is None else schema_of[content.of]
    if content.or_as == BYTES:
        return {content.media: {"schema": schema}, BYTES: {"schema": _FILE}}
    return {media: {"schema": schema} for media in (content.media, content.or_as) if media}
