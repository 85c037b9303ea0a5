"""That an order changed in a week which may be added up already. Table totals: `merchant#rung /
monday#platform#order`.

An order rings before its credits are saved, so that nobody who dies in between leaves a week that
is wrong and looks right. The index by which a week is read may lag behind, so a ring is done only
once it was read there: a ring names the revision of the order's credits that is about to be saved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sharetrail import calendars
from sharetrail.agenda import score_nights
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.aws.items import Item
from sharetrail.aws.tables import TOTALS
from sharetrail.aws.warm_cache import Once
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef

WEEKS = 26
"""How many weeks are added up, the last full one the newest: how far back a score looks. With a
half-life of four weeks the rest is about one percent."""
LIFETIME = timedelta(weeks=WEEKS + 2)
"""Then its week is nobody's."""
_NOT_OLDER = "attribute_not_exists(pk) OR revision <= :revision"
_SAME = "revision = :revision"
_noted = Once(calendars.DAY, size=10_000)
"""Weeks that have not ended, noted by this instance."""


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Of an order that stood in the week or is to: this revision of its credits, or a later one, is
    to be seen there, or somewhere else."""

    week: date
    """Its Monday."""
    platform: str
    order: str
    revision: int


def rings_of(
    merchant: Merchant, order: OrderCredits, before: date | None, now: datetime
) -> list[Ring]:
    """What an order rings whose credits are about to be saved, and stood on the day `before`: its
    week and the one that it leaves, of those that may be added up before its index shows it."""
    week = calendars.week_of(calendars.local_day(order.placed_at, merchant.tz)).first
    left = calendars.week_of(before).first if before else week
    newest = calendars.week_of(calendars.local_day(now + calendars.DAY, merchant.tz)).before()
    rings = [
        Ring(week=each, platform=order.platform, order=order.order, revision=order.revision)
        for each in dict.fromkeys((week, left))
    ]
    return [each for each in rings if newest.before(WEEKS).first <= each.week <= newest.first]


def ring(merchant: Merchant, order: OrderCredits, before: date | None, now: datetime) -> None:
    """Have the weeks added up again that an order is in or leaves, and whoever looks at them look
    again. `before` is the day that its credits stood on until now."""
    rings = rings_of(merchant, order, before, now)
    for each in rings:
        TOTALS.put_if(_row(merchant, each), _NOT_OLDER, revision=each.revision)
        score_nights.note(merchant, each.week, now)
    week = calendars.week_of(calendars.local_day(order.placed_at, merchant.tz))
    if not rings and week.first > calendars.last_full_week(now, merchant.tz).first:
        _note(merchant, week.first, now)


def _note(merchant: Merchant, monday: date, now: datetime) -> None:
    """The week is to be scored once it has ended, also where nobody clicked."""
    noting = partial(score_nights.note, merchant, monday, now)
    _noted.do(f"{merchant.id}#{monday}", now, noting)


def between(merchant_id: str, first: date, last: date) -> Iterator[Ring]:
    """Those of the weeks that begin on these days, both ends included."""
    rows = TOTALS.query(f"{merchant_id}#rung", between=(first.isoformat(), f"{last}~"))
    for row in rows:
        monday, platform, order = row["sk"].split("#", 2)
        week, revision = date.fromisoformat(monday), row["revision"]
        yield Ring(week=week, platform=platform, order=order, revision=revision)


def elsewhere(merchant_id: str, rings: Iterable[Ring]) -> list[Ring]:
    """Those whose order stands in another week by now: it left, or was never moved here, since
    whoever set out to was overtaken."""
    rung = {OrderRef(merchant=merchant_id, platform=e.platform, id=e.order): e for e in rings}
    places = credits.places(rung)
    return [rung[ref] for ref, place in places.items() if _is_gone(rung[ref], *place)]


def _is_gone(rung: Ring, day: date, revision: int) -> bool:
    """Of an older revision whoever rang may still be saving it."""
    return revision >= rung.revision and calendars.week_of(day).first != rung.week


def answer(merchant_id: str, rung: Ring) -> None:
    """It is done, unless it was rung again since it was read."""
    TOTALS.delete_if(f"{merchant_id}#rung", _sk(rung), _SAME, revision=rung.revision)


def _row(merchant: Merchant, rung: Ring) -> Item:
    return {
        "pk": f"{merchant.id}#rung",
        "sk": _sk(rung),
        "revision": rung.revision,
        "expires": int(calendars.start_of(rung.week + LIFETIME, merchant.tz).timestamp()),
    }


def _sk(rung: Ring) -> str:
    return f"{rung.week}#{rung.platform}#{rung.order}"
