"""Whether a shop's installation works: every check of it, each resting on those before. Pure."""

from dataclasses import dataclass

from sharetrail.installation import check, delivery_checks, order_checks, page_checks, reach_check
from sharetrail.installation.check import TITLES, Check, CheckAbout, CheckState
from sharetrail.installation.inspection import Inspection
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing

_WORST: tuple[CheckState, ...] = ("broken", "waiting", "unknown", "ok")


@dataclass(frozen=True, kw_only=True)
class Installation:
    checks: tuple[Check, ...]

    @property
    def broken(self) -> tuple[Check, ...]:
        return tuple(each for each in self.checks if each.state == "broken")

    @property
    def state(self) -> CheckState:
        """Broken where one is; else waiting where one is, or unknown."""
        states = [each.state for each in self.checks]
        return min(states, key=_WORST.index)

    def find(self, about: CheckAbout) -> Check:
        return next(each for each in self.checks if each.about == about)


def of(inspection: Inspection) -> Installation:
    """In the language that is spoken (words/speech.py)."""
    checks = [
        page_checks.script(inspection),
        reach_check.reach(inspection),
        page_checks.buttons(inspection),
        page_checks.consent(inspection),
        order_checks.trail(inspection),
        order_checks.webhook(inspection),
        delivery_checks.topics(inspection),
        delivery_checks.clock(inspection),
        _quarantine(inspection),
        _recipients(inspection),
        *delivery_checks.connections(inspection),
    ]
    order = list(TITLES)
    return Installation(checks=tuple(sorted(checks, key=lambda each: order.index(each.about))))


def _quarantine(of: Inspection) -> Check:
    if not of.quarantined:
        return check.ok("quarantine", say("Each signed webhook of the last 30 days was read."))
    said = say_n(
        len(of.quarantined),
        "{n} signed webhook could not be read. It came on {newest}.",
        "{n} signed webhooks could not be read, the newest on {newest}.",
        newest=Writing.of(of.merchant).instant(max(of.quarantined)),
    )
    todo = say(
        "They are kept whole for 30 days. Whoever runs Sharetrail for you sees why, and has them"
        " read again."
    )
    forget = say(
        "Was it mended, and sent again? Then have what was kept forgotten: until then it is told"
        " here. With your secret key, GET and DELETE /v1/quarantine do both."
    )
    return check.broken("quarantine", said, todo=(todo, forget), since=min(of.quarantined))


def _recipients(of: Inspection) -> Check:
    listed = of.merchant.recipients
    if not listed:
        return check.waiting("recipients", say("Nobody gets the report."), todo=(_list(),))
    if refusing := [each for each in of.refusing if of.merchant.sends_to(each.recipient)]:
        refuse = [say("{who} refuses our mails.", who=each.recipient) for each in refusing]
        since = min(each.at for each in refusing)
        return check.broken("recipients", *refuse, todo=(_list(),), since=since)
    seen = say_n(
        len(listed),
        "{n} address is on the list, and no mail to it came back.",
        "{n} addresses are on the list, and no mail to them came back.",
    )
    return check.ok("recipients", seen)


def _list() -> str:
    return say("Correct the list of recipients.")
