"""The page that a mail's own link to unsubscribe opens: what its recipient gets, and a way out.

A mail program's one click (RFC 8058) posts a form of one field; whatever is posted that is no
choice and no undo unsubscribes from all, so that no mail program's way of posting is in vain.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sharetrail.mail import unsubscribes
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report.choosing import choice_words, choose_reports
from sharetrail.report.choosing.choose_reports import RHYTHMS
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, page
from sharetrail.words import names

_FOLDER = Path(__file__).parent / "templates"
_FRAME = Path(__file__).parents[1] / "page/templates"
"""For its looks alone."""
_LONGEST_FORM = 1_000  # bytes


def respond(request: Request) -> Answer:
    try:
        merchant_id, recipient = unsubscribes.recipient_of(request.path["token"])
        merchant = profiles.find(merchant_id, request.now)
    except Problem as unknown:
        return page(404, pages.message("This link is not known", unknown.detail))
    if request.method != "POST":
        return _offered(merchant, recipient)
    return _answered(merchant, recipient, request)


def _answered(merchant: Merchant, recipient: str, request: Request) -> Answer:
    form = dict(parse_qsl(request.body[:_LONGEST_FORM].decode(errors="replace")))
    if "choose" in form and (chosen := [each for each in RHYTHMS if each in form]):
        choose_reports.choose(merchant, recipient, chosen, request.now)
        return _offered(merchant, recipient, said="saved")
    if "undo" in form:
        choose_reports.have_again(merchant, recipient, request.now)
        return _offered(merchant, recipient, said="undone")
    unsubscribes.unsubscribe(merchant.id, recipient, request.now)
    return _render("left", merchant, recipient, offer=merchant.parting_offer)


def _offered(merchant: Merchant, recipient: str, said: str = "") -> Answer:
    chosen = choose_reports.gets(merchant, recipient)
    how_often = choice_words.how_often(chosen)
    offered = choice_words.OFFERED
    return _render(
        "choose", merchant, recipient, said=said, chosen=chosen, offered=offered, often=how_often
    )


def _render(template: str, merchant: Merchant, recipient: str, **words: Any) -> Answer:
    shop = names.own_name(merchant.name)
    text = _templates().get_template(f"{template}.html")
    return page(200, text.render(shop=shop, recipient=recipient, **words))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader([_FOLDER, _FRAME]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
