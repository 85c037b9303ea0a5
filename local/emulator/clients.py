"""The local cloud's own boto3 clients, apart from those of the functions."""

import os
from functools import cache
from threading import Lock
from typing import Any

import boto3

from local.emulator import wire

_ENDPOINT = "AWS_ENDPOINT_URL"
_lock = Lock()


def client(service: str) -> Any:
    """One a service and emulator. A session must not make two clients at once, and takes its time
    over each, so they are kept.
    """
    # As boto3 has it, a service may live at an address of its own.
    own = {"dynamodbstreams": "DYNAMODB_STREAMS"}.get(service, service.upper())
    with _lock:
        return _client(service, os.environ.get(f"{_ENDPOINT}_{own}") or os.environ[_ENDPOINT])


@cache
def _client(service: str, endpoint: str) -> Any:
    return _session().client(service, endpoint_url=endpoint)


@cache
def _session() -> Any:
    session = boto3.Session()
    wire.hook(session)
    return session
