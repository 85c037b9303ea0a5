"""Tables for spreadsheets: CSV by RFC 4180, safe to open in one. Pure.

UTF-8 with a byte order mark, without which Excel reads another encoding; commas and decimal points
whatever the language, so that a program reads every merchant's sheet alike.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping

_BOM = "\ufeff"


def written(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """With a line that names the columns; what is None is an empty cell. Text of others in it has
    to be harmless."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, fieldnames=[*columns])  # RFC 4180: quotes where needed, CRLF
    sheet.writeheader()
    sheet.writerows(rows)
    return _BOM + text.getvalue()


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, told apart by a leading `'` (OWASP, CSV
    injection); full-width and small twins too, which some of them fold. Not for our own numbers.
    """
    first = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\u3000"))[:1]
    return f"'{text}" if first and first in "=+-@|\t\r\n" else text
