"""What each figure of mail and page is, and where it is not known."""

from itertools import groupby

from sharetrail.report.page.evidence import sheet
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer
from sharetrail.words.definitions import definitions
from sharetrail.words.speech import say


def show(visit: Visit) -> Answer:
    groups = groupby(definitions().items(), lambda each: each[1].group)
    told = [(f"group-{n}", group, [*members]) for n, (group, members) in enumerate(groups)]
    return sheet.render("definitions", visit, say("Definitions"), at="definitions", groups=told)
