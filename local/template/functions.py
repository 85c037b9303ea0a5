"""Reads a function and its triggers; what would be ignored silently is refused instead."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from local.template import filters, names
from local.template.declarations import (
    Function,
    QueueTrigger,
    Route,
    ScheduleTrigger,
    StreamTrigger,
)
from local.template.intrinsics import Refused, refuse_unknown

_FUNCTION = {
    "Architectures",
    "AutoPublishAlias",
    "CodeUri",
    "Description",
    "Environment",
    "EventInvokeConfig",
    "Events",
    "Handler",
    "LoggingConfig",  # what Lambda writes to a log that there is none of here
    "MemorySize",
    "ReservedConcurrentExecutions",  # of which there is no limit here
    "Runtime",
    "Timeout",
}
_EVENTS = {
    "HttpApi": {"ApiId", "Method", "Path"},
    "DynamoDB": {
        "BatchSize",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "FilterCriteria",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "MaximumRetryAttempts",
        "StartingPosition",
        "Stream",
    },
    "SQS": {
        "BatchSize",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "Queue",
        "ScalingConfig",
    },
    "Schedule": {"Schedule", "Description"},
}
_HANDLER = "app.handler"


def read_function(name: str, properties: Mapping[str, Any]) -> Function:
    refuse_unknown(name, properties, _FUNCTION)
    if properties["Handler"] != _HANDLER:
        raise Refused(f"{name}: the handler must be {_HANDLER}")
    folder = PurePosixPath(properties["CodeUri"]).name
    events = properties.get("Events", {})
    asynchronous = properties.get("EventInvokeConfig", {})
    return Function(
        folder=folder,
        name=name,
        alias=properties.get("AutoPublishAlias"),
        memory=properties.get("MemorySize", 128),
        timeout=properties.get("Timeout", 3),
        environment={
            key: str(value)
            for key, value in properties.get("Environment", {}).get("Variables", {}).items()
        },
        retries=asynchronous.get("MaximumRetryAttempts", 2),
        failures=_failures(name, asynchronous, "SQS"),
        routes=tuple(_routes(folder, _events(events, "HttpApi"))),
        streams=tuple(_streams(folder, _events(events, "DynamoDB"))),
        queues=tuple(_queues(folder, _events(events, "SQS"))),
        schedules=tuple(_schedules(name, folder, _events(events, "Schedule"))),
    )


def _events(events: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for logical, event in events.items():
        if event["Type"] not in _EVENTS:
            raise Refused(f"{logical}: events of type {event['Type']} are not known here")
        if event["Type"] == kind:
            refuse_unknown(logical, event["Properties"], _EVENTS[kind])
            yield logical, event["Properties"]


def _routes(folder: str, events: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[Route]:
    for _, event in events:
        yield Route(method=event["Method"].upper(), path=event["Path"], folder=folder)


def _streams(
    folder: str, events: Iterator[tuple[str, Mapping[str, Any]]]
) -> Iterator[StreamTrigger]:
    for logical, event in events:
        if event.get("MaximumRetryAttempts", -1) < 0:
            raise Refused(f"{logical}: without MaximumRetryAttempts one record blocks its shard")
        if event["StartingPosition"] not in ("TRIM_HORIZON", "LATEST"):
            raise Refused(f"{logical}: cannot start at {event['StartingPosition']}")
        yield StreamTrigger(
            folder=folder,
            table=event["Stream"].split("/")[1],
            starting_position=event["StartingPosition"],
            batch_size=event.get("BatchSize", 100),
            window=event.get("MaximumBatchingWindowInSeconds", 0),
            retries=event["MaximumRetryAttempts"],
            bisect=event.get("BisectBatchOnFunctionError", False),
            partial=_is_partial(logical, event),
            patterns=tuple(_patterns(logical, event.get("FilterCriteria", {}))),
            failures=_failures(logical, event, "S3"),
        )


def _queues(folder: str, events: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[QueueTrigger]:
    for logical, event in events:
        yield QueueTrigger(
            folder=folder,
            queue=event["Queue"].rpartition(":")[2],
            batch_size=event.get("BatchSize", 10),
            window=event.get("MaximumBatchingWindowInSeconds", 0),
            partial=_is_partial(logical, event),
        )


def _schedules(
    name: str, folder: str, events: Iterator[tuple[str, Mapping[str, Any]]]
) -> Iterator[ScheduleTrigger]:
    for logical, event in events:
        rule = names.arn("events", f"rule/{name}-{logical}")
        yield ScheduleTrigger(folder=folder, expression=event["Schedule"], rule=rule)


def _is_partial(where: str, event: Mapping[str, Any]) -> bool:
    types = event.get("FunctionResponseTypes", [])
    if set(types) - {"ReportBatchItemFailures"}:
        raise Refused(f"{where}: response types {types} are not known here")
    return bool(types)


def _patterns(where: str, criteria: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in criteria.get("Filters", []):
        pattern = json.loads(each["Pattern"])
        try:
            filters.check(pattern)
        except ValueError as error:
            raise Refused(f"{where}: {error}") from error
        yield pattern


def _failures(where: str, config: Mapping[str, Any], kind: str) -> str | None:
    """The name of the OnFailure destination; only one kind is known for each kind of trigger."""
    destination = config.get("DestinationConfig", {}).get("OnFailure")
    if not destination:
        return None
    if destination["Type"] != kind:
        raise Refused(f"{where}: failures go to {kind} here, not to {destination['Type']}")
    return str(destination["Destination"]).rpartition(":")[2]
