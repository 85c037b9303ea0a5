"""What all pages of the report have in common: how they are rendered, and what surrounds them."""

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sharetrail.merchants.profile import Merchant
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer, page
from sharetrail.words import formats, names

_FOLDER = Path(__file__).parent / "templates"
_BESIDE = Path(__file__).parents[1] / "choosing/templates"
PAGES = (
    ("", "Overview"),
    ("people", "People"),
    ("orders", "Orders"),
    ("links", "Links"),
)
"""Above every page: path below the report's own address, and label."""
MORE_PAGES = (
    ("networks", "Networks"),
    ("products", "Products"),
    ("held", "Held orders"),
    ("definitions", "Definitions"),
    ("mails", "Mails sent"),
    ("choices", "What you get"),
    ("acts", "What was done"),
)
"""Below every page."""


def render(template: str, visit: Visit, title: str, *, status: int = 200, **words: Any) -> Answer:
    """A page: `templates/<template>.html`, which extends frame.html, with these words in place;
    `here` among them is the page's own path, where it is one of PAGES or MORE_PAGES."""
    text = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            **_common(visit.merchant),
            title=title,
            visit=visit,
            to=visit.to,
            may_act=visit.link.may_act(visit.now),
            pages=PAGES,
            more_pages=MORE_PAGES,
            **{"here": None, **words},
        )
    )
    return page(status, text)


def _common(merchant: Merchant) -> dict[str, Any]:
    """How whoever reads it writes amounts, numbers, days and names."""
    language = merchant.language
    return {
        "lang": formats.english_tag(language),
        "direction": "ltr",  # of the sentences, which are English
        "shop": names.own_name(merchant.name),
        "name": names.name,
        "money": lambda minor: formats.isolated(
            formats.money(merchant.amount(minor), language), language
        ),
        "estimate": lambda minor: formats.isolated(
            formats.estimate(merchant.amount(minor), language), language
        ),
        "number": partial(formats.number, language=language),
        "percent": lambda part, whole: formats.percent(part, whole, language),
        "day": lambda at: formats.isolated(formats.day(at, language), language),
        "instant": partial(_instant, merchant),
        "count": partial(formats.count, language=language),
    }


def _instant(merchant: Merchant, at: datetime) -> str:
    text = formats.instant(at, merchant.zone, merchant.language)
    return formats.isolated(text, merchant.language)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader([_FOLDER, _BESIDE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
