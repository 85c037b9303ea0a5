"""Daily allowances of a merchant: a publishable key is public, so someone could write for ever.

Table: merchants, `spent#id / allowance#name#day`. What was taken is a set and the allowance its
largest size, kept by the write's own condition: taking the same thing again takes nothing more.
A write costs what its set weighs, also one that is refused.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil

from sharetrail import calendars
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants import notices
from sharetrail.merchants.daily_allowance import Allowance, spent_by, used_up
from sharetrail.merchants.profile import Merchant

LIFETIME = timedelta(days=2)
_FULL_FOR = timedelta(minutes=1)
"""How long an instance believes that a day's is used up, and asks no more: to be refused costs what
the set weighs. The next day is another."""
_REMEMBERED = 10_000
_refused: dict[tuple[str, str, date], tuple[datetime, int]] = {}
"""When of a merchant's allowance and day there was no room for so many."""


def take_each(
    merchant: Merchant, allowances: Iterable[Allowance], tokens: set[str], now: datetime
) -> Allowance | None:
    """The first of the allowances that has no room for `tokens`; None where every one has. Where
    one is known to have none, nothing is taken of the others.
    """
    asked = list(allowances)
    full = (each for each in asked if _is_used_up(merchant, each, len(tokens), now))
    if known := next(full, None):
        return known
    return next((each for each in asked if not take(merchant, each, tokens, now)), None)


def _seconds_left(merchant: Merchant, now: datetime) -> int:
    """Of the local day, and so until an allowance is new."""
    _, end = calendars.bounds(calendars.local_day(now, merchant.tz), merchant.tz)
    return ceil((end - now).total_seconds())


def nothing_left(merchant: Merchant, allowance: Allowance, now: datetime) -> dict[str, str]:
    """The headers of a refusal."""
    return used_up(allowance, _seconds_left(merchant, now))


def take(merchant: Merchant, allowance: Allowance, tokens: set[str], now: datetime) -> bool:
    """Whether the local day's allowance still has room for all of `tokens` (or has them already):
    of fewer than fit none is taken. They are no more than the allowance's `most`.
    """
    if _is_used_up(merchant, allowance, len(tokens), now):
        return False
    if _take(merchant, allowance, tokens, now):
        return True
    _refused[_key(merchant, allowance, now)] = now, len(tokens)
    if len(_refused) > _REMEMBERED:
        del _refused[next(iter(_refused))]
    if allowance.told_as:
        notices.keep(merchant, allowance.told_as, now)
    return False


def _is_used_up(merchant: Merchant, allowance: Allowance, n: int, now: datetime) -> bool:
    """As far as this instance was told lately; what it is asked about is remembered longest."""
    key = _key(merchant, allowance, now)
    refused = _refused.pop(key, None)
    if refused is None or abs(now - refused[0]) >= _FULL_FOR:
        return False
    _refused[key] = refused
    return n >= refused[1]


def _key(merchant: Merchant, allowance: Allowance, now: datetime) -> tuple[str, str, date]:
    return merchant.id, allowance.name, calendars.local_day(now, merchant.tz)


def _take(merchant: Merchant, allowance: Allowance, tokens: set[str], now: datetime) -> bool:
    day = calendars.local_day(now, merchant.tz)
    return MERCHANTS.update(
        {"pk": spent_by(merchant.id), "sk": f"allowance#{allowance.name}#{day}"},
        "ADD taken :tokens SET expires = if_not_exists(expires, :expires)",
        "attribute_not_exists(taken) OR size(taken) <= :room OR contains(taken, :one)",
        tokens=tokens,
        one=min(tokens),
        room=allowance.most - len(tokens),
        expires=int((now + LIFETIME).timestamp()),
    )
