"""Lambda in process: finds the handlers and runs them, each as one instance of its function would:
one invocation at a time, and never in line behind another function's."""

import base64
import importlib
import json
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from local.runtime import output, variables
from local.template import names
from local.template.declarations import Function

Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What Lambda passes beside the event."""

    aws_request_id: str
    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    deadline: float  # by time.monotonic()
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def load_handler(folder: str) -> Handler:
    handler: Handler = importlib.import_module(f"functions.{folder}.app").handler
    return handler


class Runtime:
    """`load(folder)` finds a handler, once."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        load: Callable[[str], Handler] = load_handler,
    ) -> None:
        self.functions = functions
        self.invocations: Counter[str] = Counter()
        self._load = load
        self._handlers: dict[str, Handler] = {}
        # An instance's code may keep what it is at in its module, or Powertools on a class.
        self._instances = {folder: Lock() for folder in functions}
        self._loading = Lock()
        variables.install()

    def invoke(self, folder: str, event: Any) -> Any:
        """What the handler returns, or its exception. Both ways pass through JSON, as in Lambda;
        of what an event holds in binary AWS makes base64, of an answer nobody does."""
        function = self.functions[folder]
        with self._instances[folder], output.aside():
            self.invocations[folder] += 1
            handler = self._handler(folder)
            with variables.of(function):
                result = handler(_sent(event), _context(function))
            return json.loads(json.dumps(result))

    def load_all(self) -> None:
        """Imports every handler now, so that a broken one is known at once."""
        with output.aside():
            for folder in self.functions:
                self._handler(folder)

    def _handler(self, folder: str) -> Handler:
        with self._loading:
            if folder not in self._handlers:
                self._handlers[folder] = self._load(folder)
            return self._handlers[folder]


def _context(function: Function) -> Context:
    return Context(
        aws_request_id=str(uuid.uuid4()),
        function_name=function.name,
        memory_limit_in_mb=function.memory,
        invoked_function_arn=names.arn("lambda", ":".join(["function", *_called(function)])),
        function_version="1" if function.alias else "$LATEST",
        deadline=time.monotonic() + function.timeout,
    )


def _called(function: Function) -> list[str]:
    return [function.name, function.alias] if function.alias else [function.name]


def _sent(event: Any) -> Any:
    """As it comes out at the other end of the wire."""
    return json.loads(json.dumps(event, default=_binary))


def _binary(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def error_payload(error: BaseException) -> dict[str, Any]:
    """An exception as Lambda answers it."""
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
