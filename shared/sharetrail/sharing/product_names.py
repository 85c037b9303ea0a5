"""Products by the name that the merchant's side has for them: in orders, and in links made with the
secret key. Table links: `merchant#product#id`.

A visitor's link is told of its product by the page, or by whoever says that they stand on one: what
is said there goes out with the share, and names nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sharetrail.aws.items import Item
from sharetrail.aws.tables import LINKS
from sharetrail.calendars import iso

_NOT_OLDER = "attribute_not_exists(pk) OR told_at < :told_at"


def remember(merchant_id: str, names: Mapping[str, str], told_at: datetime) -> None:
    """From now on these products, by id, are called so, unless they were called otherwise later.

    A read for all of them, and a write for each name that is new.
    """
    named = {product: name for product, name in names.items() if product and name.strip()}
    rows = _rows(merchant_id, named)
    for product, name in named.items():
        row = rows.get(product)
        if row is None or (row["name"] != name and row["told_at"] < iso(told_at)):
            item = {"pk": _pk(merchant_id, product), "product": product, "name": name}
            LINKS.put_if({**item, "told_at": iso(told_at)}, _NOT_OLDER, told_at=iso(told_at))


def find_all(merchant_id: str, products: Iterable[str]) -> dict[str, str]:
    """What those of the products are called that have a name, by id."""
    return {product: row["name"] for product, row in _rows(merchant_id, products).items()}


def key_of(merchant_id: str, product: str) -> dict[str, str]:
    return {"pk": _pk(merchant_id, product)}


def _rows(merchant_id: str, products: Iterable[str]) -> dict[str, Item]:
    pks = {_pk(merchant_id, product) for product in products}
    return {row["product"]: row for row in LINKS.get_all({"pk": pk} for pk in pks)}


def _pk(merchant_id: str, product: str) -> str:
    return f"{merchant_id}#product#{product}"
