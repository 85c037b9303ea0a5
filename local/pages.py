"""/_local/: the pages and commands of the local cloud itself."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from local import http
from local.clock import BackwardError, iso, parse
from local.http import Request, Response
from local.schedules import UnscheduledError

if TYPE_CHECKING:
    from local.cloud import Cloud

_VIEWS = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("html")), autoescape=True, trim_blocks=True
)
_ALLOWED = "allow-popups allow-popups-to-escape-sandbox"  # to a mail: its links, no script


class Pages:
    """An application to be mounted at /_local/."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self._routes: list[tuple[str, str, Callable[..., Response]]] = [
            ("GET", r"/_local/", self._index),
            ("GET", r"/_local/outbox/?", self._outbox),
            ("GET", r"/_local/outbox/(\d+)", self._mail),
            ("GET", r"/_local/outbox/(\d+)\.(html|txt|eml)", self._mail_part),
            ("POST", r"/_local/schedules/(\w+)", self._schedule),
            ("POST", r"/_local/drain", self._drain),
            ("POST", r"/_local/clock", self._clock),
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

    def _index(self, request: Request) -> Response:
        now = iso(self._cloud.clock.now())
        if request.query.get("format") == "json":
            return http.answer_json({**self._cloud.facts, "now": now})
        template = self._cloud.template
        functions = template.functions.values()
        return _view(
            "index.html",
            now=now,
            facts=self._cloud.facts,
            mails=len(self._cloud.outbox.mails),
            scheduled=[function for function in functions if function.schedules],
            routes=sorted((each.path, each.method) for one in functions for each in one.routes),
            streams=self._cloud.triggers.streams,
            queues=self._cloud.triggers.queues,
            not_emulated=template.not_emulated,
        )

    def _outbox(self, request: Request) -> Response:
        mails = self._cloud.outbox.mails
        if request.query.get("format") == "json":
            return http.answer_json([mail.facts() for mail in mails])
        return _view("outbox.html", mails=mails)

    def _mail(self, request: Request, number: str) -> Response:
        mail = self._cloud.outbox.find(int(number))
        if not mail:
            return http.problem(404, f"there is no mail {number}")
        if request.query.get("format") == "json":
            return http.answer_json(mail.facts())
        return _view("mail.html", mail=mail)

    def _mail_part(self, _: Request, number: str, kind: str) -> Response:
        mail = self._cloud.outbox.find(int(number))
        if not mail:
            return http.problem(404, f"there is no mail {number}")
        if kind == "html":
            # What a mail brings along must not run on the page's own behalf.
            return Response(
                headers={
                    "content-type": "text/html; charset=utf-8",
                    "content-security-policy": f"sandbox {_ALLOWED}",
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

    def _schedule(self, request: Request, folder: str) -> Response:
        try:
            fired = self._cloud.schedule(folder)
        except UnscheduledError as error:
            return http.problem(404, str(error))
        if fired.error:
            return http.problem(500, f"{folder} failed at every attempt: {fired.error}")
        answer = asdict(fired)
        del answer["error"]
        return _told(request, answer, f"{folder} ran at {fired.time}: {fired.result}")

    def _drain(self, request: Request) -> Response:
        answer = self._cloud.drain()
        said = f"Drained: {answer['invocations'] or 'nothing to do'}"
        return _told(request, answer, f"{said}; failed: {answer['failed'] or 'none'}")

    def _clock(self, request: Request) -> Response:
        try:
            now = self._cloud.clock.set_forward(parse(_asked_time(request)))
        except BackwardError as error:
            return http.problem(400, str(error))
        except (TypeError, ValueError) as error:
            return http.problem(400, f"now must be a time such as 2026-11-23T13:00:00Z: {error}")
        return _told(request, {"now": iso(now)}, f"It is now {iso(now)}.")


def _asked_time(request: Request) -> str:
    if _is_form(request):
        return request.form.get("now", "")
    body: Any = json.loads(request.body)
    if not isinstance(body, dict) or not isinstance(body.get("now"), str):
        raise ValueError("it is missing")
    return str(body["now"])


def _told(request: Request, answer: Any, sentence: str) -> Response:
    """JSON for a program; for a button of the index page a page that says what happened."""
    if _is_form(request):
        return _view("told.html", sentence=sentence)
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
