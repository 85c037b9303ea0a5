"""Lists of the merchant API, a page at a time: what stands on it, and where the next one begins."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.web.cursors import cursor_of

MOST = 100
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str | None, Query(max_length=1_400)]
"""As long as that of the longest key."""
T = TypeVar("T")


def page(
    rows: list[T], limit: int, as_json: Callable[[T], dict[str, Any]], key: Callable[[T], str]
) -> dict[str, Any]:
    """`rows` is one more than the page holds where others follow; `key` is where these begin."""
    more = len(rows) > limit
    items = [as_json(each) for each in rows[:limit]]
    return {"items": items, "cursor": cursor_of(key(rows[limit - 1])) if more else None}
