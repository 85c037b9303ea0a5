"""GET /v1/results/{id}: what became of a question that was answered with 202."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.analysis.stats import TooManyGroups
from sharetrail.analysis.what_if import TooManyOrders
from sharetrail.api.frame.acceptance import accepted
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, Text, found, merchant_of, now_of, response_of
from sharetrail.api.measures.kpis import KpisAnswer
from sharetrail.api.questions.cohorts import CohortsAnswer
from sharetrail.api.questions.returns import ReturnsAnswer
from sharetrail.api.questions.stats_answer import StatsAnswer
from sharetrail.api.questions.what_if import WhatIfAnswer
from sharetrail.costs.costs import TooManyCosts
from sharetrail.kpis.scorecards import TooMuchToAddUp
from sharetrail.privacy.export_person import PersonAnswer
from sharetrail.problems import NotFound
from sharetrail.questions import privacy_requests, questions, results
from sharetrail.questions.question import is_alive
from sharetrail.questions.results import Result, TooLargeAnswer
from sharetrail.reconciliation.reconciled import Reconciled
from sharetrail.web.http import Request, takes_gzip

router = Router()
_RESULT = (
    StatsAnswer
    | KpisAnswer
    | WhatIfAnswer
    | Reconciled
    | ReturnsAnswer
    | CohortsAnswer
    | PersonAnswer
)


class UnknownResult(NotFound):
    """The merchant asked no such question in the last seven days."""


@router.get(
    "/v1/results/<result_id>",
    responses={200: found(_RESULT), 202: ACCEPTED},
    openapi_extensions=refusing(
        *(TooManyOrders, TooManyGroups, TooManyCosts, TooMuchToAddUp, TooLargeAnswer)
    ),
)
def show_result(result_id: Text) -> Response[str]:
    """The body, or the problem, that the call itself would have answered, as of when it was asked;
    202 as long as it is worked on. It ends after seven days."""
    merchant_id = merchant_of(router).id
    if is_alive(result_id, now_of(router)):
        if found := results.find(merchant_id, result_id):
            return _told(found)
        if _is_worked_on(merchant_id, result_id):
            return response_of(accepted(result_id))
        if found := results.find(merchant_id, result_id):  # in the meantime
            return _told(found)
    raise UnknownResult(f"No result of the last seven days has the id {result_id!r}.")


def _is_worked_on(merchant_id: str, result_id: str) -> bool:
    is_open = questions.is_open(merchant_id, result_id)
    return is_open or privacy_requests.is_asked(merchant_id, result_id)


def _told(result: Result) -> Response[str]:
    packed = takes_gzip(Request.of(router.current_event.raw_event).headers)
    body, headers = result.body(packed=packed), {"vary": "accept-encoding"}
    return Response(result.status, result.content_type, body, headers, compress=packed)
