"""The page on which one writes what a network's statistics say, or pastes a table of them, before
another says what telling it will do."""

from sharetrail import calendars
from sharetrail.kpis.network_figure import FIGURES
from sharetrail.report.page import frame
from sharetrail.report.page.acts.figures.tell_figures import LONGEST_TABLE
from sharetrail.report.page.acts.figures.told_line import MOST
from sharetrail.report.page.acts.figures.written_figures import COLUMNS
from sharetrail.report.page.visit import Visit
from sharetrail.sharing.networks import NETWORKS
from sharetrail.web.http import Answer
from sharetrail.words.speech import mark, say

_LABELS = {
    "followers": mark("Followers at the day's end"),
    "posts": mark("Posts"),
    "impressions": mark("Impressions"),
    "engagements": mark("Engagements"),
}


def show(visit: Visit) -> Answer:
    """The network first that the address names, or the one that most shops tell of."""
    today = calendars.local_day(visit.now, visit.merchant.tz)
    return frame.render(
        "acts/tell_figures",
        visit,
        say("Tell figures of your networks"),
        action=visit.to("acts/figures"),
        way=[("figures", say("Key figures"))],
        networks=[(each, say(known.name)) for each, known in NETWORKS.items()],
        chosen=visit.query.get("on", "instagram"),
        today=today,
        labels=[(name, say(_LABELS[name])) for name in FIGURES],
        columns=COLUMNS,
        example=f"instagram,{today},1200,3,5400,230",
        most=MOST,
        longest=LONGEST_TABLE,
    )
