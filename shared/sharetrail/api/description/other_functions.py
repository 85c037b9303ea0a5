"""The routes of functions that are none of the merchant API: what they take, answer and refuse.

It stands here and not beside each, since a redirect must load no more than it needs.
"""

from typing import Any

from sharetrail.api.description.operation import BYTES, HTML, JSON, Content, Operation, Security
from sharetrail.api.frame.acceptance import Accepted
from sharetrail.api.questions.what_if import Trial, WhatIfAnswer
from sharetrail.merchants.keys.api_keys import BadKey, Forbidden
from sharetrail.problems import Malformed
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.reconciliation.export_row import Unreadable
from sharetrail.reconciliation.read_export import UnknownExport
from sharetrail.reconciliation.reconcile import Query, WrongShop
from sharetrail.reconciliation.reconciled import Reconciled
from sharetrail.sharing.beacon import Beacon, Collected
from sharetrail.sharing.create_link import CodeTaken, TooManyLinks
from sharetrail.sharing.destinations import BadDestination
from sharetrail.sharing.given_link import Unlabelled
from sharetrail.sharing.share_request import MadeLink, NotTheirs, ShareBody
from sharetrail.web.http import TooLarge
from sharetrail.webhooks.delivery import Mismatch, NotUnderstood
from sharetrail.webhooks.providers import UnknownProvider
from sharetrail.webhooks.replies import Asked, DryRun, Kept, Quarantining, Stored
from sharetrail.webhooks.signature import Unsigned
from sharetrail.webhooks.standard import Contradiction

_ANY_KEY: tuple[Security, ...] = ("secret_key", "publishable_key")
_PAGE = "A page for people."
_SCRIPT = "text/javascript; charset=utf-8"
_QUESTION = (Malformed, BadKey, Forbidden, TooManyQuestions)
_ACCEPTED = Content(
    of=Accepted,
    says="It takes longer than a call: its result will be at `url`.",
    headers=("location", "retry-after"),
)

_SHARING = (
    Operation(
        method="post",
        path="/v1/links",
        name="create_link",
        tag="sharing",
        summary="A short link for one sharer, destination and network.",
        description="The same again is the same link, and takes nothing of the day's allowance.",
        body=Content(of=ShareBody, says="What is shared, where, and by whom."),
        security=_ANY_KEY,
        answers={
            200: Content(of=MadeLink, says="The link was there.", headers=("ratelimit-policy",)),
            201: Content(of=MadeLink, says="A new link.", headers=("ratelimit-policy",)),
        },
        refuses=(
            *(Malformed, BadKey, Forbidden, TooLarge),
            *(BadDestination, NotTheirs, Unlabelled, CodeTaken, TooManyLinks),
        ),
    ),
    Operation(
        method="post",
        path="/v1/events",
        name="collect_events",
        tag="sharing",
        summary="What happened on a shop's page.",
        description="As a beacon sends it: `text/plain`, with the publishable key in the body. The "
        "header does as well. An event that was sent before changes nothing.",
        body=Content(
            of=Beacon, media="text/plain", or_as=JSON, says="JSON: a page visit's events."
        ),
        security=(),
        answers={
            202: Content(
                of=Collected | None,
                says="Taken; where some events are not as they should be, `errors` says which.",
                headers=("ratelimit-policy",),
            ),
        },
        refuses=(Malformed, BadKey, Forbidden, TooLarge),
    ),
    Operation(
        method="options",
        path="/v1/{path}",
        name="answer_preflight",
        tag="sharing",
        summary="Whether a page of this origin may call.",
        headers={"Origin": "Of the page."},
        answers={204: "It may.", 403: "It is no merchant's shop."},
    ),
    Operation(
        method="get",
        path="/{code}",
        name="follow_link",
        tag="sharing",
        summary="Follow a link: to its destination, with one click written.",
        answers={
            200: Content(media="text/plain", says="Of `robots.txt` alone."),
            204: "Of `favicon.ico` alone.",
            302: "To the link's destination, or where the shop leads links that have ended.",
            404: Content(media=HTML, says="No link has this code: a page for people."),
            410: Content(media=HTML, says="The link has ended: a page for people."),
            503: "To a prefetch; or a page that tries again by itself.",
        },
    ),
    Operation(
        method="head",
        path="/{code}",
        name="look_at_link",
        tag="sharing",
        summary="Where a link leads; no click is written.",
        answers={
            200: "Of `robots.txt` alone.",
            204: "Of `favicon.ico` alone.",
            302: "As GET.",
            404: "As GET.",
            410: "As GET.",
            503: "As GET.",
        },
    ),
    Operation(
        method="get",
        path="/sharetrail.js",
        name="load_script",
        tag="sharing",
        summary="The script that shops install.",
        headers={"If-None-Match": "The script that the browser has."},
        answers={
            200: Content(media=_SCRIPT, says="The script.", headers=("etag",)),
            304: "It is the one that the browser has.",
        },
    ),
    Operation(
        method="head",
        path="/sharetrail.js",
        name="look_at_script",
        tag="sharing",
        summary="The same without the script.",
        answers={200: "As GET.", 304: "As GET."},
    ),
)
_ORDERS = (
    Operation(
        method="post",
        path="/v1/webhooks/{provider}/{merchant_id}",
        name="receive_order",
        tag="orders",
        summary="What a shop system tells of an order, signed.",
        description="docs/webhooks.md has each provider's headers and bodies. `dry_run=true` "
        "stores nothing.",
        body=Content(of=dict[str, Any], says="As the provider sends it."),
        answers={
            200: Content(of=Stored | DryRun | Asked | None, says="Stored, or known already."),
            202: Content(of=Kept | Quarantining, says="Kept until it can be stored, or read."),
        },
        refuses=(
            *(Malformed, Unsigned, UnknownProvider, TooLarge),
            *(Mismatch, NotUnderstood, Contradiction),
        ),
    ),
    Operation(
        method="post",
        path="/v1/reconciliations",
        name="reconcile",
        tag="orders",
        summary="The shop's own order export beside what is here.",
        description="docs/reconciliation.md has the formats.",
        body=Content(media="text/csv", or_as=BYTES, says="The export, as the shop wrote it."),
        query=Query,
        security=("secret_key",),
        answers={200: Content(of=Reconciled), 202: _ACCEPTED},
        refuses=(*_QUESTION, TooLarge, UnknownExport, Unreadable, WrongShop),
    ),
)
_MEASURES = (
    Operation(
        method="post",
        path="/v1/what-if",
        name="ask_what_if",
        tag="questions",
        summary="A past period's credits under another window, model or coupon rule.",
        body=Content(of=Trial, says="What to try. What is left out stays as the merchant has it."),
        security=("secret_key",),
        answers={200: Content(of=WhatIfAnswer), 202: _ACCEPTED},
        refuses=(*_QUESTION, TooLarge),
    ),
)
_READING = {
    200: Content(media=HTML, says=_PAGE),
    202: Content(media=HTML, says="A page that is worked on, and comes back by itself."),
    303: "To the page that it moved to.",
    403: Content(media=HTML, says=_PAGE),
    404: Content(media=HTML, says=_PAGE),
    410: Content(media=HTML, says="The link is over: a page that offers a new one."),
    422: Content(media=HTML, says=_PAGE),
    429: Content(media=HTML, says=_PAGE),
}
_ACTING = {
    **_READING,
    400: Content(media=HTML, says=_PAGE),
    409: Content(media=HTML, says=_PAGE),
}
_LOOKING = {200: "There is such a page.", 404: "As GET.", 410: "As GET."}
_LEAVING = {
    200: Content(media=HTML, says=_PAGE),
    404: Content(media=HTML, says="The link is not known."),
    409: Content(media=HTML, says="It cannot be undone any more."),
}


def _pages() -> tuple[Operation, ...]:
    page, first = "/reports/{token}/{page}", "/reports/{token}"
    leave = "/unsubscribe/{token}"
    return (
        _page("get", first, "open_report", "A merchant's newest report.", _READING),
        _page("head", first, "look_at_report", "Whether it is there.", _LOOKING),
        _page("get", page, "open_report_page", "A page of the report.", _READING),
        _page("head", page, "look_at_report_page", "Whether it is there.", _LOOKING),
        _page("post", page, "act_on_report", "A press on a page of the report.", _ACTING),
        _page("get", leave, "open_choices", "Which reports a recipient gets.", _LEAVING),
        _page("head", leave, "look_at_choices", "Whether it is there.", _LOOKING),
        _page("post", leave, "unsubscribe", "One click that ends them all (RFC 8058).", _LEAVING),
    )


def _page(method: Any, path: str, name: str, summary: str, answers: Any) -> Operation:
    """For whoever has the link, by which the mail led there: its token is the key."""
    return Operation(
        method=method, path=path, name=name, tag="pages", summary=summary, answers=answers
    )


OPERATIONS = (*_SHARING, *_ORDERS, *_MEASURES, *_pages())
