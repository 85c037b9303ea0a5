"""How a merchant's shop systems are connected, as answers tell it: never a key or a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sharetrail.calendars import iso
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.connection import Connection, Reading, Webhooks
from sharetrail.platforms.connection_words import advice_on, sentence_of

State = Literal["working", "connected", "troubled"]
"""Working: its first check is not over yet. Troubled: `problem` says what somebody has to do."""


@dataclass(frozen=True, kw_only=True)
class ToldWebhooks:
    """As the last check left them."""

    topics: Sequence[str]
    """Registered, active, and leading here."""
    untold: Sequence[str]
    """What the credentials may not hear of."""
    made: int
    mended: int
    removed: int
    """How many were made, mended and removed as duplicates by that check."""
    mended_at: str | None
    """When webhooks that had been right last had to be mended: some orders may have come late."""


@dataclass(frozen=True, kw_only=True)
class ToldReading:
    """The newest round of reading."""

    since: str
    """What was placed or changed since then."""
    read: int
    new: int
    """Of them those that told something that was not known here."""
    unread: Sequence[str]
    """Those that could not be understood, by id: the first ten."""
    done_at: str | None
    """null while it goes on."""


@dataclass(frozen=True, kw_only=True)
class ToldConnection:
    platform: Vendor
    state: State
    problem: str | None
    """What is the matter, and what to do about it."""
    problem_at: str | None
    advice: Sequence[str]
    """What works, and could be better."""
    connected_at: str
    checked_at: str | None
    """When all of it was last looked at, to the end. It is every day."""
    webhooks: ToldWebhooks
    orders: ToldReading | None
    earlier_buyers: ToldReading | None
    """Who had bought before the shop was connected; null where that is not told."""


def told(connection: Connection) -> ToldConnection:
    trouble, webhooks = connection.trouble, connection.webhooks
    return ToldConnection(
        platform=connection.platform,
        state="troubled" if trouble else "working" if connection.is_working else "connected",
        problem=sentence_of(connection.platform, trouble) if trouble else None,
        problem_at=_iso(connection.troubled_at),
        advice=advice_on(connection.platform, webhooks.old_version, webhooks.untold),
        connected_at=iso(connection.connected_at),
        checked_at=_iso(connection.checked_at),
        webhooks=_webhooks(webhooks, connection.mended_at),
        orders=_reading(connection.orders),
        earlier_buyers=_reading(connection.buyers),
    )


def _webhooks(webhooks: Webhooks, mended_at: datetime | None) -> ToldWebhooks:
    return ToldWebhooks(
        topics=webhooks.topics,
        untold=webhooks.untold,
        made=webhooks.made,
        mended=webhooks.mended,
        removed=webhooks.removed,
        mended_at=_iso(mended_at),
    )


def _reading(reading: Reading | None) -> ToldReading | None:
    if reading is None:
        return None
    return ToldReading(
        since=iso(reading.since),
        read=reading.read,
        new=reading.new,
        unread=reading.unread,
        done_at=_iso(reading.done),
    )


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
