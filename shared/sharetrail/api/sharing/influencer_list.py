"""GET /v1/influencers: everybody, by id, score or clicks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.analysis import rankings
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score_history import Step
from sharetrail.analysis.score.tiers import Tier
from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Page, described
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.measures import clicked
from sharetrail.api.measures.clicked import TooMuchToSort
from sharetrail.api.sharing.influencers import InfluencerSummary, influencer_summary
from sharetrail.aws.items import Item
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous
from sharetrail.web.cursors import no_cursor

router = Router()
InfluencerSort = Literal["id", "-score", "-clicks"]
_DIGITS = 7
_TOGETHER = 100
"""Rows that are read at once."""


@described
class ListedInfluencer(InfluencerSummary):
    clicks_in_days: int | None
    """People's, in the days from `from` to `to`; `null` unless they are what is sorted by."""


@router.get("/v1/influencers", openapi_extensions=refusing(TooMuchToSort))
def list_influencers(
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    sort: InfluencerSort = "id",
    name_begins: Annotated[str | None, Query(max_length=influencers.LONGEST_NAME)] = None,
    tag: Annotated[str | None, Query(max_length=influencers.LONGEST_TAG)] = None,
    tier: Tier | None = None,
    anonymous: bool | None = None,
    first: day_range.First = None,
    last: day_range.Last = None,
) -> Page[ListedInfluencer]:
    """Everyone in order of their ids; the best hundred by `-score`; or, with `-clicks`, those whose
    links people followed from `from` to `to`, most followed first. A page may be short and others
    follow: go by its cursor."""
    merchant, now = merchant_of(router), now_of(router)
    wanted = _Wanted(name_begins=name_begins, tag=tag, tier=tier, anonymous=anonymous)
    days = day_range.within(merchant, first, last, now)
    asked = paging.asked(limit, cursor, sort=sort, days=(first, last), **vars(wanted))
    asked, days = day_range.carried(asked, days)
    if sort == "id":
        everyone = influencers.listed(merchant.id, asked.after, anonymous)
        rows: Iterable[_Row] = ((item, None, item["sk"]) for item in everyone)
    elif sort == "-clicks":
        ranked = clicked.behind(clicked.by(merchant, "influencer", days, now), asked.after)
        rows = _profiles(
            merchant, [(who, clicks, clicked.key_of(who, clicks)) for who, clicks in ranked]
        )
    else:
        rows = _profiles(merchant, _best(merchant, asked.after))
    found = paging.sifted(
        _scored(merchant, rows, now) if tier else ((row, None) for row in rows),
        wanted.has,
        asked,
        lambda scored: scored,
        lambda scored: scored[0][2],
    )
    return {
        "items": _shown(merchant, [row for row, _ in found["items"]], now),
        "cursor": found["cursor"],
    }


_Row = tuple[Item, int | None, str]
"""A profile, its clicks where they are known, and the key that a cursor goes on behind."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    name_begins: str | None
    tag: str | None
    tier: Tier | None
    anonymous: bool | None

    def has(self, scored: tuple[_Row, Step | None]) -> bool:
        (item, *_), step = scored
        name, begins = item["name"].casefold(), (self.name_begins or "").casefold()
        return (
            name.startswith(begins)
            and (self.tag is None or self.tag in item.get("tags", []))
            and self.anonymous in (None, is_anonymous(item["sk"]))
            and (self.tier is None or (step is not None and step[0].score.tier == self.tier))
        )


def _best(merchant: Merchant, after: str) -> list[tuple[str, None, str]]:
    """As the newest week that was scored has them; behind a page, as that one's week does.
    Malformed."""
    week, _, rank = after.partition("#")
    if after and not (_is_day(week) and rank.isascii() and rank.isdigit() and len(rank) <= _DIGITS):
        raise no_cursor()
    found = rankings.of(merchant, date.fromisoformat(week)) if after else rankings.latest(merchant)
    if found is None:
        return []
    first, places = found[0].first, enumerate(found[1].sales, start=1)
    ranked = [(place.influencer, None, f"{first}#{rank}") for rank, place in places]
    return ranked[int(rank or 0) :]


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _profiles(merchant: Merchant, ranked: Iterable[tuple[str, int | None, str]]) -> Iterator[_Row]:
    """Who is known to nobody is left out."""
    left = iter(ranked)
    while some := list(islice(left, _TOGETHER)):
        known = influencers.profiles(merchant.id, [who for who, *_ in some])
        for who, clicks, key in some:
            if who in known:
                yield known[who], clicks, key


def _scored(
    merchant: Merchant, rows: Iterable[_Row], now: datetime
) -> Iterator[tuple[_Row, Step | None]]:
    left = iter(rows)
    while some := list(islice(left, _TOGETHER)):
        steps = score_history.newest_of(merchant, [item["sk"] for item, *_ in some], now)
        yield from ((row, steps.get(row[0]["sk"])) for row in some)


def _shown(merchant: Merchant, rows: list[_Row], now: datetime) -> list[ListedInfluencer]:
    newest = score_history.newest_of(merchant, [item["sk"] for item, *_ in rows], now)
    return [
        {
            **influencer_summary(item, newest.get(item["sk"]), merchant),
            "clicks_in_days": clicks,
        }
        for item, clicks, _ in rows
    ]
