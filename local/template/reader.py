"""Reads template.yaml into declarations, and refuses what the local cloud does not know."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.template import intrinsics, names
from local.template.declarations import Bucket, Function, Queue, Rule, Table, Template
from local.template.functions import read_function
from local.template.intrinsics import Absent, Refused, Resolver, refuse_unknown
from local.template.names import Names
from local.template.stores import read_bucket, read_queue, read_rule, read_table

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
STACK = "sharetrail"
_SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
_NOT_EMULATED = {
    "AWS::ApiGatewayV2::ApiMapping": "mapping",
    "AWS::ApiGatewayV2::DomainName": "own domain",
    "AWS::CloudFront::CachePolicy": "cache policy",
    "AWS::CloudFront::Distribution": "distribution",
    "AWS::CloudFront::ResponseHeadersPolicy": "headers of answers",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::Logs::LogGroup": "log group",
    "AWS::Logs::MetricFilter": "counting of lines",
    "AWS::S3::BucketPolicy": "policy",
    "AWS::SES::ConfigurationSet": "suppression list of",
    "AWS::SES::ConfigurationSetEventDestination": "events but from the outbox's buttons of",
    "AWS::SNS::Topic": "topic",
    "AWS::SQS::QueuePolicy": "policy",
    "AWS::Serverless::HttpApi": "throttling and access log of",
    "AWS::Serverless::LayerVersion": "layer",
    "AWS::WAFv2::WebACL": "limits for each address",
}
_EMULATED = {names.TABLE, names.QUEUE, names.BUCKET, names.RULE, names.KEY, names.FUNCTION}
_API = {
    "AccessLogSettings",
    "DefaultRouteSettings",
    "DisableExecuteApiEndpoint",
    "RouteSettings",
}
_ALWAYS_NOT_EMULATED = (
    "IAM policies",
    "deletion protection",
    "concurrency limits",
    "TimeToLive deletion",
    "expiry and encryption of objects",
)


def load(
    path: Path = TEMPLATE,
    parameters: Mapping[str, str] | None = None,
    *,
    endpoint: str = "http://127.0.0.1",
    stack: str = STACK,
) -> Template:
    """The template's declarations under `parameters`; Refused where it is beyond us."""
    raw = intrinsics.read(path.read_text())
    if unknown := set(raw) - _SECTIONS:
        raise Refused(f"sections not known here: {', '.join(sorted(unknown))}")
    kinds = {logical: resource["Type"] for logical, resource in raw["Resources"].items()}
    resource_names = Names(kinds, stack, endpoint)
    values = names.pseudo_parameters(stack, Absent)
    values |= _parameters(raw.get("Parameters", {}), parameters or {})
    resolve = Resolver(
        values, raw.get("Conditions", {}), resource_names.ref, resource_names.attribute
    )
    return _Reader(raw, resolve, resource_names).template(values.get("MailFrom"))


def _parameters(declarations: Mapping[str, Any], arguments: Mapping[str, str]) -> dict[str, Any]:
    if unknown := set(arguments) - set(declarations):
        raise Refused(f"the template has no parameter {', '.join(sorted(unknown))}")
    values = {}
    for name, rules in declarations.items():
        if name not in arguments and "Default" not in rules:
            raise Refused(f"the parameter {name} has no value")
        value = str(arguments.get(name, rules.get("Default")))
        allowed = rules.get("AllowedValues", [value])
        if value not in allowed or not re.fullmatch(rules.get("AllowedPattern", ".*"), value):
            raise Refused(f"the parameter {name} cannot be {value!r}")
        values[name] = value
    return values


class _Reader:
    def __init__(self, raw: Mapping[str, Any], resolve: Resolver, resource_names: Names) -> None:
        self._resolve = resolve
        self._names = resource_names
        outputs = raw.get("Outputs", {}).values()
        self._put_out = {resource_names.name(_meant(each["Value"])) for each in outputs}
        self._globals = raw.get("Globals", {})
        if unknown := set(self._globals) - {"Function"}:
            raise Refused(f"Globals not known here: {', '.join(sorted(unknown))}")
        self._resources = {
            logical: resource
            for logical, resource in raw["Resources"].items()
            if "Condition" not in resource or resolve.holds(resource["Condition"])
        }

    def template(self, sender: Any) -> Template:
        gaps = tuple(self._gaps())
        functions = self._of(names.FUNCTION, self._function)
        return Template(
            functions={function.folder: function for function in functions},
            tables={each.name: each for each in self._of(names.TABLE, self._table)},
            queues={each.name: each for each in self._of(names.QUEUE, self._queue)},
            buckets={each.name: each for each in self._of(names.BUCKET, self._bucket)},
            rules=tuple(self._of(names.RULE, self._rule)),
            keys=tuple(self._of(names.KEY, lambda name, _: f"alias/{name}")),
            sender=sender,
            not_emulated=(*_ALWAYS_NOT_EMULATED, *gaps),
        )

    def _gaps(self) -> Iterator[str]:
        for logical, resource in self._resources.items():
            kind = resource["Type"]
            if kind in _NOT_EMULATED:
                yield f"{_NOT_EMULATED[kind]} {logical}"
            elif kind not in _EMULATED:
                raise Refused(f"{logical}: resources of type {kind} are not known here")
            if kind == "AWS::Serverless::HttpApi":
                refuse_unknown(logical, resource.get("Properties", {}), _API)

    def _of(self, kind: str, read: Callable[[str, Any], Any]) -> list[Any]:
        return [
            read(self._names.name(logical), resource.get("Properties", {}))
            for logical, resource in self._resources.items()
            if resource["Type"] == kind
        ]

    def _function(self, name: str, properties: Mapping[str, Any]) -> Function:
        # Policies and layers name things that only IAM and Lambda read.
        merged = merge(self._globals.get("Function", {}), properties)
        kept = {key: each for key, each in merged.items() if key not in ("Policies", "Layers")}
        read = read_function(name, self._resolve(kept))
        return replace(read, is_put_out=name in self._put_out)

    def _table(self, name: str, properties: Mapping[str, Any]) -> Table:
        return read_table(name, self._resolve(properties))

    def _queue(self, name: str, properties: Mapping[str, Any]) -> Queue:
        return read_queue(name, self._names.url(name), self._resolve(properties))

    def _rule(self, name: str, properties: Mapping[str, Any]) -> Rule:
        return read_rule(name, self._resolve(properties))

    def _bucket(self, name: str, properties: Mapping[str, Any]) -> Bucket:
        return read_bucket(name, self._resolve(properties))


def _meant(value: Any) -> str:
    """The function that an output names, by its alias."""
    named: str = value.get("Ref", "") if isinstance(value, dict) else ""
    return named.removesuffix(".Alias")


def merge(common: Any, own: Any) -> Any:
    """SAM's Globals: maps merge, lists add up, anything else is overridden."""
    if isinstance(common, dict) and isinstance(own, dict):
        both = {name: merge(common[name], own[name]) for name in common.keys() & own.keys()}
        return {**common, **own, **both}
    if isinstance(common, list) and isinstance(own, list):
        return common + own
    return own
