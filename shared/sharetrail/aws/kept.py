"""Where AWS itself keeps copies of what other rooms declare."""

from datetime import timedelta

from sharetrail.personal import Kept, retained

KEPT = (
    Kept(
        table="backups",
        row="every table but salts",
        attributes=("everything",),
        whose="shopper",
        what="whatever the tables held at any moment",
        why="A table that is destroyed by mistake can be restored.",
        until=retained(timedelta(days=35), "that moment"),
        leaves="it ends by itself; what is restored is erased again, by the list of who was",
    ),
    Kept(
        table="streams",
        row="events, orders",
        attributes=("keys",),
        whose="shopper",
        what="keys of clicks, page events and orders, and no other attribute",
        why="What is written is added up and credited seconds later.",
        until=retained(timedelta(days=1), "it was written"),
        leaves="it ends by itself",
    ),
    Kept(
        table="logs",
        row="{function}",
        attributes=("order",),
        whose="shopper",
        what="the id of an order whose facts could not be stored, or credits computed, at once",
        why="Whoever runs Sharetrail finds what failed.",
        until=retained(timedelta(days=30), "it was written"),
        leaves="it ends by itself",
    ),
    Kept(
        table="failures bucket",
        row="aws/lambda/{function...}",
        attributes=("body",),
        whose="shopper",
        what="the same keys, of what could not be worked off at any attempt",
        why="It can be worked off again once the fault is mended.",
        until=retained(timedelta(days=30), "it failed"),
        leaves="it ends by itself",
    ),
)
