"""A script as it is served: packed once, answered from memory."""

import base64
import gzip
import hashlib
from typing import Any

from sharetrail.web.http import GUARDED, takes_gzip


class Script:
    """Packed when it is made, which is while Lambda starts."""

    def __init__(self, text: str, *, fresh_seconds: int = 3_600) -> None:
        self.text = text
        self.gzipped = gzip.compress(self.text.encode(), mtime=0)
        self.etag = f'W/"{hashlib.sha256(self.text.encode()).hexdigest()[:20]}"'
        """Weak: of the text, gzipped or plain."""
        headers = {
            **GUARDED,
            "content-type": "text/javascript; charset=utf-8",
            "etag": self.etag,
            "cache-control": f"public, max-age={fresh_seconds}, stale-while-revalidate=86400",
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
            "vary": "accept-encoding",
        }
        self._unchanged: dict[str, Any] = {"statusCode": 304, "headers": headers}
        self._plain = {"statusCode": 200, "headers": headers, "body": self.text}
        self._gzipped = {
            **self._plain,
            "headers": {**headers, "content-encoding": "gzip"},
            "body": base64.b64encode(self.gzipped).decode(),
            "isBase64Encoded": True,
        }

    def answer(self, headers: dict[str, str]) -> dict[str, Any]:
        """To a GET with these headers, in lower case."""
        if self._is_named_by(headers.get("if-none-match", "")):
            return self._unchanged
        return self._gzipped if takes_gzip(headers) else self._plain

    def _is_named_by(self, condition: str) -> bool:
        """If-None-Match compares weakly: W/ does not matter, and * names whatever there is."""
        tags = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
        return "*" in tags or self.etag.removeprefix("W/") in tags
