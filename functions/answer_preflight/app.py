"""OPTIONS /v1/{proxy+}: may a page of this origin call us? Yes, if it is some merchant's shop."""

from sharetrail.aws import clients
from sharetrail.merchants.keys import callers
from sharetrail.web.http import Answer, Request, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    return callers.preflight(request)
