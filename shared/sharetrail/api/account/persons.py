"""/v1/erasures and /v1/exports: a buyer or an influencer forgotten, or told what is kept of them.

Who can do it? Whoever has a secret key. What would they gain? Nobody's money: credits stay as they
stood. They take from the shop that it knows who comes back, so a day has so many, and each erasure
stands in the list of what was done. A whole shop, and its recipients, are no key's to erase.
"""

from datetime import datetime
from functools import partial
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.api.frame import key_acts, paging
from sharetrail.api.frame.acceptance import accepted, url_of
from sharetrail.api.frame.answers import Moment, Page, described
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, merchant_of, now_of, response_of
from sharetrail.api.frame.sense import sensible
from sharetrail.calendars import iso
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance, policy_of
from sharetrail.merchants.profile import Merchant
from sharetrail.privacy import asked_person
from sharetrail.privacy.asked_person import AskedBuyer
from sharetrail.problems import Problem
from sharetrail.questions import privacy_requests, results
from sharetrail.questions.privacy_request import Act, PrivacyRequest, Whose
from sharetrail.questions.question import asked_at, is_alive
from sharetrail.sharing.share_request import Word
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()
_OF_A_DAY = Allowance(name="persons", most=200, policy="persons")
POLICY = policy_of([_OF_A_DAY])
_DIGITS = 8


class TooManyPersons(Problem):
    """A day has so many who ask."""

    status = 429
    title = "The day has had its persons"


def _sense(told: Any, _merchant: Merchant, _now: datetime) -> dict[str, str]:
    named = [name for name in ("buyer", "influencer") if isinstance(told, dict) and told.get(name)]
    return {} if len(named) == 1 else {"buyer": "or influencer is needed, and not both"}


@sensible(_sense)
@strict
class PersonAsked:
    """Just one of them."""

    buyer: AskedBuyer | None = None
    influencer: Word | None = None
    """Their id."""


@described
class ErasureAsked(TypedDict):
    """It is worked on, and done within minutes; the same again is the same."""

    id: str
    whose: Whose
    asked_at: Moment
    """What they order later is another beginning."""


@described
class ExportAsked(TypedDict):
    id: str
    state: Literal["working", "done"]
    asked_at: Moment
    url: str
    """Where it is, for seven days."""


@router.post(
    "/v1/erasures",
    status_code=202,
    openapi_extensions=refusing(TooManyPersons) | limited(POLICY),
)
def erase_person(person: PersonAsked) -> ErasureAsked:
    """Have a person forgotten: their orders stay as they stood, and lead to nobody. It is not
    undone."""
    asked = _ask("erase", person)
    label = f"{asked.whose} {asked.digest[:_DIGITS]}"
    key_acts.note(router, asked.merchant, "person", label, asked.whose, now_of(router))
    return {"id": asked.digest, "whose": asked.whose, "asked_at": iso(asked.asked_at)}


@router.post(
    "/v1/exports",
    status_code=202,
    responses={202: ACCEPTED},
    openapi_extensions=refusing(TooManyPersons) | limited(POLICY),
)
def export_person(person: PersonAsked) -> Response[str]:
    """Be told all that is kept of a person, and what ends by itself with when."""
    return response_of(accepted(_ask("export", person).result_id))


@router.get("/v1/exports")
def list_exports(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> Page[ExportAsked]:
    """What was asked for in the last seven days, by the shop's own system or by a key, newest
    first."""
    merchant_id, now = merchant_of(router).id, now_of(router)
    asked = paging.asked(limit, cursor)
    alive = [each for each in privacy_requests.exports_of(merchant_id) if is_alive(each, now)]
    behind = [each for each in alive if not asked.after or each < asked.after]
    return paging.page(behind[: limit + 1], asked, partial(_export, merchant_id), str)


def _export(merchant_id: str, export_id: str) -> ExportAsked:
    is_done = results.is_there(merchant_id, export_id)
    return {
        "id": export_id,
        "state": "done" if is_done else "working",
        "asked_at": iso(asked_at(export_id)),
        "url": url_of(export_id),
    }


def _ask(act: Act, person: PersonAsked) -> PrivacyRequest:
    merchant, now = merchant_of(router), now_of(router)
    asked = asked_person.request_of(merchant.id, bodies.plain(person), act, now)
    if not daily_allowances.take(merchant, _OF_A_DAY, {f"{act} {asked.digest}"}, now):
        raise TooManyPersons(
            f"A day has {_OF_A_DAY.most}: whoever runs Sharetrail for you has no such limit.",
            headers={
                "ratelimit_policy": POLICY,
                **daily_allowances.nothing_left(merchant, _OF_A_DAY, now),
            },
        )
    return privacy_requests.ask(asked)
