"""The random salt of each UTC day, under which visitors are hashed. Table: `day`.

A salt is deleted after two days, outright and not by TTL: from then on nobody, not even we, can
tell which visitor a hash was.
"""

import secrets
from datetime import UTC, date, datetime, timedelta

from sharetrail.aws.tables import SALTS
from sharetrail.aws.warm_cache import Aged

LIFETIME = timedelta(days=2)
_recent: Aged[bytes] = Aged(timedelta(hours=1), size=3)


def of_day(now: datetime) -> bytes:
    """The day's 32 random bytes, made by whoever comes first."""
    day = now.astimezone(UTC).date().isoformat()
    return _recent.get(day, now, lambda: _read(day) or _make(day))


def _read(day: str) -> bytes | None:
    salt: bytes | None = (SALTS.get(day) or {}).get("salt")
    return salt


def _make(day: str) -> bytes:
    salt = secrets.token_bytes(32)
    if SALTS.put_once({"pk": day, "salt": salt}):
        return salt
    return _read(day) or _make(day)  # another instance was faster


def drop_old(now: datetime) -> int:
    """Delete the salts of days that ended more than two days ago; how many went."""
    oldest = (now.astimezone(UTC) - LIFETIME).date()
    gone = [item["pk"] for item in SALTS.scan() if date.fromisoformat(item["pk"]) < oldest]
    for day in gone:
        SALTS.delete(day)
    return len(gone)
