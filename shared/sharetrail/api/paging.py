"""Lists of the merchant API, a page at a time: what stands on it, and where the next one begins."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.problems import Malformed

MOST = 100
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str | None, Query(max_length=200)]
T = TypeVar("T")


def page(
    found: list[T], limit: int, shown: Callable[[T], dict[str, Any]], key: Callable[[T], str]
) -> dict[str, Any]:
    """`found` is one more than the page holds where others follow; `key` is where these begin."""
    more = len(found) > limit
    items = [shown(each) for each in found[:limit]]
    return {"items": items, "cursor": cursor(key(found[limit - 1])) if more else None}


def after(given: str | None) -> str:
    """The key that a page's cursor stands for; empty for the first page."""
    if not given:
        return ""
    try:
        return base64.b64decode(given, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise no_cursor() from error


def no_cursor() -> Malformed:
    return Malformed("Give a cursor as a page gave it.", errors={"cursor": "is none"})


def cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()
