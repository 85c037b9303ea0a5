"""A cloud in memory, in which everything that can go wrong does: the very functions, their triggers
as template.yaml has them, and AWS as tests/schedules/dynamodb.py and services.py play it.

Nothing runs by itself. `stir` does one thing that Lambda might do next, `settle` all that is left.
"""

import base64
import json
import random
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

from local.emulator.environment import environment
from local.operations.redrive import Clients, destinations
from local.runtime.handlers import load_handler
from local.template import filters
from local.template.declarations import QueueTrigger, StreamTrigger, Template
from local.triggers.failures import Failures, async_record, failed_items, stream_record
from local.web.gateway import Gateway
from sharetrail import calendars, logs
from sharetrail.aws import clients
from sharetrail.report.issuing import send_report
from tests.instances import forget_counts
from tests.redriving import Lambda, redrive_everything, stack_of
from tests.schedules.dynamodb import DynamoDB
from tests.schedules.mishaps import KINDS, Died, Kind, Mishaps
from tests.schedules.services import Buckets, Keys, Mails, Message, Queues

_SKEW = 30.0
"""Seconds by which the clock of a trigger may be another than that of a request."""
_PATIENCE = 6
"""How often something is tried that may come right: of a mail that somebody died over the claim
ends with the third attempt."""
_OURS = ("sharetrail", "functions")
_LED_ON = tuple(kind for kind in KINDS if kind != "away")
"""A click that neither table nor queue takes stands in a log line, for a person to bring back."""
_ENV = {"FAST_PATH": "no", "MAILS_PER_SECOND": "1000000000", "LOCAL_PLATFORMS": ""}
_CONTEXT = SimpleNamespace(
    aws_request_id="", function_name="", get_remaining_time_in_millis=lambda: 9e5
)
Event = Mapping[str, Any]


@dataclass
class _Lane:
    """A stream on its way into a function."""

    trigger: StreamTrigger
    read: int = 0
    waiting: list[Any] = field(default_factory=list)
    tries: int = 0
    done: list[Any] = field(default_factory=list)


@dataclass
class _Line:
    """A queue before a function."""

    trigger: QueueTrigger
    url: str
    done: list[Message] = field(default_factory=list)


class Cloud:
    """`rate` is how much of what is invoked meets a mishap; 0 for a calm life. `dynamodb` stands in
    memory, where no other is given."""

    def __init__(
        self,
        template: Template,
        at: datetime,
        seed: object = 0,
        rate: float = 0,
        dynamodb: Any = None,
    ) -> None:
        self.template, self.dice = template, random.Random(f"cloud {seed}")
        self.time = SimpleNamespace(at=at)
        self.clock = SimpleNamespace(now=lambda: self.time.at)
        self.mishaps = Mishaps(self.dice, rate)
        self.chance = random.Random(0)
        self.dynamodb = dynamodb or DynamoDB(template.tables)
        self.queues = Queues(template.queues, self.time)
        self.buckets = Buckets(template.buckets, self.time)
        self.mails = Mails()
        self.services = {
            "dynamodb": self.dynamodb,
            "sqs": self.queues,
            "s3": self.buckets,
            "kms": Keys(),
            "sesv2": self.mails,
        }
        self.gave_up: list[tuple[str, Any]] = []
        self.is_over = False
        """Whether all was done that fell due."""
        routes = [route for each in template.functions.values() for route in each.routes]
        self.gateway = Gateway(routes, self._answer, self.clock)  # type: ignore[arg-type]
        functions = template.functions.values()
        self._lanes = [_Lane(each) for function in functions for each in function.streams]
        self._lines = [
            _Line(each, self.queues.urls[each.queue])
            for function in functions
            for each in function.queues
        ]
        with mock.patch("local.triggers.failures.client", self.services.__getitem__):
            self._failures = Failures(template)
        self._record = 0

    # ── functions ────────────────────────────────────────────────────────────────────────────────
    @property
    def functions(self) -> Any:
        return self.template.functions

    def invoke(self, folder: str, event: Any, kinds: tuple[Kind, ...] = KINDS) -> Any:
        """Its answer, or what it raises; Died where it did, and what it remembered is gone."""
        with self.mishaps.around(kinds):
            try:
                return _copy(_handler(folder)(_copy(event), _CONTEXT))
            except Died:
                forget()
                raise

    def _answer(self, folder: str, event: Any) -> Any:
        try:
            return self.invoke(folder, event, _LED_ON if folder == "redirect" else KINDS)
        except (Exception, Died):
            return {"statusCode": 500}

    def call(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        do = getattr(self.services[service], operation)
        return self.mishaps.call(service, operation, do, request)

    # ── what Lambda does ─────────────────────────────────────────────────────────────────────────
    def stir(self) -> None:
        """One of the things that may happen next, or that happened before and happens again."""
        if self.dice.random() < 0.1:
            self.mishaps.wake()
        lanes = [lane for lane in self._lanes if self._is_waiting(lane) or lane.done]
        lines = [line for line in self._lines if self.queues.messages[line.url] or line.done]
        if not lanes and not lines:
            return
        waiting = [
            *(lane for lane in lanes if lane.waiting),
            *(line for line in lines if self.queues.messages[line.url]),
        ]
        is_new = waiting and self.dice.random() < 0.7
        chosen: _Lane | _Line = self.dice.choice(waiting if is_new else [*lanes, *lines])
        if isinstance(chosen, _Lane):
            self._stir_lane(chosen)
        else:
            self._stir_line(chosen)

    def _stir_lane(self, lane: _Lane) -> None:
        if lane.done and (not lane.waiting or self.dice.random() < 0.2):
            again = self.dice.sample(lane.done, min(len(lane.done), self.dice.randint(1, 4)))
            self._try(lane.trigger.folder, {"Records": again})
        else:
            self._deliver(lane, self.dice.randint(1, len(lane.waiting)))

    def _stir_line(self, line: _Line) -> None:
        messages = self.queues.messages[line.url]
        if line.done and (not messages or self.dice.random() < 0.2):
            self._try(line.trigger.folder, self._event([self.dice.choice(line.done)]))
        else:
            some = min(len(messages), line.trigger.batch_size)
            self._hand_over(line, self.dice.sample(messages, self.dice.randint(1, some)))

    def settle(self) -> None:
        """Nothing goes wrong any more: all that waits is done, what was given up is given back, and
        what that leaves is done. It is all done twice, which is as good as once."""
        self.mishaps.rate = 0.0
        aws = Clients(sqs=self.queues, s3=self.buckets, functions=Lambda(self))  # type: ignore[arg-type]
        for _ in range(2):
            self.mishaps.wake()
            self.drain()
            if self._holds_failures():
                redrive_everything(stack(), aws, self.time.at)
        self.drain()

    def _holds_failures(self) -> bool:
        given_up = [stack().queues[name] for name in destinations(stack())]
        spilled = self.buckets.objects[stack().buckets["QuarantineBucket"]]
        return any(self.queues.messages[url] for url in given_up) or any(
            key.startswith("spilled/") for key in spilled
        )

    def drain(self) -> None:
        """Until nothing waits."""
        while self._drain_once():
            pass

    def _drain_once(self) -> bool:
        worked = False
        for lane in self._lanes:
            while self._is_waiting(lane):
                self._deliver(lane, len(lane.waiting))
                worked = True
        for line in self._lines:
            while messages := self.queues.messages[line.url]:
                self._hand_over(line, messages[: line.trigger.batch_size])
                worked = True
        return worked

    # ── streams ──────────────────────────────────────────────────────────────────────────────────
    def _is_waiting(self, lane: _Lane) -> bool:
        changes = self.dynamodb.tables[lane.trigger.table].changes
        for change in changes[lane.read :]:
            record = self._record_of(change)
            if filters.matches_any(lane.trigger.patterns, record):
                lane.waiting.append(record)
        lane.read = len(changes)
        return bool(lane.waiting)

    def _record_of(self, change: Any) -> dict[str, Any]:
        self._record += 1
        return {
            "eventName": change.kind,
            "eventSourceARN": "stream",
            "dynamodb": {
                "ApproximateCreationDateTime": int(self._skewed().timestamp()),
                "Keys": {"pk": {"S": change.pk}, "sk": {"S": change.sk}},
                "SequenceNumber": f"{self._record:021}",
            },
        }

    def _deliver(self, lane: _Lane, number: int) -> None:
        batch = lane.waiting[:number]
        answer = self._try(lane.trigger.folder, {"Records": batch})
        if answer is None:
            self._come_again(lane, batch)
            return
        numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
        failed = failed_items(answer, numbers)
        first = min((numbers.index(each) for each in failed), default=len(batch))
        lane.done += batch[:first]
        del lane.waiting[:first]
        lane.tries = 0 if first else lane.tries
        if failed:
            self._come_again(lane, batch[first:])

    def _come_again(self, lane: _Lane, batch: Sequence[Any]) -> None:
        """At its last attempt it is given up."""
        lane.tries += 1
        if lane.tries <= self._patience():
            return
        lane.tries = 0
        del lane.waiting[: len(batch)]
        function = self.template.functions[lane.trigger.folder]
        record = stream_record(function, batch, "shard", lane.tries, self.clock)  # type: ignore[arg-type]
        self._failures.keep(lane.trigger.failures or "", f"{self._record}", "shard", record)

    # ── queues ───────────────────────────────────────────────────────────────────────────────────
    def _hand_over(self, line: _Line, messages: list[Message]) -> None:
        for each in messages:
            each.receives += 1
            each.first_received = each.first_received or self._skewed()
        answer = self._try(line.trigger.folder, self._event(messages))
        ids = [each.id for each in messages]
        failed = {*ids} if answer is None else failed_items(answer, ids)
        for each in messages:
            is_over = each.receives > self._patience()
            if each.id not in failed:
                line.done.append(each)
            if each.id not in failed or is_over:
                self.queues.messages[line.url].remove(each)
            if each.id in failed and is_over:
                again = replace(each, receives=0, first_received=None)
                self.queues.give_up(line.url, again)

    def _event(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {"Records": [_message_event(each) for each in messages]}

    # ── schedules ────────────────────────────────────────────────────────────────────────────────
    def fire(self, folder: str) -> None:
        """A schedule's run with its attempts, and sometimes another of the same minute."""
        for _ in range(2 if self.mishaps.rate and self.dice.random() < 0.3 else 1):
            event = {"time": _iso(self._skewed())}
            if not any(self._try(folder, event, done=True) for _ in range(3)):
                function = self.template.functions[folder]
                record = async_record(function, event, RuntimeError(), 3, self.clock)  # type: ignore[arg-type]
                url = self.queues.urls[function.failures or ""]
                self.queues.send_message(QueueUrl=url, MessageBody=json.dumps(record))

    def _try(self, folder: str, event: Event, done: Any = None) -> Any:
        """What it answers, or `done` where that is said; None where it failed."""
        try:
            answer = self.invoke(folder, event)
        except (Exception, Died) as error:
            self.gave_up.append((folder, error))
            return None
        return done or answer or {}

    def _patience(self) -> int:
        return self.dice.randint(0, 2) if self.mishaps.rate else _PATIENCE

    def _skewed(self) -> datetime:
        if not self.mishaps.rate:
            return self.time.at
        return self.time.at + timedelta(seconds=self.dice.uniform(-_SKEW, _SKEW))


def _message_event(message: Message) -> dict[str, Any]:
    first = message.first_received or message.sent
    attributes = {
        "ApproximateReceiveCount": f"{message.receives}",
        "SentTimestamp": f"{_millis(message.sent)}",
        "ApproximateFirstReceiveTimestamp": f"{_millis(first)}",
    }
    return {"messageId": message.id, "body": message.body, "attributes": attributes}


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


_handler = cache(load_handler)


@cache
def stack() -> Any:
    return stack_of(_standing[0].template)


# ── in AWS's place ───────────────────────────────────────────────────────────────────────────────
_standing: list[Cloud] = []
"""The cloud that functions find."""


class _Client:
    """boto3's, whose calls go to the cloud that stands."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        if name == "exceptions":
            return _standing[0].services[self._service].exceptions
        if name == "get_paginator":
            return self._paginator
        return lambda **request: _standing[0].call(self._service, name, request)

    def _paginator(self, name: str) -> Any:
        return SimpleNamespace(paginate=lambda **request: iter([getattr(self, name)(**request)]))


class _Inline:
    """Threads that work one after another: a seed is a life."""

    def __enter__(self) -> "_Inline":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, do: Callable[..., Any], *many: Any) -> Iterator[Any]:
        return iter([do(*each) for each in zip(*many, strict=False)])

    def submit(self, do: Callable[..., Any], *args: Any) -> Any:
        answer = do(*args)
        return SimpleNamespace(result=lambda: answer)


def _chance() -> random.Random:
    return _standing[0].chance


_QUIET: dict[str, Any] = {
    "threads": lambda _: _Inline(),
    "write": lambda *_, **__: None,
    "told": lambda *_: {},
}
_ZONES = frozenset(["America/New_York", "Asia/Kathmandu", "UTC"])
"""Of the world's, whose Mondays are looked up every time a schedule runs."""
_DRAWS: dict[str, Callable[..., Any]] = {
    "randbits": lambda number: _chance().getrandbits(number),
    "randbelow": lambda number: _chance().randrange(number),
    "token_bytes": lambda number=32: _chance().randbytes(number),
    "token_hex": lambda number=32: _chance().randbytes(number).hex(),
    "token_urlsafe": lambda number=32: (
        base64.urlsafe_b64encode(_chance().randbytes(number)).decode().rstrip("=")
    ),
}


@contextmanager
def standing_in(template: Template) -> Iterator[None]:
    """Within it whoever asks AWS asks the cloud that stands, and logs say nothing."""
    with ExitStack() as patches:
        patches.enter_context(environment({**template.environment, **_ENV}))
        for service in ("dynamodb", "sqs", "s3", "kms", "sesv2"):
            client = _Client(service)
            patches.enter_context(mock.patch.object(clients, service, lambda client=client: client))
        patches.enter_context(mock.patch.multiple(clients, brisk_dynamodb=clients.dynamodb))
        patches.enter_context(mock.patch.multiple(logs, **_QUIET))
        patches.enter_context(mock.patch.multiple(calendars, zone_names=lambda: _ZONES))
        patches.enter_context(mock.patch.multiple(secrets, **_DRAWS))
        yield
        _standing.clear()


def stand(cloud: Cloud) -> None:
    """From now on functions find this cloud, each as if cold."""
    _standing[:] = [cloud]
    forget()


def forget() -> None:
    """What instances remember."""
    for each in _memories():
        each.clear()
    send_report._report.cache_clear()
    forget_counts()


@cache
def _memories() -> list[Any]:
    from sharetrail.aws import warm_cache

    for folder in _standing[0].template.functions:
        _handler(folder)
    kinds = (warm_cache.Aged, warm_cache.Fuse, warm_cache.Once)
    modules = [
        m for name, m in [*sys.modules.items()] if name.startswith(("sharetrail", "functions"))
    ]
    found = [
        each for module in modules for each in vars(module).values() if isinstance(each, kinds)
    ]
    return [*{id(each): each for each in found}.values()]
