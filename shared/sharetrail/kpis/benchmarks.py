"""What other shops reach, to compare with: each with who says so, and of when it is. Pure.

Of a range the near end is the target. They are no promise: a shop's own trade, prices and season
say more, so what the merchant sets stands first.
"""

from sharetrail.kpis.target import Target
from sharetrail.words.speech import mark

_RIVAL_IQ = mark("Rival IQ, Social Media Industry Benchmark Report: the median of 2,100 companies")
_YEARBOOK = mark("AddShoppers, yearbook of 10,000 shops")
_TRADE = mark("a rule of thumb of the trade, which names no study")
_DOLLARS = "USD"

BENCHMARKS = (
    Target(
        kpi="engagement_per_post", network="facebook", value="0.0006", source=_RIVAL_IQ, year=2023
    ),
    Target(
        kpi="engagement_per_post", network="instagram", value="0.0047", source=_RIVAL_IQ, year=2023
    ),
    Target(
        kpi="engagement_per_post", network="tiktok", value="0.0569", source=_RIVAL_IQ, year=2023
    ),
    Target(kpi="engagement_per_post", network="x", value="0.00035", source=_RIVAL_IQ, year=2023),
    Target(kpi="click_through", network="instagram", value="0.18", source=_TRADE, year=2023),
    Target(kpi="click_through", network="tiktok", value="0.14", source=_TRADE, year=2023),
    Target(kpi="clicks_per_share", value="1.05", source=_YEARBOOK, year=2014),
    Target(kpi="k_factor", value="0.02", source=_YEARBOOK, year=2014),
    Target(kpi="bounce_rate", value="0.4", source=_TRADE, year=2023),
    Target(kpi="time_on_site", value="210", source=_TRADE, year=2023),
    Target(kpi="lead_rate", value="0.038", note=mark("for pop-ups"), source=_TRADE, year=2023),
    Target(
        kpi="conversion", value="0.02", note=mark("for visits by sharing"), source=_TRADE, year=2023
    ),
    Target(
        kpi="conversion", value="0.025", note=mark("the average of shops"), source=_TRADE, year=2023
    ),
    Target(kpi="conversion", value="0.07", note=mark("to aim for"), source=_TRADE, year=2023),
    Target(kpi="order_value", value="126.12", currency=_DOLLARS, source=_YEARBOOK, year=2014),
    Target(kpi="order_value", value="125", currency=_DOLLARS, source=_TRADE, year=2023),
    Target(kpi="revenue_per_share", value="2.56", currency=_DOLLARS, source=_YEARBOOK, year=2014),
    Target(kpi="cost_per_action", value="45", currency=_DOLLARS, source=_TRADE, year=2023),
    Target(kpi="return_on_spend", value="3", source=_TRADE, year=2023),
    Target(kpi="returning_customers", value="0.2", note=mark("a month"), source=_TRADE, year=2023),
)
