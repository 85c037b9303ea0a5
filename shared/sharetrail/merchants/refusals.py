"""Refusals as stored. Table: merchants, `merchant#id / refusal#day#kind#platform`, for a fortnight.

Of each kind a row a day (of UTC), which says what was refused last: written at most each five
minutes by an instance, whatever is sent. Nobody's answer waits for one or changes by it.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from sharetrail.aws import clients
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Once
from sharetrail.merchants.refusal import LONGEST, Refusal, RefusalKind

_LIFETIME = timedelta(days=14)
_PREFIX = "refusal#"
_lately = Once(timedelta(minutes=5))


def note(
    merchant_id: str,
    kind: RefusalKind,
    now: datetime,
    *,
    platform: str = "",
    named: str = "",
    seconds: int = 0,
) -> None:
    """Of a merchant that there is. Where the table does not take it, it is not noted."""
    refusal = Refusal(kind=kind, platform=platform, named=named[:LONGEST], seconds=seconds, at=now)
    key = f"{merchant_id}#{kind}#{platform}"
    with clients.prompt(), suppress(BotoCoreError, ClientError):
        _lately.do(key, now, lambda: _write(merchant_id, refusal))


def lately(merchant_id: str) -> tuple[Refusal, ...]:
    """Those that are still kept, the newest first."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", prefix=_PREFIX)
    refusals = (load(Refusal, row) for row in rows)
    return tuple(sorted(refusals, key=lambda each: each.at, reverse=True))


def _write(merchant_id: str, refusal: Refusal) -> None:
    """As an update: who notes it puts nothing among the merchants. The newest stands."""
    expires = int((refusal.at + _LIFETIME).timestamp())
    told = {**dump(refusal), "expires": expires}
    fields = ", ".join(f"#{name} = :{name}" for name in told)
    newest = "attribute_not_exists(#at) OR #at < :at"
    day_kind = f"{refusal.at:%Y-%m-%d}#{refusal.kind}#{refusal.platform}"
    key = {"pk": f"merchant#{merchant_id}", "sk": f"{_PREFIX}{day_kind}"}
    MERCHANTS.update(key, f"SET {fields}", newest, told, **told)
