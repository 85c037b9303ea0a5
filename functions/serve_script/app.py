"""GET /sharetrail.js: the script that shops install."""

from pathlib import Path
from typing import Any

from sharetrail.web.script import Script

SCRIPT = Script(Path(__file__).with_name("sharetrail.js").read_text("utf-8"))


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return SCRIPT.answer(event.get("headers") or {})
