"""The local cloud's own boto3 clients, apart from those of the functions."""

import os
from functools import cache
from threading import Lock
from typing import Any

import boto3

_lock = Lock()


def client(service: str) -> Any:
    """One a service and emulator. A session must not make two clients at once, and takes its time
    over each, so they are kept.
    """
    with _lock:
        return _client(service, os.environ["AWS_ENDPOINT_URL"])


@cache
def _client(service: str, endpoint: str) -> Any:
    return _session().client(service, endpoint_url=endpoint)


@cache
def _session() -> Any:
    return boto3.Session()
