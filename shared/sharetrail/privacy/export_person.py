"""All that is kept of a person, as JSON has it, and what ends by itself with when."""

import json
from collections.abc import Mapping
from datetime import datetime
from math import inf
from typing import Any

from typing_extensions import TypedDict

from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.personal import Whose as Kind
from sharetrail.privacy import buyers, declared, influencers, recipients, shops
from sharetrail.privacy.declared import Ending
from sharetrail.privacy.pieces import Piece
from sharetrail.questions import results
from sharetrail.questions.privacy_request import PrivacyRequest, Whose
from sharetrail.web.answers import Moment, described
from sharetrail.web.http import answer

_KINDS: dict[Whose, tuple[Kind, ...]] = {
    "buyer": ("shopper",),
    "influencer": ("influencer",),
    "recipient": ("recipient",),
    "shop": ("shopper", "influencer", "recipient", "merchant"),
}


@described
class PersonAnswer(TypedDict):
    """What is kept of a person."""

    merchant: str
    whose: Whose
    as_of: Moment
    data: dict[str, Any]
    """As it is stored."""
    ends_by_itself: list[Ending]


def export(
    merchant: Merchant, request: PrivacyRequest, now: datetime, piece: Piece
) -> PersonAnswer:
    """MoreToDo, of a buyer, whose shop's orders are all read through."""
    return {
        "merchant": merchant.id,
        "whose": request.whose,
        "as_of": iso(now),
        "data": _kept(merchant, request, now, piece),
        "ends_by_itself": declared.ending_by_itself(*_KINDS[request.whose]),
    }


def handed_over(
    merchant: Merchant, request: PrivacyRequest, told: PersonAnswer
) -> Mapping[str, Any]:
    """To whoever invokes us: as it is, or which object of the quarantine bucket it is for seven
    days, where Lambda's answers have no room for it."""
    if len(json.dumps(told)) <= results.MOST_BYTES:
        return told
    kept_as = results.keep(merchant.id, request.result_id, answer(200, told), most=inf)
    return {**told, "data": None, "kept_as": kept_as}


def _kept(
    merchant: Merchant, request: PrivacyRequest, now: datetime, piece: Piece
) -> dict[str, Any]:
    match request.whose:
        case "buyer":
            return buyers.export(merchant, request, now, piece)
        case "influencer":
            return influencers.export(merchant, request.about, now)
        case "recipient":
            return recipients.export(merchant, request.about, now)
        case "shop":
            return shops.export(merchant)
