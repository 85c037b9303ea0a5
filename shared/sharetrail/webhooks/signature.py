"""How a webhook's signature is checked, whoever sent it."""

import base64
import binascii
import hashlib
import hmac
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from sharetrail.problems import Problem

LONGEST = 4_096
"""Characters of a header that are looked at."""
MOST = 5
"""How many signatures are, where a sender may give several."""
TOLERANCE = timedelta(seconds=300)
_HOW = (
    "Sign the raw body with this endpoint's secret. If you do: is the address the one that "
    "onboarding told, and was this very secret given there?"
)
"""Said of endpoints that there are, and of others."""
_MILLISECONDS = 13
"""Digits of a time of this century that is told in them."""


class Unsigned(Problem):
    """The signature is absent, malformed or wrong: one answer for all, so that nothing is learnt by
    trying. Who signed with the right secret at the wrong time is told so."""

    status = 401
    title = "The signature does not fit"

    def __init__(self, detail: str = _HOW) -> None:
        super().__init__(detail)


class Untimely(Unsigned):
    """Signed with the right secret, at a time that is not ours."""

    def __init__(self, detail: str, seconds: int = 0) -> None:
        super().__init__(detail)
        self.seconds = seconds
        """By how many its clock is ahead of ours; 0 where the time is not told in seconds."""


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


def check_time(stamp: str, now: datetime, name: str) -> None:
    """Unsigned unless the Unix seconds of a header are within five minutes of now, before or after.

    Only for what fits already. `name` is how the sender knows the time.
    """
    if stamp.isascii() and stamp.isdigit() and len(stamp) == _MILLISECONDS:
        raise Untimely(f"The signature fits, but {name} is in milliseconds: seconds are wanted.")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unsigned
    ahead, allowed = int(stamp) - now.timestamp(), TOLERANCE.total_seconds()
    if abs(ahead) > allowed:
        raise Untimely(
            f"The signature fits, but {name} is {math.ceil(abs(ahead))} seconds from our clock; "
            f"{allowed:.0f} are allowed.",
            round(ahead),
        )
