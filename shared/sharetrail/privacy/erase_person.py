"""An erasure, as it was asked for: once it is asked, and again for as long as it is kept."""

from datetime import datetime, timedelta
from typing import get_args

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.merchants import profiles
from sharetrail.privacy import buyers, export_person, influencers, pieces, recipients, shops
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.pieces import MoreToDo, Piece
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
    message = privacy_requests.read(record["body"])
    if message is None:
        return
    request, now = message.request, batches.first_received(record)
    if request.is_early(now):
        logs.ring(CONCERN, merchant=request.merchant)
    elif request.act == "erase":
        erase(request, now, whole=message.whole, after=message.after)
    else:
        _export(request, now, message.after)


def _export(request: PrivacyRequest, now: datetime, after: str) -> None:
    merchant = profiles.read(request.merchant)
    if merchant is None:
        return
    try:
        told = export_person.export(merchant, request, now, pieces.begin(after))
    except MoreToDo as more:
        privacy_requests.go_on(request, more.reached)
    else:
        results.keep(merchant.id, request.result_id, answer(200, told))


def erase(request: PrivacyRequest, now: datetime, *, whole: bool = True, after: str = "") -> Erased:
    """Twice is as good as once; a merchant that is gone has nobody left. Not `whole`: what may have
    come back of a buyer, where all of the shop was read through before. What takes longer than a
    run goes on by the queue, `after` what is done."""
    try:
        return _erase(request, now, whole, pieces.begin(after))
    except MoreToDo as more:
        privacy_requests.go_on(request, more.reached)
        return Erased(goes_on=True)


def _erase(request: PrivacyRequest, now: datetime, whole: bool, piece: Piece) -> Erased:
    if request.whose == "shop":
        rests = not whole and shops.was_done_before(request.merchant, now - _COMES_BACK_WITHIN)
        return Erased() if rests else shops.erase(request.merchant, request.asked_at, now, piece)
    merchant = profiles.read(request.merchant)
    if merchant is None:
        return Erased()
    if request.whose == "buyer":
        return buyers.erase(merchant, request, now, piece, whole=whole)
    if not whole and now - request.asked_at > _COMES_BACK_WITHIN:
        return Erased()
    if request.whose == "influencer":
        return influencers.erase(merchant, request.about, now, piece)
    return recipients.erase(merchant, request.about, now)
