"""Clicks: one fact for every GET of a link but a prefetch. Pure.

A click's id names its own key, so an order that carries the id finds the fact without an index:
nine letters of milliseconds, one of shard, sixteen (80 bits) of chance.
"""

from dataclasses import dataclass, field, fields
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
    code: str = field(metadata={"short": "c"})
    at: datetime
    visitor: str | None = field(default=None, metadata={"short": "v"})
    agent: str = field(metadata={"short": "ua"})
    referrer: str = field(default="", metadata={"short": "r"})
    country: str | None = field(default=None, metadata={"short": "l"})
    mute: bool = field(default=False, metadata={"short": "m"})
    """See Visitor.mute."""
    own: bool = field(default=False, metadata={"short": "o"})
    """Whether the visitor is the link's maker, as far as a day's visitor hash can tell. Kept here,
    since the redirect knows the link and a fold could not afford to read it."""
    embedded_as: str = field(default="", metadata={"short": "e"})
    """See Visitor.embedded_as."""
    address: str | None = field(default=None, metadata={"short": "a"})
    """See Visitor.address; None also for clicks of before it was kept."""
    nameless: bool = field(default=False, metadata={"short": "n"})
    """See Visitor.nameless."""

    @property
    def is_private(self) -> bool:
        """Whether the visitor asked not to be tracked."""
        return self.visitor is None and not self.nameless

    @property
    def source(self) -> str | None:
        """Where it came from, as far as a day's hash can tell; None where we may not know."""
        return self.address or self.visitor


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


def click_key(merchant_id: str, click_id: str, at: datetime | None = None) -> dict[str, str]:
    """Where the click stands in the events table; when it was, its id says too."""
    at = at or time_of_click(click_id)
    return {
        "pk": f"{merchant_id}#{at:%Y%m%d}#{click_id[9]}",
        "sk": f"{time_key(at)}#{click_id[10:]}",
    }


def time_key(at: datetime) -> str:
    """`hhmmssmmm` in UTC: how the sort keys of a day's events begin."""
    return f"{at:%H%M%S}{at.microsecond // 1000:03}"


def click_item(click: Click) -> dict[str, Any]:
    """The fact as stored."""
    return {
        **click_key(click.merchant, click.id, click.at),
        **shortened(click, _SHORT_NAMES),
        "expires": int((click.at + EVENT_LIFETIME).timestamp()),
    }


def read_click(item: dict[str, Any]) -> Click:
    merchant, day, shard = item["pk"].split("#")
    clock, chance = item["sk"].split("#")
    at = time_of_key(day, clock)
    click_id = base32.encode((at - _EPOCH) // _MILLISECOND, 9) + shard + chance
    return Click(id=click_id, merchant=merchant, at=at, **lengthened(item, _SHORT_NAMES))


def time_of_key(day: str, clock: str) -> datetime:
    """When an event of a UTC day was, by the time_key in its sort key. ValueError for none:
    strptime takes ten times as long, and days have a million clicks."""
    return datetime.fromisoformat(f"{day}T{clock[:6]}.{clock[6:]}Z")


# ── short names, since a stream batch holds 6 MB ─────────────────────────────────────────────────
ShortNames = tuple[tuple[str, str, Any], ...]
"""Fields, what they are called in the table, and their defaults: those are not stored."""


def short_names(cls: type) -> ShortNames:
    """Of the fields of a fact that have one."""
    return tuple((f.name, f.metadata["short"], f.default) for f in fields(cls) if f.metadata)


def shortened(fact: Any, names: ShortNames) -> dict[str, Any]:
    stored = ((short, getattr(fact, name), default) for name, short, default in names)
    return {short: value for short, value, default in stored if value != default}


def lengthened(item: dict[str, Any], names: ShortNames) -> dict[str, Any]:
    return {name: item[short] for name, short, _ in names if short in item}


_SHORT_NAMES = short_names(Click)
