"""GET /v1/installation: whether the shop's installation works, and what to do where it does not."""

from typing import Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.api.frame.answers import Moment, described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.installation import inspections, installation
from sharetrail.installation.check import TITLES, Check, CheckAbout, CheckState

router = Router()


@described
class InstallationCheck(TypedDict):
    check: CheckAbout
    heading: str
    health: CheckState
    """`ok`: seen to work. `waiting`: not seen yet. `broken`: seen not to work. `unknown`: nobody
    can tell."""
    seen: list[str]
    """What was seen, in sentences."""
    todo: list[str]
    """What to do about it."""
    paste: str | None
    """What belongs there, to be copied as it is."""
    last_seen: Moment | None
    broken_since: Moment | None
    docs: str
    """Where in this repository it is told at length."""


@described
class InstallationHealth(TypedDict):
    health: CheckState
    """`broken` where a check is; else `waiting` where one is, `unknown` where one is, or `ok`."""
    consent: Literal["required", "optional"]
    """`required` or `optional`: what holds by the shop's country, where no tag says otherwise."""
    checks: list[InstallationCheck]
    """Each rests on those before it."""


@router.get("/v1/installation")
def show_installation() -> InstallationHealth:
    """Whether the installation works: script, buttons, consent, orders, webhooks, clock."""
    merchant = merchant_of(router)
    found = installation.of(inspections.read(merchant, now_of(router)))
    return {
        "health": found.state,
        "consent": "required" if merchant.needs_consent else "optional",
        "checks": [_check(each) for each in found.checks],
    }


def _check(check: Check) -> InstallationCheck:
    return {
        "check": check.about,
        "heading": TITLES[check.about],
        "health": check.state,
        "seen": [*check.seen],
        "todo": [*check.todo],
        "paste": check.paste or None,
        "last_seen": iso(check.at) if check.at else None,
        "broken_since": iso(check.since) if check.since else None,
        "docs": check.docs,
    }
