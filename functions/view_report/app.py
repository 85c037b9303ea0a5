"""GET, HEAD /reports/{token} and below: a merchant's report, to whoever has a recipient's link."""

from sharetrail.aws import clients
from sharetrail.report.page import view_report
from sharetrail.web.http import Answer, Request, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    return view_report.respond(request)
