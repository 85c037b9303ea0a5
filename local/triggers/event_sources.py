"""Everything that runs without a request: streams and queues, drained on demand or polled."""

import sys
import time
import traceback
from collections import Counter
from threading import Event, Thread
from typing import Any

from local.clock import Clock
from local.emulator import held
from local.runtime.handlers import Runtime
from local.template.declarations import Template
from local.triggers.failures import Failures
from local.triggers.queues import Queue
from local.triggers.streams import Stream

_PAUSE = 0.3  # seconds between two empty reads
_QUIET_ROUNDS = 2
_LONGEST_DRAIN = 900.0  # seconds


class EventSources:
    def __init__(
        self, template: Template, runtime: Runtime, clock: Clock, failures: Failures
    ) -> None:
        functions = template.functions.values()
        self.streams = [
            Stream(trigger, runtime, clock, failures)
            for function in functions
            for trigger in function.streams
        ]
        self.queues = [
            Queue(trigger, template.queues[trigger.queue], runtime, clock, failures)
            for function in functions
            for trigger in function.queues
        ]
        self._sources: list[Stream | Queue] = [*self.streams, *self.queues]
        self._runtime = runtime
        self._failures = failures
        self._stopped = Event()
        self._threads: list[Thread] = []

    def drain(self) -> dict[str, Any]:
        """Runs streams and queues until every one of them was empty twice in a row.

        Answers what was given up since the last drain, and how often each function ran.
        """
        before = Counter(self._runtime.invocations)
        deadline = time.monotonic() + _LONGEST_DRAIN
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            if time.monotonic() > deadline:
                raise RuntimeError("the functions keep ringing each other: drain() finds no end")
            worked = [each.step(urgent=True) for each in self.streams]
            holding = held.by_queues()
            worked += [each.step(urgent=True) for each in self.queues if each.name in holding]
            quiet = 0 if any(worked) else quiet + 1
        ran = Counter(self._runtime.invocations)
        ran.subtract(before)
        return {
            "failed": self._failures.take(),
            "invocations": {folder: count for folder, count in ran.items() if count},
        }

    def poll(self) -> None:
        """From now on streams and queues run by themselves, each in a thread of its own."""
        for source in self._sources:
            thread = Thread(target=self._poll, args=(source,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _poll(self, source: Stream | Queue) -> None:
        while not self._stopped.is_set():
            try:
                worked = source.step()
            except Exception:
                if self._stopped.is_set():
                    return
                # A poller that died would look like a function that does nothing.
                print(f"polling for {source.trigger.folder} failed:", file=sys.stderr)
                traceback.print_exc()
                worked = False
            if not worked:
                self._stopped.wait(_PAUSE)
