"""What is kept of who was erased, and for whom."""

from sharetrail.personal import Kept, removed
from sharetrail.privacy.shop import retained

KEPT = (
    Kept(
        table="quarantine bucket",
        row="retained/{merchant}/{time}.json",
        attributes=("merchant", "months"),
        whose="merchant",
        what="of a shop that was erased, what was credited month by month: amounts and numbers, "
        "and nobody's name or id; encrypted under the shop's name",
        why="Books have to be kept by law.",
        until=removed(retained.LIFETIME, "the shop was erased"),
        leaves="it is what erasing the shop leaves",
    ),
)
