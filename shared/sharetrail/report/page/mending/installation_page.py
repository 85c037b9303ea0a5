"""Whether the installation works: each check of it, what was seen, and what to do."""

from sharetrail.installation import inspections, installation
from sharetrail.installation.check import TITLES, CheckAbout, CheckState
from sharetrail.installation.installation import Installation
from sharetrail.installation.page_checks import LOOK
from sharetrail.report import page_paths
from sharetrail.report.page import frame
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer
from sharetrail.words.speech import mark, say, say_n, sentence

_STATES: dict[CheckState, tuple[str, str]] = {
    "ok": ("up", mark("Works")),
    "waiting": ("gold", mark("Not seen yet")),
    "broken": ("review", mark("Broken")),
    "unknown": ("", mark("Unclear")),
}
"""The badge, and what it says."""
_STEPS: dict[CheckAbout, str] = {
    "script": "script",
    "reach": "script",
    "webhook": "orders",
    "topics": "orders",
    "recipients": "recipient",
}
"""Which of the mending pages has all the steps."""
_LOOKED_AT: tuple[CheckAbout, ...] = ("script", "buttons")
"""What is seen at once on a page that is opened to be looked at."""


def show(visit: Visit) -> Answer:
    found = installation.of(inspections.read(visit.merchant, visit.now))
    return frame.render(
        "installation",
        visit,
        say("Installation"),
        here=page_paths.INSTALLATION,
        summary=_summary(found),
        installation=found,
        titles={about: sentence(title) for about, title in TITLES.items()},
        states={state: (badge, sentence(text)) for state, (badge, text) in _STATES.items()},
        look=f"{visit.merchant.home}{LOOK}",
        looked_at=_LOOKED_AT,
        steps={about: page_paths.mend(of) for about, of in _STEPS.items()},
    )


def _summary(found: Installation) -> str:
    if found.broken:
        broken = len(found.broken)
        return say_n(broken, "{n} thing is broken.", "{n} things are broken.")
    if found.state != "ok":
        return say("Nothing is broken. Of some of it nobody can tell yet.")
    return say("Everything works, as far as we can see.")
