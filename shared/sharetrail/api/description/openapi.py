"""GET /v1/openapi.json: every route, whichever function it leads to, as OpenAPI 3.1.

The merchant API's resolver describes its own; the others are declared in other_functions.py. What
every route refuses is said here, once.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Server

from sharetrail.api.description import naming
from sharetrail.api.frame import csv_table, limits
from sharetrail.api.frame.csv_table import NotAcceptable
from sharetrail.api.frame.limits import LIMITED
from sharetrail.api.frame.refusals import REFUSALS, Refusal, refusals
from sharetrail.aws import environment
from sharetrail.merchants.keys.api_keys import BadKey, Forbidden
from sharetrail.merchants.repeated_calls import KeyReused
from sharetrail.problems import Malformed, NotFound
from sharetrail.version import VERSION
from sharetrail.web.http import PROBLEM, TooLarge, json_text

Schema = dict[str, Any]
_HERE = "/v1/openapi.json"
_ABOUT = (
    "Who sold what through sharing, why we say so, and how sure we are. Errors are RFC 9457 "
    "problems with a `code` and a `request_id`. A field or query parameter that an operation does "
    "not list is refused, and so is a parameter that stands twice. Fields may join an answer."
)
_TAGS = {
    "sharing": "Links, who shares, their codes, and what shops' pages send.",
    "orders": "Orders, their credits, and what shops tell of them.",
    "measures": "Scores, rankings, and other figures.",
    "questions": "What may take longer than a call.",
    "account": "The shop itself.",
    "pages": "Pages for people, by the links that mails carry.",
}
_OF_POWERTOOLS = ("HTTPValidationError", "ValidationError", "ResponseValidationError")
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same call again with the same key is done once, and answered as of when it "
    "first came; for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_MAKE_ANOTHER = ("make_key", "rotate_key")
"""Whose answer is a secret that is kept nowhere: no second one shows it again."""
_TOO_MANY = 429
_OURS = "A fault of ours or of AWS's: send it again. Nothing is counted twice."


def serve(app: APIGatewayHttpResolver, resources: Iterable[ModuleType]) -> None:
    """Has the resolver answer with the description, which is made when it is first asked for."""

    @cache
    def text(base_url: str) -> str:
        return json_text(description(app, resources, base_url))

    def describe() -> Response[str]:
        body = text(environment.public_base_url())
        return Response(status_code=200, content_type="application/json", body=body)

    app.get(_HERE, include_in_schema=False)(describe)


def description(
    app: APIGatewayHttpResolver, resources: Iterable[ModuleType], base_url: str
) -> Schema:
    schema: Schema = json.loads(
        app.get_openapi_json_schema(
            title="Sharetrail",
            version=VERSION,
            description=_ABOUT,
            servers=[Server(url=base_url)],
            security_schemes={
                "secret_key": HTTPBearer(bearerFormat="sk_…"),
                "publishable_key": HTTPBearer(bearerFormat="pk_…"),
            },
        )
    )
    modules = {each.__name__: module for module in resources for each in _of(module)}
    # Powertools has no other way to them.
    routes = {each.func.__name__: each for each in (*app._static_routes, *app._dynamic_routes)}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"].removesuffix(_suffix(path, method))
            _own(method, operation, routes[name], modules[name])
    _add_others(schema)
    schema["paths"][_HERE] = {"get": _describing()}
    for each in _OF_POWERTOOLS:
        schema["components"]["schemas"].pop(each, None)
    schema["tags"] = [{"name": name, "description": about} for name, about in _TAGS.items()]
    return naming.named(schema)


def _of(module: ModuleType) -> list[FunctionType]:
    """The functions that stand in it."""
    functions = (each for each in vars(module).values() if isinstance(each, FunctionType))
    return [each for each in functions if each.__module__ == module.__name__]


# ── the merchant API's own ───────────────────────────────────────────────────────────────────────
def _suffix(path: str, method: str) -> str:
    """What Powertools appends to a function's name."""
    return re.sub(r"\W", "_", path) + f"_{method}"


def _own(method: str, operation: Schema, route: Route, module: ModuleType) -> None:
    """As its function and the module around it say."""
    name = route.func.__name__
    summary, _, more = (route.func.__doc__ or module.__doc__ or "").partition("\n\n")
    operation["operationId"] = name
    operation["summary"] = " ".join(summary.split())
    operation["tags"] = [module.__name__.split(".")[2]]
    operation["security"] = [{"secret_key": []}]
    if more:
        operation["description"] = more
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _given(parameter["schema"])
    for status in ("422", "500"):
        operation["responses"].pop(status, None)
    refused = [Malformed, BadKey, Forbidden]
    if method == "get" and not csv_table.describe(operation, route):
        refused.append(NotAcceptable)
    if any(each["in"] == "path" for each in operation.get("parameters", [])):
        refused.append(NotFound)
    if "requestBody" in operation:
        refused.append(TooLarge)
    if method == "post" and name not in _MAKE_ANOTHER:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY)
        refused.append(KeyReused)
    operation.pop(LIMITED, None)
    _refuse(operation, [*refusals(*refused), *operation.pop(REFUSALS, [])])


def _given(schema: Schema) -> Schema:
    """A parameter's, which is left out and never null."""
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{name: it for name, it in schema.items() if name != "anyOf"}, **kinds[0]}


# ── the others ───────────────────────────────────────────────────────────────────────────────────
def _add_others(schema: Schema) -> None:
    # Here, since the merchant API needs none of these to answer anything else.
    from sharetrail.api.description import operation as operations
    from sharetrail.api.description.other_functions import OPERATIONS
    from sharetrail.api.description.problem_answer import ProblemAnswer

    types = [*operations.models(OPERATIONS), ProblemAnswer]
    schema_of, defs = operations.schemas(types)
    schema["components"]["schemas"] |= defs
    for each in OPERATIONS:
        described = operations.described(each, schema_of, defs)
        _refuse(described, refusals(*each.refuses))
        schema["paths"].setdefault(each.path, {})[each.method] = described


def _describing() -> Schema:
    content = {"application/json": {"schema": {"type": "object"}}}
    operation: Schema = {
        "operationId": "describe",
        "tags": ["account"],
        "summary": "This description.",
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1.", "content": content}},
    }
    _refuse(operation, refusals(Malformed, NotAcceptable))
    return operation


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────
def _refuse(operation: Schema, refused: Iterable[Refusal]) -> None:
    """Says of each status which codes it has, and that it may be nobody's fault but ours."""
    by_status: dict[int, dict[str, str]] = defaultdict(dict)
    for status, code, title in refused:
        by_status[status][code] = title
    for status, titles in sorted(by_status.items()):
        codes = "; ".join(f"`{code}`: {title}" for code, title in titles.items())
        operation["responses"][str(status)] = {
            "description": f"{codes}.",
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}},
        }
        if status == _TOO_MANY:
            limits.describe(operation)
    for ours in ("500", "503"):
        operation["responses"].setdefault(ours, {"description": _OURS})
    operation["responses"] = dict(sorted(operation["responses"].items()))
