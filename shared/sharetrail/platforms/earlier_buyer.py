"""Where it stands of a name that its bearer bought in a shop before that was connected, and for
which orders that counts. Pure."""

from datetime import datetime, timedelta

EARLIER = "earlier"
"""Begins the sort key: `earlier#shopify#2026-12-01T09:00:00.000Z`."""
_COUNTS_FOR = timedelta(days=400)
"""A returning customer of a year ago is one."""
_CHANGES_FOR = timedelta(weeks=40)
"""How long behind its placing an order may change: attributed anew, it is to find the same."""
KEPT_FOR = _COUNTS_FOR + _CHANGES_FOR


def counts_for(at: datetime, placed: datetime) -> bool:
    """Whether who had ordered before `at` is, by that, an old customer in an order that was placed
    then: whenever that is asked, and whether or not the table has forgotten it by now."""
    return at <= placed < at + _COUNTS_FOR
