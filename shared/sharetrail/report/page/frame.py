"""What all pages of the report have in common: how they are rendered, and what surrounds them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report import page_paths, templates
from sharetrail.report.page import held_sentences
from sharetrail.report.page.visit import Visit
from sharetrail.web import pages
from sharetrail.web.http import Answer, Request, named, page
from sharetrail.words import names, speech
from sharetrail.words.speech import mark, sentence
from sharetrail.words.writing import Writing

_FOLDER = Path(__file__).parent / "templates"
_BESIDE = Path(__file__).parents[1] / "choosing/templates"
PAGES = (
    ("", mark("Overview")),
    ("people", mark("People")),
    ("orders", mark("Orders")),
    ("links", mark("Links")),
    ("figures", mark("Figures")),
)
"""Above every page: path below the report's own address, and label."""
MORE_PAGES = (
    ("networks", mark("Networks")),
    ("products", mark("Products")),
    ("held", mark("Held orders")),
    ("costs", mark("Costs")),
    ("definitions", mark("Definitions")),
    ("mails", mark("Mails sent")),
    ("choices", mark("What you get")),
    ("acts", mark("What was done")),
    (page_paths.INSTALLATION, mark("Installation")),
)
"""Below every page."""


BELOW = (
    mark("The request cannot be understood"),
    mark("There is no such thing"),
    mark("Give a cursor as a page gave it."),
    mark("There is no link of this code."),
)
"""What rooms below refuse with, for programs too: said by `refused` alone."""


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
        "is_fresh": visit.link.is_fresh(visit.now),
        "is_reader": visit.link.is_reader,
        "pages": _said(PAGES),
        "more_pages": _said(MORE_PAGES),
        "here": None,
    }
    return page(status, text(f"{template}.html", common | words))


def refused(visit: Visit, problem: Problem) -> Answer:
    """A page of the report that says so, with the way back."""
    anew = replace(visit, query={})  # its days may be what is refused
    title, why = sentence(problem.title), sentence(problem.detail)
    shown = render("refused", anew, title, status=problem.status, why=why)
    return {**shown, "headers": {**shown["headers"], **named(problem.headers)}}


def outside(
    status: int, title: str, text: str, *, button: str = "", address: str = "", **headers: str
) -> Answer:
    """A small page of no report, which asks for one press of a button where it has one."""
    told = speech.closed_up(text)
    asks = pages.question(title, told, button, address, lang=speech.tag()) if button else ""
    return page(status, asks or pages.message(title, told, lang=speech.tag()), **headers)


def refused_outside(problem: Problem) -> Answer:
    title, why = sentence(problem.title), sentence(problem.detail)
    return outside(problem.status, title, why, **problem.headers)


def asked_language(request: Request) -> str:
    """What whoever asks reads, where nothing else says it."""
    return speech.preferred(request.headers.get("accept-language", ""))


def text(template: str, words: dict[str, Any]) -> str:
    """Any of the templates, with these words alone."""
    return speech.closed_up(_templates().get_template(template).render(words))


def _said(labelled: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(path, sentence(label)) for path, label in labelled]


def _common(merchant: Merchant) -> dict[str, Any]:
    """How whoever reads it writes amounts, numbers, days and names."""
    return {
        **Writing.of(merchant).words(),
        "lang": speech.tag(),
        "direction": speech.direction(),
        "shop": names.own_name(merchant.name),
        "name": names.name,
        "tier": tier_name,
        "held_part": held_sentences.of_part,
        "held_beside": held_sentences.of_also,
    }


_TIERS = {
    # For translators: an influencer's tier, in a pill beside the name.
    "gold": mark("Gold"),
    # For translators: an influencer's tier, in a pill beside the name.
    "rising": mark("Rising"),
    # For translators: an influencer's tier, in a pill beside the name.
    "steady": mark("Steady"),
    # For translators: an influencer's tier, in a pill beside the name: too few orders so far.
    "unproven": mark("Unproven"),
    # For translators: of an influencer, much of whose credit is in doubt: to be looked at.
    "review": mark("Review"),
}


def tier_name(tier: str) -> str:
    return sentence(_TIERS.get(tier, tier))


@cache
def _templates() -> Environment:
    return templates.in_folders(_FOLDER, _BESIDE)
