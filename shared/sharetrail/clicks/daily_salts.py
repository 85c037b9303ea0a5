"""The random salt of each UTC day, under which visitors are hashed. Table: `day`.

A schedule makes them, a day ahead; whoever hashes only reads. A salt is deleted after two days,
outright and not by TTL: from then on nobody, not even we, can tell which visitor a hash was.
"""

import secrets
from datetime import UTC, date, datetime, timedelta

from sharetrail.aws import clients
from sharetrail.aws.tables import SALTS
from sharetrail.aws.warm_cache import Aged

LIFETIME = timedelta(days=2)
_ABSENT = timedelta(seconds=10)
# Of today and of the day before, around midnight. A salt never changes, so it is not read again.
_recent: Aged[bytes] = Aged(timedelta(days=2), size=2, absent=_ABSENT)


def of_day(now: datetime) -> bytes | None:
    """The day's 32 random bytes; None where it has none, or it could not be read within 150 ms: a
    shopper is led on without. Either is believed for ten seconds.
    """
    day = _day(now)
    return _recent.get(day, now, lambda _: _read(day))


def turn(now: datetime) -> dict[str, int]:
    """Make what is missing, delete what is old; how many were made and went."""
    return {"made": make(now), "deleted": drop_old(now)}


def make(now: datetime) -> int:
    """Today's and tomorrow's salts where there are none; how many there were not."""
    days = (_day(now), _day(now + timedelta(days=1)))
    return sum(SALTS.put_once({"pk": day, "salt": secrets.token_bytes(32)}) for day in days)


def drop_old(now: datetime) -> int:
    """Delete the salts of days that ended more than two days ago; how many went."""
    oldest = (now.astimezone(UTC) - LIFETIME).date()
    gone = [item["pk"] for item in SALTS.scan() if date.fromisoformat(item["pk"]) < oldest]
    for day in gone:
        SALTS.delete(day)
    return len(gone)


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _read(day: str) -> bytes | None:
    try:
        row = SALTS.get(day, brisk=True)
    except clients.failures():
        return None
    return row["salt"] if row else None
