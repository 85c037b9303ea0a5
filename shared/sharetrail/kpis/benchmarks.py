"""What other shops reach, to compare with: each with who says so, and of when it is. Pure.

Of a range the near end is the target. They are no promise: a shop's own trade, prices and season
say more, so what the merchant sets stands first.
"""

from typing import TypedDict

from sharetrail.kpis.target import Target
from sharetrail.words.speech import mark


class _Told(TypedDict):
    source: str
    by: str
    year: int


_RIVAL_IQ: _Told = {
    "source": mark(
        "Rival IQ, Social Media Industry Benchmark Report: the median of 2,100 companies"
    ),
    "by": mark("Rival IQ"),
    "year": 2023,
}
_YEARBOOK: _Told = {
    "source": mark("AddShoppers, a yearbook of 10,000 shops"),
    "by": mark("AddShoppers"),
    "year": 2014,
}
_TRADE: _Told = {
    "source": mark("A rule of thumb of the trade, which names no study"),
    "by": mark("rule of thumb"),
    "year": 2023,
}
_USD = "USD"

BENCHMARKS = (
    Target(kpi="engagement_per_post", network="facebook", value="0.0006", **_RIVAL_IQ),
    Target(kpi="engagement_per_post", network="instagram", value="0.0047", **_RIVAL_IQ),
    Target(kpi="engagement_per_post", network="tiktok", value="0.0569", **_RIVAL_IQ),
    Target(kpi="engagement_per_post", network="x", value="0.00035", **_RIVAL_IQ),
    Target(kpi="click_through", network="instagram", value="0.18", **_TRADE),
    Target(kpi="click_through", network="tiktok", value="0.14", **_TRADE),
    Target(kpi="clicks_per_share", value="1.05", **_YEARBOOK),
    Target(kpi="k_factor", value="0.02", **_YEARBOOK),
    Target(kpi="bounce_rate", value="0.4", **_TRADE),
    Target(kpi="time_on_site", value="210", **_TRADE),
    Target(kpi="lead_rate", value="0.038", note=mark("of pop-ups"), **_TRADE),
    Target(kpi="conversion", value="0.02", note=mark("good for sharing"), **_TRADE),
    Target(kpi="conversion", value="0.025", note=mark("what shops have on average"), **_TRADE),
    Target(kpi="conversion", value="0.07", note=mark("to aim for"), **_TRADE),
    Target(kpi="order_value", value="126.12", currency=_USD, **_YEARBOOK),
    Target(kpi="order_value", value="125", currency=_USD, **_TRADE),
    Target(kpi="revenue_per_share", value="2.56", currency=_USD, **_YEARBOOK),
    Target(kpi="cost_per_action", value="45", currency=_USD, **_TRADE),
    Target(kpi="return_on_spend", value="3", **_TRADE),
    Target(kpi="returning_customers", value="0.2", note=mark("in a month"), **_TRADE),
)
