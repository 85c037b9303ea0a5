"""API keys: `pk_…` stands in the shop's pages, `sk_…` opens everything. Stored hashed.

Table: `key#sha256 / key`; key_rings.py knows which a merchant has. A rotated publishable key works
for another day, since pages that carry it are cached; a rotated secret key gets no such day, since
a leak is the usual reason: it stops as soon as warm instances forget it, within half a minute.
"""

import hashlib
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sharetrail.aws import clients
from sharetrail.aws.items import dump, load, stored_names
from sharetrail.aws.tables import MERCHANTS, Change
from sharetrail.aws.warm_cache import Aged, Once
from sharetrail.merchants.keys.key_ring import Kind
from sharetrail.problems import Problem
from sharetrail.web.http import Request

_PREFIXES: dict[Kind, str] = {"publishable": "pk_", "secret": "sk_"}
GRACE = timedelta(days=1)
_MAX_LENGTH = 100


class BadKey(Problem):
    status = 401
    title = "The key is not valid"


class Forbidden(Problem):
    status = 403
    title = "This is not allowed with this key"


@dataclass(frozen=True, kw_only=True)
class Key:
    merchant: str
    kind: Kind
    until: datetime | None = field(default=None, metadata={"stored_as": "ends"})
    """When a rotated key stops; None for the one in use."""
    used: date | None = None
    """The last day, in UTC, on which it was: as far as `note_use` says."""

    @property
    def is_secret(self) -> bool:
        return self.kind == "secret"


def new(kind: Kind) -> str:
    """A key that nobody has: stored nowhere, so show it once."""
    return _PREFIXES[kind] + secrets.token_urlsafe(24)


def beginning(merchant_id: str, digest: str, kind: Kind) -> Change:
    """By which a key begins to work."""
    return Change(put={**_place(digest), **dump(Key(merchant=merchant_id, kind=kind))})


def ending(merchant_id: str, digest: str, kind: Kind, now: datetime) -> Change:
    """By which one ends: a publishable one after a day, a secret one now."""
    if kind == "secret":
        return Change(delete=_place(digest))
    key = Key(merchant=merchant_id, kind=kind, until=now + GRACE)
    expires = int((now + GRACE).timestamp())
    return Change(put={**_place(digest), **dump(key), "expires": expires})


# None stands while the table is away: a key that leaked and was rotated would go on.
_recent: Aged[Key] = Aged(timedelta(seconds=30))


def check(key: str, now: datetime) -> Key:
    """Whose key this is. BadKey for one that is unknown, malformed or ended."""
    found = None
    if key.startswith(tuple(_PREFIXES.values())) and len(key) <= _MAX_LENGTH:
        digest = hashed(key)
        found = _recent.get(digest, now, lambda _: _read(digest))
    if found is None or (found.until and found.until <= now):
        raise BadKey("Give a key that is in use, as `Authorization: Bearer pk_…` or `sk_…`.")
    return found


_noted = Once(timedelta(days=1))
_tried = Once(timedelta(minutes=1))


def use(key: str, now: datetime) -> Key:
    """The same, and from then on it is known that the key was used on this day: one write a day,
    and of an instance no more. Whoever uses it waits for it once a minute, and not for long, nor
    fails by it."""
    found, today = check(key, now), now.date()
    if found.used != today:
        digest = hashed(key)
        _tried.do(f"{digest}#{today}", now, lambda: _note_if_possible(digest, now))
    return found


def _note_if_possible(digest: str, now: datetime) -> None:
    """A day more or less of what people look at."""
    from botocore.exceptions import BotoCoreError, ClientError

    today = now.date()
    with clients.prompt(), suppress(BotoCoreError, ClientError):
        _noted.do(f"{digest}#{today}", now, lambda: _note(digest, today))


def _note(digest: str, today: date) -> None:
    MERCHANTS.update(
        _place(digest),
        "SET used = :today",
        "attribute_exists(pk) AND (attribute_not_exists(used) OR used < :today)",
        today=today.isoformat(),
    )


def last_used(digests: Iterable[str]) -> dict[str, date]:
    """Of keys by their hashes; without those that were not used since 2026-12."""
    rows = MERCHANTS.get_all(map(_place, digests), only=["pk", "used"])
    used = ((row["pk"].partition("#")[2], row.get("used")) for row in rows)
    return {digest: date.fromisoformat(day) for digest, day in used if day}


def authenticate(request: Request) -> Key:
    """The key of the request's Authorization header. BadKey without a good one."""
    return use(sent_with(request), request.now)


def sent_with(request: Request) -> str:
    """What is sent as a key, be it one or not; empty where nothing is."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def require_secret(request: Request) -> Key:
    """The same, for what a publishable key must not do: Forbidden with one."""
    key = authenticate(request)
    if not key.is_secret:
        raise Forbidden("This needs a secret key (sk_…), which never stands in a page.")
    return key


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _read(digest: str) -> Key | None:
    place = _place(digest)
    item = MERCHANTS.get(place["pk"], place["sk"], only=stored_names(Key))
    return load(Key, item) if item else None


def _place(digest: str) -> dict[str, str]:
    return {"pk": f"key#{digest}", "sk": "key"}
