"""What is kept beside sums."""

from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.personal import Kept, expires
from sharetrail.totals.five_minute_slots import LIFETIME

KEPT = (
    Kept(
        table="totals",
        row="{merchant}#{day} / {slot}#{shard}#{chunk}",
        attributes=("packed",),
        whose="shopper",
        what="beside counts by link, half of the codes of IP addresses under a salt of the day",
        why="Of one address few clicks are proof that a link was shared.",
        until=expires(LIFETIME, "the clicks"),
        leaves="once the day's salt is deleted it leads to nobody",
    ),
    Kept(
        table="totals",
        row="{merchant}#trails / {day}#{shard}",
        attributes=("trails",),
        whose="shopper",
        what="of a sample of visits the ids of the share clicks that their browsers remembered",
        why="What each network adds is estimated from journeys that brought no order, too.",
        until=expires(EVENT_LIFETIME, "the day"),
        leaves="the clicks lead to nobody, and the orders that led there are unlinked",
    ),
)
