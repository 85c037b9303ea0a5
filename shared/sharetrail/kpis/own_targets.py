"""The targets that a merchant set. Table merchants: `merchant#id / targets`, told as a whole."""

from collections.abc import Iterable

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.kpis.kpi import KPIS
from sharetrail.kpis.target import Target

_SK = "targets"


def put(merchant_id: str, targets: Iterable[Target]) -> None:
    """These, and none of those of before."""
    MERCHANTS.put({**_key(merchant_id), "targets": [dump(each) for each in targets]})


def find(merchant_id: str) -> tuple[Target, ...]:
    """Those of KPIs that there are."""
    item = MERCHANTS.get(*_key(merchant_id).values()) or {}
    told = (load(Target, each) for each in item.get("targets", ()))
    return tuple(each for each in told if each.kpi in KPIS)


def _key(merchant_id: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": _SK}
