"""Clicks: one fact for every GET of a link but a prefetch. Pure.

A click's id names its own key, so an order that carries the id finds the fact without an index:
nine letters of milliseconds, one of shard, sixteen (80 bits) of chance.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sharetrail import base32

ID_LENGTH = 26
CLICK_SHARDS = 8
EVENT_LIFETIME = timedelta(days=120)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class NotAClickId(ValueError):
    """Text that no redirect of ours minted."""


@dataclass(frozen=True, kw_only=True)
class Click:
    id: str
    merchant: str
    code: str
    at: datetime
    visitor: str | None = None
    agent: str
    referrer: str
    country: str | None = None
    mute: bool = False
    """See Visitor.mute."""
    own: bool = False
    """Whether the visitor is the link's maker, as far as a day's visitor hash can tell. Kept here,
    since the redirect knows the link and a fold could not afford to read it."""


def mint_click_id(at: datetime, shard: int, chance: int) -> str:
    milliseconds = (at - _EPOCH) // _MILLISECOND
    return base32.encode(milliseconds, 9) + base32.encode(shard, 1) + base32.encode(chance, 16)


def time_of_click(click_id: str) -> datetime:
    """When the click was, to the millisecond. NotAClickId for anything that is no click id."""
    if len(click_id) != ID_LENGTH or click_id[9] not in base32.ALPHABET[:CLICK_SHARDS]:
        raise NotAClickId(click_id)
    try:
        base32.decode(click_id)
        return _EPOCH + timedelta(milliseconds=base32.decode(click_id[:9]))
    except (ValueError, OverflowError) as error:
        raise NotAClickId(click_id) from error


def is_click_id(text: str) -> bool:
    try:
        time_of_click(text)
    except NotAClickId:
        return False
    return True


def click_key(merchant_id: str, click_id: str) -> dict[str, str]:
    """Where the click stands in the events table."""
    return _key(merchant_id, click_id, time_of_click(click_id))


def _key(merchant_id: str, click_id: str, at: datetime) -> dict[str, str]:
    return {
        "pk": f"{merchant_id}#{at:%Y%m%d}#{click_id[9]}",
        "sk": f"{time_key(at)}#{click_id[10:]}",
    }


def time_key(at: datetime) -> str:
    """`hhmmssmmm` in UTC: how the sort keys of a day's events begin."""
    return f"{at:%H%M%S}{at.microsecond // 1000:03}"


def click_item(click: Click) -> dict[str, Any]:
    """The fact as stored: short names, since a stream batch holds 6 MB."""
    return {
        **_key(click.merchant, click.id, click.at),
        "c": click.code,
        "v": click.visitor,
        "ua": click.agent,
        "r": click.referrer or None,
        "l": click.country,
        "m": click.mute or None,
        "o": click.own or None,
        "expires": int((click.at + EVENT_LIFETIME).timestamp()),
    }


def read_click(item: dict[str, Any]) -> Click:
    merchant, day, shard = item["pk"].split("#")
    clock, chance = item["sk"].split("#")
    at = time_of_key(day, clock)
    return Click(
        id=base32.encode((at - _EPOCH) // _MILLISECOND, 9) + shard + chance,
        merchant=merchant,
        code=item["c"],
        at=at,
        visitor=item.get("v"),
        agent=item["ua"],
        referrer=item.get("r", ""),
        country=item.get("l"),
        mute=bool(item.get("m")),
        own=bool(item.get("o")),
    )


def time_of_key(day: str, clock: str) -> datetime:
    """When an event of a UTC day was, by the time_key in its sort key. ValueError for none:
    strptime takes ten times as long, and days have a million clicks."""
    hour, minute, second, milliseconds = clock[:2], clock[2:4], clock[4:6], clock[6:]
    return datetime(
        int(day[:4]),
        int(day[4:6]),
        int(day[6:]),
        int(hour),
        int(minute),
        int(second),
        int(milliseconds) * 1_000,
        UTC,
    )
