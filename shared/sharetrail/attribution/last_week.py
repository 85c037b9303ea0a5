"""What an order is judged and weighed by: what the last full week before it showed.

Table reports: `merchant / marks#week` (fraud marks by influencer) and `merchant / effects#week`
(removal effects). An order placed in the week that follows reads them, and attributing it again
reads the same: once computed they stand, whatever is heard of their weeks afterwards.
"""

from collections.abc import Mapping, Set
from itertools import islice

from sharetrail.attribution.fraud_rules import Mark
from sharetrail.aws.items import Item, dump, encode, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week

_POOL = "others"
"""As analysis/markov/markov.py calls it, of which an order loads nothing."""


def save_marks(merchant_id: str, week: Week, marks: Mapping[str, tuple[Mark, ...]]) -> None:
    """Of those who come first as many as an item has room for."""
    from sharetrail.aws.item_size import MOST_BYTES, size_of  # of which an order loads nothing

    told = {influencer: [dump(mark) for mark in each] for influencer, each in marks.items()}
    while size_of(encode({"marks": told})) > MOST_BYTES:
        told = dict(islice(told.items(), len(told) // 2))
    REPORTS.put_once({"pk": merchant_id, "sk": _key("marks", week), "marks": told})


def marks_of_week(merchant_id: str, week: Week) -> dict[str, tuple[Mark, ...]]:
    """What the week showed, by influencer; nothing before it is scored."""
    told = (REPORTS.get(merchant_id, _key("marks", week)) or {}).get("marks", {})
    return {who: tuple(load(Mark, mark) for mark in each) for who, each in told.items()}


def removal_effects_of_networks(
    merchant_id: str, week: Week, networks: Set[str]
) -> dict[str, float]:
    """Network → the effect by which orders of the week after are weighed; none where too little
    was known. Of `networks`, what was pooled or not met at all has the pool's mean."""
    told = find_removal_effects(merchant_id, week) or {}
    effects = {name: figures[0] for name, figures in told.get("networks", {}).get("1", {}).items()}
    if pooled := told.get("pooled_networks"):
        return dict.fromkeys(networks, effects[_POOL] / pooled) | effects
    return effects


def save_removal_effects(merchant_id: str, week: Week, analysis: Item) -> None:
    """`analysis` as analysis/markov/removal_effects.py makes it."""
    REPORTS.put_once({"pk": merchant_id, "sk": _key("effects", week), **analysis})


def find_removal_effects(merchant_id: str, week: Week) -> Item | None:
    """All that was stored of a week; None before it is scored."""
    return REPORTS.get(merchant_id, _key("effects", week))


def _key(what: str, week: Week) -> str:
    return f"{what}#{week.first}"
