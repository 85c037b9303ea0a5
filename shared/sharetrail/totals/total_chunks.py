"""A tally as stored: chunks that fit an item, each overwritten under the guard of its facts.

Links and products are kept squeezed.
"""

from dataclasses import replace

from sharetrail.aws.items import Item
from sharetrail.aws.tables import TOTALS
from sharetrail.packing import squeeze, unpack
from sharetrail.totals.tally import (
    Tally,
    largest_entries,
    parts_of,
    rule_version,
    with_top_kinds,
)

_PRODUCTS = 1_000
_CHUNK = 200_000
"""Bytes of an item's links, about: DynamoDB takes 400 KB."""
# A stale racer, an older rule or a fold of fewer facts never replaces what stands.
_NOT_OLDER = "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)"


def read(row: Item) -> Tally:
    """A chunk as stored; the shard's facts, which guard every chunk, count in the first alone."""
    links, products = unpack(row["packed"]) if "packed" in row else ({}, {})
    return Tally(
        fact_count=row["facts"] if row["sk"].endswith("#0") else 0,
        links=links,
        products=products,
        events=row.get("events", {}),
    )


# ── tally → items ────────────────────────────────────────────────────────────────────────────────
def write(pk: str, sk: str, tally: Tally, **more: int) -> None:
    """A shard's tally in chunks that fit an item; its own fact count guards each of them."""
    products = largest_entries(tally.products, _PRODUCTS)
    bounded = replace(with_top_kinds(tally), products=products)
    for number, chunk in enumerate(parts_of(bounded, _CHUNK)):
        put({"pk": pk, "sk": f"{sk}#{number}", **more}, chunk, tally.fact_count)


def put(key: Item, tally: Tally, facts: int) -> None:
    TOTALS.put_if({**key, **as_item(tally, facts)}, _NOT_OLDER, facts=facts, judged=rule_version())


def as_item(tally: Tally, facts: int) -> Item:
    """A chunk as it is stored, without its key; `facts` are those that its shard was folded of."""
    nested = [tally.links, tally.products]
    return {
        "packed": squeeze(nested) if any(nested) else None,
        "events": tally.events or None,
        "facts": facts,
        "judged": rule_version(),
    }
