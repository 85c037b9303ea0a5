"""AWS credentials as Lambda gives them: in the environment, or under SnapStart by an address.

The address is boto3's container provider: AWS_CONTAINER_CREDENTIALS_FULL_URI, or _RELATIVE_URI on
the container host, with the authorization that AWS_CONTAINER_AUTHORIZATION_TOKEN(_FILE) holds.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from sharetrail import environment
from sharetrail.connections import Connection, Lost
from sharetrail.items import moment

_CONTAINER = "http://169.254.170.2"
_PLAIN_HOSTS = {"localhost", "127.0.0.1", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"}
_EARLY = timedelta(minutes=5)
_PAUSE = timedelta(seconds=30)


class NoCredentials(Exception):
    """Neither the environment nor the address gave any."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    key_id: str
    secret: str
    token: str | None = None
    expires: datetime | None = None


def current(now: datetime, until: float) -> Credentials:
    """Credentials to sign with, by `until` (monotonic). NoCredentials where there are none."""
    return _of_environment() or _container.current(now, until)


@cache
def _of_environment() -> Credentials | None:
    """A process keeps the ones it began with: Lambda replaces the process, not the variables."""
    key_id, secret = environment.aws("ACCESS_KEY_ID"), environment.aws("SECRET_ACCESS_KEY")
    if not (key_id and secret):
        return None
    return Credentials(key_id=key_id, secret=secret, token=environment.aws("SESSION_TOKEN"))


def forget() -> None:
    """AWS says they have expired: the next request asks for new ones."""
    _container.forget()


class _Container:
    """What the address gave, until shortly before it expires. Threads may ask it at once."""

    def __init__(self) -> None:
        self._kept: Credentials | None = None
        self._ask_at: datetime | None = None

    def current(self, now: datetime, until: float) -> Credentials:
        kept = self._kept
        if kept is None or (self._ask_at and now >= self._ask_at):
            return self._renewed(kept, now, until)
        return kept

    def forget(self) -> None:
        self._kept = None

    def _renewed(self, kept: Credentials | None, now: datetime, until: float) -> Credentials:
        """Where the address fails, what is kept serves while it lasts."""
        try:
            fresh = _asked(until)
        except (NoCredentials, Lost):
            if kept is None or (kept.expires and kept.expires <= now):
                raise
            self._ask_at = now + _PAUSE
            return kept
        self._ask_at = fresh.expires and max(fresh.expires - _EARLY, now + _PAUSE)
        self._kept = fresh
        return fresh


_container = _Container()


def _asked(until: float) -> Credentials:
    url = _address()
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = Connection(url)
    headers = {"host": connection.host, "accept": "application/json"}
    if token := _authorization():
        headers["authorization"] = token
    try:
        answer = connection.ask("GET", path or "/", headers, b"", until)
    finally:
        connection.close()
    if answer.status != 200:
        raise NoCredentials(f"the credentials' address answers {answer.status}")
    return _read(answer.body)


def _address() -> str:
    if relative := environment.aws("CONTAINER_CREDENTIALS_RELATIVE_URI"):
        return _CONTAINER + relative
    full = environment.aws("CONTAINER_CREDENTIALS_FULL_URI")
    if not full:
        raise NoCredentials("no AWS credentials in the environment")
    parts = urlsplit(full)
    if parts.scheme != "https" and parts.hostname not in _PLAIN_HOSTS:
        raise NoCredentials("the credentials' address is neither https nor a container's own")
    return full


def _authorization() -> str | None:
    """The file first, as boto3 has it: it may change while we run."""
    if file := environment.aws("CONTAINER_AUTHORIZATION_TOKEN_FILE"):
        try:
            with open(file) as opened:
                return opened.read().strip()
        except OSError as error:
            raise NoCredentials("the authorization's file cannot be read") from error
    return environment.aws("CONTAINER_AUTHORIZATION_TOKEN")


def _read(body: bytes) -> Credentials:
    try:
        told = json.loads(body)
        expires = told.get("Expiration")
        return Credentials(
            key_id=told["AccessKeyId"],
            secret=told["SecretAccessKey"],
            token=told.get("Token"),
            expires=moment(expires) if expires else None,
        )
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise NoCredentials("the credentials' address gave none") from error
