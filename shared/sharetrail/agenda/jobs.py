"""What is due, of which merchant and from when. Table agenda: `merchant / job#about`, and
`round#name / which` of what was done for everybody.

As long as a job is to be done its row says so (`due`: its kind and one of a few shards, `at`: from
when), and the index `due` holds just that. Whoever does it takes it off the index first, and the
row says by which round's message (`taken`): what is noted meanwhile is due again. The row stays 120
days, as what is known of the merchant: of a day that was never noted there is no fact.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zlib import crc32

from sharetrail.agenda.job import Job, Kind
from sharetrail.aws.tables import AGENDA, DUE
from sharetrail.calendars import iso

LIFETIME = timedelta(days=120)
"""As long as that of the facts that it tells of."""
SHARDS = 4
"""An index's key takes a thousand writes a second."""
_EVER = "0"
_NOT_NOTED = "attribute_not_exists(due)"


def note(job: Job, at: datetime, *, brisk: bool = False) -> None:
    """The job is due at `at`. Noted again before it is taken, it stays as it is. Where a shopper
    waits, `brisk`: within 150 ms or not at all."""
    put = AGENDA.put_briskly if brisk else AGENDA.put_if
    put(_row(job, at), _NOT_NOTED)


def note_all(jobs: Iterable[Job], at: datetime) -> None:
    """The same of many, each once, whenever else they were due."""
    AGENDA.write_all(_row(job, at) for job in jobs)


def put_off(job: Job, at: datetime) -> None:
    """Whoever took the job cannot do it as it stands: it is due again at `at`, and still found by
    the message that took it, which may come again before."""
    row = _row(job, at)
    later = {name: row[name] for name in ("due", "at", "expires")}
    key = {"pk": job.merchant, "sk": f"{job.kind}#{job.about}"}
    expression = "SET due = :due, #at = :at, expires = :expires"
    AGENDA.update(key, expression, _NOT_NOTED, names=["at"], **later)


def hasten(merchant_id: str, kind: Kind, at: datetime) -> None:
    """Whatever of the kind is due later is due at `at`."""
    for row in AGENDA.query(merchant_id, prefix=f"{kind}#", only=["sk", "due"]):
        if "due" in row:
            key = {"pk": merchant_id, "sk": row["sk"]}
            later = "attribute_exists(due) AND #at > :at"
            AGENDA.update(key, "SET #at = :at", later, names=["at"], at=iso(at))


def _row(job: Job, at: datetime) -> dict[str, str | int]:
    return {
        "pk": job.merchant,
        "sk": f"{job.kind}#{job.about}",
        "due": _due(job.kind, crc32(job.merchant.encode()) % SHARDS),
        "at": iso(at),
        "expires": int((at + LIFETIME).timestamp()),
    }


def due(kind: Kind, now: datetime) -> Iterator[Job]:
    """All jobs of a kind that are due, the oldest first."""
    from heapq import merge  # of which the redirect loads nothing

    until, only = (_EVER, iso(now)), ["pk", "sk", "at"]
    shards = (
        AGENDA.query(_due(kind, shard), index=DUE, between=until, only=only)
        for shard in range(SHARDS)
    )
    for row in merge(*shards, key=lambda row: row["at"]):
        yield Job(kind=kind, merchant=row["pk"], about=row["sk"].partition("#")[2])


def take(job: Job, round_at: str) -> bool:
    """Whoever does it now does all that was noted of it until now. False where there is nothing to
    do, since another round's message took it, which does it or comes again; or it was noted anew
    meanwhile, for later than this round. The message that took it finds it as often as it comes.
    """
    return AGENDA.update(
        {"pk": job.merchant, "sk": f"{job.kind}#{job.about}"},
        "SET #taken = :round REMOVE due, #at",
        "attribute_exists(due) AND #at <= :round OR #taken = :round",
        names=["at", "taken"],
        round=round_at,
    )


def noted(merchant_id: str, kind: Kind, first: str, last: str) -> list[str]:
    """What was noted of it in the last 120 days, done or not: its abouts from `first` to `last`."""
    rows = AGENDA.query(merchant_id, between=(f"{kind}#{first}", f"{kind}#{last}"), only=["sk"])
    return [row["sk"].partition("#")[2] for row in rows]


def is_done(name: str, which: str) -> bool:
    """Whether a round over everybody was done."""
    return which in all_done(name, [which])


def all_done(name: str, those: Iterable[str]) -> set[str]:
    """Which of those rounds were done."""
    rows = AGENDA.get_all([{"pk": f"round#{name}", "sk": which} for which in those], only=["sk"])
    return {row["sk"] for row in rows}


def note_done(name: str, *those: str, until: datetime | None = None) -> None:
    """That they were done is known until then, or for ever."""
    expires = int(until.timestamp()) if until else None
    AGENDA.write_all({"pk": f"round#{name}", "sk": each, "expires": expires} for each in those)


def reached(name: str, which: str) -> str | None:
    """How far a round has come that goes on for ever."""
    row = AGENDA.get(f"round#{name}", which)
    return row["reached"] if row else None


def note_reached(name: str, which: str, how_far: str) -> None:
    """It has come so far, or was further."""
    row = {"pk": f"round#{name}", "sk": which, "reached": how_far}
    AGENDA.put_if(row, "attribute_not_exists(pk) OR reached < :reached", reached=how_far)


def _due(kind: Kind, shard: int) -> str:
    return f"{kind}#{shard}"
