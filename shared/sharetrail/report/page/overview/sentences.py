"""What the overview says of tasks and of changes since a report was sent. Pure."""

from sharetrail.report.keeping.sent_order import Way
from sharetrail.report.task import TaskKind
from sharetrail.words.speech import mark, mark_n

TASKS: dict[TaskKind, str] = {
    # For translators: what to do, in a pill: decide on an order.
    "decide": mark("Decide"),
    # For translators: what to do, in a pill: mend the shop's installation.
    "mend": mark("Mend"),
    # For translators: what to do, in a pill: thank somebody.
    "thank": mark("Thank"),
    "gift": mark("Send a gift"),
    # For translators: what to do, in a pill: invite somebody into a programme.
    "invite": mark("Invite"),
    # For translators: what to do, in a pill: ask somebody what happened.
    "ask": mark("Ask"),
    # For translators: a task: to look at what a person costs.
    "weigh": mark("Weigh"),
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
