"""How a shop is connected: what was registered, read and found wanting. Pure.

A record of work, and no fact: whatever it says is done again, and said anew, by the next check.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.trouble import Trouble

CHECKED_EVERY = timedelta(days=1)
"""WooCommerce disables a webhook at the seventh failure in a row and sends nothing again."""
OVERLAP = timedelta(hours=6)
"""Each round of orders begins so long before the last one did."""
MOST_UNREAD = 10


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """As of the last check."""

    topics: tuple[str, ...] = ()
    """Registered, active and leading here."""
    untold: tuple[str, ...] = ()
    """What the credentials may not hear of."""
    made: int = 0
    mended: int = 0
    removed: int = 0
    signed: dict[str, str] = field(default_factory=dict)
    """Their ids, each with a digest of the secret that we gave it, if we did."""
    old_version: str = ""
    """Where the system sends them in the shape of a version that has ended."""

    @property
    def changed(self) -> int:
        return self.made + self.mended + self.removed


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A round of reading orders, or earlier buyers, page by page."""

    since: datetime
    """What was placed or changed since then."""
    begun: datetime
    cursor: str = ""
    """Where the next page begins: a run that dies goes on there."""
    done: datetime | None = None
    read: int = 0
    new: int = 0
    """Of them those that told something that was not known here."""
    unread: tuple[str, ...] = ()
    """Those that could not be understood, by id; the first of them."""

    def after(self, cursor: str | None, read: int, new: int, unread: tuple[str, ...]) -> "Reading":
        """With one more page."""
        return replace(
            self,
            cursor=cursor or "",
            read=self.read + read,
            new=self.new + new,
            unread=(*self.unread, *unread)[:MOST_UNREAD],
        )


@dataclass(frozen=True, kw_only=True)
class Connection:
    platform: Vendor
    connected_at: datetime
    """When credentials were given last."""
    revision: int = 0
    checked_at: datetime | None = None
    """When all of it was last looked at, to the end."""
    webhooks: Webhooks = Webhooks()
    orders: Reading | None = None
    buyers: Reading | None = None
    mended_at: datetime | None = None
    """When webhooks last had to be mended after they had been right once."""
    trouble: Trouble | None = None
    troubled_at: datetime | None = None

    @property
    def read(self) -> int:
        """How many orders and buyers the rounds that are known have told."""
        return sum(each.read for each in (self.orders, self.buyers) if each)

    @property
    def is_working(self) -> bool:
        """Whether it is still at its first work."""
        return self.trouble is None and self.checked_at is None

    def orders_due(self, reach: timedelta, now: datetime) -> Reading:
        """The round of orders to go on with, or to begin: the first looks as far back as `reach`,
        later ones to a while before the last began. Within a check that goes on there is but one.
        """
        last = self.orders
        if last and (last.done is None or self._goes_on(last, now)):
            return last
        since = last.begun - OVERLAP if last else now - reach
        return Reading(since=max(since, now - reach), begun=now)

    def _goes_on(self, last: Reading, now: datetime) -> bool:
        is_over = self.checked_at is not None and self.checked_at >= last.begun
        return not is_over and now - last.begun < CHECKED_EVERY / 2

    def buyers_due(self, now: datetime) -> Reading | None:
        """The one round of earlier buyers; None once it is done."""
        if self.buyers and self.buyers.done:
            return None
        return self.buyers or Reading(since=now, begun=now)

    def troubled(self, trouble: Trouble, now: datetime) -> "Connection":
        return replace(self, trouble=trouble, troubled_at=now)

    def checked(self, now: datetime) -> "Connection":
        return replace(self, checked_at=now, trouble=None, troubled_at=None)
