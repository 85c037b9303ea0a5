"""The pages below the overview, by the pattern of what stands behind the token."""

from collections.abc import Callable

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
from sharetrail.web.http import Answer

VIEWS: dict[str, Callable[..., Answer]] = {
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
