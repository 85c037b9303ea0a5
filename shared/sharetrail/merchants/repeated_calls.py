"""Calls that say by a key of their caller's that they are one, however often they come.

Table: merchants, `merchant#id / call#key`, for a day. The first call with a key is a fact: what it
asked, and when. Whoever calls again is answered as of that time: what the first made is named by
when and by what it was asked, so the second makes nothing more, and ends what the first did not.
An API key is shown once, so there the second is refused: keys/key_rings.py.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.problems import Malformed, Problem

HEADER = "idempotency-key"
_LIFETIME = timedelta(days=1)
_LONGEST = 255


class KeyReused(Problem):
    """The same key came with another request before."""

    status = 422
    title = "The Idempotency-Key was used for something else"


@dataclass(frozen=True, kw_only=True)
class FirstCall:
    digest: str
    """Of the call's key, route and body."""
    at: datetime
    expires: int


def first_time(merchant_id: str, key: str, asked: tuple[str, bytes], now: datetime) -> datetime:
    """When the call with this key came first: now, if it did not come before. `asked` is the route
    and the body. Malformed for a key that is none; KeyReused with another route or body."""
    plain = plain_of(key)
    if not 0 < len(plain) <= _LONGEST or not plain.isprintable():
        raise Malformed("An Idempotency-Key has 1 to 255 characters.", errors={HEADER: "is none"})
    route, body = asked
    digest = hashlib.sha256(f"{route}\n".encode() + body).hexdigest()
    expires = int((now + _LIFETIME).timestamp())
    call = _first(merchant_id, plain, FirstCall(digest=digest, at=now, expires=expires))
    if call.digest != digest:
        raise KeyReused("Give a new key for another request.")
    return call.at


def plain_of(key: str) -> str:
    """In quotes or not it is the same key."""
    return key.strip().strip('"')


def _first(merchant_id: str, key: str, call: FirstCall) -> FirstCall:
    pk, sk = f"merchant#{merchant_id}", f"call#{hashlib.sha256(key.encode()).hexdigest()}"
    # DynamoDB deletes what has ended days later.
    is_new, now = "attribute_not_exists(pk) OR expires <= :now", int(call.at.timestamp())
    if MERCHANTS.put_if({"pk": pk, "sk": sk, **dump(call)}, is_new, now=now):
        return call
    standing = MERCHANTS.get(pk, sk)
    return load(FirstCall, standing) if standing else call
