"""What is kept of webhooks that could not be understood."""

from sharetrail.personal import Kept, removed
from sharetrail.webhooks.quarantine import LIFETIME

KEPT = (
    Kept(
        table="quarantine bucket",
        row="m_{merchant}/{digest}",
        attributes=("body",),
        whose="shopper",
        what="a webhook as it came, with whatever the shop's system tells of a buyer: names, "
        "addresses, telephone; encrypted under the shop's name",
        why="The order that it tells of is not lost, and is read once that is possible.",
        until=removed(LIFETIME),
        leaves="it ends by itself; read after an erasure it is scrubbed like any later word",
    ),
)
