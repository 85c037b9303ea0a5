"""The page on which one says what it was, for how much and for which days, before another says what
entering it will do."""

from sharetrail import calendars
from sharetrail.costs.cost import LONGEST_NOTE
from sharetrail.report import page_paths
from sharetrail.report.page import frame
from sharetrail.report.page.acts import name_influencer
from sharetrail.report.page.acts.costs import enter_cost
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer
from sharetrail.words import names
from sharetrail.words.speech import say


def show(visit: Visit) -> Answer:
    """Whom it is for, the address says; nobody in particular where it does not."""
    who = visit.query.get("influencer", "")
    called = names.name(name_influencer.profile(visit, who)["name"]) if who else ""
    return frame.render(
        "spending/enter",
        visit,
        say("What {name} cost", name=called) if called else say("What sharing cost"),
        action=visit.to("acts/cost"),
        way=[(page_paths.person(who), called)] if who else [("costs", say("Costs"))],
        influencer=who,
        cost=enter_cost.new_id(visit),
        today=calendars.local_day(visit.now, visit.merchant.tz),
        currency=visit.merchant.currency,
        most=LONGEST_NOTE,
    )
