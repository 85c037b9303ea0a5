"""What a function is handed, made of the shapes that are recorded in events/."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

Event = dict[str, Any]
Record = dict[str, Any]
"""Of DynamoDB's stream."""

_EVENTS = Path(__file__).parents[2] / "events"
CLICK: Event = json.loads((_EVENTS / "redirect.json").read_text())
STREAM_RECORD: Record = json.loads((_EVENTS / "project_events.json").read_text())["Records"][0]


def click(visitor: int, at: datetime, headers: Mapping[str, str]) -> Event:
    """A click with these headers beside the recorded: each number is another visitor's."""
    context = CLICK["requestContext"]
    http = {**context["http"], "sourceIp": address(visitor)}
    return {
        **CLICK,
        "headers": {**CLICK["headers"], **headers},
        "requestContext": {**context, "http": http, "timeEpoch": int(at.timestamp() * 1000)},
    }


def address(visitor: int) -> str:
    return f"203.0.{visitor // 250 % 250}.{visitor % 250}"


def record(key: Mapping[str, str], at: datetime, number: int) -> Record:
    """The stream's, of an item with this key."""
    change = {
        **STREAM_RECORD["dynamodb"],
        "ApproximateCreationDateTime": int(at.timestamp()),
        "Keys": {name: {"S": value} for name, value in key.items()},
        "SequenceNumber": f"{number:021}",
    }
    return {**STREAM_RECORD, "dynamodb": change}
