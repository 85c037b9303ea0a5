"""What is kept of how much influence people have."""

from datetime import timedelta

from sharetrail.analysis import rankings
from sharetrail.attribution.week_rings import LIFETIME
from sharetrail.personal import WITH_SHOP, Kept, expires, removed

_SCORE = "The shop sees whom to thank first, and everybody how their score came about."
_BY_ID = "it names an id, not a name"

KEPT = (
    Kept(
        table="influencers",
        row="{merchant}#scores#{influencer} / {week}",
        attributes=("pk", "packed"),
        whose="influencer",
        what="a week's score and its parts: clicks, orders, what is expected, who came by them",
        why=_SCORE,
        until=WITH_SHOP,
        leaves=f"a year is compared with those before it; {_BY_ID}",
    ),
    Kept(
        table="reports",
        row="{merchant} / answers#{week}",
        attributes=("shares", "sales", "influence"),
        whose="influencer",
        what="a week's three rankings",
        why=_SCORE,
        until=expires(rankings.LIFETIME, "the week"),
        leaves=_BY_ID,
    ),
    Kept(
        table="reports",
        row="{merchant} / ranges#{week}",
        attributes=("packed",),
        whose="influencer",
        what="the ranges of scores that were told",
        why="It is checked afterwards whether the ranges held.",
        until=expires(LIFETIME, "the week"),
        leaves=_BY_ID,
    ),
    Kept(
        table="reports bucket",
        row="weeks/{merchant}/{monday}/{hash}",
        attributes=("body",),
        whose="influencer",
        what="a week added up by influencer, and journeys of share clicks by order",
        why="Half a year is scored every night without reading it anew.",
        until=removed(timedelta(days=400)),
        leaves="it is made anew from what was overwritten, and ends by itself",
    ),
)
