"""Where the next page of a list begins, as an address carries it. Pure."""

import base64
import binascii

from sharetrail.problems import Malformed


def key_of(cursor: str | None) -> str:
    """The key that a page's cursor stands for; empty for the first page. Malformed."""
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise no_cursor() from error


def no_cursor() -> Malformed:
    return Malformed("Give a cursor as a page gave it.", errors={"cursor": "is none"})


def cursor_of(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()
