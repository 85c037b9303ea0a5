"""What is kept of who bought before a shop was connected."""

from sharetrail.personal import WITH_SHOP, Kept, expires
from sharetrail.platforms.earlier_buyer import KEPT_FOR

KEPT = (
    Kept(
        table="identities",
        row="{merchant}#{person} / earlier#{platform}#{at}",
        attributes=("pk",),
        whose="shopper",
        what="customer number or e-mail address, as keyed hashes, of who had ordered before",
        why="Who comes back is not counted as a new customer.",
        until=expires(KEPT_FOR, "the shop was connected"),
    ),
    Kept(
        table="merchants",
        row="connection#{id} / {platform}",
        attributes=("orders.unread", "orders.cursor", "buyers.unread", "buyers.cursor"),
        whose="shopper",
        what="ids, in the shop's system, of at most ten orders that could not be read, and of "
        "where reading goes on",
        why="The shop is told which orders are missing.",
        until=WITH_SHOP,
        leaves="the next daily reading overwrites it, and a shop that is disconnected has none",
    ),
)
