"""Three things to do with a report: the ones that matter, never three alike. Pure."""

from collections.abc import Iterable, Iterator

from sharetrail.report import page_paths
from sharetrail.report.building import (
    consent_errand,
    mend_errands,
    order_errands,
    people_errands,
)
from sharetrail.report.building.errand import Errand
from sharetrail.report.report import Report
from sharetrail.report.task import Task, TaskKind
from sharetrail.words import names
from sharetrail.words.speech import mark, say

MOST, ALIKE = 3, 2
"""Tasks of a report, and of one kind where nothing else is there."""
_TITLES: dict[TaskKind, str] = {
    "decide": mark("Decide on {name}"),
    "thank": mark("Thank {name}"),
    "gift": mark("Send {name} a gift"),
    "invite": mark("Invite {name}"),
    "ask": mark("Ask {name} what happened"),
    "weigh": mark("Look at what {name} costs"),
}


def title(task: Task) -> str:
    """What to do, in a few words."""
    if task.kind == "mend":
        return mend_errands.title(task)
    if task.kind == "decide" and task.path.startswith(f"{page_paths.ORDERS}/"):
        return order_errands.title(task)
    return say(_TITLES[task.kind], name=names.in_sentence(task.name))


def choose(report: Report, earlier: Iterable[Task] = ()) -> tuple[Task, ...]:
    """At most three, most urgent first; fewer where there is nothing to do.

    No kind twice unless nothing else is there, and none three times; no order and nobody appears
    twice. What the last mail said comes after what it did not, but for what is broken and still is.
    """
    said = {(task.kind, task.about) for task in earlier}
    errands = list(_all(report))
    fresh = [each for each in errands if each.is_broken or each.key not in said]
    again = [each for each in errands if each not in fresh]
    chosen: list[Errand] = []
    for alike in range(1, ALIKE + 1):
        for errand in (*fresh, *again):
            _take(chosen, errand, alike)
    return tuple(each.task for each in sorted(chosen, key=errands.index))


def _all(report: Report) -> Iterator[Errand]:
    """All that there is to do, most urgent first."""
    yield from mend_errands.broken(report)
    yield from consent_errand.broken(report)
    yield from order_errands.held(report)
    yield from people_errands.costly(report)
    yield from people_errands.gifts(report)
    yield from people_errands.invitations(report)
    yield from people_errands.fallen(report)
    yield from people_errands.thanks(report)
    yield from people_errands.doldrums(report)
    yield from mend_errands.used_up(report)


def _take(chosen: list[Errand], errand: Errand, alike: int) -> None:
    kinds = [each.task.kind for each in chosen]
    is_new = all(each.subjects.isdisjoint(errand.subjects) for each in chosen)
    if len(chosen) < MOST and kinds.count(errand.task.kind) < alike and is_new:
        chosen.append(errand)
