"""Page events as stored. Table events, shards e0 and e1."""

from sharetrail.aws.tables import EVENTS
from sharetrail.clicks.page_event import PageEvent, page_event_item


def save(event: PageEvent) -> None:
    """Write the fact; the same event again changes nothing."""
    EVENTS.put_once(page_event_item(event))
