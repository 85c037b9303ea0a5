"""A merchant's keys as stored. Table: merchants, `merchant#id / keys` has their names and hashes,
beside api_keys.py's own row of each: both are written at once, so no key works that is not listed.
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from time import sleep
from typing import get_args

from sharetrail import logs
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import MERCHANTS, Change, Contended
from sharetrail.calendars import iso
from sharetrail.merchants.keys import api_keys
from sharetrail.merchants.keys.key_ring import AlreadyMade, KeyRing, Kind, ListedKey, id_of
from sharetrail.merchants.profile import Overtaken

_FIRST = {"publishable": "pages", "secret": "first"}
"""What those are called that onboarding makes."""
_ATTEMPTS = 8
_LONGEST_PAUSE = 25  # milliseconds, doubled with every attempt


def read(merchant_id: str) -> KeyRing:
    return _ring(_row(merchant_id))


def begin(merchant_id: str, rotate: Collection[Kind], now: datetime) -> dict[Kind, str]:
    """The keys of each kind that there was none of, or that is to be rotated: then one takes the
    place of all of its kind, but for what somebody else has rotated meanwhile.
    """
    seen = read(merchant_id)
    made: dict[Kind, str] = {}
    for kind in get_args(Kind):
        if seen.of(kind) and kind not in rotate:
            continue
        key = api_keys.new(kind)
        listed = _listed(key, kind, _FIRST[kind], now)

        def beginning(ring: KeyRing, listed: ListedKey = listed) -> KeyRing:
            stands = ring.of(listed.kind) == seen.of(listed.kind)
            return ring.alone(listed) if stands else ring

        if listed in _revise(merchant_id, beginning, now).keys:
            made[kind] = key
            _log("api key made", merchant_id, listed)
    return made


def add(
    merchant_id: str, name: str, now: datetime, call: str | None = None
) -> tuple[ListedKey, str]:
    """Another secret key, and what to send: shown once. TooManyKeys as KeyRing says; AlreadyMade
    where `call`, which first came at `now`, has made it."""
    key = api_keys.new("secret")
    listed = _listed(key, "secret", name, now)
    if call is not None:
        listed = replace(listed, id=id_of(api_keys.hashed(f"{call}\n{iso(now)}")))
    _revise(merchant_id, lambda ring: ring.added(listed), now)
    _log("api key made", merchant_id, listed)
    return listed, key


def rotate(
    merchant_id: str, key_id: str, now: datetime, call: str | None = None
) -> tuple[ListedKey, str]:
    """The same in this one's place. UnknownKey; Overtaken where somebody else has rotated it;
    AlreadyMade where it was rotated since `call` first came, at `now`."""
    seen = read(merchant_id).find(key_id)
    if call is not None and seen.made_at and seen.made_at >= now:
        raise AlreadyMade(
            f"{key_id!r} was rotated since. Where the new key was lost, rotate it by a new call."
        )
    key = api_keys.new(seen.kind)

    def rotated(ring: KeyRing) -> KeyRing:
        if ring.find(key_id) != seen:
            raise Overtaken("Somebody else has just rotated this key, and was shown the new one.")
        return ring.rotated(key_id, api_keys.hashed(key), now)

    listed = _revise(merchant_id, rotated, now).find(key_id)
    _log("api key rotated", merchant_id, listed)
    return listed, key


def revoke(merchant_id: str, key_id: str, now: datetime) -> ListedKey:
    """It ends. UnknownKey and KeyNeeded as KeyRing says."""
    listed = read(merchant_id).find(key_id)
    _revise(merchant_id, lambda ring: ring.revoked(key_id), now)
    _log("api key revoked", merchant_id, listed)
    return listed


def _listed(key: str, kind: Kind, name: str, now: datetime) -> ListedKey:
    digest = api_keys.hashed(key)
    return ListedKey(id=id_of(digest), kind=kind, name=name, made_at=now, digest=digest)


def _revise(merchant_id: str, revised: Callable[[KeyRing], KeyRing], now: datetime) -> KeyRing:
    """The ring as `revised` makes it of what stands, asked anew wherever somebody was faster; with
    it begin and end the keys themselves. Overtaken after eight lost races."""
    for attempt in range(_ATTEMPTS):
        row = _row(merchant_id)
        before = _ring(row)
        after = revised(before)
        if after == before or _replace(merchant_id, row.get("revision"), before, after, now):
            return after
        sleep(secrets.randbelow(_LONGEST_PAUSE * 2**attempt) / 1_000)
    raise Overtaken("Others change the keys all the while. Ask once more.")


def _replace(
    merchant_id: str, revision: str | None, before: KeyRing, after: KeyRing, now: datetime
) -> bool:
    """Whether the ring was still of this revision; those of before 2026-12 have none."""
    row = {**_place(merchant_id), "keys": [dump(each) for each in after.keys]}
    olds = {each.digest: each.kind for each in before.keys}
    news = {each.digest: each.kind for each in after.keys}
    changes = [
        Change(
            put={**row, "revision": secrets.token_hex(8)},
            condition="revision = :old" if revision else "attribute_not_exists(revision)",
            values={"old": revision} if revision else {},
        ),
        *(api_keys.beginning(merchant_id, it, news[it]) for it in news.keys() - olds.keys()),
        *(api_keys.ending(merchant_id, it, olds[it], now) for it in olds.keys() - news.keys()),
    ]
    try:
        return not MERCHANTS.write_together(changes)
    except Contended:
        return False


def _row(merchant_id: str) -> Item:
    place = _place(merchant_id)
    return MERCHANTS.get(place["pk"], place["sk"]) or {}


def _ring(row: Item) -> KeyRing:
    if "keys" in row:
        return KeyRing(keys=tuple(load(ListedKey, each) for each in row["keys"]))
    kinds: tuple[Kind, ...] = get_args(Kind)
    before_2026_12 = (
        ListedKey(id=id_of(row[kind]), kind=kind, name=_FIRST[kind], digest=row[kind])
        for kind in kinds
        if kind in row
    )
    return KeyRing(keys=tuple(before_2026_12))


def _place(merchant_id: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": "keys"}


def _log(message: str, merchant_id: str, key: ListedKey) -> None:
    logs.info(message, merchant=merchant_id, key=key.id, kind=key.kind)
