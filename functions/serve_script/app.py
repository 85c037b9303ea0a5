"""GET /sharetrail.js: the script that shops install, packed once and then answered from memory."""

import base64
import gzip
import hashlib
import re
from pathlib import Path
from typing import Any

# Comments and indentation are for readers of the file; no string in it spans lines but the styles.
_FOR_READERS = re.compile(r"^\s*(?://.*|/\*[\s\S]*?\*/)\n|^\s+", re.MULTILINE)
_GZIP_ACCEPTED = re.compile(r"\bgzip\b(?!\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)

SOURCE = Path(__file__).with_name("sharetrail.js").read_text("utf-8")
SCRIPT = _FOR_READERS.sub("", SOURCE)
PACKED = gzip.compress(SCRIPT.encode(), mtime=0)
ETAG = f'W/"{hashlib.sha256(SCRIPT.encode()).hexdigest()[:20]}"'  # weak: packed or plain

_HEADERS = {
    "content-type": "text/javascript; charset=utf-8",
    "etag": ETAG,
    "cache-control": "public, max-age=3600, stale-while-revalidate=86400",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    "vary": "accept-encoding",
}
_PLAIN = {"statusCode": 200, "headers": _HEADERS, "body": SCRIPT}
_GZIPPED = {
    "statusCode": 200,
    "headers": {**_HEADERS, "content-encoding": "gzip"},
    "body": base64.b64encode(PACKED).decode(),
    "isBase64Encoded": True,
}
_UNCHANGED = {"statusCode": 304, "headers": _HEADERS}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    headers = event.get("headers") or {}
    if _names_ours(headers.get("if-none-match", "")):
        return _UNCHANGED
    return _GZIPPED if _GZIP_ACCEPTED.search(headers.get("accept-encoding", "")) else _PLAIN


def _names_ours(condition: str) -> bool:
    """If-None-Match compares weakly: W/ does not matter, and * names whatever there is."""
    tags = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
    return "*" in tags or ETAG.removeprefix("W/") in tags
