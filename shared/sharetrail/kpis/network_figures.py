"""What a merchant told of their networks. Table merchants: `merchant#id / network#day#name`.

A day's figure is the merchant's own word, and the newest word stands: two who tell at once both
write, and who told later wins, in whatever order they arrive.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.kpis.network_figure import STANDS, NetworkFigure

_PREFIX = "network#"
_NOT_OLDER = "attribute_not_exists(pk) OR told_at <= :told_at"


def tell(merchant_id: str, figures: Iterable[NetworkFigure]) -> None:
    """Each stands by its network and day; what was told later stays."""
    for each in figures:
        item = {"pk": _pk(merchant_id), "sk": key(each), **dump(each)}
        MERCHANTS.put_if(item, _NOT_OLDER, told_at=iso(each.told_at))


def key(figure: NetworkFigure) -> str:
    """Its sort key: by day, and then by network."""
    return f"{_PREFIX}{figure.day}#{figure.network}"


def between(merchant_id: str, first: date, last: date, after: str = "") -> Iterator[NetworkFigure]:
    """Those of the days, both ends included, oldest first; of those behind the key `after`. Those
    that were taken back are passed over."""
    start = max(f"{_PREFIX}{first}", f"{after}\x00" if after else "")
    end = f"{_PREFIX}{last}~"
    rows = MERCHANTS.query(_pk(merchant_id), between=(start, end)) if start <= end else iter(())
    return (each for row in rows if (each := load(NetworkFigure, row)).is_told)


def around(merchant_id: str, first: date, last: date) -> list[NetworkFigure]:
    """What a span's figures rest on: its own, and the followers told before it that still stand."""
    return [*between(merchant_id, first - STANDS, last)]


def _pk(merchant_id: str) -> str:
    return f"merchant#{merchant_id}"
