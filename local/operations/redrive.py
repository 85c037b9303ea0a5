"""`make redrive`: gives what was given up back to whoever gave it up, once what failed is mended.

What a failure destination holds says by itself where it came from:
- dead letters of a queue go back to it, as they are;
- of a stream's batch that was given up the bucket's note tells, and the batch goes to its function;
- a schedule's event that failed goes to its function with the time that it had.
And orders that spilled into the bucket are queued by `sweep`, as they are every hour.

All of it may be done twice: a message is given back before it is deleted, and whatever it asks for
is recomputed from facts. What fails again stays where it is.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import boto3
from botocore.config import Config

from local.operations import stack as stacks
from local.operations.stack import Stack

_HIDDEN = 960
"""Seconds for which nobody else sees a message: longer than any function runs."""
_MOST = 10
_WAIT = 2
"""Seconds for which a queue looks everywhere: asked without, SQS looks in some of its places, and
may say that there is nothing where there is."""
_FAILED = "Failed"
"""What the names of failure destinations begin with."""
_PREFIX = "spilled/"
SPILLED, _SWEEP = "Spilled", "Sweep"
_ALIAS = "live"
"""By which whatever rings a function rings it, also after a way back."""
_Message = Mapping[str, Any]


class Stays(Exception):
    """A message could not be given back, and why."""


@dataclass(frozen=True, kw_only=True)
class Clients:
    """AWS, as far as it is needed."""

    sqs: Any
    s3: Any
    functions: Any
    """Lambda."""
    wait: int = 0

    @classmethod
    def make(cls) -> "Clients":
        """A function is waited for as long as it may run, and asked once."""
        patient = Config(read_timeout=_HIDDEN, retries={"total_max_attempts": 1})
        functions = boto3.client("lambda", config=patient)
        sqs, s3 = boto3.client("sqs"), boto3.client("s3")
        return cls(sqs=sqs, s3=s3, functions=functions, wait=_WAIT)


@dataclass(kw_only=True)
class Redriven:
    """What became of a destination's messages."""

    given_back: int = 0
    stayed: list[str] = field(default_factory=list)
    """Why, of each that did."""


def destinations(stack: Stack) -> list[str]:
    """Where a stack keeps what was given up, but for the spilled."""
    return sorted(name for name in stack.queues if name.startswith(_FAILED))


def redrive(stack: Stack, name: str, clients: Clients, now: datetime) -> Redriven:
    """Everything that one failure destination holds."""
    sources, done, kept = _sources(stack, name, clients), Redriven(), list[str]()
    url = stack.queues[name]
    for message in _received(clients, url):
        try:
            if sources:
                _send_back(message, sources, clients.sqs)
            else:
                _do_again(message, clients, now)
        except Exception as error:  # what cannot be given back keeps no other from it
            done.stayed.append(f"{type(error).__name__}: {error}")
            kept.append(message["ReceiptHandle"])
        else:
            clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done.given_back += 1
    for receipt in kept:
        clients.sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0
        )
    return done


def redrive_spilled(stack: Stack, clients: Clients, now: datetime) -> Redriven:
    """Orders in the bucket, by the schedule that queues them."""
    bucket = stack.buckets["QuarantineBucket"]
    pages = clients.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_PREFIX)
    spilled = sum(len(page.get("Contents", [])) for page in pages)
    if not spilled:
        return Redriven()
    try:
        _invoke(clients.functions, f"{stack.functions[_SWEEP]}:{_ALIAS}", {"time": _iso(now)})
    except Stays as error:
        return Redriven(stayed=[f"{error}"] * spilled)
    return Redriven(given_back=spilled)


def _received(clients: Clients, url: str) -> Iterator[_Message]:
    while True:
        answer = clients.sqs.receive_message(
            QueueUrl=url,
            WaitTimeSeconds=clients.wait,
            MaxNumberOfMessages=_MOST,
            VisibilityTimeout=_HIDDEN,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        if not answer.get("Messages"):
            return
        yield from answer["Messages"]


# ── dead letters ─────────────────────────────────────────────────────────────────────────────────
def _sources(stack: Stack, name: str, clients: Clients) -> dict[str, str]:
    """The queues whose dead letters go to this one: ARN → address."""
    asked = ["QueueArn", "RedrivePolicy"]
    own: str = _attributes(clients.sqs, stack.queues[name], ["QueueArn"])["QueueArn"]
    found = {}
    for url in stack.queues.values():
        told = _attributes(clients.sqs, url, asked)
        if json.loads(told.get("RedrivePolicy", "{}")).get("deadLetterTargetArn") == own:
            found[told["QueueArn"]] = url
    return found


def _attributes(sqs: Any, url: str, names: list[str]) -> dict[str, str]:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    attributes: dict[str, str] = answer["Attributes"]
    return attributes


def _send_back(message: _Message, sources: Mapping[str, str], sqs: Any) -> None:
    """A letter that the bus left has no origin: there is one queue that it was meant for."""
    came_from = message["Attributes"].get("DeadLetterQueueSourceArn")
    if came_from is None and len(sources) > 1:
        raise Stays("it does not say which queue it came from")
    url = sources[came_from] if came_from else next(iter(sources.values()))
    whose = message["Attributes"].get("MessageGroupId")
    sqs.send_message(
        QueueUrl=url,
        MessageBody=message["Body"],
        MessageAttributes=message.get("MessageAttributes", {}),
        **({"MessageGroupId": whose} if whose else {}),
    )


# ── what functions were asked ────────────────────────────────────────────────────────────────────
def _do_again(message: _Message, clients: Clients, now: datetime) -> None:
    """What a function failed with, as it had it."""
    told = json.loads(message["Body"])
    if "requestPayload" in told:
        _invoke(clients.functions, told["requestContext"]["functionArn"], told["requestPayload"])
    elif "Records" in told:
        for note in told["Records"]:
            _ring_again(note["s3"], clients, now)
    elif told.get("Event") != "s3:TestEvent":  # by which S3 tries the way, once
        raise Stays("nobody knows what it is")


def _ring_again(note: Mapping[str, Any], clients: Clients, now: datetime) -> None:
    """A stream's batch. It rings now: what is written behind its doors is looked for from now on,
    and under its old time would not be."""
    place = {"Bucket": note["bucket"]["name"], "Key": unquote_plus(note["object"]["key"])}
    kept = json.loads(clients.s3.get_object(**place)["Body"].read())
    batch = json.loads(kept["payload"])
    for record in batch["Records"]:
        record["dynamodb"]["ApproximateCreationDateTime"] = int(now.timestamp())
    answer = _invoke(clients.functions, kept["requestContext"]["functionArn"], batch)
    if answer["batchItemFailures"]:
        raise Stays(f"of its batch {len(answer['batchItemFailures'])} records failed again")


def _invoke(functions: Any, name: str, event: Any) -> Any:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    told = json.loads(answer["Payload"].read() or "null")
    if "FunctionError" in answer:
        raise Stays(f"{name.rpartition(':function:')[2]} failed again: {told.get('errorType')}")
    return told


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


# ── as a command ─────────────────────────────────────────────────────────────────────────────────
def main() -> int:
    """1 where something stays."""
    arguments = _parser().parse_args()
    stack, clients = stacks.read(boto3.client("cloudformation"), arguments.stack), Clients.make()
    now, known = datetime.now(UTC), ways(stack, clients)
    if unknown := {*arguments.queue} - known.keys():
        print(f"{', '.join(sorted(unknown))}: none of {', '.join(known)}", file=sys.stderr)
        return 2
    done = {name: known[name](now) for name in arguments.queue or known}
    for name, each in done.items():
        print(f"{name}: {each.given_back} given back, {len(each.stayed)} stayed")
        for why in sorted({*each.stayed}):
            print(f"  {why}")
    return int(any(each.stayed for each in done.values()))


def ways(stack: Stack, clients: Clients) -> dict[str, Callable[[datetime], Redriven]]:
    def way(name: str) -> Callable[[datetime], Redriven]:
        return lambda now: redrive(stack, name, clients, now)

    ways = {name: way(name) for name in destinations(stack)}
    return {**ways, SPILLED: lambda now: redrive_spilled(stack, clients, now)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.operations.redrive", description=__doc__)
    parser.add_argument("--stack", default="sharetrail")
    parser.add_argument("queue", nargs="*", help="such as FailedClicks; all where none is named")
    return parser


if __name__ == "__main__":
    sys.exit(main())
