"""AWS Signature Version 4, for the one kind of request that client.py sends: a POST of JSON to "/".

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; header names are
signed in alphabetical order, so a security token stands before the target.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache

from sharetrail.aws import environment

_ALGORITHM = "AWS4-HMAC-SHA256"
CONTENT_TYPE = "application/x-amz-json-1.0"


class NoCredentials(Exception):
    """The environment holds none."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    key_id: str
    secret: str
    token: str | None = None


@cache
def credentials() -> Credentials:
    """As Lambda gives them: a process keeps the ones it began with, since Lambda replaces the
    process and not the variables. NoCredentials without any.
    """
    key_id, secret = environment.aws("ACCESS_KEY_ID"), environment.aws("SECRET_ACCESS_KEY")
    if not (key_id and secret):
        raise NoCredentials("no AWS credentials in the environment")
    return Credentials(key_id=key_id, secret=secret, token=environment.aws("SESSION_TOKEN"))


def signed(
    now: datetime,
    credentials: Credentials,
    region: str,
    service: str,
    target: str,
    body: bytes,
    host: str,
) -> dict[str, str]:
    """The request's headers, `authorization` last. `host` has a port where it is unusual."""
    time = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    frame = _frame(host, credentials.token, target)
    asked = f"{frame.before}{time}{frame.after}{hashlib.sha256(body).hexdigest()}"
    text = f"{_ALGORITHM}\n{time}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = _key(credentials.secret, time[:8], region, service)
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    authorization = (
        f"{_ALGORITHM} Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={frame.names}, Signature={signature}"
    )
    return {**frame.headers, "x-amz-date": time, "authorization": authorization}


@dataclass(frozen=True)
class _Frame:
    """What requests of one kind have in common: their canonical form but for time and body."""

    headers: dict[str, str]
    names: str
    before: str
    after: str


@lru_cache(maxsize=16)
def _frame(host: str, token: str | None, target: str) -> _Frame:
    headers = {"content-type": CONTENT_TYPE, "host": host}
    before = _lines(headers)
    later = {**({"x-amz-security-token": token} if token else {}), "x-amz-target": target}
    names = ";".join([*headers, "x-amz-date", *later])
    return _Frame(
        headers={**headers, **later},
        names=names,
        before=f"POST\n/\n\n{before}x-amz-date:",
        after=f"\n{_lines(later)}\n{names}\n",
    )


def _lines(headers: dict[str, str]) -> str:
    return "".join(f"{name}:{value}\n" for name, value in headers.items())


@lru_cache(maxsize=8)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    """The signing key of a UTC day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
