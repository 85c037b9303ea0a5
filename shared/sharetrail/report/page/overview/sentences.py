"""What the overview says of tasks and of changes since a report was sent. Pure."""

from sharetrail.report.keeping.sent_order import Way
from sharetrail.report.task import TaskKind
from sharetrail.words.speech import mark, mark_n

TASKS: dict[TaskKind, str] = {
    # For translators: what to do: decide on an order, mend the shop's installation, thank somebody
    # and so on.
    "decide": mark("Decide"),
    "mend": mark("Mend"),
    "thank": mark("Thank"),
    "gift": mark("Send a gift"),
    "invite": mark("Invite"),
    "ask": mark("Ask"),
}
WAYS: dict[Way, tuple[str, str]] = {
    "late": mark_n("{n} order came late", "{n} orders came late"),
    "rated": mark_n("{n} order’s exchange rate came late", "{n} orders’ exchange rates came late"),
    "found": mark_n(
        "{n} order turned out to have a share click", "{n} orders turned out to have a share click"
    ),
    "raised": mark_n("{n} order has become larger", "{n} orders have become larger"),
    "lowered": mark_n(
        "{n} order was refunded, cancelled or made smaller",
        "{n} orders were refunded, cancelled or made smaller",
    ),
    "lost": mark_n(
        "{n} order has no share click that counts any more",
        "{n} orders have no share click that counts any more",
    ),
    "gone": mark_n("{n} order is not counted any more", "{n} orders are not counted any more"),
    "moved": mark_n(
        "{n} order moved between last click and assisted",
        "{n} orders moved between last click and assisted",
    ),
}
