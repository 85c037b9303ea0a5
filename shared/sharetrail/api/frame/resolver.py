"""The merchant API's frame: its resolver, who asks, and every refusal as problem+json."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated, Any
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestValidationError,
    ResponseValidationError,
)
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import AfterValidator

from sharetrail import logs
from sharetrail.api.frame import csv_table, limits, sense
from sharetrail.api.frame.acceptance import Accepted
from sharetrail.api.frame.sense import Faults
from sharetrail.merchants import profiles, repeated_calls
from sharetrail.merchants.keys import api_keys
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed, NotFound, Problem
from sharetrail.web import query
from sharetrail.web.bodies import MOST_NAMED, field_of, in_words
from sharetrail.web.http import (
    GUARDED,
    Answer,
    Event,
    Request,
    id_of,
    json_body,
    json_text,
    problem_json,
)
from sharetrail.words.speech import preferred, speaking

ACCEPTED: OpenAPIResponse = {
    "description": "It takes longer than a call: it is worked on, and its result will be at `url`, "
    "which the header `Location` names, too. Ask there again after `Retry-After` seconds.",
    "content": {"application/json": {"model": Accepted}},
    "headers": {name: {"schema": {"type": "string"}} for name in ("location", "retry-after")},
}
# It logs a failure in its own words, which logs.entrance does without them.
logging.getLogger("aws_lambda_powertools").setLevel(logging.CRITICAL)
_FIRST_TIME = "first_time"
_PLAIN = ":@"
"""What our own ids may hold beside letters, digits, `_`, `.` and `-`: it passes as it is."""
_OF_EVERY_ANSWER = {**GUARDED, "cache-control": "no-store"}
"""It may hold a key, or a stranger's words: nobody keeps it."""
Text = Annotated[str, AfterValidator(unquote)]
"""A parameter of the path that may hold any character."""


def found(model: Any) -> OpenAPIResponse:
    """The 200 of a route that writes its body itself: of this type."""
    return {"description": "The answer.", "content": {"application/json": {"model": model}}}


def create(*resources: Router) -> APIGatewayHttpResolver:
    """Resolves these resources; its every refusal is a problem+json."""
    app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
    refuse = partial(_refusal, app)
    app.exception_handler(Problem)(refuse)
    app.exception_handler(RequestValidationError)(lambda error: refuse(_malformed(app, error)))
    app.exception_handler(ResponseValidationError)(partial(_undescribed, app))
    app.not_found(lambda _: refuse(NotFound("The merchant API has no such resource.")))
    app.use([limits.told, csv_table.as_asked, _know_parameters, _make_sense, _note_repetition])
    for each in resources:
        app.include_router(each)
    return app


def respond(app: APIGatewayHttpResolver, event: Event, context: Any) -> Answer:
    """The resolver's answer. A body is a JSON object, whatever its content type says, and read by
    our own rules first: Powertools lets some of what is none raise, and takes a list's first.
    What orders and scores say is said in the language of ours that Accept-Language asks for; what
    is refused, in English.
    """
    try:
        if (body := Request.of(event).body) and not isinstance(json_body(body), dict):
            raise Malformed("The body is no JSON object.", errors={"body": "should be an object"})
    except Problem as problem:
        return problem_json(problem, id_of(event))
    headers = {**(event.get("headers") or {}), "content-type": "application/json"}
    with speaking(preferred(headers.get("accept-language", ""))):
        answer: Answer = app.resolve({**_encoded(event), "headers": headers}, context)
    return {**answer, "headers": {**_OF_EVERY_ANSWER, **answer["headers"]}}


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
    """When the request came; of one that is a repetition by its Idempotency-Key, when it came first
    (repeated_calls.py)."""
    first: datetime | None = resource.context.get(_FIRST_TIME)
    return first or Request.of(resource.current_event.raw_event).now


def call_of(resource: Router) -> str | None:
    """What names the call however often it comes: its Idempotency-Key. None without one."""
    key = Request.of(resource.current_event.raw_event).headers.get(repeated_calls.HEADER)
    return repeated_calls.plain_of(key) if key else None


def response_of(answer: Answer) -> Response[str]:
    """Powertools' response of an answer with a body."""
    headers = dict(answer["headers"])
    content_type = headers.pop("content-type")
    return Response(answer["statusCode"], content_type, answer["body"], headers)


def _know_parameters(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """Lets through what asks with no other parameters than the resource declares."""
    query.parameters(Request.of(app.current_event.raw_event).query, _declared(app))
    return answer(app)


def _make_sense(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """Lets through what makes sense, as the body's own rule has it."""
    if errors := _nonsense(app):
        raise Malformed("Some fields are not as they should be.", errors=_named(errors))
    return answer(app)


def _nonsense(app: APIGatewayHttpResolver) -> Faults:
    rule = sense.of_body(app.context["_route"].func)
    if rule is None:
        return {}
    request = Request.of(app.current_event.raw_event)
    merchant = profiles.find(api_keys.require_secret(request).merchant, request.now)
    return rule(json_body(request.body), merchant, request.now)


def _note_repetition(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """Has a POST with an Idempotency-Key be done as of when it first came."""
    # Said of every call: what raises leaves the resolver's context as it was.
    app.append_context(**{_FIRST_TIME: _first_time(app.current_event.raw_event)})
    return answer(app)


def _first_time(event: Event) -> datetime | None:
    """None for a call that says nothing of being repeated."""
    request = Request.of(event)
    key = request.headers.get(repeated_calls.HEADER)
    if key is None or request.method != "POST":
        return None
    merchant_id = api_keys.require_secret(request).merchant
    asked = event["rawPath"], request.body
    return repeated_calls.first_time(merchant_id, key, asked, request.now)


def _declared(app: APIGatewayHttpResolver) -> list[str]:
    return [each.alias for each in app.context["_route"].dependant.query_params]


def _malformed(app: APIGatewayHttpResolver, error: RequestValidationError) -> Malformed:
    """Names what is wrong of path, query and body at once: parameters that are not known too, and
    of a body what makes no sense, where it comes of somebody who may send one."""
    # The first part of a place says where: body, path or query.
    errors = {field_of(each["loc"][1:]): in_words(each) for each in error.errors()}
    errors |= query.faults(Request.of(app.current_event.raw_event).query, _declared(app))
    with suppress(Problem):
        errors = {**errors, **_nonsense(app), **errors}
    return Malformed("Some parameters are not as they should be.", errors=_named(errors))


def _named(errors: Faults) -> dict[str, str]:
    """As many as an answer names."""
    return dict(islice(errors.items(), MOST_NAMED))


def _undescribed(app: APIGatewayHttpResolver, error: ResponseValidationError) -> Response[Any]:
    """An answer is not withheld for being other than described: it goes out, and is logged."""
    kinds = sorted({each["type"] for each in error.errors()})  # what stands where is the merchant's
    route = app.current_event.raw_event["routeKey"]
    logs.write("ERROR", "an answer is not as described", route=route, kinds=kinds)
    return Response(app.context["_route"].status_code, "application/json", json_text(error.body))


def _refusal(app: APIGatewayHttpResolver, problem: Problem) -> Response[str]:
    return response_of(problem_json(problem, id_of(app.current_event.raw_event)))
