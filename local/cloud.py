"""The local cloud: the emulator, the functions, their triggers and the HTTP API in one process."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any, Self

from local.clock import Clock
from local.emulator import resources, wire
from local.emulator.environment import environment
from local.emulator.ministack import Emulator
from local.platforms.platforms import PREFIX, Platforms
from local.runtime.handlers import Handler, Runtime, load_handler
from local.runtime.memories import forget_clients, forget_facts, forget_mail_client
from local.template import reader
from local.triggers.event_sources import EventSources
from local.triggers.failures import Failures
from local.triggers.mail_events import MailEvents
from local.triggers.schedules import ScheduleRun, Schedules
from local.web import addresses
from local.web.gateway import Gateway
from local.web.http import Request, Response, redirect
from local.web.outbox import Outbox
from local.web.pages import Pages
from local.web.server import Server

Application = Callable[[Request], Response]
_PARAMETERS = {"Stage": "local", "MailFrom": "reports@sharetrail.example"}


class Cloud:
    """`with Cloud() as cloud:` serves template.yaml at `cloud.url`; leaving stops everything.

    Streams and queues run on drain(), or by themselves after poll(). `mounts` are applications
    by path prefix, which win over the API's routes. `emulator` is one that runs already, and
    `prepared` says that the resources of this `stack` are in it. `start` is the virtual clock's.
    `starting` answers everything from the first moment until open().
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: Path = reader.TEMPLATE,
        stack: str = reader.STACK,
        parameters: Mapping[str, str] | None = None,
        load: Callable[[str], Handler] = load_handler,
        start: datetime | None = None,
        mounts: Mapping[str, Application] | None = None,
        emulator: Emulator | None = None,
        prepared: bool = False,
        starting: Application | None = None,
    ) -> None:
        self.facts: dict[str, Any] = {}  # what the index page shows, filled by who opens a shop
        self.clock = Clock(start)
        self.outbox = Outbox(self.clock)
        self.platforms = Platforms()
        self._host, self._port = host, port
        self._path, self._stack_name, self._parameters = path, stack, parameters
        self._load = load
        self._mounts: dict[str, Application] = dict(mounts or {})
        self._running_emulator = emulator
        self._prepared = prepared
        self._starting = starting
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            self._start()
            # Nothing failed: what was started stays until __exit__.
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://{addresses.asked_at(self._host)}:{self.server.port}"

    def stop(self) -> None:
        self._stack.close()

    def open(self) -> None:
        """From now on requests are answered; without `starting` they are from the beginning."""
        for each in self._servers:
            each.application = self._root

    def mount(self, prefix: str, application: Application) -> None:
        self._mounts[prefix] = application

    def invoke(self, folder: str, event: Any) -> Any:
        """Runs a function as `aws lambda invoke` would; its exception is raised here."""
        return self.runtime.invoke(folder, event)

    def schedule(self, folder: str) -> ScheduleRun:
        """Runs a scheduled function now. UnscheduledError if no schedule names it."""
        return self.schedules.fire(folder)

    def drain(self) -> dict[str, Any]:
        """See EventSources.drain: {"failed": [...], "invocations": {folder: count}}."""
        return self.event_sources.drain()

    def skip_stream(self, folder: str) -> None:
        """The function's stream goes on with what is written from now on."""
        for stream in self.event_sources.streams:
            if stream.trigger.folder == folder:
                stream.start(latest=True)

    def poll(self) -> None:
        """From now on streams and queues run by themselves."""
        self.event_sources.poll()

    def answer(self, request: Request) -> Response:
        """What the server answers: pages, then mounts, then the API."""
        for prefix, application in self._mounts.items():
            base = prefix.rstrip("/")
            if prefix != base and request.path == base:
                return redirect(prefix, 308)
            if request.path == base or request.path.startswith(f"{base}/"):
                return application(request)
        return self.gateway(request)

    def _start(self) -> None:
        # First, since a port in use is the likeliest trouble.
        self._listen()
        self.emulator = self._running_emulator or Emulator()
        if not self._running_emulator:
            self._stack.callback(self.emulator.stop)
        parameters = {**_PARAMETERS, "PublicBaseUrl": self.url, **(self._parameters or {})}
        self.template = reader.load(
            self._path, parameters, endpoint=self.emulator.endpoint, stack=self._stack_name
        )
        self._set_environment()
        if not self._prepared:
            self.emulator.wait()
            resources.create(self.template)
        self.outbox.install()
        self._stack.callback(self.outbox.remove)
        self._assemble()
        if not self._starting:
            self.open()
        self._stack.callback(self._hush)

    def _listen(self) -> None:
        """At the host, and wherever else the demo shop's `localhost` leads."""
        self.server = Server(self._host, self._port)
        self._servers = [self.server]
        if not addresses.is_heard_at_loopback(self._host):
            self._servers.append(Server(addresses.LOOPBACK, self.server.port))
        for each in self._servers:
            if self._starting:
                each.application = self._starting
            Thread(target=each.serve_forever, args=(0.05,), daemon=True).start()
            self._stack.callback(each.server_close)
            self._stack.callback(each.shutdown)

    def _hush(self) -> None:
        """Nobody is answered while what would answer is being stopped."""
        for each in self._servers:
            each.shutdown()

    def _set_environment(self) -> None:
        values = self.emulator.environment | self.template.environment
        values |= {"LOCAL_PLATFORMS": f"{self.url}{PREFIX.rstrip('/')}"}
        self._stack.enter_context(environment(values))
        # Clients made before would speak to another emulator, unseen by the outbox.
        wire.open_to(self.emulator.endpoint)
        forget = forget_mail_client if self._prepared else forget_clients
        self._stack.callback(forget)
        forget()
        forget_facts()

    def _assemble(self) -> None:
        failures = Failures(self.template)
        self.runtime = Runtime(self.template.functions, self._load)
        self.schedules = Schedules(self.template, self.runtime, self.clock, failures)
        self.event_sources = EventSources(self.template, self.runtime, self.clock, failures)
        self._stack.callback(self.event_sources.stop)
        routes = [route for each in self.template.functions.values() for route in each.routes]
        self.gateway = Gateway(routes, self._answer_in_its_day, self.clock)
        pages = Pages(
            self.template,
            self.clock,
            self.outbox,
            self.schedules,
            self.event_sources,
            MailEvents(self.template, self.clock),
            self.facts,
            self.invoke,
        )
        self._mounts.setdefault("/_local/", pages)
        self._mounts.setdefault(PREFIX, self.platforms)

    def _answer_in_its_day(self, folder: str, event: Any) -> Any:
        self.schedules.meet_day()
        return self.runtime.invoke(folder, event)

    def _root(self, request: Request) -> Response:
        return redirect("/_local/", 302) if request.path == "/" else self.answer(request)
