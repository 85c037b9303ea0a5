"""GET /sharetrail.js?key=pk_…: the script that shops install, and what consent needs in theirs."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from sharetrail import logs
from sharetrail.aws.fast import client  # noqa: F401  read while Lambda starts, as the redirect does
from sharetrail.merchants import profiles
from sharetrail.merchants.keys import api_keys
from sharetrail.version import VERSION
from sharetrail.web.http import Answer, Event, Request
from sharetrail.web.script import Script

_SOURCE = Path(__file__).with_name("sharetrail.min.js").read_text("utf-8")
_FIRST = f"/*! Sharetrail {VERSION} */\n"
_BY_COUNTRY = '"unknown"'
"""Where the script keeps it. Whoever names no key is told no more, and asks again with it."""
_MINUTE = 60


def _served(consent: str, **kept: int) -> Script:
    return Script(_FIRST + _SOURCE.replace(_BY_COUNTRY, f'"{consent}"'), **kept)


UNKNOWN, REQUIRED, OPTIONAL = map(_served, ("unknown", "required", "optional"))
UNREADABLE = _served("required", fresh_seconds=_MINUTE)
"""What cannot be read is not given; but a page gets its script."""


@logs.entrance
def handler(event: Event, _context: Any) -> Answer:
    key = parse_qs(event.get("rawQueryString") or "").get("key", [""])[0]
    script = _of_shop(key, Request.of(event).now) if key else UNKNOWN
    return script.answer(event.get("headers") or {})


def _of_shop(key: str, now: datetime) -> Script:
    try:
        shop = profiles.residence(api_keys.check(key, now).merchant, now)
    except Exception:  # a key that is none, a table that is out of reach
        return UNREADABLE
    return REQUIRED if shop.needs_consent else OPTIONAL
