"""What a scored week showed of influencers. Table reports: `merchant / marks#week`.

An order is judged by the marks of the last full week before it, so judging it again tells the same.
"""

from collections import defaultdict
from collections.abc import Mapping

from sharetrail import fraud, tallies, touches
from sharetrail.calendars import Week
from sharetrail.credits import OrderCredits
from sharetrail.fraud import History, Mark
from sharetrail.items import dump, load
from sharetrail.performance import Period
from sharetrail.tables import REPORTS
from sharetrail.thresholds import Thresholds

_MOST = 1_000
"""An item holds 400 KB; whoever has more orders comes first."""


def save(merchant_id: str, week: Week, found: Mapping[str, tuple[Mark, ...]]) -> None:
    told = {influencer: [dump(mark) for mark in each] for influencer, each in found.items()}
    REPORTS.put({"pk": merchant_id, "sk": _key(week), "marks": told})


def of_week(merchant_id: str, week: Week) -> dict[str, tuple[Mark, ...]]:
    """What the week showed, by influencer; nothing before it is scored."""
    told = (REPORTS.get(merchant_id, _key(week)) or {}).get("marks", {})
    return {who: tuple(load(Mark, mark) for mark in each) for who, each in told.items()}


def _key(week: Week) -> str:
    return f"marks#{week.first}"


def of_period(period: Period, limits: Thresholds) -> dict[str, tuple[Mark, ...]]:
    """Pure: the marks of everyone whom the period shows any of."""
    histories = _histories(period)
    by_size = sorted(histories, key=lambda each: (-histories[each].orders, each))
    found = {each: fraud.marks(histories[each], limits) for each in by_size}
    marked = [each for each in by_size if found[each]]
    return {each: found[each] for each in marked[:_MOST]}


def _histories(period: Period) -> dict[str, History]:
    histories: dict[str, History] = defaultdict(History)
    for code, counts in period.tally.links.items():
        if link := period.links.get(code):
            history = histories[link.influencer]
            history.clicks += tallies.raw(counts)
            history.bots += counts.get("bot", 0)
    for order in period.orders:
        _add(histories, order)
    return histories


def _add(histories: dict[str, History], order: OrderCredits) -> None:
    lines = order.by("linear")
    is_returned = bool(order.refunded or order.charged_back or order.cancelled)
    is_clicked = any(line.network != touches.COUPON for line in lines)
    for influencer in {line.influencer for line in lines}:
        history = histories[influencer]
        history.orders += 1
        history.returned += is_returned
    for influencer in {line.influencer for line in lines if line.network == touches.COUPON}:
        histories[influencer].by_code += 1
        histories[influencer].code_alone += not is_clicked
