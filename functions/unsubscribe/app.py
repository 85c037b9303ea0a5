"""GET, HEAD, POST /unsubscribe/{token}: what a recipient gets, and one click that ends it all
(RFC 8058)."""

from sharetrail.report.choosing import choice_page
from sharetrail.web.http import Answer, Request, endpoint


@endpoint
def handler(request: Request) -> Answer:
    return choice_page.respond(request)
