"""What of a person ends by itself, and when: as docs/privacy.md says it of everybody."""

from importlib import import_module

from sharetrail.personal import Kept, Whose

ROOMS = (
    *("agenda", "analysis", "aws", "attribution.keeping", "clicks", "costs", "mail", "merchants"),
    *("orders", "platforms", "privacy", "questions", "report", "sharing.keeping", "totals"),
    "webhooks",
)
"""Those that keep something of people."""


def of(*whose: Whose) -> list[dict[str, str]]:
    return [
        {"where": f"{each.table}: {each.row}", "what": each.what, "ends": each.until.sentence}
        for each in kept()
        if each.whose in whose and each.until.after is not None
    ]


def kept() -> list[Kept]:
    modules = (import_module(f"sharetrail.{room}.kept") for room in ROOMS)
    return [each for module in modules for each in module.KEPT]
