"""Daily allowances of a merchant: a publishable key is public, so someone could write for ever.

Table: merchants, `merchant#id / allowance#name#day`. What was taken is a set and the allowance its
largest size, kept by the write's own condition: taking the same thing again takes nothing more.
A write costs what its set weighs, also one that is refused.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants import notices
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.merchants.profile import Merchant

_LIFETIME = timedelta(days=2)
_FULL_FOR = timedelta(minutes=1)
"""How long an instance believes that something is used up, and asks no more: to be refused costs
what the set weighs."""
_REMEMBERED = 10_000
_refused: dict[tuple[str, str], datetime] = {}


def take_each(
    merchant: Merchant, allowances: Iterable[Allowance], token: str, now: datetime
) -> bool:
    """Whether every one of the allowances has room for `token`, in their order. Where one is known
    to be used up, nothing is taken of the others.
    """
    asked = list(allowances)
    if any(_is_used_up(merchant, each, now) for each in asked):
        return False
    return all(take(merchant, each, token, now) for each in asked)


def take(merchant: Merchant, allowance: Allowance, token: str, now: datetime) -> bool:
    """Whether the local day's allowance still has room for `token` (or has it already)."""
    if _is_used_up(merchant, allowance, now):
        return False
    if _take(merchant, allowance, token, now):
        return True
    _refused[merchant.id, allowance.name] = now
    if len(_refused) > _REMEMBERED:
        del _refused[next(iter(_refused))]
    if allowance.told_as:
        notices.keep(merchant, allowance.told_as, now)
    return False


def _is_used_up(merchant: Merchant, allowance: Allowance, now: datetime) -> bool:
    """As far as this instance was told lately; what it is asked about is remembered longest."""
    refused_at = _refused.pop((merchant.id, allowance.name), None)
    if refused_at is None or abs(now - refused_at) >= _FULL_FOR:
        return False
    _refused[merchant.id, allowance.name] = refused_at
    return True


def _take(merchant: Merchant, allowance: Allowance, token: str, now: datetime) -> bool:
    day = calendars.local_day(now, merchant.tz)
    return MERCHANTS.update(
        {"pk": f"merchant#{merchant.id}", "sk": f"allowance#{allowance.name}#{day}"},
        "ADD taken :token SET expires = if_not_exists(expires, :expires)",
        "attribute_not_exists(taken) OR size(taken) < :most OR contains(taken, :one)",
        token={token},
        one=token,
        most=allowance.most,
        expires=int((now + _LIFETIME).timestamp()),
    )
