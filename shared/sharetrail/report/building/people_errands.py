"""Whom to send a gift, invite, thank or ask, and why. Pure.

Who can cause it, and what would they gain? One must have sold something that was paid for, and
amounts are of what was; only then is it told who began to share by their links. Whom nobody knows
can but be invited. Nobody is asked about days that are not over, before which everybody has less
than before, nor about less than half an order.
"""

from collections.abc import Iterable, Iterator

from sharetrail.report import page_paths
from sharetrail.report.building.errand import Errand, half_an_order, money
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Report
from sharetrail.report.task import Task, TaskKind
from sharetrail.sharing.link import is_anonymous
from sharetrail.words import formats

_WAYS_TO_THANK = {
    "gold": ("offer them something exclusive", "write to them in person"),
    "steady": ("invite them to your next launch", "tell them what comes next"),
}
"""By tier, of what its advice says."""


def gifts(report: Report) -> Iterator[Errand]:
    known = _known(_sellers(report))
    rising = [line for line in known if line.tier == "rising"]
    rising += [line for line in known if line.way == "up" and line.tier == "steady"]
    for line in rising:
        yield of_person("gift", line, _rise(report, line))


def _rise(report: Report, line: InfluencerLine) -> str:
    compares = line.paid_before is not None and report.days_before is None
    if compares and line.earned > (line.paid_before or 0):
        return f"They are rising: {money(report, line.earned)} this time{_before(report, line)}."
    return "Their last four weeks beat what the eight before promised."


def invitations(report: Report) -> Iterator[Errand]:
    """Whoever nobody knows and who sold half an order of the usual size or more, the best first."""
    strangers = [line for line in _sellers(report) if is_anonymous(line.id)]
    for line in sorted(strangers, key=lambda line: -line.earned):
        if line.earned >= half_an_order(report):
            reason = f"{_sold(report, line)}, and you do not know them: see where they share."
            yield of_person("invite", line, reason)


def fallen(report: Report) -> Iterator[Errand]:
    """Who has fallen, or fallen silent, and lost half an order or more, by what they lost."""
    lines = [line for line in report.influencers if line.way == "down" and line.score]
    known = _known((*lines, *report.quiet)) if report.is_over else []
    lost = {line.id: (line.paid_before or 0) - line.paid for line in known}
    for line in sorted(known, key=lambda line: -lost[line.id]):
        if lost[line.id] >= max(1, half_an_order(report)):
            nothing = "Nothing that was paid for" if line.unpaid else "Nothing"
            now = money(report, line.paid) if line.paid else nothing
            yield of_person("ask", line, f"{now} this time{_before(report, line)}.")


def thanks(report: Report) -> Iterator[Errand]:
    """The best first; of others whoever sold most now, and not what others had begun. Each with
    what to do, no two in a row the same."""
    known = _known(_sellers(report))
    gold = [line for line in known if line.tier == "gold"]
    others = [line for line in known if line.tier == "steady" and not line.told_discount]
    best_first = (*gold, *sorted(others, key=lambda line: -line.earned))
    for n, line in enumerate(best_first):
        ways = _WAYS_TO_THANK[line.tier]
        yield of_person("thank", line, f"{_praise(report, line)}: {ways[n % len(ways)]}.")


def _praise(report: Report, line: InfluencerLine) -> str:
    """Recruits are of the 26 weeks that a score looks at; orders stand where all were paid for."""
    sold = _sold(report, line)
    if line.recruits:
        people = formats.count(line.recruits, "person", "people", language=report.language)
        return f"{sold}, and {people} began to share by their links in the last half year"
    if line.tier == "gold":
        return f"{sold}; they are probably in your best tenth"
    if line.orders and not line.unpaid:
        return f"{sold} for {formats.count(line.orders, 'order', language=report.language)}"
    return sold


def _sold(report: Report, line: InfluencerLine) -> str:
    """What is credited to them; where part of that is not paid for, or held, what is left of the
    figure that mail and page have beside their name."""
    if line.earned == line.revenue:
        return f"{money(report, line.revenue)} is credited to them"
    credited = money(report, line.revenue)
    return f"{money(report, line.earned)} of the {credited} credited to them is paid and not held"


def doldrums(report: Report) -> Iterator[Errand]:
    """Who sold, and whose links clearly fewer people follow than before."""
    known = _known(_sellers(report)) if report.is_over else []
    for line in known:
        is_fallen = report.change(line.clicks, line.clicks_before).way == "down"
        if is_fallen and line.earned >= half_an_order(report):
            now = formats.count(line.clicks, "click", language=report.language)
            before = formats.number(line.clicks_before or 0, report.language)
            reason = f"{now} this time, {before} before: fewer people follow their links."
            yield of_person("ask", line, reason)


def of_person(kind: TaskKind, line: InfluencerLine, reason: str) -> Errand:
    task = Task(
        kind=kind, name=line.name, about=line.id, reason=reason, path=page_paths.person(line.id)
    )
    return Errand(task, frozenset({line.id}))


def _sellers(report: Report) -> list[InfluencerLine]:
    return [line for line in report.influencers if line.has_sold and line.tier != "review"]


def _known(lines: Iterable[InfluencerLine]) -> list[InfluencerLine]:
    """Whom one can write to."""
    return [line for line in lines if not is_anonymous(line.id)]


def _before(report: Report, line: InfluencerLine) -> str:
    if line.paid_before is None:
        return ""
    return f", {money(report, line.paid_before) if line.paid_before else 'nothing'} before"
