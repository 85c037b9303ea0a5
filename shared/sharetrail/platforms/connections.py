"""How shops are connected. Table merchants: `connection#id / platform`; a job of the
agenda (`connect`) looks at each of them every day.

One run at a time is at a system, by a lease; and each writes over what it read, under a condition:
where two are, the slower one finds that it is, and comes again. When a merchant last asked for a
check is `asked` beside them. Who calls the systems writes nothing else of a merchant than this and
secrets.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sharetrail.agenda import jobs, leases, workers
from sharetrail.agenda.job import Job
from sharetrail.aws.items import dump, load
from sharetrail.aws.queues import CONNECTIONS
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms import credentials
from sharetrail.platforms.connection import CHECKED_EVERY, Connection
from sharetrail.platforms.credential import Credential
from sharetrail.problems import Problem

APART = timedelta(minutes=10)
"""Of two checks that a merchant asks for: longer than a message may work, so that nobody's slow
system has two of the few workers."""
POLICY = f'"connection-checks";q=1;w={APART.total_seconds():.0f}'
"""RateLimit-Policy, as daily_allowance.py has others."""
_LAST_ASKED = "asked"
"""No platform is called so."""


class Overtaken(Exception):
    """Another run wrote it meanwhile."""


class CheckedJustNow(Problem):
    """Some minutes ago a check was asked for already."""

    status = 429
    title = "A check was asked for a moment ago"


def connect(merchant: Merchant, platform: Vendor, credential: Credential, now: datetime) -> None:
    """Keep the credentials, and have the shop connected by them: what is known stays known, and a
    trouble is forgotten, since that may be what was mended."""
    credentials.keep(merchant, platform, credential)
    before = find(merchant.id, platform) or Connection(platform=platform, connected_at=now)
    fresh = replace(before, connected_at=now, trouble=None, troubled_at=None)
    with suppress(Overtaken):  # by a worker, whose next run reads the new credentials
        save(merchant.id, fresh)
    check(merchant.id, platform, now)


def disconnect(merchant_id: str, platform: Vendor) -> None:
    """Forget the credentials, and what was done by them: nothing is asked of the system any more.
    Webhooks that it sends are read as before."""
    credentials.forget(merchant_id, platform)
    MERCHANTS.delete(_pk(merchant_id), platform)


def check_all(merchant_id: str, now: datetime) -> None:
    """Have each looked at now, as the merchant asks. CheckedJustNow where they asked before."""
    connected = find_all(merchant_id)
    if connected and not _is_first(merchant_id, now):
        wait = f"{APART.total_seconds():.0f}"
        raise CheckedJustNow(
            "A check was asked for less than ten minutes ago.",
            headers={
                "retry_after": wait,
                "ratelimit": f'"connection-checks";r=0;t={wait}',
                "ratelimit_policy": POLICY,
            },
        )
    for each in connected:
        check(merchant_id, each.platform, now)


def _is_first(merchant_id: str, now: datetime) -> bool:
    row = {"pk": _pk(merchant_id), "sk": _LAST_ASKED, "asked_at": iso(now)}
    is_old = "attribute_not_exists(pk) OR asked_at <= :before"
    return MERCHANTS.put_if(row, is_old, before=iso(now - APART))


def check(merchant_id: str, platform: Vendor, now: datetime) -> None:
    """Have it looked at now: once, however often it is asked for before that is begun."""
    job = _job(merchant_id, platform)
    jobs.note(job, now)
    jobs.hasten(merchant_id, "connect", now)
    workers.queue_all([job], CONNECTIONS, iso(now))


def check_soon(merchant_id: str, platform: Vendor, now: datetime) -> None:
    """Within the hour, by the next round."""
    jobs.note(_job(merchant_id, platform), now)


def check_later(merchant_id: str, platform: Vendor, now: datetime) -> None:
    jobs.note(_job(merchant_id, platform), now + CHECKED_EVERY)


def claim(merchant_id: str, platform: Vendor, now: datetime) -> bool:
    """Whether the message of `now` may work at it: alone, until it leaves it."""
    return leases.take(_job(merchant_id, platform), now)


def leave(merchant_id: str, platform: Vendor, now: datetime) -> None:
    leases.end(_job(merchant_id, platform), now)


def put_off(merchant_id: str, platform: Vendor, now: datetime) -> None:
    """It is looked at tomorrow, whatever becomes of the message that is worked on."""
    jobs.put_off(_job(merchant_id, platform), now + CHECKED_EVERY)


def _job(merchant_id: str, platform: Vendor) -> Job:
    return Job(kind="connect", merchant=merchant_id, about=platform)


def find(merchant_id: str, platform: Vendor) -> Connection | None:
    row = MERCHANTS.get(_pk(merchant_id), platform)
    return load(Connection, row) if row else None


def find_all(merchant_id: str) -> list[Connection]:
    rows = MERCHANTS.query(_pk(merchant_id))
    return [load(Connection, row) for row in rows if row["sk"] != _LAST_ASKED]


def save(merchant_id: str, connection: Connection) -> Connection:
    """Write it over what was read; as it stands now. Overtaken where that is not there any more."""
    saved = replace(connection, revision=connection.revision + 1)
    key = {"pk": _pk(merchant_id), "sk": connection.platform}
    item = {**key, **dump(saved)}
    is_saved = (
        MERCHANTS.put_if(item, "revision = :revision", revision=connection.revision)
        if connection.revision
        else MERCHANTS.put_once(item)
    )
    if not is_saved:
        raise Overtaken(f"{connection.platform} of {merchant_id}")
    return saved


def _pk(merchant_id: str) -> str:
    return f"connection#{merchant_id}"
