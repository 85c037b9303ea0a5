"""API keys: `pk_…` stands in the shop's pages, `sk_…` opens everything. Stored hashed.

Table: `key#sha256 / key`. A rotated publishable key works for another day, since pages that carry
it are cached; a rotated secret key gets no such day, since a leak is the usual reason: it stops as
soon as warm instances forget it, within half a minute.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sharetrail.aws.items import dump, load, stored_names
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Aged
from sharetrail.calendars import iso
from sharetrail.problems import Problem
from sharetrail.web.http import Request

Kind = Literal["publishable", "secret"]
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

    @property
    def is_secret(self) -> bool:
        return self.kind == "secret"


def mint(merchant_id: str, kind: Kind) -> tuple[str, str]:
    """A new key and its hash. The key itself is stored nowhere: show it once."""
    key = _PREFIXES[kind] + secrets.token_urlsafe(24)
    digest = hashed(key)
    MERCHANTS.put({**_place(digest), **dump(Key(merchant=merchant_id, kind=kind))})
    return key, digest


def retire(digest: str, kind: Kind, now: datetime) -> None:
    """End a key that was rotated: a publishable one after a day, a secret one now."""
    if kind == "secret":
        forget(digest)
        return
    until = now + GRACE
    MERCHANTS.update(
        _place(digest),
        "SET ends = :ends, expires = :expires",
        "attribute_exists(pk)",
        ends=iso(until),
        expires=int(until.timestamp()),
    )


def forget(digest: str) -> None:
    """End a key at once."""
    MERCHANTS.delete(**_place(digest))


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


def authenticate(request: Request) -> Key:
    """The key of the request's Authorization header. BadKey without a good one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return check(key.strip() if scheme.lower() == "bearer" else "", request.now)


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
