"""How a shop system fails: it throttles, breaks, loses its answer, or a firewall answers for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local.web import http
from local.web.http import Request, Response

Kind = Literal["throttled", "broken", "lost", "late", "page", "moved"]
"""- throttled: 429 and a Retry-After, and nothing is done;
- broken: 503, and nothing is done;
- lost: it is done, and nobody hears of it;
- late: it is done, after a while;
- page: some other program answers by a page;
- moved: it lives elsewhere now."""
_LATE = 0.2  # seconds
_PAGE = "<!doctype html><title>Just a moment…</title>"
ELSEWHERE = "https://www.elsewhere.example/"


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: Kind
    on: str = ""
    """Part of what it happens to: `POST /wp-json/wc/v3/webhooks`; empty for whatever comes."""
    after: int = 0
    """How many of those are answered well before."""


class Faults:
    """Each happens once, in their order; those on other requests wait for theirs."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.happened: list[str] = []

    def plan(self, kind: Kind, on: str = "", *, times: int = 1, after: int = 0) -> None:
        self._waiting.append(Fault(kind=kind, on=on, after=after))
        self._waiting += [Fault(kind=kind, on=on)] * (times - 1)

    def clear(self) -> None:
        self._waiting.clear()

    def apply(self, request: Request, answer: Callable[[Request], Response]) -> Response:
        fault = self._due(f"{request.method} {request.path}?{request.raw_query}")
        if fault is None:
            return answer(request)
        self.happened.append(fault.kind)
        match fault.kind:
            case "throttled":
                return http.problem(429, "slow down", **{"retry-after": "0"})
            case "broken":
                return http.problem(503, "not now")
            case "page":
                return http.answer_html(_PAGE, 403)
            case "moved":
                return http.redirect(ELSEWHERE, 301)
            case "late":
                time.sleep(_LATE)
                return answer(request)
        answer(request)
        return http.problem(502, "whatever became of it")

    def _due(self, line: str) -> Fault | None:
        for place, each in enumerate(self._waiting):
            if each.on in line:
                if each.after:
                    self._waiting[place] = Fault(kind=each.kind, on=each.on, after=each.after - 1)
                    return None
                return self._waiting.pop(place)
        return None
