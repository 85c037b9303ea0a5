"""All that may be done on the report page, by the word in its address."""

from sharetrail.report.page.acts.choose_mail import Choose, EndLinks
from sharetrail.report.page.acts.costs.enter_cost import EnterCost
from sharetrail.report.page.acts.decide_order import Decide
from sharetrail.report.page.acts.deed import Deed
from sharetrail.report.page.acts.figures.tell_figures import TellFigures
from sharetrail.report.page.acts.give_code import Code
from sharetrail.report.page.acts.mend_recipients import Listed, Mailbox
from sharetrail.report.page.acts.name_influencer import Name, Tag
from sharetrail.report.page.acts.switch_link import Switch
from sharetrail.report.page.acts.targets.set_target import SetTarget
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.words.speech import say

_KINDS: tuple[type[Deed], ...] = (
    *(Decide, Name, Tag, Code, Switch, EnterCost),
    *(Choose, EndLinks, Listed, Mailbox),
    *(SetTarget, TellFigures),
)
DEEDS: dict[str, type[Deed]] = {each.kind: each for each in _KINDS}


def may_do(visit: Visit, kind: str) -> bool:
    """Whether the visit's link does it: a fresh one, and of a reader what is about their own mail
    and links alone."""
    is_own = kind in DEEDS and DEEDS[kind].is_own
    return visit.link.may_act(visit.now) or (is_own and visit.link.is_fresh(visit.now))


def read(visit: Visit, kind: str) -> Deed:
    """What is asked for. NoSuchPage where it is nothing that can be done, and as its own read."""
    if kind not in DEEDS:
        raise NoSuchPage(say("Nothing of this name can be done here."))
    return DEEDS[kind].read(visit)
