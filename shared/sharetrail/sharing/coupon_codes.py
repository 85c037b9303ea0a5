"""Coupon codes that belong to influencers: who owned which code when.

Table merchants: `merchant#id / code#CODE#since`. An ownership is a fact that begins at a time and
holds until the next of the same code begins; nobody's is an ownership too. Shops read codes without
regard to case, and so do we.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso

_PREFIX = "code#"
LONGEST = 100
PATTERN = r"^[^#\x00-\x1f\x7f]*[^#\s\x00-\x1f\x7f][^#\x00-\x1f\x7f]*$"
"""Printable and something; `#` parts our keys."""


@dataclass(frozen=True, kw_only=True)
class Ownership:
    code: str
    influencer: str | None
    """None: nobody's from then on."""
    since: datetime


_ENTITY = re.compile(r"&#?\w{1,12};")
_NO_BREAK = str.maketrans("", "", "\u00a0\u202f\u2060\ufeff")


def plain(code: str) -> str:
    """A code as people see it, which is how we compare it: whatever its case, its form of Unicode,
    what in it cannot be seen, and whether an ampersand came as `&amp;`."""
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), code).translate(_NO_BREAK)
    seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc"))
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", folded).upper().strip()


def give(merchant_id: str, ownership: Ownership) -> None:
    """From its time on the code is this influencer's. The same time again says it anew."""
    item = {"pk": f"merchant#{merchant_id}", "sk": key(ownership), **dump(ownership)}
    MERCHANTS.put(item)


def key(ownership: Ownership) -> str:
    """Its sort key."""
    return f"{_PREFIX}{ownership.code}#{iso(ownership.since)}"


def owner(merchant_id: str, code: str, at: datetime) -> str | None:
    """Whose the code was at a time; None where it was nobody's."""
    first, last = f"{_PREFIX}{code}#", f"{_PREFIX}{code}#{iso(at)}"
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=(first, last), backward=True)
    newest = next(told, None)
    return load(Ownership, newest).influencer if newest else None


def following(merchant_id: str, after: str, most: int) -> list[Ownership]:
    """The next ownerships behind the sort key `after`, by code and time."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", after=after or _PREFIX)
    told = takewhile(lambda row: row["sk"].startswith(_PREFIX), rows)
    return [load(Ownership, item) for item in islice(told, most)]
