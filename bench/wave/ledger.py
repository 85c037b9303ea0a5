"""What every run of a function asks of AWS: who asked, for whom, what, and how long it computed.

Requests are counted where botocore sends them, so retries of ours and refused conditions are in.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from time import process_time
from typing import Any
from unittest import mock

import boto3

from local.cloud import Cloud
from sharetrail.aws import clients

_UNITS = "ReturnConsumedCapacity"
UNITS = ("read", "written", "kept")
_READS = ("GetItem", "Query", "BatchGetItem", "Scan")
_UNPACED = "100000"
_UNHURRIED = 10.0  # seconds: the redirect's own 150 ms are not what is counted here


@dataclass
class Run:
    """Of one function, for one message where a queue brought it."""

    kind: str
    """The message's job; without one the function's own name."""
    merchant: str = ""
    abouts: tuple[str, ...] = ()
    messages: int = 1
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(Table, or service) and operation → how often."""
    units: dict[str, float] = field(default_factory=lambda: dict.fromkeys(UNITS, 0.0))
    """`read` and `written`, of DynamoDB, of a batch of keys one a key; and `kept` bytes of S3."""
    sent: Counter[str] = field(default_factory=Counter)
    """Kind → messages put on queues."""
    cpu: float = 0.0  # seconds


class Ledger:
    """Of a cloud, from `counting` on."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._run = Run(kind="")
        self._nouns: dict[str, str] = {}

    @contextmanager
    def cloud(self, **options: Any) -> Iterator[Cloud]:
        """A local cloud whose functions are counted."""
        unpaced = {"MAILS_PER_SECOND": _UNPACED}
        limits = {"connect_timeout": _UNHURRIED, "read_timeout": _UNHURRIED}
        with (
            self._listening(),
            mock.patch.dict(clients._BRISK, limits),
            Cloud(parameters={"FastPath": "no"}, **options) as cloud,
            mock.patch.dict(os.environ, unpaced),  # the pace is the model's
        ):
            self._nouns = {name: name.split("-")[-2] for name in cloud.template.tables}
            invoke = cloud.runtime.invoke
            with mock.patch.object(cloud.runtime, "invoke", self._counted(invoke)):
                yield cloud

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """To every client that is made meanwhile."""
        boto3.setup_default_session()
        events: Any = boto3.DEFAULT_SESSION.events
        hooks = {"provide-client-params": self._ask, "after-call": self._count}
        for event, hook in hooks.items():
            events.register(event, hook)
        try:
            yield
        finally:
            for event, hook in hooks.items():
                events.unregister(event, hook)

    def _counted(self, invoke: Any) -> Any:
        def counted(folder: str, event: Any) -> Any:
            self._run = run_of(folder, event)
            self.runs.append(self._run)
            begun = process_time()
            try:
                return invoke(folder, event)
            finally:
                self._run.cpu = process_time() - begun
                self._run = Run(kind="")

        return counted

    def _ask(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> Any:
        """With what it costs, and so that it is known once it is answered."""
        context["asked"] = params
        return {**params, _UNITS: "TOTAL"} if _service(model) == "dynamodb" else params

    def _count(
        self, parsed: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_: Any
    ) -> None:
        asked, run = context["asked"], self._run
        if _service(model) == "dynamodb":
            run.requests[self._noun(asked), model.name] += 1
            run.units["read" if model.name in _READS else "written"] += _units(asked, parsed)
        else:
            sealed = " sealed" if asked.get("SSEKMSKeyId") else ""  # which asks KMS as well
            run.requests[_service(model), f"{model.name}{sealed}"] += 1
            run.units["kept"] += _size(asked.get("Body", b""))
            run.sent.update(_kinds_sent(asked))

    def _noun(self, asked: Mapping[str, Any]) -> str:
        """Of the table; of several things written together that of the first."""
        if "TransactItems" in asked:
            (asked,) = asked["TransactItems"][0].values()
        return self._nouns[asked.get("TableName") or next(iter(asked["RequestItems"]))]


def _size(body: bytes | BytesIO) -> int:
    """Of what botocore was given, or has made of it."""
    return len(body) if isinstance(body, bytes) else body.getbuffer().nbytes


def _service(model: Any) -> str:
    return str(model.service_model.service_name)


def _units(asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    """As the emulator has them. It does not know them of batches, nor of what it refuses: then one
    for each item, which is what small ones cost."""
    if capacity := parsed.get("ConsumedCapacity"):
        told = capacity if isinstance(capacity, list) else [capacity]
        return sum(float(each["CapacityUnits"]) for each in told)
    for items in asked.get("RequestItems", {}).values():
        return len(items.get("Keys", ())) if isinstance(items, dict) else len(items)
    return 2 * len(asked["TransactItems"]) if "TransactItems" in asked else 1


def _kinds_sent(asked: Mapping[str, Any]) -> list[str]:
    """Of the messages that a request puts on a queue."""
    bodies = [
        each["MessageBody"] for each in asked.get("Entries", [asked]) if "MessageBody" in each
    ]
    queue = asked.get("QueueUrl", "").rpartition("/")[2]
    return [_job(json.loads(body)) or queue for body in bodies]


def _job(body: Any) -> str:
    return str(body.get("job", "")) if isinstance(body, dict) else ""


def run_of(folder: str, event: Any) -> Run:
    """By the first of its messages: a batch of jobs has but one."""
    records = event.get("Records", []) if isinstance(event, dict) else []
    bodies = [json.loads(each["body"]) for each in records if "body" in each]
    if not bodies:
        return Run(kind=folder, messages=max(1, len(records)))
    first = bodies[0] if isinstance(bodies[0], dict) else {}
    abouts = tuple(first.get("about", ()))
    return Run(
        kind=_kind(_job(first), abouts) or folder,
        merchant=first.get("merchant", ""),
        abouts=abouts,
        messages=len(bodies),
    )


def _kind(job: str, abouts: Sequence[str]) -> str:
    """Of reports, those of a week alone are called so: `report daily` are a day's."""
    rhythm = abouts[0].rpartition("#")[0] if job == "report" and abouts else ""
    return f"{job} {rhythm}" if rhythm else job
