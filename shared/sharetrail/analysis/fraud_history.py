"""What the weeks that a score looks at show of influencers: leaked codes, refunds, bots. Pure.

The marks stand on the orders of the week that follows (attribution/last_week.py).
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from sharetrail.analysis.period import Period
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.fraud_rules import Mark
from sharetrail.attribution.touch import COUPON
from sharetrail.merchants.profile import FraudLimits
from sharetrail.totals.tally import raw_clicks

_MOST = 1_000
"""An item holds 400 KB; whoever has more orders comes first."""


@dataclass(kw_only=True)
class History:
    """What the weeks that a score looks at hold of one influencer."""

    orders: int = 0
    returns: int = 0
    """Of them: refunded at least in part, cancelled or charged back."""
    by_code: int = 0
    """Orders with a code of theirs."""
    code_alone: int = 0
    """Of them: without any valid click."""
    clicks: int = 0
    bots: int = 0


def marks_of(history: History, limits: FraudLimits) -> tuple[Mark, ...]:
    """What a history shows, as sentences that fit any order."""
    found = [
        _mark(
            "coupon_leak",
            "flag",
            (history.code_alone, history.by_code),
            (limits.leak_share, limits.leak_orders),
            "{part} of {whole} orders with their code came without a click: it may have leaked.",
        ),
        _mark(
            "refund_rate",
            "hold",
            (history.returns, history.orders),
            (limits.refund_share, limits.refund_orders),
            "{part} of {whole} of their orders were refunded, cancelled or charged back.",
        ),
        _mark(
            "bot_ratio",
            "flag",
            (history.bots, history.clicks),
            (limits.bot_share, limits.bot_clicks),
            "{part} of {whole} clicks on their links were bots'.",
        ),
    ]
    return tuple(mark for mark in found if mark)


def of_period(period: Period, limits: FraudLimits) -> dict[str, tuple[Mark, ...]]:
    """The marks of everyone whom the period shows any of."""
    histories = _histories(period)
    by_size = sorted(histories, key=lambda each: (-histories[each].orders, each))
    found = {each: marks_of(histories[each], limits) for each in by_size}
    marked = [each for each in by_size if found[each]]
    return {each: found[each] for each in marked[:_MOST]}


def _histories(period: Period) -> dict[str, History]:
    histories: dict[str, History] = defaultdict(History)
    for code, counts in period.tally.links.items():
        if link := period.links.get(code):
            history = histories[link.influencer]
            history.clicks += raw_clicks(counts)
            history.bots += counts.get("bot", 0)
    for order in period.orders:
        _add(histories, order)
    return histories


def _add(histories: dict[str, History], order: OrderCredits) -> None:
    lines = order.by("linear")
    is_returned = bool(order.refunded or order.charged_back or order.cancelled)
    is_clicked = any(line.network != COUPON for line in lines)
    for influencer in {line.influencer for line in lines}:
        history = histories[influencer]
        history.orders += 1
        history.returns += is_returned
    for influencer in {line.influencer for line in lines if line.network == COUPON}:
        histories[influencer].by_code += 1
        histories[influencer].code_alone += not is_clicked


def _mark(
    rule: str,
    effect: Literal["flag", "hold"],
    counts: tuple[int, int],
    limits: tuple[float, int],
    sentence: str,
) -> Mark | None:
    """A mark where the part exceeds its share of a whole that is large enough."""
    (part, whole), (share, least) = counts, limits
    if whole < least or part <= share * whole:
        return None
    inputs = {"part": part, "whole": whole}
    return Mark(rule=rule, effect=effect, inputs=inputs, sentence=sentence.format(**inputs))
