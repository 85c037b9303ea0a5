"""GET, HEAD, POST /unsubscribe/{token}: the page that asks, one click that does it (RFC 8058)."""

from sharetrail.mail import unsubscribes
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, endpoint, page


@endpoint
def handler(request: Request) -> Answer:
    try:
        merchant, recipient = unsubscribes.recipient_of(request.path["token"])
    except unsubscribes.UnknownToken as unknown:
        return page(404, pages.message("This link is not known", unknown.detail))
    if request.method == "POST":
        unsubscribes.unsubscribe(merchant, recipient, request.now)
        return page(200, pages.message("You are unsubscribed", _AFTER))
    return page(200, pages.question("No more weekly reports?", _BEFORE, "Unsubscribe"))


_BEFORE = "This address will get no more reports of this shop."
_AFTER = "No more weekly reports will come here. The shop's operator can switch them on again."
