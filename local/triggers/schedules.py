"""Scheduled functions, run when somebody asks: EventBridge's event, retries, the failure queue."""

import json
import uuid
from dataclasses import dataclass
from threading import Lock
from typing import Any

from local.clock import Clock, iso
from local.emulator.clients import client
from local.runtime.handlers import Runtime
from local.template import names
from local.template.declarations import Function, ScheduleTrigger, Template
from local.triggers.failures import Failure, Failures, async_record, describe

_MIDNIGHT = "turn_salts"
"""Without it nobody is anybody on a new day: so it runs by itself, before what comes in first."""


class UnscheduledError(LookupError):
    """No schedule runs a function of this name."""


@dataclass(frozen=True, kw_only=True)
class ScheduleRun:
    function: str
    time: str  # virtual, ISO-8601
    result: Any
    error: str | None = None  # of the last attempt, if every one failed


class Schedules:
    def __init__(
        self, template: Template, runtime: Runtime, clock: Clock, failures: Failures
    ) -> None:
        self._template = template
        self._runtime = runtime
        self._clock = clock
        self._failures = failures
        self._sqs = client("sqs")
        self._day = ""
        self._turning = Lock()

    def fire(self, folder: str) -> ScheduleRun:
        """Runs a scheduled function now; retries follow at once. UnscheduledError if it is none."""
        function = self._template.functions.get(folder)
        if not function or not function.schedules:
            raise UnscheduledError(f"no schedule runs {folder}")
        event = self._event(function.schedules[0])
        error: Exception | None = None
        for _ in range(1 + function.retries):
            try:
                result = self._runtime.invoke(folder, event)
            except Exception as raised:
                # Lambda retries whatever a function raises.
                error = raised
            else:
                return ScheduleRun(function=folder, time=event["time"], result=result)
        assert error
        self._give_up(function, event, error)
        return ScheduleRun(function=folder, time=event["time"], result=None, error=describe(error))

    def meet_day(self) -> None:
        """Runs what each new day of UTC needs, once it has begun; who comes meanwhile waits."""
        day = self._clock.now().date().isoformat()
        if day == self._day or _MIDNIGHT not in self._template.functions:
            return
        with self._turning:
            if day != self._day and self.fire(_MIDNIGHT).error is None:
                self._day = day

    def _event(self, schedule: ScheduleTrigger) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": names.ACCOUNT,
            "time": iso(self._clock.now()),
            "region": names.REGION,
            "resources": [schedule.rule],
            "detail": {},
        }

    def _give_up(self, function: Function, event: dict[str, Any], error: Exception) -> None:
        record = async_record(function, event, error, 1 + function.retries, self._clock)
        if function.failures:
            self._sqs.send_message(
                QueueUrl=self._template.queues[function.failures].url,
                MessageBody=json.dumps(record),
            )
        self._failures.note(
            Failure(
                function=function.folder,
                trigger="schedule",
                item=event,
                error=describe(error),
                destination=function.failures,
            )
        )
