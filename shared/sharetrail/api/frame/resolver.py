"""The merchant API's frame: its resolver, who asks, and every refusal as problem+json."""

import json
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import AfterValidator

from sharetrail.merchants import api_keys, profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed, NotFound, Problem
from sharetrail.web import query
from sharetrail.web.bodies import field_of, in_words
from sharetrail.web.http import Answer, Event, Request, json_body, problem_json

_DESCRIPTION = (
    "Who sold what through sharing, why we say so, and how sure we are. Send a secret key as "
    "`Authorization: Bearer sk_…`. Errors are RFC 9457 problems. A field or query parameter that "
    "an operation does not list is refused, and so is a parameter that stands twice."
)
_TEXT = {"type": "string"}
_FAULT = {"type": "object", "properties": {"field": _TEXT, "detail": _TEXT}}
_PROBLEM = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("type", "title", "detail"), _TEXT),
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": _FAULT},
    },
}
_REFUSED = {
    "description": "A body, field or parameter is not as it should be, is not known here, or "
    "stands twice: `errors` names it.",
    "content": {"application/problem+json": {"schema": _PROBLEM}},
}
FOUND: OpenAPIResponse = {
    "description": "The answer.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
ACCEPTED: OpenAPIResponse = {
    "description": "It takes longer than a call: it is worked on, and its result will be at `url`, "
    "which the header `Location` names, too. Ask there again after `Retry-After` seconds.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "id": _TEXT,
                    "status": {"type": "string", "enum": ["working"]},
                    "asked_at": {"type": "string", "format": "date-time"},
                    "url": _TEXT,
                },
            }
        }
    },
}
_PLAIN = ":@"
"""What our own ids may hold beside letters, digits, `_`, `.` and `-`: it passes as it is."""
Text = Annotated[str, AfterValidator(unquote)]
"""A parameter of the path that may hold any character."""


def create(*resources: Router) -> APIGatewayHttpResolver:
    """Resolves these resources and describes them; its every refusal is a problem+json."""
    app = APIGatewayHttpResolver(enable_validation=True)
    app.exception_handler(Problem)(_refusal)
    app.exception_handler(RequestValidationError)(_malformed)
    app.not_found(lambda _: _refusal(NotFound("The merchant API has no such resource.")))
    app.use([_know_parameters])
    for each in resources:
        app.include_router(each)
    app.get("/v1/openapi.json", include_in_schema=False)(lambda: _description(app))
    return app


def respond(app: APIGatewayHttpResolver, event: Event, context: Any) -> Answer:
    """The resolver's answer. A body is a JSON object, whatever its content type says, and read by
    our own rules first: Powertools lets some of what is none raise, and takes a list's first.
    """
    try:
        if (body := Request.of(event).body) and not isinstance(json_body(body), dict):
            raise Malformed("The body is no JSON object.", errors={"body": "should be an object"})
    except Problem as problem:
        return problem_json(problem)
    headers = {**(event.get("headers") or {}), "content-type": "application/json"}
    return app.resolve({**_encoded(event), "headers": headers}, context)


def _encoded(event: Event) -> Event:
    """The event with its path's parameters percent-encoded, as Text reads them: API Gateway decodes
    the path, and Powertools would look for a route by what an id holds."""
    path = event.get("pathParameters") or {}
    named = {name: quote(value, safe=_PLAIN) for name, value in path.items()}
    return {**event, "rawPath": event["routeKey"].partition(" ")[2].format(**named)}


def merchant_of(resource: Router) -> Merchant:
    """The merchant whose secret key asks. BadKey or Forbidden without one."""
    request = Request.of(resource.current_event.raw_event)
    return profiles.find(api_keys.require_secret(request).merchant, request.now)


def now_of(resource: Router) -> datetime:
    return Request.of(resource.current_event.raw_event).now


def response_of(answer: Answer) -> Response[str]:
    """Powertools' response of an answer with a body."""
    headers = dict(answer["headers"])
    content_type = headers.pop("content-type")
    return Response(answer["statusCode"], content_type, answer["body"], headers)


def _know_parameters(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """Lets through what asks with no other parameters than the resource declares."""
    declared = app.context["_route"].dependant.query_params
    query.parameters(Request.of(app.current_event.raw_event).query, [p.alias for p in declared])
    return answer(app)


def _description(app: APIGatewayHttpResolver) -> Response[str]:
    """The API's OpenAPI description."""
    schema = app.get_openapi_json_schema(
        title="Sharetrail merchant API",
        version="1",
        description=_DESCRIPTION,
        security_schemes={"secret key": HTTPBearer(bearerFormat="sk_…")},
        security=[{"secret key": []}],
    )
    body = json.dumps(_with_refusals(json.loads(schema)))
    return Response(status_code=200, content_type="application/json", body=body)


def _with_refusals(schema: dict[str, Any]) -> dict[str, Any]:
    """The description with our own refusal in the place of Powertools', which is never sent."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            del operation["responses"]["422"]
            operation["responses"]["400"] = _REFUSED
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schema["components"]["schemas"].pop(name, None)
    return schema


def _malformed(error: RequestValidationError) -> Response[str]:
    # The first part of a place says where: body, path or query.
    errors = {field_of(each["loc"][1:]): in_words(each) for each in error.errors()}
    return _refusal(Malformed("Some parameters are not as they should be.", errors=errors))


def _refusal(problem: Problem) -> Response[str]:
    return response_of(problem_json(problem))
