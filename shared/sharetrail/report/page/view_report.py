"""GET /reports/{token}/…: which page is asked for, and who may see it."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from sharetrail.problems import Problem
from sharetrail.report import page_paths
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import ExpiredLink, PageLink
from sharetrail.report.page import frame, new_link
from sharetrail.report.page.acts import act_pages
from sharetrail.report.page.evidence import evidence_views
from sharetrail.report.page.mending import installation_page, mend_page
from sharetrail.report.page.overview import show_overview
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, page

View = Callable[..., Answer]
"""Of a visit, and of what the address names."""
VIEWS: dict[str, View] = {
    "": show_overview.show,
    "acts": act_pages.done,
    "acts/([a-z]+)": act_pages.show,
    "choices": act_pages.choices,
    "mend/([a-z_]+)": mend_page.show,
    page_paths.INSTALLATION: installation_page.show,
    **evidence_views.VIEWS,
}
"""By the pattern of what stands behind the token."""


def respond(request: Request) -> Answer:
    try:
        link = page_links.find(request.path["token"], request.now)
        if request.method == "HEAD":
            return page(200, "")
        visit = Visit(link=link, query=request.params, now=request.now)
        return _shown(visit, request.path.get("page", ""))
    except ExpiredLink as expired:
        return page(expired.status, _expired(expired.link, expired))
    except Problem as problem:
        return page(problem.status, pages.message(problem.title, problem.detail))


def _expired(link: PageLink, expired: ExpiredLink) -> str:
    address = f"/reports/{link.token}/new-link"
    asks = f"{expired.detail} A new one can be mailed to {new_link.masked(link.recipient)}."
    return pages.question(expired.title, asks, "Mail a new link", address)


def _shown(visit: Visit, path: str) -> Answer:
    try:
        return _view(visit, path)
    except Problem as problem:
        return frame.refused(visit, problem)


def _view(visit: Visit, path: str) -> Answer:
    for pattern, show in VIEWS.items():
        if match := re.fullmatch(pattern, path):
            return show(visit, *map(unquote, match.groups()))
    raise NoSuchPage("The report has no such page.")
