"""What every provider's webhook is before it is understood, how its signature is checked, and the
ways it can be refused."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem

MAX_SIGNATURE = 4_096
MAX_SIGNATURES = 5
"""How many are looked at where a sender may give several."""
TOLERANCE = timedelta(seconds=300)


class Unsigned(Problem):
    """The signature is absent, malformed, wrong, or its time too far from ours: one answer for
    all, so that nothing is learnt by trying."""

    status = 401
    title = "The signature does not fit"

    def __init__(self) -> None:
        super().__init__("Sign the raw body with this endpoint's secret.")


class Mismatch(Problem):
    """Signed, and none of this endpoint's: another shop's, of a topic that nobody reads here, or
    with a body of another topic's shape. Refused, and not kept."""

    status = 422
    title = "The webhook does not belong here"


class NotUnderstood(Problem):
    """Signed, this endpoint's, of its topic's shape, and yet it cannot be read: kept in quarantine
    until it can."""

    status = 422
    title = "The webhook cannot be understood"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    merchant: Merchant
    headers: dict[str, str]
    payload: Any
    """The body as JSON."""
    now: datetime


def check(signed: bytes, secrets: Iterable[bytes], digests: Iterable[bytes]) -> None:
    """Unsigned unless one of the digests is the HMAC-SHA256 of `signed` under one of the secrets.

    Each pair is compared, and in constant time.
    """
    given = list(digests)
    expected = [hmac.digest(secret, signed, hashlib.sha256) for secret in secrets]
    fits = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in given]
    if not any(fits):
        raise Unsigned


def of_base64(text: str) -> bytes:
    """The digest in a header; empty, which fits nothing, where the text is no base64."""
    try:
        return base64.b64decode(text[:MAX_SIGNATURE], validate=True)
    except (binascii.Error, ValueError):
        return b""


def of_hex(text: str) -> bytes:
    """The same of hexadecimal digits."""
    try:
        return binascii.unhexlify(text[:MAX_SIGNATURE])
    except (binascii.Error, ValueError):
        return b""


def is_recent(stamp: str, now: datetime) -> bool:
    """Whether a header's Unix seconds are within five minutes of now, before or after."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()
