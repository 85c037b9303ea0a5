"""What a route allows, told with every answer: RateLimit-Policy, as the IETF's draft writes it."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

HEADER = "ratelimit-policy"
LIMITED = "x-limited"


def limited(policy: str) -> dict[str, Any]:
    """For a route's `openapi_extensions`: how much of it there may be."""
    return {LIMITED: policy}


def told(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """The answer, with what its route allows."""
    response = answer(app)
    if policy := (app.context["_route"].openapi_extensions or {}).get(LIMITED):
        response.headers[HEADER] = policy
    return response


def describe(operation: dict[str, Any]) -> None:
    """Says of an operation with a 429 which headers tell of its limits."""
    text = {"schema": {"type": "string"}}
    for status, answer in operation["responses"].items():
        if status == "429":
            answer["headers"] = {HEADER: text, "ratelimit": text, "retry-after": text}
        elif status.startswith("2"):
            answer["headers"] = {**answer.get("headers", {}), HEADER: text}
