"""What each figure of mail and page is, and where it is not known."""

from itertools import groupby

from sharetrail.report.definitions import definitions
from sharetrail.report.page.evidence import sheet
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer


def show(visit: Visit) -> Answer:
    groups = groupby(definitions().items(), lambda each: each[1].group)
    told = [(group, [*members]) for group, members in groups]
    return sheet.render("definitions", visit, "Definitions", at="definitions", groups=told)
