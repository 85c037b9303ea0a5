"""What the overview says of tasks and of changes since a report was sent. Pure."""

from sharetrail.report.keeping.sent_order import Way
from sharetrail.report.task import TaskKind

TASKS: dict[TaskKind, str] = {
    "decide": "Decide",
    "mend": "Mend",
    "thank": "Thank",
    "gift": "Send a gift",
    "invite": "Invite",
    "ask": "Ask",
    "weigh": "Weigh",
}
WAYS: dict[Way, tuple[str, str]] = {
    "late": ("order came late", "orders came late"),
    "rated": (
        "order’s exchange rate came late",
        "orders’ exchange rates came late",
    ),
    "found": (
        "order turned out to have a share click",
        "orders turned out to have a share click",
    ),
    "raised": ("order has become larger", "orders have become larger"),
    "lowered": (
        "order was refunded, cancelled or made smaller",
        "orders were refunded, cancelled or made smaller",
    ),
    "lost": (
        "order has no share click that counts any more",
        "orders have no share click that counts any more",
    ),
    "gone": ("order is not counted any more", "orders are not counted any more"),
    "moved": (
        "order moved between last click and assisted",
        "orders moved between last click and assisted",
    ),
}
