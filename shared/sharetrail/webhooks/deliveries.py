"""What every provider's webhook is before it is understood, and the ways it can be refused."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail.merchants import Merchant
from sharetrail.problems import Problem

MAX_SIGNATURE = 4_096
TOLERANCE = timedelta(seconds=300)


class Unsigned(Problem):
    """The signature is absent, malformed, wrong, or its time too far from ours: one answer for
    all, so that nothing is learnt by trying."""

    status = 401
    title = "The signature does not fit"

    def __init__(self) -> None:
        super().__init__("Sign the raw body with this endpoint's secret.")


class NotUnderstood(Problem):
    """Signed, and yet not what its topic says."""

    status = 422
    title = "The webhook cannot be understood"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    merchant: Merchant
    headers: dict[str, str]
    payload: Any
    """The body as JSON."""
    now: datetime


def matches(expected: bytes, candidates: Iterable[str]) -> bool:
    """Whether one of the base64 candidates is the expected digest, compared in constant time."""
    fits = [hmac.compare_digest(expected, _digest(each)) for each in candidates]
    return any(fits)


def _digest(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
