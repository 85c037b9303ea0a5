"""Whether the installation works: each check of it, what was seen, and what to do."""

from sharetrail.installation import inspections, installation
from sharetrail.installation.check import TITLES, CheckAbout, CheckState
from sharetrail.installation.installation import Installation
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
        steps={about: page_paths.mend(of) for about, of in _STEPS.items()},
    )


def _summary(found: Installation) -> str:
    if found.broken:
        broken = len(found.broken)
        return say_n(broken, "{n} thing is broken.", "{n} things are broken.")
    if found.state == "waiting":
        return say("Nothing is broken. Some of it was not seen to work yet.")
    return say("Everything works, as far as we can see.")
