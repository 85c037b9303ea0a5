"""Links of an erased shop: their codes stay taken, so that nobody else's page is behind what was
shared, and say nothing else. Whoever follows one is told that it has ended."""

from collections.abc import Callable, Iterator

from sharetrail.aws import removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import LINKS, LINKS_BY_MERCHANT
from sharetrail.privacy import pieces
from sharetrail.sharing import product_names
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.share_request import SHOP

NOBODY = "erased"
"""Whose they are: no merchant's id is so."""


def end_all(merchant_id: str, is_over: Callable[[], bool]) -> int:
    """How many, until it is over."""
    number, rows = 0, LINKS.query(merchant_id, index=LINKS_BY_MERCHANT)
    for some in pieces.in_time(pieces.groups(rows), is_over):
        removals.rows(LINKS, _products(merchant_id, some))
        LINKS.write_all(map(_ended, some))
        number += len(some)
    return number


def _ended(row: Item) -> Item:
    named = {"pk": row["pk"], "code": row["pk"], "created_at": row["created_at"]}
    return {**named, "merchant": NOBODY, "influencer": SHOP, "url": "", "network": OTHER}


def _products(merchant_id: str, rows: list[Item]) -> Iterator[dict[str, str]]:
    shared = dict.fromkeys(row["product"]["id"] for row in rows if row.get("product"))
    return (product_names.key_of(merchant_id, each) for each in shared)
