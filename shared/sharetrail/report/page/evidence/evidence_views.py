"""The pages below the overview, by the pattern of what stands behind the token."""

from collections.abc import Callable

from sharetrail.report.page.evidence import (
    definitions_page,
    group_pages,
    held_orders_page,
    links_page,
    mails_page,
    order_page,
    orders_page,
    people_page,
    person_page,
)
from sharetrail.web.http import Answer

VIEWS: dict[str, Callable[..., Answer]] = {
    "people": people_page.show,
    "people/([^/]+)": person_page.show,
    "orders": orders_page.show,
    "orders/([^/]+)/(.+)": order_page.show,
    "held": held_orders_page.show,
    "networks": group_pages.show_networks,
    "products": group_pages.show_products,
    "links": links_page.show,
    "links/([^/]+)": links_page.show_one,
    "definitions": definitions_page.show,
    "mails": mails_page.show,
    "mails/([^/]+)": mails_page.show_one,
    "mails/([^/]+)/letter": mails_page.show_letter,
    "mails/([^/]+)/eml": mails_page.download,
}
