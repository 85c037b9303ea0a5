"""Log lines: one JSON object each, with level, message and version, what it is about by names of
our own, and which request caused it.

Who can write into them? Whoever calls us, sends a webhook or is told of in one, if we let them: so
a line holds no text from outside. A failure is told by its type, where it was raised and AWS's own
code; never in its own words, which may quote an address or a name.

Light on purpose: the redirect imports it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from types import TracebackType

Level = Literal["INFO", "WARN", "ERROR"]
_MOST_FRAMES = 40
_MOST_CAUSES = 5
_PARTS_OF_A_PATH = 3
"""`sharetrail/aws/tables.py`: enough to know a module by."""
_NOTHING: Mapping[str, str] = {}
_said: ContextVar[Mapping[str, str]] = ContextVar("_said", default=_NOTHING)


class Failed(Exception):
    """What a function raises in the place of what it met. Lambda logs an exception's own words, and
    keeps them with an event that failed; this one's say no more than the line before."""


def entrance(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The handler of a Lambda, whose lines name the request (API Gateway's, else Lambda's) and the
    function. Failed, logged, for whatever it raises."""

    @wraps(handler)
    def entered(event: Any, context: Any) -> Any:
        before = _said.set(_caused_by(event, context))
        try:
            return handler(event, context)
        except Exception as error:
            failure("a function failed", error)
            raise Failed(kind_of(error)) from error
        finally:
            _said.reset(before)

    return entered


def _caused_by(event: Any, context: Any) -> dict[str, str]:
    gateways: str = event.get("requestContext", {}).get("requestId", "")
    request_id = gateways or getattr(context, "aws_request_id", "")
    named = {"function": getattr(context, "function_name", ""), "request_id": request_id}
    return {name: value for name, value in named.items() if value}


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """Lines within it say this, too."""
    before = _said.set({**_said.get(), **fields})
    try:
        yield
    finally:
        _said.reset(before)


def threads(most: int) -> "ThreadPoolExecutor":
    """Threads in whose lines stands what stands in those of whoever made them."""
    from concurrent.futures import ThreadPoolExecutor  # whose own log is not light

    return ThreadPoolExecutor(most, initializer=_resume, initargs=(copy_context(),))


def _resume(context: Context) -> None:
    for variable, value in context.items():
        variable.set(value)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────
def info(message: str, **fields: Any) -> None:
    write("INFO", message, **fields)


def ring(name: str, **fields: Any) -> None:
    """What a person has to look at, by the name that docs/operate.md has it under: template.yaml
    counts these lines, and one alarm rings by them all. CloudWatch asks $0.10 a month for an alarm,
    and $0.30 for a metric, but of the hours alone in which it is told."""
    write("WARN", name, **fields)


def failure(message: str, error: BaseException, **fields: Any) -> None:
    write("ERROR", message, **fields, failure=told(error))


def write(level: Level, message: str, **fields: Any) -> None:
    """`fields` are ours, or ids: of nobody's e-mail address, name or words."""
    from sharetrail.version import VERSION  # which the redirect seldom needs

    line = {"level": level, "message": message, "version": VERSION, **_said.get(), **fields}
    sys.stdout.write(f"{json.dumps(line)}\n")  # in one piece, since threads write at once


# ── failures ─────────────────────────────────────────────────────────────────────────────────────
def told(error: BaseException, causes: int = _MOST_CAUSES) -> dict[str, Any]:
    """What a line says of a failure, and of what it came from."""
    said: dict[str, Any] = {"kind": kind_of(error), "at": _places(error.__traceback__)}
    if not causes:
        return said
    if isinstance(error, BaseExceptionGroup):
        said["of"] = [told(each, causes - 1) for each in error.exceptions[:_MOST_CAUSES]]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said["cause"] = told(cause, causes - 1)
    return said


def kind_of(error: BaseException) -> str:
    """`ClientError ThrottlingException of PutItem`: its type and, where AWS refused, its code and
    what it was asked, in AWS's words for either."""
    said = type(error).__name__
    if (code := _code_of(error)) and code != said:  # as botocore names some types
        said += f" {code}"
    if asked := getattr(error, "operation_name", ""):
        said += f" of {asked}"
    return said


def _code_of(error: BaseException) -> str:
    """Botocore's errors have it in their response, our own client's and urllib's of themselves."""
    own = vars(error)
    if isinstance(response := own.get("response"), dict):
        return str(response.get("Error", {}).get("Code", ""))
    return str(own.get("code", ""))


def _places(trace: "TracebackType | None") -> list[str]:
    """`sharetrail/aws/tables.py:120 put`, the innermost last."""
    places = []
    while trace:
        code = trace.tb_frame.f_code
        path = "/".join(code.co_filename.split("/")[-_PARTS_OF_A_PATH:])
        places.append(f"{path}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return places[-_MOST_FRAMES:]
