"""AWS failing for whoever waits for a webhook: refused, unreachable, silent, or its answer lost."""

import io
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from local.emulator import wire
from local.runtime.memories import forget_clients, forget_whereabouts
from sharetrail.aws import clients
from sharetrail.aws.fast import client

NOWHERE = "http://127.0.0.1:9"
_Send = Callable[[Any], Any]


class _Raw(io.BytesIO):
    """An answer's body, as urllib3 would hand it over."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def failing(service: str, how: Callable[[_Send], _Send]) -> Iterator[None]:
    """What a waiting sender's client sends to this service goes through `how`."""
    made = clients._of(service, True)
    session = made._endpoint.http_session
    # The local cloud has a way of its own to its tables.
    made.meta.events.unregister(wire._EVENT, wire._carry, unique_id=wire._HOOK)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "send", how(session.send))
        yield
    wire.hook(made.meta)


@contextmanager
def elsewhere(endpoint: str, *services: str) -> Iterator[None]:
    """Within it such a client looks for these services at another address."""
    real = clients._make

    def make(service: str, config: dict[str, Any] = clients._PATIENT) -> Any:
        if service in services and config is clients._PROMPT:
            return boto3.client(service, endpoint_url=endpoint, config=Config(**config))
        return real(service, config)

    clients._of.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clients, "_make", make)
        yield
    clients._of.cache_clear()


@contextmanager
def away(*services: str) -> Iterator[None]:
    """Within it nobody reaches these services, waited for or not, by either client."""
    with pytest.MonkeyPatch.context() as patched:
        for service in services:
            patched.setenv(f"AWS_ENDPOINT_URL_{service.upper()}", NOWHERE)
        patched.setattr(client, "BRISK", 0.15)
        _forget()
        yield
    _forget()


def _forget() -> None:
    forget_clients()
    forget_whereabouts()


@contextmanager
def hanging(*services: str) -> Iterator[None]:
    """They take every connection, and say nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        port = silent.getsockname()[1]
        with elsewhere(f"http://127.0.0.1:{port}", *services):
            yield


# ── how ──────────────────────────────────────────────────────────────────────────────────────────
def refused(code: str, message: str = "the test says no") -> Callable[[_Send], _Send]:
    """Every request is answered by an error of AWS's, and does nothing."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb#{code}", "message": message}).encode()

    def how(_real: _Send) -> _Send:
        headers = {"content-type": "application/x-amz-json-1.0"}
        return lambda request: AWSResponse(request.url, 400, headers, _Raw(body))

    return how


def contended(times: int) -> Callable[[_Send], _Send]:
    """The first requests are transactions that others', of the same items, keep from being done."""
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    body = json.dumps({"__type": code, "CancellationReasons": reasons}).encode()
    left = [times]

    def how(real: _Send) -> _Send:
        def send(request: Any) -> Any:
            if not left[0] or not request.headers["x-amz-target"].endswith(b"TransactWriteItems"):
                return real(request)
            left[0] -= 1
            return AWSResponse(request.url, 400, {}, _Raw(body))

        return send

    return how


def lost(times: int = 1_000) -> Callable[[_Send], _Send]:
    """The first requests are done, and their answers never arrive."""
    left = [times]

    def how(real: _Send) -> _Send:
        def send(request: Any) -> Any:
            answer = real(request)
            if left[0]:
                left[0] -= 1
                raise ReadTimeoutError(endpoint_url=request.url)
            return answer

        return send

    return how
