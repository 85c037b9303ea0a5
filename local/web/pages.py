"""/_local/: the pages and commands of the local cloud itself."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from local.clock import BackwardError, Clock, iso, parse
from local.template.declarations import Template
from local.triggers.event_sources import EventSources
from local.triggers.mail_events import Fate, MailEvents
from local.triggers.schedules import Schedules, UnscheduledError
from local.web import http
from local.web.http import Request, Response
from local.web.onboarding import Onboarding
from local.web.outbox import Outbox
from local.web.views import render

_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # to a mail: its links, no script
_FURTHEST = timedelta(days=366)
"""That the clock goes at once. It never goes back, and a year that was mistyped is soon said."""


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
        mail_events: MailEvents,
        facts: Mapping[str, Any],
        invoke: Callable[[str, Any], Any],
    ) -> None:
        self._template = template
        self._clock = clock
        self._outbox = outbox
        self._schedules = schedules
        self._event_sources = event_sources
        self._mail_events = mail_events
        self._facts = facts
        self._invoke = invoke
        onboarding = Onboarding(self._invoke_now)
        self._routes: list[tuple[str, str, Callable[..., Response]]] = [
            ("GET", r"/_local/", self._index_page),
            ("GET", r"/_local/onboard/?", onboarding.ask),
            ("POST", r"/_local/onboard/?", onboarding.onboard),
            ("GET", r"/_local/outbox/?", self._outbox_page),
            ("GET", r"/_local/outbox/(\d{1,9})", self._mail_page),
            ("GET", r"/_local/outbox/(\d{1,9})\.(html|txt|eml)", self._mail_part),
            ("POST", r"/_local/outbox/(\d{1,9})/(bounce|complaint)", self._tell_of_mail),
            ("POST", r"/_local/schedules/(\w+)", self._run_schedule),
            ("POST", r"/_local/invoke/(\w+)", self._invoke_directly),
            ("POST", r"/_local/drain", self._drain),
            ("POST", r"/_local/clock", self._set_clock),
        ]

    def __call__(self, request: Request) -> Response:
        if request.method == "POST" and not _is_own(request):
            return _refuse(request, 403, "Another site may not command the local cloud.")
        method = "GET" if request.method == "HEAD" else request.method
        matches = ((verb, re.fullmatch(p, request.path), view) for verb, p, view in self._routes)
        fitting = {verb: (found, view) for verb, found, view in matches if found}
        if method in fitting:
            found, view = fitting[method]
            return view(request, *found.groups())
        if fitting:
            allowed = ", ".join(fitting)
            return _refuse(request, 405, f"{request.path} takes {allowed} alone.", allow=allowed)
        return _refuse(request, 404, f"Nothing is at {request.path}; /_local/ says what there is.")

    # ── what there is ────────────────────────────────────────────────────────────────────────────
    def _index_page(self, request: Request) -> Response:
        now = self._clock.now()
        if request.query.get("format") == "json":
            return http.answer_json({**self._facts, "status": "ready", "now": iso(now)})
        functions = self._template.functions.values()
        return _view(
            "index.html",
            now=iso(now),
            date=f"{now:%A, %-d %B %Y, %H:%M} UTC",
            next_monday=iso(_next_monday(now)),
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
            return _refuse(request, 404, f"There is no mail {number}.")
        if request.query.get("format") == "json":
            return http.answer_json(mail.facts())
        return _view("mail.html", mail=mail)

    def _mail_part(self, request: Request, number: str, kind: str) -> Response:
        mail = self._outbox.find(int(number))
        if not mail:
            return _refuse(request, 404, f"There is no mail {number}.")
        if kind == "html":
            # What a mail brings along must not run on the page's own behalf.
            return http.answer_html(mail.html, **{"content-security-policy": f"sandbox {_SANDBOX}"})
        if kind == "txt":
            return http.answer_text(mail.text)
        return Response(
            headers={
                "content-type": "message/rfc822",
                "content-disposition": f'attachment; filename="mail-{mail.number}.eml"',
            },
            body=mail.eml,
        )

    # ── what can be done ─────────────────────────────────────────────────────────────────────────
    def _tell_of_mail(self, request: Request, number: str, fate: Fate) -> Response:
        """What SES tells when a mailbox refuses the mail, or its owner calls it spam."""
        mail = self._outbox.find(int(number))
        if not mail:
            return _refuse(request, 404, f"There is no mail {number}.")
        self._mail_events.tell(fate, mail.as_ses_tells())
        said = {"bounce": "refuses mail", "complaint": "called the mail spam"}[fate]
        sentence = f"SES tells that {mail.to} {said}."
        return _outcome(request, {"told": fate}, sentence, back="outbox")

    def _run_schedule(self, request: Request, folder: str) -> Response:
        try:
            fired = self._schedules.fire(folder)
        except UnscheduledError as error:
            return _refuse(request, 404, f"{error}.")
        if fired.error:
            detail = f"{folder} failed at every attempt: {fired.error}"
            return _refuse(request, 500, detail)
        answer = asdict(fired)
        del answer["error"]
        queued = f", messages queued: {fired.result}" if isinstance(fired.result, int) else ""
        return _outcome(request, answer, f"{folder} ran at {fired.time}{queued}")

    def _invoke_directly(self, request: Request, folder: str) -> Response:
        """As `aws lambda invoke` runs what the template puts out for it, at the clock's time."""
        direct = [each.folder for each in self._template.functions.values() if each.is_put_out]
        if folder not in direct:
            return _refuse(request, 404, f"invoked directly are: {', '.join(direct)}")
        try:
            asked = {**json.loads(request.body or b"{}")}
        except (TypeError, ValueError, RecursionError) as error:
            return _refuse(request, 400, f"The event is no JSON object: {error}")
        try:
            return http.answer_json(self._invoke_now(folder, asked))
        except Exception as error:  # whatever it raises, as Lambda would tell it
            return _refuse(request, 500, f"{folder} failed: {type(error).__name__}: {error}")

    def _invoke_now(self, folder: str, event: Mapping[str, Any]) -> Any:
        return self._invoke(folder, {"time": iso(self._clock.now()), **event})

    def _drain(self, request: Request) -> Response:
        answer = self._event_sources.drain()
        said = f"Drained: {answer['invocations'] or 'nothing to do'}"
        return _outcome(request, answer, f"{said}; failed: {answer['failed'] or 'none'}")

    def _set_clock(self, request: Request) -> Response:
        try:
            wish, now = parse(_time_of(request)), self._clock.now()
            if wish - now > _FURTHEST:
                detail = f"It is {iso(now)} here, and the clock goes at most a year ahead at once."
                return _refuse(request, 400, detail)
            moved = self._clock.set_forward(wish)
        except BackwardError:
            now = self._clock.now()
            detail = f"It is {iso(now)} here already, and the clock only moves forward."
            return _refuse(request, 400, detail)
        except (TypeError, ValueError, RecursionError) as error:
            detail = f"`now` must be a time such as 2026-11-23T13:00:00Z: {error}."
            return _refuse(request, 400, detail)
        return _outcome(request, {"now": iso(moved)}, f"It is now {iso(moved)}.")


def _next_monday(now: datetime) -> datetime:
    """When the demo shop's next report is due, within an hour."""
    day = now.replace(hour=13, minute=0, second=0, microsecond=0)
    days = [day + timedelta(days=n) for n in range(8)]
    return next(each for each in days if each > now and each.weekday() == 0)


def _time_of(request: Request) -> str:
    if http.is_form(request):
        return request.form.get("now", "").strip()
    body: Any = json.loads(request.body)
    if not isinstance(body, dict) or not isinstance(body.get("now"), str):
        raise ValueError("it is missing")
    return str(body["now"])


def _outcome(request: Request, answer: Any, sentence: str, back: str = "") -> Response:
    """JSON for a program; for a button a page that says what happened, and leads `back`."""
    if http.is_form(request) and http.wants_page(request):
        return _view("outcome.html", title="Done", sentence=sentence, back=back)
    return http.answer_json(answer)


def _refuse(request: Request, status: int, detail: str, **headers: str) -> Response:
    if http.wants_page(request):
        page = render("outcome.html", title="That did not work", sentence=detail, back="")
        return http.answer_html(page, status, **headers)
    return http.problem(status, detail, **headers)


def _is_own(request: Request) -> bool:
    """A browser names the page's origin; a program names none."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def _view(name: str, **values: Any) -> Response:
    return http.answer_html(render(name, **values))
