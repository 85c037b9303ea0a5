"""/v1/connection: how the shop's own systems are connected, and a check of them now."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.installation.connecting import told_connection
from sharetrail.installation.connecting.told_connection import ToldConnection
from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import connections

router = Router()


@dataclass(frozen=True, kw_only=True)
class Connections:
    connections: Sequence[ToldConnection]
    """One for each system that credentials were given for; none where webhooks were set up by
    hand."""


@router.get("/v1/connection")
def show_connection() -> Connections:
    """What was registered and read at the shop's own systems, and what somebody has to mend. Keys
    and secrets are told to nobody."""
    return _told(merchant_of(router))


@router.post("/v1/connection/check")
def check_connection() -> Connections:
    """Have every system that is connected looked at now, rather than at its time tomorrow: webhooks
    mended, and what is new of orders read. It takes a moment; the answer is how it stands before.
    """
    merchant, now = merchant_of(router), now_of(router)
    for each in connections.find_all(merchant.id):
        connections.check(merchant.id, each.platform, now)
    return _told(merchant)


def _told(merchant: Merchant) -> Connections:
    found = connections.find_all(merchant.id)
    return Connections(connections=[told_connection.told(each) for each in found])
