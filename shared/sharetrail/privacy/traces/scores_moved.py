"""What stands under an id in keys, or in lists of ids, moved to another one: only where the id is
an e-mail address, as could be chosen until 2026-12."""

from typing import Any

from sharetrail import packing
from sharetrail.analysis.score import score_history
from sharetrail.aws import removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import INFLUENCERS, REPORTS
from sharetrail.privacy.traces.alias import Alias

_LISTS = ("answers#", "ranges#", "marks#")


def move(merchant_id: str, alias: Alias) -> int:
    """Their scores, and each week's rankings, ranges and marks; how many rows are gone."""
    if not alias.is_moved:
        return 0
    for prefix in _LISTS:
        for row in REPORTS.query(merchant_id, prefix=prefix):
            fresh = _in_row(row, alias)
            if fresh != row:
                REPORTS.put(fresh)
    old, new = (score_history.partition_of(merchant_id, it) for it in (alias.before, alias.id))
    INFLUENCERS.write_all({**_in_row(row, alias), "pk": new} for row in INFLUENCERS.query(old))
    return removals.partition(INFLUENCERS, old)


def _in_row(row: Item, alias: Alias) -> Item:
    return {name: _in_value(value, alias) for name, value in row.items()}


def _in_value(value: Any, alias: Alias) -> Any:
    """Packed or squeezed, too."""
    if isinstance(value, bytes):
        return packing.squeeze(alias.in_ids(packing.unpack(value)))
    return alias.in_ids(value)
