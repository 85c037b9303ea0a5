"""The page that a mail's own link to unsubscribe opens: a way out, and for half an hour back in.

That link is good for ever and stands in every mail, so it does nothing else; what one gets is
chosen on the report's page, by its dated link. A mail program's one click (RFC 8058) posts a form
of one field; whatever is posted that is no undo unsubscribes from all, so that no mail program's
way of posting is in vain.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment

from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.unsubscribes import UNDONE_WITHIN
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report import templates
from sharetrail.report.choosing import choice_words, choose_reports
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, page
from sharetrail.words import names, speech
from sharetrail.words.speech import say, speaking

_FOLDER = Path(__file__).parent / "templates"
_FRAME = Path(__file__).parents[1] / "page/templates"
"""For its looks alone."""
_LONGEST_FORM = 1_000  # bytes


def respond(request: Request) -> Answer:
    try:
        merchant_id, recipient = unsubscribes.recipient_of(request.path["token"])
        merchant = profiles.find(merchant_id, request.now)
    except Problem:
        return _unknown(request)
    with speaking(merchant.language):
        return _of_recipient(merchant, recipient, request)


def _of_recipient(merchant: Merchant, recipient: str, request: Request) -> Answer:
    if request.method == "POST":
        return _answered(merchant, recipient, request)
    if unsubscribes.is_unsubscribed(merchant.id, recipient):
        return _left(merchant, recipient, request.now)
    return _stays(merchant, recipient)


def _unknown(request: Request) -> Answer:
    """Whose it is nobody knows, nor what they read, but for what their browser says."""
    with speaking(speech.preferred(request.headers.get("accept-language", ""))):
        title, text = (
            say("This link is not known"),
            say("This link to unsubscribe is not one of ours."),
        )
        return page(404, pages.message(title, text, lang=speech.tag()))


def _answered(merchant: Merchant, recipient: str, request: Request) -> Answer:
    form = dict(parse_qsl(request.body[:_LONGEST_FORM].decode(errors="replace")))
    if "undo" not in form:
        unsubscribes.unsubscribe(merchant.id, recipient, request.now)
        return _left(merchant, recipient, request.now, offer=merchant.parting_offer)
    if choose_reports.have_again(merchant, recipient, request.now):
        return _stays(merchant, recipient, is_undone=True)
    return _left(merchant, recipient, request.now, status=409)


def _left(
    merchant: Merchant, recipient: str, now: datetime, *, offer: str = "", status: int = 200
) -> Answer:
    since = unsubscribes.since(merchant.id, recipient)
    is_fresh = since is not None and now < since + UNDONE_WITHIN
    return _render("left", merchant, recipient, status, offer=offer, is_fresh=is_fresh)


def _stays(merchant: Merchant, recipient: str, *, is_undone: bool = False) -> Answer:
    refused = suppressions.find(merchant.id, recipient)
    return _render(
        "stays",
        merchant,
        recipient,
        is_undone=is_undone,
        is_recipient=merchant.sends_to(recipient),
        why=refused and refused.why,
        gets=choose_reports.gets(merchant, recipient),
        often=choice_words.how_often(choose_reports.gets(merchant, recipient)),
    )


def _render(
    template: str, merchant: Merchant, recipient: str, status: int = 200, **words: Any
) -> Answer:
    shop = names.own_name(merchant.name)
    address = recipient if "@" in recipient else None  # of who is off the list none is kept
    text = _templates().get_template(f"{template}.html")
    words |= {"lang": speech.tag(), "direction": speech.direction()}
    return page(status, text.render(shop=shop, recipient=address, **words))


@cache
def _templates() -> Environment:
    return templates.in_folders(_FOLDER, _FRAME)
