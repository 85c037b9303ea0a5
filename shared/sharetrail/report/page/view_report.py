"""GET /reports/{token}/…: which page is asked for, and who may see it."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from sharetrail.problems import Problem
from sharetrail.report.page import page_links
from sharetrail.report.page.evidence import (
    definitions_page,
    groups,
    held_orders,
    journey,
    links,
    mails,
    orders,
    people,
    person,
)
from sharetrail.report.page.overview import show_overview
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, page

View = Callable[..., Answer]
"""Of a visit, and of what the address names."""
VIEWS: dict[str, View] = {
    "": show_overview.show,
    "people": people.show,
    "people/([^/]+)": person.show,
    "orders": orders.show,
    "orders/([^/]+)/(.+)": journey.show,
    "held": held_orders.show,
    "networks": groups.show_networks,
    "products": groups.show_products,
    "links": links.show,
    "links/([^/]+)": links.show_one,
    "definitions": definitions_page.show,
    "mails": mails.show,
    "mails/([^/]+)": mails.show_one,
    "mails/([^/]+)/letter": mails.show_letter,
    "mails/([^/]+)/eml": mails.download,
}
"""By the pattern of what stands behind the token."""


def respond(request: Request) -> Answer:
    try:
        link = page_links.find(request.path["token"], request.now)
        visit = Visit(link=link, query=dict(parse_qsl(request.query)), now=request.now)
        return _view(visit, request.path.get("page", ""))
    except Problem as problem:
        return page(problem.status, pages.message(problem.title, problem.detail))


def _view(visit: Visit, path: str) -> Answer:
    for pattern, show in VIEWS.items():
        if match := re.fullmatch(pattern, path):
            return show(visit, *map(unquote, match.groups()))
    raise NoSuchPage("The report has no such page.")
