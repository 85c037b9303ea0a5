"""What is kept of whose order something is to be done about."""

from datetime import timedelta

from sharetrail.agenda.jobs import LIFETIME
from sharetrail.personal import Kept, expires, retained

KEPT = (
    Kept(
        table="agenda",
        row="{merchant} / retry#{order...}",
        attributes=("sk",),
        whose="shopper",
        what="the id of an order that waits for something",
        why="An order is credited once a late click, a rate or a code's owner is known.",
        until=expires(LIFETIME, "it was due"),
        leaves="an order's id stays, since its amounts do",
    ),
    Kept(
        table="chores queue",
        row="message",
        attributes=("about",),
        whose="shopper",
        what="ids of orders that wait, and names of objects in the quarantine bucket",
        why="What is due is handed to whoever does it.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself",
    ),
    Kept(
        table="doorbells queue",
        row="message",
        attributes=("record",),
        whose="shopper",
        what="keys of clicks, page events and orders that changed",
        why="What could not be added up at the first attempt is added up later.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself",
    ),
)
