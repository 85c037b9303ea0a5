"""What an influencer's history shows of fraud: leaked codes, refunds, bots. Pure.

The marks stand on the orders of the week that follows (attribution/last_week.py).
"""

from collections.abc import Mapping
from itertools import islice

from sharetrail.analysis.score.history import History
from sharetrail.attribution.fraud_rules import Mark
from sharetrail.merchants.profile import FraudLimits

_MOST = 1_000
"""An item holds 400 KB; whoever has more orders comes first."""


# Each of them others can cause: whoever posts somebody's code, orders by their link and gives it
# back, or runs a program on it. So they are shown, and take nothing from anybody.
_RULES = ("coupon_leak", "refund_rate", "bot_ratio")


def marks_of(history: History, limits: FraudLimits) -> tuple[Mark, ...]:
    """What a history shows, whatever the order: a mark where a part exceeds its share of a whole
    that is large enough."""
    leaks = (history.code_alone, limits.leak_share, history.by_code, limits.leak_orders)
    refunds = (history.returns, limits.refund_share, history.orders, limits.refund_orders)
    bots = (history.bots, limits.bot_share, history.clicks, limits.bot_clicks)
    return tuple(
        Mark(rule=rule, effect="flag", inputs={"part": part, "whole": whole})
        for rule, (part, share, whole, least) in zip(_RULES, (leaks, refunds, bots), strict=True)
        if whole >= least and part > share * whole
    )


def all_marks(histories: Mapping[str, History], limits: FraudLimits) -> dict[str, tuple[Mark, ...]]:
    """The marks of everyone who has any."""
    by_size = sorted(histories, key=lambda each: (-histories[each].orders, each))
    found = ((each, marks_of(histories[each], limits)) for each in by_size)
    return dict(islice((it for it in found if it[1]), _MOST))
