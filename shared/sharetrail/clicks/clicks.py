"""Clicks as stored. Table events, shards 0 to 7."""

from sharetrail.aws.tables import EVENTS
from sharetrail.clicks.click import Click, click_item


def save(click: Click) -> None:
    """Write the fact; the same click again changes nothing."""
    EVENTS.put_once(click_item(click))
