"""Refusals as stored. Table: merchants, `merchant#id / refused#kind#platform`.

Of each kind a row, told for a fortnight, which says what was refused last: written at most each
five minutes by an instance, whatever is sent. Nobody's answer waits for one or changes by it. What
it is written in is nothing else's attribute, and ends no row: who may note a refusal makes nothing
else of any.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from sharetrail.aws import clients
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Once
from sharetrail.merchants.refusal import LONGEST, Refusal, RefusalKind

_TOLD_FOR = timedelta(days=14)
_PREFIX, _STORED_AS = "refused#", "refused_"
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


def lately(merchant_id: str, now: datetime) -> tuple[Refusal, ...]:
    """Those of the last fortnight, the newest first."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", prefix=_PREFIX)
    refusals = (load(Refusal, _told(row)) for row in rows)
    recent = (each for each in refusals if now - each.at < _TOLD_FOR)
    return tuple(sorted(recent, key=lambda each: each.at, reverse=True))


def _told(row: Item) -> Item:
    return {name.removeprefix(_STORED_AS): value for name, value in row.items()}


def _write(merchant_id: str, refusal: Refusal) -> None:
    """As an update: who notes it puts nothing among the merchants. The newest stands."""
    told = {f"{_STORED_AS}{name}": value for name, value in dump(refusal).items()}
    fields = ", ".join(f"#{name} = :{name}" for name in told)
    at = f"{_STORED_AS}at"
    newest = f"attribute_not_exists(#{at}) OR #{at} < :{at}"
    sk = f"{_PREFIX}{refusal.kind}#{refusal.platform}"
    key = {"pk": f"merchant#{merchant_id}", "sk": sk}
    MERCHANTS.update(key, f"SET {fields}", newest, told, **told)
