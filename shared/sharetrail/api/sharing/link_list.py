"""GET /v1/links: a merchant's links, by when they were made or how often they were followed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Page, described
from sharetrail.api.frame.paging import Asked
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.measures import clicked
from sharetrail.api.measures.clicked import TooMuchToSort
from sharetrail.api.sharing.links import LinkAnswer, link_answer
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links, product_names
from sharetrail.sharing.link import Link
from sharetrail.web.bodies import Moment
from sharetrail.web.cursors import no_cursor

router = Router()
LinkSort = Literal["-created_at", "created_at", "-clicks"]
Words = Annotated[str | None, Query(max_length=100)]
_FEW = 1_000
_TOGETHER = 100
"""Links that are read at once."""


@described
class ListedLink(LinkAnswer):
    clicks_in_days: int | None
    """People's, in the days from `from` to `to`; `null` unless they are what is sorted by."""


@router.get("/v1/links", openapi_extensions=refusing(TooMuchToSort))
def list_links(
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    sort: LinkSort = "-created_at",
    influencer: Words = None,
    network: Words = None,
    campaign: Words = None,
    label: Words = None,
    product_id: Words = None,
    disabled: bool | None = None,
    created_since: Moment | None = None,
    first: day_range.First = None,
    last: day_range.Last = None,
) -> Page[ListedLink]:
    """The newest first, or the oldest; or, with `-clicks`, those that people followed from `from`
    to `to`, most followed first. A page may be short and others follow: go by its cursor."""
    merchant, now = merchant_of(router), now_of(router)
    wanted = _Wanted(
        influencer=influencer,
        network=network,
        campaign=campaign,
        label=label,
        product_id=product_id,
        disabled=disabled,
        created_since=created_since,
    )
    days = day_range.within(merchant, first, last, now)
    asked = paging.asked(limit, cursor, sort=sort, days=(first, last), **vars(wanted))
    asked, days = day_range.carried(asked, days)
    if sort == "-clicks":
        return _named(merchant, _by_clicks(merchant, wanted, asked, days, now))
    return _named(merchant, _by_age(merchant, wanted, asked, backward=sort == "-created_at"))


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    influencer: str | None
    network: str | None
    campaign: str | None
    label: str | None
    product_id: str | None
    disabled: bool | None
    created_since: datetime | None

    def has(self, link: Link) -> bool:
        words = (
            (self.influencer, link.influencer),
            (self.network, link.network),
            (self.campaign, link.campaign),
            (self.label, link.label),
            (self.product_id, link.product.id if link.product else ""),
        )
        return (
            all(asked is None or asked == own for asked, own in words)
            and self.disabled in (None, link.disabled_at is not None)
            and (self.created_since is None or self.created_since <= link.created_at)
        )


_Row = tuple[Link, int | None, str]
"""A link, its clicks where they are known, and the key that a cursor goes on behind."""


# ── by when they were made ───────────────────────────────────────────────────────────────────────
def _by_age(merchant: Merchant, wanted: _Wanted, asked: Asked, *, backward: bool) -> Page[_Row]:
    after = _place(asked.after)
    found: Iterable[Link] | None = None
    if wanted.influencer is not None:
        found = _of_one(merchant, wanted.influencer, after, backward=backward)
    if found is None:
        found = links.made_of(merchant.id, wanted.created_since, after, backward=backward)
    rows = ((link, None, _key(link)) for link in found)
    return _page(rows, wanted, asked)


def _of_one(
    merchant: Merchant, influencer: str, after: tuple[str, str] | None, *, backward: bool
) -> list[Link] | None:
    """An influencer's, where they are few enough to be put in order here: whoever has a token may
    make some without end, which are looked for among all of the merchant's then."""
    made = links.made_behind(merchant.id, influencer, "", _FEW + 1)
    if len(made) > _FEW:
        return None
    behind = "#".join(after or ())
    made.sort(key=_key, reverse=backward)
    if not behind:
        return made
    return [each for each in made if (_key(each) < behind if backward else _key(each) > behind)]


def _key(link: Link) -> str:
    return f"{iso(link.created_at)}#{link.code}"


def _place(after: str) -> tuple[str, str] | None:
    """When the link behind which a page begins was made, and its code. Malformed."""
    at, parted, code = after.partition("#")
    if after and not (parted and at and code):
        raise no_cursor()
    return (at, code) if after else None


# ── by how often they were followed ──────────────────────────────────────────────────────────────
def _by_clicks(
    merchant: Merchant, wanted: _Wanted, asked: Asked, days: tuple[date, date], now: datetime
) -> Page[_Row]:
    ranked = clicked.behind(clicked.by(merchant, "link", days, now), asked.after)
    return _page(_followed(merchant, ranked), wanted, asked)


def _followed(merchant: Merchant, ranked: list[tuple[str, int]]) -> Iterator[_Row]:
    left = iter(ranked)
    while some := list(islice(left, _TOGETHER)):
        found = links.find_all({code for code, _ in some})
        for code, clicks in some:
            if (link := found.get(code)) and link.merchant == merchant.id:
                yield link, clicks, clicked.key_of(code, clicks)


# ── a page of them ───────────────────────────────────────────────────────────────────────────────
def _page(rows: Iterable[_Row], wanted: _Wanted, asked: Asked) -> Page[_Row]:
    return paging.sifted(
        rows, lambda row: wanted.has(row[0]), asked, lambda row: row, lambda row: row[2]
    )


def _named(merchant: Merchant, page: Page[_Row]) -> Page[ListedLink]:
    """With what the merchant's side calls their products: one read for all of them."""
    products = {link.product.id for link, *_ in page["items"] if link.product}
    names = product_names.find_all(merchant.id, products)
    return {
        "items": [
            {**link_answer(link, names), "clicks_in_days": clicks}
            for link, clicks, _ in page["items"]
        ],
        "cursor": page["cursor"],
    }
