"""What everything answers until the demo shop is there: that it is starting, and how far it is."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, TextIO

from local.web import http
from local.web.http import Request, Response
from local.web.views import render

_AGAIN = 2  # seconds, after which it is worth asking again
_SHOWN = 6  # steps
_WHOLE = re.compile(r"([\d,]+) of \1 ")
"""A step that says that it is done; what comes next has not been said."""


class Starting:
    """An application in the place of all others. What is printed meanwhile are its steps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._steps: list[str] = []

    @contextmanager
    def follow(self) -> Iterator[None]:
        """While it lasts, each line that is printed is a step."""
        with redirect_stdout(_Lines(sys.stdout, self._steps.append)):
            yield

    def __call__(self, request: Request) -> Response:
        seconds = int(self._clock() - self._began)
        headers = {"retry-after": str(_AGAIN), "cache-control": "no-store"}
        steps = self._steps[-_SHOWN:]
        if http.wants_page(request):
            goes_on = not steps or bool(_WHOLE.match(steps[-1]))
            page = render("starting.html", seconds=seconds, steps=steps, goes_on=goes_on)
            return http.answer_html(page, 503, refresh=str(_AGAIN), **headers)
        step = steps[-1] if steps else ""
        told = {"status": "starting", "step": step, "seconds": seconds}
        return http.answer_json(told, 503, **headers)


class _Lines:
    """A stdout that tells each line on, and prints it all the same."""

    def __init__(self, terminal: TextIO, tell: Callable[[str], Any]) -> None:
        self._terminal = terminal
        self._tell = tell
        self._line = ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).replace("\r", "\n").split("\n")
        for line in filter(None, map(str.strip, lines)):
            self._tell(line)
        return self._terminal.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)
