"""/v1/connection: how the shop's own systems are connected, and a check of them now."""

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.api.frame.answers import described
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.installation.connecting import told_connection
from sharetrail.installation.connecting.told_connection import ToldConnection
from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import connections
from sharetrail.platforms.connections import CheckedJustNow

router = Router()


@described
class Connections(TypedDict):
    connections: list[ToldConnection]
    """One for each system that credentials were given for; none where webhooks were set up by
    hand."""


@router.get("/v1/connection")
def show_connection() -> Connections:
    """What was registered and read at the shop's own systems, and what somebody has to mend. Keys
    and secrets are told to nobody."""
    return _told(merchant_of(router))


@router.post(
    "/v1/connection/check",
    openapi_extensions=refusing(CheckedJustNow) | limited(connections.POLICY),
)
def check_connection() -> Connections:
    """Have every system that is connected looked at now, rather than at its time tomorrow: webhooks
    mended, and what is new of orders read. It takes a moment; the answer is how it stands before.
    Once in ten minutes.
    """
    merchant = merchant_of(router)
    connections.check_all(merchant.id, now_of(router))
    return _told(merchant)


def _told(merchant: Merchant) -> Connections:
    found = connections.find_all(merchant.id)
    return Connections(connections=[told_connection.told(each) for each in found])
