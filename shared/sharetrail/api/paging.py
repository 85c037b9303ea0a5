"""Lists of the merchant API, a page at a time: what stands on it, and where the next one begins."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.problems import Malformed

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
    return {"items": items, "cursor": cursor(key(rows[limit - 1])) if more else None}


def after(cursor_text: str | None) -> str:
    """The key that a page's cursor stands for; empty for the first page."""
    if not cursor_text:
        return ""
    try:
        return base64.b64decode(cursor_text, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise no_cursor() from error


def no_cursor() -> Malformed:
    return Malformed("Give a cursor as a page gave it.", errors={"cursor": "is none"})


def cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()
