"""GET /reports/{token}/…: which page is asked for, and who may see it."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from sharetrail.merchants.contact import masked
from sharetrail.problems import Problem
from sharetrail.report import page_paths
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import ExpiredLink
from sharetrail.report.page import frame
from sharetrail.report.page.acts import act_pages
from sharetrail.report.page.evidence import evidence_views
from sharetrail.report.page.figures import figures_page
from sharetrail.report.page.mending import installation_page, mend_page
from sharetrail.report.page.overview import show_overview
from sharetrail.report.page.spending import costs_page
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web.http import Answer, Request, page
from sharetrail.words.speech import isolated, say, sentence, speaking

View = Callable[..., Answer]
"""Of a visit, and of what the address names."""
VIEWS: dict[str, View] = {
    "": show_overview.show,
    "acts": act_pages.done,
    "acts/([a-z]+)": act_pages.show,
    "choices": act_pages.choices,
    "costs": costs_page.show,
    "mend/([a-z_]+)": mend_page.show,
    page_paths.INSTALLATION: installation_page.show,
    "figures": figures_page.show,
    **evidence_views.VIEWS,
}
"""By the pattern of what stands behind the token."""


def respond(request: Request) -> Answer:
    try:
        link = page_links.find(request.path["token"], request.now)
    except ExpiredLink as expired:
        with speaking(expired.link.merchant.language):
            return _expired(expired)
    except Problem as problem:
        with speaking(frame.asked_language(request)):
            return frame.refused_outside(problem)
    if request.method == "HEAD":
        return page(200, "")
    with speaking(link.merchant.language):
        visit = Visit(link=link, query=request.params, now=request.now)
        return _shown(visit, request.path.get("page", "").rstrip("/"))


def _expired(expired: ExpiredLink) -> Answer:
    link = expired.link
    where = isolated(masked(link.recipient))
    asks = say("A new one can be mailed to {address}.", address=where)
    return frame.outside(
        expired.status,
        sentence(expired.title),
        f"{sentence(expired.detail)} {asks}",
        button=say("Mail a new link"),
        address=f"/reports/{link.token}/new-link",
    )


def _shown(visit: Visit, path: str) -> Answer:
    try:
        return _view(visit, path)
    except Problem as problem:
        return frame.refused(visit, problem)


def _view(visit: Visit, path: str) -> Answer:
    for pattern, show in VIEWS.items():
        if match := re.fullmatch(pattern, path):
            return show(visit, *map(unquote, match.groups()))
    raise NoSuchPage(say("The report has no such page."))
