"""GET and HEAD /{code}: lead the shopper on at once, and write one click for every GET.

Behind it stands whatever no other route knows, since a code may come with a slash behind it.
"""

from sharetrail.sharing import redirect
from sharetrail.web import security_txt
from sharetrail.web.http import Answer, Request, answer, endpoint


@endpoint
def handler(request: Request) -> Answer:
    code = request.path["code"]
    if code in redirect.NO_LINKS:
        return redirect.NO_LINKS[code]
    if code == security_txt.PLACE:
        return security_txt.told(request.now)
    if redirect.is_prefetch(request):
        # Not served and not counted: the real visit comes back and is.
        return answer(503, cache_control="no-store")
    return redirect.answered(lambda: _lead(code, request), request)


def _lead(code: str, request: Request) -> Answer:
    target = redirect.find(code, request.now)
    if target is None:
        return redirect.lead_nowhere(code, request)
    if not target.leads_on:
        return redirect.lead_off(target, request)
    if request.method == "HEAD":
        return redirect.lead_on(target, request, click=None)
    click = redirect.click_of(request, target)
    redirect.keep(click)
    return redirect.lead_on(target, request, click)
