"""What the template declares, as values: functions with their triggers, tables, queues, buckets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: str
    folder: str


@dataclass(frozen=True, kw_only=True)
class StreamTrigger:
    folder: str
    table: str
    starting_position: str
    batch_size: int
    window: float  # seconds
    retries: int
    bisect: bool
    partial: bool  # the function reports which items failed
    patterns: tuple[Mapping[str, Any], ...]  # one of them matches, or there are none
    failures: str | None  # the bucket that takes what was given up


@dataclass(frozen=True, kw_only=True)
class QueueTrigger:
    folder: str
    queue: str
    batch_size: int
    window: float  # seconds
    partial: bool


@dataclass(frozen=True, kw_only=True)
class ScheduleTrigger:
    folder: str
    expression: str
    rule: str  # its ARN


@dataclass(frozen=True, kw_only=True)
class Function:
    folder: str
    name: str
    alias: str | None  # by which it is invoked
    memory: int  # MB
    timeout: int  # seconds
    environment: Mapping[str, str]
    retries: int  # of an asynchronous invocation
    failures: str | None  # the queue that takes what an asynchronous invocation gave up
    routes: tuple[Route, ...] = ()
    streams: tuple[StreamTrigger, ...] = ()
    queues: tuple[QueueTrigger, ...] = ()
    schedules: tuple[ScheduleTrigger, ...] = ()
    is_put_out: bool = False  # by an output, for whoever invokes it directly


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    definition: Mapping[str, Any]  # what CreateTable takes
    expiry: str | None  # the attribute of TimeToLive


@dataclass(frozen=True, kw_only=True)
class Queue:
    name: str
    url: str
    attributes: Mapping[str, str]  # what CreateQueue takes
    receives: int | None  # before a message goes to the dead letters
    dead_letters: str | None  # a queue's name


@dataclass(frozen=True, kw_only=True)
class Bucket:
    name: str
    notified: tuple[str, ...]  # queues that hear of each object that comes


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Of the default event bus."""

    name: str
    pattern: Mapping[str, Any]
    queue: str  # its name


@dataclass(frozen=True, kw_only=True)
class Template:
    functions: Mapping[str, Function]  # by folder
    tables: Mapping[str, Table]  # this and the next two by name
    queues: Mapping[str, Queue]
    buckets: Mapping[str, Bucket]
    rules: tuple[Rule, ...]
    keys: tuple[str, ...]  # aliases
    sender: str | None  # the address that mail comes from
    not_emulated: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Every function's variables in one: they share a process here. Refuses a difference."""
        merged: dict[str, str] = {}
        for function in self.functions.values():
            for name, value in function.environment.items():
                if merged.setdefault(name, value) != value:
                    raise ValueError(f"{name} differs between functions, which share a process")
        return merged
