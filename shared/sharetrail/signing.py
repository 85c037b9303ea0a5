"""AWS Signature Version 4, for the one kind of request that wire.py sends: a POST of JSON to "/".

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; header names are
signed in alphabetical order, so a security token stands before the target.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache

from sharetrail.credentials import Credentials

_ALGORITHM = "AWS4-HMAC-SHA256"
CONTENT_TYPE = "application/x-amz-json-1.0"


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
    headers = {"content-type": CONTENT_TYPE, "host": host, "x-amz-date": time}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    headers["x-amz-target"] = target
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    names = ";".join(headers)
    lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
    asked = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    text = f"{_ALGORITHM}\n{time}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = _key(credentials.secret, time[:8], region, service)
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


@lru_cache(maxsize=8)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    """The signing key of a UTC day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
