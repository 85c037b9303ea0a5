"""What the emulator leaves of a template undone: an HTTP API's routes, which it does not read from
its Body, and numbers that come of parameters, which it keeps as texts."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.deployment.stack import Stack
from local.emulator.clients import client
from local.template import intrinsics, names

_MAPPING = "AWS::Lambda::EventSourceMapping"
_ALIAS = "Aliaslive"
"""What SAM puts behind a function's name, for its alias."""


def make(stack: Stack, template: Path) -> str:
    """The address at which the stack's API answers from now on."""
    api = stack.named("Api")
    for route in client("apigatewayv2").get_routes(ApiId=api)["Items"]:
        client("apigatewayv2").delete_route(ApiId=api, RouteId=route["RouteId"])
    integrations: dict[str, str] = {}
    for function, key in _declared(template):
        if function not in integrations:
            integrations[function] = _integration(api, invoked(stack, function))
        target = f"integrations/{integrations[function]}"
        client("apigatewayv2").create_route(ApiId=api, RouteKey=key, Target=target)
    _count(stack)
    return f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/$default"


def invoked(stack: Stack, function: str) -> str:
    """The alias's ARN; of a release that had none the function's name."""
    alias = function + _ALIAS
    return stack.named(alias if alias in stack.resources else function)


def _declared(template: Path) -> Iterator[tuple[str, str]]:
    """Functions, each with a route."""
    resources = intrinsics.read(template.read_text())["Resources"]
    for logical, each in resources.items():
        events = each["Properties"].get("Events", {}) if each["Type"] == names.FUNCTION else {}
        for event in events.values():
            if event["Type"] == "HttpApi":
                yield logical, f"{event['Properties']['Method']} {event['Properties']['Path']}"


def _integration(api: str, function: str) -> str:
    made: Any = client("apigatewayv2").create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function,
        PayloadFormatVersion="2.0",
    )
    return str(made["IntegrationId"])


def _count(stack: Stack) -> None:
    for mapping in stack.of_type(_MAPPING).values():
        scaling = client("lambda").get_event_source_mapping(UUID=mapping).get("ScalingConfig", {})
        if "MaximumConcurrency" in scaling:
            most = {"MaximumConcurrency": int(scaling["MaximumConcurrency"])}
            client("lambda").update_event_source_mapping(UUID=mapping, ScalingConfig=most)
