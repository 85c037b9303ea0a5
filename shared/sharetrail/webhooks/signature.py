"""How a webhook's signature is checked, whoever sent it."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from sharetrail.problems import Problem

LONGEST = 4_096
"""Characters of a header that are looked at."""
MOST = 5
"""How many signatures are, where a sender may give several."""
TOLERANCE = timedelta(seconds=300)


class Unsigned(Problem):
    """The signature is absent, malformed, wrong, or its time too far from ours: one answer for
    all, so that nothing is learnt by trying."""

    status = 401
    title = "The signature does not fit"

    def __init__(self) -> None:
        super().__init__("Sign the raw body with this endpoint's secret.")


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
        return base64.b64decode(text[:LONGEST], validate=True)
    except (binascii.Error, ValueError):
        return b""


def of_hex(text: str) -> bytes:
    """The same of hexadecimal digits."""
    try:
        return binascii.unhexlify(text[:LONGEST])
    except (binascii.Error, ValueError):
        return b""


def is_recent(stamp: str, now: datetime) -> bool:
    """Whether a header's Unix seconds are within five minutes of now, before or after."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()
