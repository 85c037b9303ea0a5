"""Writing many facts at once, and telling how it goes."""

import sys
from concurrent.futures import ThreadPoolExecutor

from sharetrail.aws.items import Item
from sharetrail.aws.tables import Table

_PART = 500


def write(what: str, table: Table, items: list[Item], *, aloud: bool = True) -> None:
    """Writes the items, two parts at a time."""
    parts = [items[start : start + _PART] for start in range(0, len(items), _PART)]
    with ThreadPoolExecutor(2) as pool:
        for written, _ in enumerate(pool.map(table.write_all, parts), start=1):
            done = min(written * _PART, len(items))
            if aloud and (sys.stdout.isatty() or done == len(items)):
                print(f"\r  {done:,} of {len(items):,} {what}", end="", flush=True)
    if aloud:
        print()
