"""GET and POST /v1/codes: coupon codes that belong to influencers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Moment, Page, described
from sharetrail.api.frame.paging import Asked
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.measures.clicked import TooMuchToSort
from sharetrail.attribution import late_evidence
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import coupon_codes
from sharetrail.sharing.coupon_codes import Ownership
from sharetrail.sharing.share_request import Id
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()
CodeSort = Literal["code", "-since"]
MOST_SORTED = 5_000
"""Ownerships, of a hundred bytes each, that are put in the order of time while somebody waits."""


@strict
class CodeGift:
    """Whose a coupon code is, and since when: from now on where nothing is said."""

    code: Annotated[str, Field(pattern=coupon_codes.PATTERN, max_length=coupon_codes.LONGEST)]
    influencer: Id | None
    """None takes the code from whoever has it."""
    since: bodies.Moment | None = None

    def of(self, now: datetime) -> Ownership:
        code = coupon_codes.plain(self.code)
        return Ownership(code=code, influencer=self.influencer, since=self.since or now)


@described
class CodeOwnership(TypedDict):
    code: str
    influencer: str | None
    """`null`: nobody's since then."""
    since: Moment


@router.get("/v1/codes", openapi_extensions=refusing(TooMuchToSort))
def list_codes(
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    sort: CodeSort = "code",
    code: Annotated[str | None, Query(max_length=coupon_codes.LONGEST)] = None,
    influencer: Annotated[str | None, Query(max_length=100)] = None,
    standing: bool | None = None,
) -> Page[CodeOwnership]:
    """Whose each code was, and since when: by code and time or, with `-since`, the newest first.
    `standing`: what holds now, or is over. A page may be short and others follow: go by its
    cursor."""
    merchant, now = merchant_of(router), now_of(router)
    named = coupon_codes.plain(code) if code else None
    choices = {"code": named, "influencer": influencer, "standing": standing}
    asked = paging.asked(limit, cursor, sort=sort, **choices)

    def is_shown(row: _Row) -> bool:
        ownership, following = row
        is_over = following is not None and following.since <= now
        holds = ownership.since <= now and not is_over
        return influencer in (None, ownership.influencer) and standing in (None, holds)

    if sort == "code":
        by_code, key = coupon_codes.ownerships(merchant.id, asked.after, named), coupon_codes.key
        return _page(by_code, is_shown, asked, key)
    return _page(_newest(merchant, named, asked), is_shown, asked, _time_key)


_Row = tuple[Ownership, Ownership | None]
"""One, and the one that follows it of the same code."""


def _newest(merchant: Merchant, code: str | None, asked: Asked) -> list[_Row]:
    """TooMuchToSort as it says."""
    rows = [*islice(coupon_codes.ownerships(merchant.id, "", code), MOST_SORTED + 1)]
    if len(rows) > MOST_SORTED:
        raise TooMuchToSort(f"More than {MOST_SORTED:,} were told: list them by `code`, or one's.")
    rows.sort(key=lambda row: _time_key(row[0]), reverse=True)
    return [row for row in rows if not asked.after or _time_key(row[0]) < asked.after]


def _time_key(ownership: Ownership) -> str:
    return f"{iso(ownership.since)}#{ownership.code}"


def _page(
    rows: Iterable[_Row],
    is_shown: Callable[[_Row], bool],
    asked: Asked,
    key: Callable[[Ownership], str],
) -> Page[CodeOwnership]:
    return paging.sifted(
        rows, is_shown, asked, lambda row: _ownership(row[0]), lambda row: key(row[0])
    )


@router.post("/v1/codes", status_code=201)
def give_code(gift: CodeGift) -> CodeOwnership:
    """A coupon code is an influencer's from a time on; orders of the last two weeks that used it
    while it was nobody's follow within the hour."""
    now = now_of(router)
    ownership = gift.of(now)
    late_evidence.tell_owner(merchant_of(router), ownership, now)
    return _ownership(ownership)


def _ownership(ownership: Ownership) -> CodeOwnership:
    return {
        "code": ownership.code,
        "influencer": ownership.influencer,
        "since": iso(ownership.since),
    }
