"""That nobody allows share clicks to be remembered: mostly a banner that passes no yes on. Pure.

Who can cause it? Whoever pays for the shop's newest twenty orders. Who can hide it? Whoever pays
for one and agrees.
"""

from collections.abc import Iterator

from sharetrail.installation import script_silence
from sharetrail.report import page_paths
from sharetrail.report.building.errand import Errand
from sharetrail.report.report import Report
from sharetrail.report.task import Task
from sharetrail.words.speech import say, say_n


def broken(report: Report) -> Iterator[Errand]:
    if not script_silence.is_refused(report.silence):
        return
    reason = say_n(
        report.silence.denied,
        "None of the last {n} paid orders may be led to a share: does your banner pass on a yes?",
        "None of the last {n} paid orders may be led to a share: does your banner pass on a yes?",
    )
    task = Task(
        kind="mend",
        name=say("the consent banner"),
        about="consent",
        reason=reason,
        path=page_paths.INSTALLATION,
    )
    yield Errand(task, frozenset({"consent"}), is_broken=True)
