"""/v1/keys: a merchant's API keys, told apart by their names. A key itself is shown once."""

from datetime import date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AfterValidator, StringConstraints
from typing_extensions import TypedDict

from sharetrail.api.frame import key_acts, paging
from sharetrail.api.frame.answers import Moment, Page, described
from sharetrail.api.frame.key_acts import TooManyChanges
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import call_of, merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.merchants.keys import api_keys, key_rings
from sharetrail.merchants.keys.key_ring import (
    LONGEST_NAME,
    AlreadyMade,
    KeyNeeded,
    Kind,
    ListedKey,
    TooManyKeys,
)
from sharetrail.merchants.profile import Overtaken
from sharetrail.web.bodies import one_line, strict

router = Router()
KeyId = Annotated[str, Path(pattern="^[0-9a-f]{12}$")]


@strict
class KeyName:
    """What another secret key is for: `ERP`, say."""

    name: Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(one_line)]


@described
class ApiKey(TypedDict):
    id: str
    """Stays the same when the key is rotated."""
    kind: Kind
    """`publishable` stands in your pages; `secret` opens everything."""
    name: str
    created_at: Moment | None
    """When the key in use was made; `null` before 2026-12."""
    last_used: str | None
    """A day, in UTC; `null` where it was not used yet."""


@described
class NewApiKey(ApiKey):
    key: str
    """To be sent from now on. No other answer shows it."""


@router.get("/v1/keys")
def list_keys(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> Page[ApiKey]:
    """The keys in use, in the order of their ids."""
    asked = paging.asked(limit, cursor)
    keys = key_rings.read(merchant_of(router).id).keys
    used = api_keys.last_used(each.digest for each in keys)
    return paging.by_name(
        keys, asked, lambda key: _shown(key, used.get(key.digest)), lambda key: key.id
    )


@router.post(
    "/v1/keys",
    status_code=201,
    openapi_extensions=refusing(TooManyKeys, Overtaken, AlreadyMade, TooManyChanges)
    | limited(key_acts.POLICY),
)
def make_key(named: KeyName) -> NewApiKey:
    """Another secret key, which does whatever the first one does. With an Idempotency-Key that came
    before, none: 409 names the one that was made."""
    merchant, now = merchant_of(router), now_of(router)
    key_acts.take(merchant, "key", iso(now), now)
    listed, key = key_rings.add(merchant.id, named.name, now, call_of(router))
    _note(merchant.id, listed, "made", now)
    return {**_shown(listed), "key": key}


@router.post(
    "/v1/keys/<key_id>/rotate",
    status_code=201,
    openapi_extensions=refusing(Overtaken, AlreadyMade),
)
def rotate_key(key_id: KeyId) -> NewApiKey:
    """A new key in this one's place. A secret one stops within half a minute, a publishable one
    after a day, since pages are cached. With an Idempotency-Key that came before, 409 and no other
    key."""
    merchant_id, now = merchant_of(router).id, now_of(router)
    listed, key = key_rings.rotate(merchant_id, key_id, now, call_of(router))
    _note(merchant_id, listed, "rotated", now)
    return {**_shown(listed), "key": key}


@router.delete("/v1/keys/<key_id>", openapi_extensions=refusing(KeyNeeded, Overtaken))
def revoke_key(key_id: KeyId) -> ApiKey:
    """A secret key stops within half a minute, for good; the only one is kept."""
    merchant_id, now = merchant_of(router).id, now_of(router)
    listed = key_rings.revoke(merchant_id, key_id, now)
    _note(merchant_id, listed, "revoked", now)
    return _shown(listed)


def _note(merchant_id: str, key: ListedKey, what: str, now: datetime) -> None:
    key_acts.note(router, merchant_id, "key", key.name, what, now, key=key.id)


def _shown(key: ListedKey, last_used: date | None = None) -> ApiKey:
    return {
        "id": key.id,
        "kind": key.kind,
        "name": key.name,
        "created_at": iso(key.made_at) if key.made_at else None,
        "last_used": last_used.isoformat() if last_used else None,
    }
