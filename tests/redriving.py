"""What was given up here, given back as `make redrive` does it on AWS."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3

from local.cloud import Cloud
from local.operations import redrive
from local.operations.redrive import Clients, Redriven
from local.operations.stack import Stack
from local.runtime.handlers import Runtime
from local.template import intrinsics, names, reader
from local.template.declarations import Template

RESOURCES = intrinsics.read(reader.TEMPLATE.read_text())["Resources"]


def redrive_all(cloud: Cloud) -> dict[str, Redriven]:
    """Every destination, at the cloud's time; what became of those that held something."""
    clients = Clients(
        sqs=boto3.client("sqs"), s3=boto3.client("s3"), functions=Lambda(cloud.runtime)
    )
    return redrive_everything(stack_of(cloud.template), clients, cloud.clock.now())


def redrive_everything(stack: Stack, clients: Clients, now: datetime) -> dict[str, Redriven]:
    ways = redrive.ways(stack, clients)
    done = {name: way(now) for name, way in ways.items()}
    return {name: each for name, each in done.items() if each.given_back or each.stayed}


def stack_of(template: Template) -> Stack:
    """As CloudFormation would tell of it."""
    urls = {queue.name: queue.url for queue in template.queues.values()}
    return Stack(
        queues={logical: urls[name] for logical, name in _names(names.QUEUE).items()},
        functions=_names(names.FUNCTION),
        buckets=_names(names.BUCKET),
    )


def _names(kind: str) -> dict[str, str]:
    namer = names.Names({}, reader.STACK, "")
    of_kind = (logical for logical, each in RESOURCES.items() if each["Type"] == kind)
    return {logical: namer.name(logical) for logical in of_kind}


@dataclass
class Lambda:
    """Lambda's Invoke, which the local cloud's own functions answer."""

    runtime: Runtime

    def invoke(self, **asked: Any) -> Mapping[str, Any]:
        named = asked["FunctionName"]
        name = named.rpartition(":function:")[2].partition(":")[0]
        functions = self.runtime.functions.values()
        (folder,) = (each.folder for each in functions if each.name == name)
        try:
            told, failed = self.runtime.invoke(folder, json.loads(asked["Payload"])), {}
        except Exception as error:
            told, failed = {"errorType": type(error).__name__}, {"FunctionError": "Unhandled"}
        return {"Payload": io.BytesIO(json.dumps(told).encode()), **failed}
