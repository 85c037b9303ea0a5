"""POST /reports/{token}/…: a press on a page of the report, by whoever has a recipient's link."""

from sharetrail.aws import clients
from sharetrail.report.page.acts import act_on_report
from sharetrail.web.http import Answer, Request, endpoint

clients.warm()


@endpoint
def handler(request: Request) -> Answer:
    return act_on_report.respond(request)
