"""An erasure, as it was asked for: once it is asked, and again for as long as it is kept."""

from datetime import datetime, timedelta
from typing import get_args

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.privacy import buyers, export_person, influencers, recipients, shops
from sharetrail.privacy.erased import Erased
from sharetrail.questions import privacy_requests, results
from sharetrail.questions.privacy_request import PrivacyRequest, Whose
from sharetrail.web.http import answer

IN_A_BACKUP: tuple[Whose, ...] = get_args(Whose)
"""Whom a restored table brings back. A shop that has begun anew since it was asked is another."""
_COMES_BACK_WITHIN = timedelta(days=2)
"""Of shops, and of who shares or gets reports: what ran with what it knew of before."""
CONCERN = "ShopToBeErased"


def work(_number: str, record: Record) -> None:
    """What a message of the queue asks for, once it is due: nobody but a shop's own system has one
    wait. What is exported is read as a question's answer is."""
    request, whole = privacy_requests.read(record["body"])
    now = batches.first_received(record)
    if request and request.is_early(now):
        logs.ring(CONCERN, merchant=request.merchant)
    elif request and request.act == "erase":
        erase(request, now, whole=whole)
    elif request:
        _export(request, now)


def _export(request: PrivacyRequest, now: datetime) -> None:
    if merchant := profiles.read(request.merchant):
        told = export_person.export(merchant, request, now)
        results.keep(merchant.id, request.result_id, answer(200, told))


def erase(request: PrivacyRequest, now: datetime, *, whole: bool = True) -> Erased:
    """Twice is as good as once; a merchant that is gone has nobody left. Not `whole`: what may have
    come back of a buyer, where all of the shop was read through before. A shop is erased in pieces:
    what is left of it comes again by the queue."""
    if request.whose == "shop":
        rests = not whole and shops.was_done_before(request.merchant, now - _COMES_BACK_WITHIN)
        return Erased() if rests else _erase_shop(request, now)
    merchant = profiles.read(request.merchant)
    return _erase(merchant, request, now, whole) if merchant else Erased()


def _erase_shop(request: PrivacyRequest, now: datetime) -> Erased:
    try:
        return shops.erase(request.merchant, request.asked_at, now)
    except shops.MoreToErase:
        privacy_requests.go_on(request)
        return Erased()


def _erase(merchant: Merchant, request: PrivacyRequest, now: datetime, whole: bool) -> Erased:
    if request.whose == "buyer":
        return buyers.erase(merchant, request, now, whole=whole)
    if not whole and now - request.asked_at > _COMES_BACK_WITHIN:
        return Erased()
    if request.whose == "influencer":
        return influencers.erase(merchant, request.about, now)
    return recipients.erase(merchant, request.about, now)
