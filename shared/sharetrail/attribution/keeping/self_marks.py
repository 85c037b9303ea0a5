"""What orders showed of influencers as their own buyers, once these are erased: without their
hashes it cannot be seen anew. Table orders: `merchant#platform#order / self#influencer`.
"""

from collections.abc import Iterable, Iterator

from sharetrail.attribution.fraud_rules import SELF_RULES, Decision, Mark
from sharetrail.aws.items import Item
from sharetrail.aws.tables import ORDERS
from sharetrail.orders.order_fact import OrderRef

PREFIX = "self#"


def keep(ref: OrderRef, influencer_id: str, decisions: Iterable[Decision]) -> None:
    """Of theirs what tells so; once, before it could be told otherwise."""
    for each in decisions:
        if each.rule in SELF_RULES:
            told = {"rule": each.rule, "effect": each.effect, "inputs": each.inputs}
            ORDERS.put_once({"pk": ref.pk, "sk": f"{PREFIX}{influencer_id}", **told})


def among(rows: Iterable[Item]) -> dict[str, Mark]:
    """By influencer, among an order's rows."""
    return dict(_read(rows))


def _read(rows: Iterable[Item]) -> Iterator[tuple[str, Mark]]:
    for row in rows:
        if row["sk"].startswith(PREFIX):
            mark = Mark(row["rule"], row["effect"], row["inputs"])
            yield row["sk"].removeprefix(PREFIX), mark
