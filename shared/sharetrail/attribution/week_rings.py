"""That an order changed in a week which may be added up already. Table totals: `merchant#rung /
monday#platform#order`.

An order rings before its credits are saved, so that nobody who dies in between leaves a week that
is wrong and looks right. The index by which a week is read may lag behind, so a ring is done only
once it was read there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from sharetrail import calendars
from sharetrail.attribution.credit import OrderCredits
from sharetrail.aws.items import Item
from sharetrail.aws.tables import TOTALS
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants import score_nights
from sharetrail.merchants.profile import Merchant
from sharetrail.packing import pack

WEEKS = 26
"""How many weeks are added up, the last full one the newest: how far back a score looks. With a
half-life of four weeks the rest is about one percent."""
LIFETIME = timedelta(weeks=WEEKS + 2)
"""Then its week is nobody's."""
_NOT_OLDER = (
    "attribute_not_exists(pk) OR version < :version OR (version = :version AND facts <= :facts)"
)
_SAME = "version = :version AND facts = :facts AND digest = :digest AND here = :here"
_noted: Aged[bool] = Aged(calendars.DAY, size=10_000)
"""Weeks that have not ended, noted by this instance."""


class Edition(NamedTuple):
    """Which of an order's credits: the later is of a newer rule or of more rows. Of as many by the
    same rule `digest` tells them apart, since a late click is no row of the order."""

    version: str
    facts: int
    digest: int

    @classmethod
    def of(cls, order: OrderCredits) -> "Edition":
        return cls(order.rule.version, order.fact_count, _digest(order))

    def is_shown_by(self, other: "Edition") -> bool:
        return other == self or other[:2] > self[:2]


def _digest(order: OrderCredits) -> int:
    decided = [[each.id, each.effect, each.verdict, str(each.until)] for each in order.decisions]
    told = [str(order.placed_at), str(order.paid_at), order.currency, order.counts, order.cancelled]
    amounts = [order.net, order.refunded, order.charged_back]
    return crc32(pack([order.packed, decided, told, amounts]).encode())


@dataclass(frozen=True, kw_only=True)
class Ring:
    """An order's newest edition stands in the week, or, if not `here`, in another one."""

    week: date
    """Its Monday."""
    platform: str
    order: str
    edition: Edition
    here: bool = True

    def is_answered(self, shown: Edition | None) -> bool:
        """Whether the week was read as the ring says; `shown` is what stood there of the order."""
        if self.here:
            return shown is not None and self.edition.is_shown_by(shown)
        return shown is None or shown[:2] > self.edition[:2]


def rings_of(
    merchant: Merchant, order: OrderCredits, before: date | None, now: datetime
) -> list[Ring]:
    """What an order rings whose credits are about to be saved, and stood on the day `before`: its
    week and the one that it leaves, of those that may be added up before its index shows it."""
    week = calendars.week_of(calendars.local_day(order.placed_at, merchant.tz)).first
    left = calendars.week_of(before).first if before else week
    newest = calendars.week_of(calendars.local_day(now + calendars.DAY, merchant.tz)).before()
    rings = [
        Ring(
            week=each,
            platform=order.platform,
            order=order.order,
            edition=Edition.of(order),
            here=each == week,
        )
        for each in dict.fromkeys((week, left))
    ]
    return [each for each in rings if newest.before(WEEKS).first <= each.week <= newest.first]


def ring(merchant: Merchant, order: OrderCredits, before: date | None, now: datetime) -> None:
    """Have the weeks added up again that an order is in or leaves, and whoever looks at them look
    again. `before` is the day that its credits stood on until now."""
    rings = rings_of(merchant, order, before, now)
    for each in rings:
        TOTALS.put_if(_row(merchant, each), _NOT_OLDER, **_rank(each.edition))
        score_nights.note(merchant, each.week, now)
    week = calendars.week_of(calendars.local_day(order.placed_at, merchant.tz))
    if not rings and week.first > calendars.last_full_week(now, merchant.tz).first:
        _note(merchant, week.first, now)


def _note(merchant: Merchant, monday: date, now: datetime) -> None:
    """The week is to be scored once it has ended, also where nobody clicked."""

    def write(_brisk: bool) -> bool:
        score_nights.note(merchant, monday, now)
        return True

    _noted.get(f"{merchant.id}#{monday}", now, write)


def between(merchant_id: str, first: date, last: date) -> Iterator[Ring]:
    """Those of the weeks that begin on these days, both ends included."""
    rows = TOTALS.query(f"{merchant_id}#rung", between=(first.isoformat(), f"{last}~"))
    for row in rows:
        monday, platform, order = row["sk"].split("#", 2)
        yield Ring(
            week=date.fromisoformat(monday),
            platform=platform,
            order=order,
            edition=Edition(row["version"], row["facts"], row["digest"]),
            here=row["here"],
        )


def answer(merchant_id: str, rung: Ring) -> None:
    """It is done, unless it was rung again since it was read."""
    TOTALS.delete_if(
        f"{merchant_id}#rung", _sk(rung), _SAME, **rung.edition._asdict(), here=rung.here
    )


def _row(merchant: Merchant, rung: Ring) -> Item:
    return {
        "pk": f"{merchant.id}#rung",
        "sk": _sk(rung),
        **rung.edition._asdict(),
        "here": rung.here,
        "expires": int(calendars.start_of(rung.week + LIFETIME, merchant.tz).timestamp()),
    }


def _rank(edition: Edition) -> Item:
    return {"version": edition.version, "facts": edition.facts}


def _sk(rung: Ring) -> str:
    return f"{rung.week}#{rung.platform}#{rung.order}"
