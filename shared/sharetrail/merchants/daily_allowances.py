"""Daily allowances of a merchant: a publishable key is public, so someone could write for ever.

Table: merchants, `merchant#id / allowance#what#day`. What was taken is a set and the allowance its
largest size, kept by the write's own condition: taking the same thing again takes nothing more.
"""

from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants.profile import Merchant

_LIFETIME = timedelta(days=2)


def take(merchant: Merchant, what: str, token: str, most: int, now: datetime) -> bool:
    """Whether the local day's allowance still has room for `token` (or has it already)."""
    day = calendars.local_day(now, merchant.tz)
    return MERCHANTS.update(
        {"pk": f"merchant#{merchant.id}", "sk": f"allowance#{what}#{day}"},
        "ADD taken :token SET expires = if_not_exists(expires, :expires)",
        "attribute_not_exists(taken) OR size(taken) < :most OR contains(taken, :one)",
        token={token},
        one=token,
        most=most,
        expires=int((now + _LIFETIME).timestamp()),
    )
