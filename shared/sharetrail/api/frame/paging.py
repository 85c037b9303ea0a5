"""Lists of the merchant API, a page at a time: what stands on it, and where the next one begins.

How a list is made: its route declares its parameters, among them `limit: Limit = 50` and `cursor:
Cursor = None`; its filters by the names of the fields that they look at, each `X | None = None`;
its orders, where it has several, as `sort`, a Literal of fields, with `-` in front where the
greatest or newest comes first. What it does not declare is refused before it is called.

    @router.get("/v1/links")
    def list_links(
        limit: Limit = 50, cursor: Cursor = None,
        network: Network | None = None, sort: Literal["code", "-clicks"] = "code",
    ) -> Page[LinkSummary]:
        asked = paging.asked(limit, cursor, network=network, sort=sort)

A cursor goes on with the list that it came of: with another filter or order it is refused. Then

- `page`, where the table's own order is the list's and every row stands in it: read one row more
  than `asked.limit` after the key `asked.after`;
- `sifted`, where a filter looks at rows that the table cannot choose by a key: rows are taken from
  an iterator as they come, of which a page looks at MOST_LOOKED_AT, so that it may be short and
  others follow it;
- `by_name`, where all rows are in hand, and each has a name;
- `ranked`, where all are in hand, in an order of their own: a week's.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.api.frame.answers import Page
from sharetrail.web.cursors import cursor_of, key_of, no_cursor

MOST = 100
MOST_LOOKED_AT = 1_000
"""Rows that a page reads at most to find those that it shows."""
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str | None, Query(max_length=1_440)]
"""As long as that of the longest key, with the days of its list."""
Row = TypeVar("Row")
Shown = TypeVar("Shown")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How much of a list is asked for, and of which."""

    limit: int
    after: str
    """The key of the last row of the page before; empty for the first page."""
    choices: str
    """What stands for sort and filters in a cursor."""

    def cursor(self, key: str) -> str:
        """The page's that begins after `key`."""
        return cursor_of(self.choices + key)


def asked(limit: int, cursor: str | None, **choices: object) -> Asked:
    """`choices` are the sort and the filters as they were asked for. Malformed for a cursor of
    others, or of no list."""
    mark = _mark(choices)
    key = key_of(cursor)
    if cursor and not key.startswith(mark):
        raise no_cursor()
    return Asked(limit=limit, after=key.removeprefix(mark), choices=mark)


def _mark(choices: dict[str, object]) -> str:
    """Empty for a list that gives no choice; 8 characters for every other."""
    if not choices:
        return ""
    made = {name: str(value) for name, value in choices.items() if value is not None}
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:8]


def page(
    rows: Sequence[Row], asked: Asked, as_json: Callable[[Row], Shown], key: Callable[[Row], str]
) -> Page[Shown]:
    """`rows` is one more than the page holds where others follow; `key` is where these begin."""
    shown, more = rows[: asked.limit], len(rows) > asked.limit
    return {
        "items": [as_json(each) for each in shown],
        "cursor": asked.cursor(key(shown[-1])) if more else None,
    }


def sifted(
    rows: Iterable[Row],
    is_shown: Callable[[Row], bool],
    asked: Asked,
    as_json: Callable[[Row], Shown],
    key: Callable[[Row], str],
) -> Page[Shown]:
    """`rows` begin after `asked.after`, and are read on as long as the page has room and patience:
    one that took in as many as it may look at has a cursor, whether or not anything follows."""
    found: list[Row] = []
    last = None
    for looked_at, row in enumerate(islice(rows, MOST_LOOKED_AT + 1)):
        if last is not None and (len(found) == asked.limit or looked_at == MOST_LOOKED_AT):
            return {"items": [as_json(each) for each in found], "cursor": asked.cursor(key(last))}
        last = row
        if is_shown(row):
            found.append(row)
    return {"items": [as_json(each) for each in found], "cursor": None}


def by_name(
    rows: Iterable[Row], asked: Asked, as_json: Callable[[Row], Shown], name: Callable[[Row], str]
) -> Page[Shown]:
    """Of all rows, in the order of names that stay theirs: a row that joins or goes meanwhile moves
    no other to another page."""
    behind = sorted((row for row in rows if name(row) > asked.after), key=name)
    return page(behind, asked, as_json, name)


def ranked(
    rows: Sequence[Row], asked: Asked, before: int, key: Callable[[Row], str]
) -> Page[tuple[int, Row]]:
    """Of all rows, in the list's order, those behind the first `before`, each with its rank."""
    behind = [*enumerate(rows, start=1)][before:]
    return page(behind, asked, lambda placed: placed, lambda placed: key(placed[1]))
