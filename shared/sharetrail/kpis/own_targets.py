"""The targets that a merchant set. Table merchants: `merchant#id / targets`, told as a whole."""

from collections.abc import Iterable

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.kpis.target import Target

_SK = "targets"
_NONE = "attribute_not_exists(pk)"


def put(merchant_id: str, targets: Iterable[Target]) -> None:
    """These, and none of those of before."""
    MERCHANTS.put({**_key(merchant_id), "targets": [dump(each) for each in targets]})


def put_over(merchant_id: str, before: Iterable[Target], targets: Iterable[Target]) -> bool:
    """The same, over just those of before: False, and nothing written, where others stand."""
    stood = [dump(each) for each in before]
    item = {**_key(merchant_id), "targets": [dump(each) for each in targets]}
    condition = "targets = :before" if stood else f"{_NONE} OR targets = :before"
    return MERCHANTS.put_if(item, condition, before=stood)


def find(merchant_id: str) -> tuple[Target, ...]:
    """Those of KPIs that there are no more among them."""
    item = MERCHANTS.get(*_key(merchant_id).values()) or {}
    return tuple(load(Target, each) for each in item.get("targets", ()))


def _key(merchant_id: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": _SK}
