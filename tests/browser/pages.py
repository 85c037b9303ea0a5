"""A tiny shop and a tiny API on one loopback server: `localhost` is the shop, `127.0.0.1` the API.

The script itself comes from its real handler. Every request is kept, in the order of arrival.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Page, WebError

from functions.serve_script import app as serve_script
from sharetrail.web.script import Script

KEY = "pk_test"
NETWORKS = (
    "facebook x pinterest whatsapp telegram linkedin reddit threads bluesky email sms copy device"
)
BUTTONS = f'<sharetrail-buttons networks="{NETWORKS}"></sharetrail-buttons>'
"""Every button, as a shop may choose; by itself the element shows a few."""
SHOPIFY = "<script>window.Shopify = {}</script>"
USED_UP, ACTS = 429, 422
PATIENCE = 8_000
"""Milliseconds after which what a test waits for will not happen."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def click_id(age: timedelta = timedelta(), tail: str = "") -> str:
    """A click id as the redirect mints them, from `age` ago."""
    number = int((time.time() - age.total_seconds()) * 1000)
    when = ""
    for _ in range(9):
        number, digit = divmod(number, 32)
        when = _DIGITS[digit] + when
    return f"{when}3{tail:0>16}"


FIRST, SECOND = click_id(timedelta(hours=2), "a"), click_id(timedelta(hours=1), "b")


def shop_page(
    body: str = BUTTONS,
    *,
    head: str = "",
    query: str = f"?key={KEY}",
    install: str = "",
    lang: str = "en",
    direction: str = "ltr",
    times: int = 1,
) -> str:
    script = f'<script defer src="{{API}}/sharetrail.js{query}" {install}></script>' * times
    return (
        f'<!doctype html><html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Linen shirt</title>{head}{script}</head>"
        f"<body><main><h1>Linen shirt</h1>{body}</main></body></html>"
    )


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Stage:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.html = shop_page()
        self.headers: dict[str, str] = {}
        """What the shop's pages are sent with."""
        self.broken: set[str] = set()
        """Paths answered with 500."""
        self.cart: dict[str, str] = {}
        """The attributes that Shopify's cart has; what is told of it stays."""
        self.opens = ""
        """Where links lead to share, if not to a page of the network's."""
        self.consent = "optional"
        """What the shop's country asks for."""
        self.refused: set[str] = set()
        """Influencers' tokens answered with 403."""
        self.refuses_links: int | None = None
        """How new links are answered: USED_UP, with the page's own address to share, or ACTS, with
        the shop's first."""
        self.links_open = Event()
        """While it is not set, a request for a link waits for its answer."""
        self.links_open.set()
        stage = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stage._get(self)

            def do_POST(self) -> None:
                stage._post(self)

            def do_OPTIONS(self) -> None:
                stage._answer(self, 204, "", headers=stage._cors)

            def log_message(self, *_: object) -> None: ...

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None: ...  # pages leave before their answers

        self._server = Server(("127.0.0.1", 0), Handler)
        port = self._server.server_port
        self.shop = f"http://localhost:{port}"
        self.api = f"http://127.0.0.1:{port}"
        self._cors = {
            "access-control-allow-origin": self.shop,
            "access-control-allow-headers": "authorization, content-type",
        }

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def to(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST" and asked.path == path]

    @property
    def carts(self) -> list[dict[str, str]]:
        return [asked.json["attributes"] for asked in self.to("/cart/update.js")]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for asked in self.to("/v1/events") for event in asked.json["events"]]

    def events_of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def _get(self, request: BaseHTTPRequestHandler) -> None:
        path, _, query = request.path.partition("?")
        if path == "/sharetrail.js":
            headers = {name.lower(): value for name, value in request.headers.items()}
            answer = self._script("key=" in query).answer(headers)
            body = answer.get("body", "")
            packed = base64.b64decode(body) if answer.get("isBase64Encoded") else body
            self._answer(request, answer["statusCode"], packed, headers=answer["headers"])
        elif path.endswith("/cart.js"):
            self._answer(request, 200, json.dumps({"attributes": self.cart}))
        elif path == "/favicon.ico":
            self._answer(request, 204, "")
        elif path.startswith("/opened/"):
            self._answer(request, 200, "A network", headers={"content-type": "text/plain"})
        else:
            html = {"content-type": "text/html; charset=utf-8", **self.headers}
            self._answer(request, 200, self.html.replace("{API}", self.api), headers=html)

    def _script(self, is_key_named: bool) -> Script:
        by_country = {
            "required": serve_script.REQUIRED,
            "optional": serve_script.OPTIONAL,
            "unknown": serve_script.UNKNOWN,  # where a cache in between drops what follows the `?`
        }
        return by_country[self.consent] if is_key_named else serve_script.UNKNOWN

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Asked("POST", request.path, headers, body))
        if request.path in self.broken:
            self._answer(request, 500, "{}", headers=self._cors)
        elif request.path == "/v1/links" and self._is_refused(json.loads(body)):
            self._answer(request, 403, "{}", headers=self._cors)
        elif request.path == "/v1/links" and self.refuses_links:
            status, wish = self.refuses_links, json.loads(body)
            shared = wish["url"] if status == USED_UP else f"{self.shop}/"
            told = {"status": status, "share_url": self._share_url(wish, shared)}
            self._answer(request, status, json.dumps(told), headers=self._cors)
        elif request.path == "/v1/links":
            self.links_open.wait(5)
            self._answer(request, 201, json.dumps(self._link(json.loads(body))), headers=self._cors)
        else:
            if request.path.endswith("/cart/update.js"):
                self.cart |= json.loads(body)["attributes"]
            self._answer(request, 202, "{}", headers=self._cors)

    def _is_refused(self, wish: dict[str, Any]) -> bool:
        return wish["influencer"].get("token") in self.refused

    def _link(self, wish: dict[str, Any]) -> dict[str, str]:
        code = f"code{len(self.to('/v1/links')):06}"
        return {
            "code": code,
            "short_url": f"{self.api}/{code}",
            "share_url": self._share_url(wish, f"{self.api}/{code}"),
            "network": wish["network"],
            "influencer_id": "anon_1",
            "url": wish["url"],
            "created_at": "2026-01-05T08:00:00Z",
        }

    def _share_url(self, wish: dict[str, Any], address: str) -> str:
        if wish["network"] in ("copy", "device"):
            return address
        return self.opens or f"{self.shop}/opened/{wish['network']}"

    def _answer(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        body: str | bytes,
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        request.send_response(status)
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.send_header("content-length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


class Shopper:
    """A visitor. The window is shared between tests, since each stage is an origin of its own;
    who needs a browser with other properties, or changes it, says `use` first."""

    def __init__(self, window: Page, stage: Stage) -> None:
        self.page = window
        self._shared = window
        self._stage = stage
        self.errors: list[str] = []
        self.context.on("weberror", self._note)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def use(self, *, prepared: str = "", clock: bool = False, **browser: Any) -> None:
        """A browser with these properties, `prepared` run in every page, its clock ours alone to
        turn."""
        its_own = self._browser.new_context(**browser)
        its_own.on("weberror", self._note)
        its_own.set_default_timeout(PATIENCE)
        if prepared:
            its_own.add_init_script(prepared)
        if clock:
            its_own.clock.install()
            its_own.clock.pause_at(time.time() + 1)  # till then it would go on by itself
        self.page = its_own.new_page()

    @property
    def _browser(self) -> Browser:
        browser = self._shared.context.browser
        assert browser is not None
        return browser

    def leave(self) -> None:
        if self.page is not self._shared:
            self.context.close()
        self.page = self._shared
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.goto("about:blank")
        self.context.remove_listener("weberror", self._note)

    def _note(self, error: WebError) -> None:
        self.errors.append(str(error.error))

    def go(self, path: str = "/shirt", *, html: str | None = None, referer: str = "") -> Page:
        if html is not None:
            self._stage.html = html
        self.page.goto(self._stage.shop + path, referer=referer or None)
        return self.page

    def land(self, *clicks: str, html: str | None = None) -> None:
        for click in clicks:
            self.go(f"/shirt?st={click}", html=html, referer="https://www.facebook.com/")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def trail(self) -> str:
        return self.page.evaluate("sharetrail.trail")

    @property
    def visit(self) -> str:
        return self.page.evaluate("sharetrail.visit")

    @property
    def stored(self) -> dict[str, Any] | None:
        return json.loads(self.page.evaluate("localStorage.getItem('sharetrail')") or "null")

    def until(self, what: Callable[[], Any], seconds: float = 5) -> Any:
        """Wait for something to become true, and answer it."""
        end = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < end, "it did not happen"
            self.page.wait_for_timeout(15)
        return found

    def look(self) -> None:
        """Until all of the page's observers have been told what is on the screen by now."""
        self.page.evaluate(
            """() => new Promise(told => new IntersectionObserver((_, own) => {
              own.disconnect(); told();
            }).observe(document.body))"""
        )

    def pause(self, seconds: float) -> None:
        """Long enough for what must not happen."""
        self.page.wait_for_timeout(seconds * 1000)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Do something, then leave the page, which sends what it still holds."""
        yield
        self.page.goto("about:blank")
