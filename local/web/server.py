"""The HTTP server: sockets on one side, Request and Response on the other."""

import json
import sys
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from local.web.http import Request, Response

LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's limit
_WITHOUT_BODY = (204, 304)


class UnavailableError(OSError):
    """The address cannot be listened at."""


class Server(ThreadingHTTPServer):
    """Bound at once, so that a port in use is known early; answers from serve_forever() on."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        self.application: Callable[[Request], Response] = lambda _: Response(status=503)
        try:
            super().__init__((host, port), _Connection)
        except OSError as error:
            raise UnavailableError(
                f"cannot listen at {host}:{port}: {error.strerror}. "
                "`make run PORT=8081` takes another port, `make run HOST=…` another address"
            ) from error

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def server_bind(self) -> None:
        # The library would ask the network for this machine's name.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    def handle_error(self, *_: Any) -> None:
        # A browser that closes early is no news; anything else is a fault of ours.
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            traceback.print_exc()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sharetrail"
    sys_version = ""
    wbufsize = 65536  # headers and body leave together; else each answer waits for an ACK
    disable_nagle_algorithm = True
    timeout = 120
    server: Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method there is, do_GET as do_PURGE, is answered by the application."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        pass

    def handle_expect_100(self) -> bool:
        """At once: who asks before they send much waits a second for it."""
        is_welcome = super().handle_expect_100()
        self.wfile.flush()
        return is_welcome

    def _answer(self) -> None:
        body = self._body()
        if isinstance(body, Response):
            self.close_connection = True
            self._send(body)
            return
        path, _, query = self.path.partition("?")
        headers = self._headers()
        request = Request(
            method=self.command,
            path=path,
            raw_query=query,
            headers=headers,
            body=body,
            client=self.client_address[0],
            protocol=self.request_version,
        )
        self._send(self._apply(request))

    def _apply(self, request: Request) -> Response:
        try:
            return self.server.application(request)
        except Exception:
            # A page of ours failed: say so here and there, and keep serving.
            traceback.print_exc()
            return _message(500, "Internal Server Error")

    def _body(self) -> bytes | Response:
        if "transfer-encoding" in self.headers:
            return _message(411, "Length Required")
        length = self.headers.get("content-length", "0")
        if not length.isdecimal():
            return _message(400, "Bad Request")
        if int(length) > LARGEST_BODY:
            return _message(413, "Request Entity Too Large")
        return self.rfile.read(int(length))

    def _headers(self) -> dict[str, str]:
        joined: dict[str, str] = {}
        for name, value in self.headers.items():
            low = name.lower()
            joint = "; " if low == "cookie" else ","
            joined[low] = f"{joined[low]}{joint}{value}" if low in joined else value
        came_by = joined.get("x-forwarded-for")
        client = self.client_address[0]
        joined["x-forwarded-for"] = f"{came_by}, {client}" if came_by else client
        joined["x-forwarded-port"] = str(self.server.port)
        joined["x-forwarded-proto"] = "http"
        return joined

    def _send(self, response: Response) -> None:
        body = response.body.encode() if isinstance(response.body, str) else response.body
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        for cookie in response.cookies:
            self.send_header("set-cookie", cookie)
        if response.status not in _WITHOUT_BODY:
            self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD" and response.status not in _WITHOUT_BODY:
            self.wfile.write(body)


def _message(status: int, text: str) -> Response:
    return Response(
        status=status,
        headers={"content-type": "application/json"},
        body=json.dumps({"message": text}),
    )
