"""What all pages of the report have in common: how they are rendered, and what surrounds them."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report import page_paths, templates
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer, page
from sharetrail.words import formats, names
from sharetrail.words.speech import mark
from sharetrail.words.writing import Writing

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
    (page_paths.INSTALLATION, mark("Installation")),
)
"""Below every page."""


def render(template: str, visit: Visit, title: str, *, status: int = 200, **words: Any) -> Answer:
    """A page: `templates/<template>.html`, which extends frame.html, with these words in place;
    `here` among them is the page's own path, where it is one of PAGES or MORE_PAGES."""
    common = {
        **_common(visit.merchant),
        "title": title,
        "visit": visit,
        "to": visit.to,
        "part": page_paths.part,
        "of_person": page_paths.person,
        "of_order": page_paths.order,
        "mend": page_paths.mend,
        "may_act": visit.link.may_act(visit.now),
        "pages": PAGES,
        "more_pages": MORE_PAGES,
        "here": None,
    }
    return page(status, text(f"{template}.html", common | words))


def refused(visit: Visit, problem: Problem) -> Answer:
    """A page of the report that says so, with the way back."""
    anew = replace(visit, query={})  # its days may be what is refused
    return render("refused", anew, problem.title, status=problem.status, why=problem.detail)


def text(template: str, words: dict[str, Any]) -> str:
    """Any of the templates, with these words alone."""
    return _templates().get_template(template).render(words)


def _common(merchant: Merchant) -> dict[str, Any]:
    """How whoever reads it writes amounts, numbers, days and names."""
    return {
        **Writing.of(merchant).words(),
        "lang": formats.english_tag(merchant.language),
        "direction": "ltr",  # of the sentences, which are English
        "shop": names.own_name(merchant.name),
        "name": names.name,
    }


@cache
def _templates() -> Environment:
    return templates.in_folders(_FOLDER, _BESIDE)
