"""GET and HEAD /{code}: lead the shopper on at once, and write one click for every GET."""

from sharetrail import redirects
from sharetrail.http import Answer, Request, answer, endpoint


@endpoint
def handler(request: Request) -> Answer:
    code = request.path["code"]
    if code in redirects.NO_LINKS:
        return answer(**redirects.NO_LINKS[code])
    if redirects.is_prefetch(request):
        # Not served and not counted: the real visit comes back and is.
        return answer(503, cache_control="no-store")
    target = redirects.find(code, request.now)
    if target is None:
        return redirects.unknown_page()
    if not target.leads_on:
        return redirects.ended(target)
    if request.method == "HEAD":
        return redirects.lead_on(target, request, click=None)
    click = redirects.click_of(request, target)
    redirects.keep(click)
    return redirects.lead_on(target, request, click)
