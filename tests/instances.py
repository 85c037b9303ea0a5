"""What a warm instance counts by itself, which in tests is another test's."""

from sharetrail.clicks import page_event_sample
from sharetrail.merchants import daily_allowances
from sharetrail.sharing import beacon


def forget_counts() -> None:
    page_event_sample.minutes.clear()
    beacon._spent.clear()
    beacon._left.clear()
    daily_allowances._refused.clear()
