"""What an influencer's history shows of fraud: leaked codes, refunds, bots. Pure.

The marks stand on the orders of the week that follows (attribution/last_week.py).
"""

from collections.abc import Mapping
from typing import Literal

from sharetrail.analysis.score.history import History
from sharetrail.attribution.fraud_rules import Mark
from sharetrail.merchants.profile import FraudLimits

_MOST = 1_000
"""An item holds 400 KB; whoever has more orders comes first."""


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


def all_marks(histories: Mapping[str, History], limits: FraudLimits) -> dict[str, tuple[Mark, ...]]:
    """The marks of everyone who has any."""
    by_size = sorted(histories, key=lambda each: (-histories[each].orders, each))
    found = {each: marks_of(histories[each], limits) for each in by_size}
    marked = [each for each in by_size if found[each]]
    return {each: found[each] for each in marked[:_MOST]}


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
