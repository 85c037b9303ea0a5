"""GET and POST /v1/codes: coupon codes that belong to influencers."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Moment, Page, described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.attribution import late_evidence
from sharetrail.calendars import iso
from sharetrail.sharing import coupon_codes
from sharetrail.sharing.coupon_codes import Ownership
from sharetrail.sharing.share_request import Id
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()


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


@router.get("/v1/codes")
def list_codes(
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    code: Annotated[str | None, Query(max_length=coupon_codes.LONGEST)] = None,
    influencer: Annotated[str | None, Query(max_length=100)] = None,
    standing: bool | None = None,
) -> Page[CodeOwnership]:
    """By code and time: whose each was, and since when. `standing`: what holds now, or is over. A
    page may be short and others follow: go by its cursor."""
    merchant, now = merchant_of(router), now_of(router)
    named = coupon_codes.plain(code) if code else None
    asked = paging.asked(limit, cursor, code=named, influencer=influencer, standing=standing)
    rows = coupon_codes.ownerships(merchant.id, asked.after, named)

    def is_shown(row: tuple[Ownership, Ownership | None]) -> bool:
        ownership, following = row
        is_over = following is not None and following.since <= now
        holds = ownership.since <= now and not is_over
        return influencer in (None, ownership.influencer) and standing in (None, holds)

    return paging.sifted(
        rows,
        is_shown,
        asked,
        lambda row: _ownership(row[0]),
        lambda row: coupon_codes.key(row[0]),
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
