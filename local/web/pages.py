"""/_local/: the pages and commands of the local cloud itself."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from local.clock import BackwardError, Clock, iso, parse
from local.template.declarations import Function, Template
from local.triggers.event_sources import EventSources
from local.triggers.schedules import Schedules, UnscheduledError
from local.web import http
from local.web.http import Request, Response
from local.web.outbox import Outbox

_VIEWS = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("html")), autoescape=True, trim_blocks=True
)
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # to a mail: its links, no script


class Pages:
    """An application to be mounted at /_local/. `facts` are what the index page shows of the demo
    merchant, and may be filled later. `invoke` runs a function by its folder.
    """

    def __init__(
        self,
        template: Template,
        clock: Clock,
        outbox: Outbox,
        schedules: Schedules,
        event_sources: EventSources,
        facts: Mapping[str, Any],
        invoke: Callable[[str, Any], Any],
    ) -> None:
        self._template = template
        self._clock = clock
        self._outbox = outbox
        self._schedules = schedules
        self._event_sources = event_sources
        self._facts = facts
        self._invoke = invoke
        self._routes: list[tuple[str, str, Callable[..., Response]]] = [
            ("GET", r"/_local/", self._index_page),
            ("GET", r"/_local/outbox/?", self._outbox_page),
            ("GET", r"/_local/outbox/(\d+)", self._mail_page),
            ("GET", r"/_local/outbox/(\d+)\.(html|txt|eml)", self._mail_part),
            ("POST", r"/_local/schedules/(\w+)", self._run_schedule),
            ("POST", r"/_local/invoke/(\w+)", self._invoke_directly),
            ("POST", r"/_local/drain", self._drain),
            ("POST", r"/_local/clock", self._set_clock),
        ]

    def __call__(self, request: Request) -> Response:
        if request.method == "POST" and not _is_own(request):
            return http.problem(403, "another site may not command the local cloud")
        method = "GET" if request.method == "HEAD" else request.method
        for verb, pattern, view in self._routes:
            found = re.fullmatch(pattern, request.path)
            if found and verb == method:
                return view(request, *found.groups())
        return http.problem(404, f"nothing answers {request.method} {request.path}")

    def _index_page(self, request: Request) -> Response:
        now = iso(self._clock.now())
        if request.query.get("format") == "json":
            return http.answer_json({**self._facts, "now": now})
        functions = self._template.functions.values()
        return _view(
            "index.html",
            now=now,
            facts=self._facts,
            mails=len(self._outbox.mails),
            scheduled=[function for function in functions if function.schedules],
            routes=sorted((each.path, each.method) for one in functions for each in one.routes),
            streams=self._event_sources.streams,
            queues=self._event_sources.queues,
            not_emulated=self._template.not_emulated,
        )

    def _outbox_page(self, request: Request) -> Response:
        mails = self._outbox.mails
        if request.query.get("format") == "json":
            return http.answer_json([mail.facts() for mail in mails])
        return _view("outbox.html", mails=mails)

    def _mail_page(self, request: Request, number: str) -> Response:
        mail = self._outbox.find(int(number))
        if not mail:
            return http.problem(404, f"there is no mail {number}")
        if request.query.get("format") == "json":
            return http.answer_json(mail.facts())
        return _view("mail.html", mail=mail)

    def _mail_part(self, _: Request, number: str, kind: str) -> Response:
        mail = self._outbox.find(int(number))
        if not mail:
            return http.problem(404, f"there is no mail {number}")
        if kind == "html":
            # What a mail brings along must not run on the page's own behalf.
            return Response(
                headers={
                    "content-type": "text/html; charset=utf-8",
                    "content-security-policy": f"sandbox {_SANDBOX}",
                },
                body=mail.html,
            )
        if kind == "txt":
            return http.answer_text(mail.text)
        return Response(
            headers={
                "content-type": "message/rfc822",
                "content-disposition": f'attachment; filename="mail-{mail.number}.eml"',
            },
            body=mail.eml,
        )

    def _run_schedule(self, request: Request, folder: str) -> Response:
        try:
            fired = self._schedules.fire(folder)
        except UnscheduledError as error:
            return http.problem(404, str(error))
        if fired.error:
            return http.problem(500, f"{folder} failed at every attempt: {fired.error}")
        answer = asdict(fired)
        del answer["error"]
        return _outcome(request, answer, f"{folder} ran at {fired.time}: {fired.result}")

    def _invoke_directly(self, request: Request, folder: str) -> Response:
        """As `aws lambda invoke` runs what has no trigger of its own, at the clock's time."""
        direct = [each.folder for each in self._template.functions.values() if _is_direct(each)]
        if folder not in direct:
            return http.problem(404, f"invoked directly are: {', '.join(direct)}")
        try:
            asked = json.loads(request.body or b"{}")
            event = {"time": iso(self._clock.now()), **asked}
        except (TypeError, ValueError) as error:
            return http.problem(400, f"the event is no JSON object: {error}")
        try:
            return http.answer_json(self._invoke(folder, event))
        except Exception as error:  # whatever it raises, as Lambda would tell it
            return http.problem(500, f"{folder} failed: {type(error).__name__}: {error}")

    def _drain(self, request: Request) -> Response:
        answer = self._event_sources.drain()
        said = f"Drained: {answer['invocations'] or 'nothing to do'}"
        return _outcome(request, answer, f"{said}; failed: {answer['failed'] or 'none'}")

    def _set_clock(self, request: Request) -> Response:
        try:
            now = self._clock.set_forward(parse(_time_of(request)))
        except BackwardError as error:
            return http.problem(400, str(error))
        except (TypeError, ValueError) as error:
            return http.problem(400, f"now must be a time such as 2026-11-23T13:00:00Z: {error}")
        return _outcome(request, {"now": iso(now)}, f"It is now {iso(now)}.")


def _is_direct(function: Function) -> bool:
    return not (function.routes or function.streams or function.queues or function.schedules)


def _time_of(request: Request) -> str:
    if _is_form(request):
        return request.form.get("now", "")
    body: Any = json.loads(request.body)
    if not isinstance(body, dict) or not isinstance(body.get("now"), str):
        raise ValueError("it is missing")
    return str(body["now"])


def _outcome(request: Request, answer: Any, sentence: str) -> Response:
    """JSON for a program; for a button of the index page a page that says what happened."""
    if _is_form(request):
        return _view("outcome.html", sentence=sentence)
    return http.answer_json(answer)


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/x-www-form-urlencoded") and "text/html" in (
        request.headers.get("accept", "")
    )


def _is_own(request: Request) -> bool:
    """A browser names the page's origin; a program names none."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def _view(name: str, **values: Any) -> Response:
    return http.answer_html(_VIEWS.get_template(name).render(**values))
