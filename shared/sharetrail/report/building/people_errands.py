"""Whom to send a gift, invite, thank or ask, and why. Pure.

Who can cause it, and what would they gain? One must have sold something that was paid for, and
amounts are of what was; only then is it told who began to share by their links. Whom nobody knows
can but be invited. Nobody is asked about days that are not over, of which everybody has less than
before, nor of those in which the shop itself fell silent; nor about less than half an order, or
what all others lost as well.
"""

from collections.abc import Iterable, Iterator

from sharetrail.costs import few
from sharetrail.costs.spend import Return
from sharetrail.report import page_paths
from sharetrail.report.building import order_silence
from sharetrail.report.building.errand import Errand, half_an_order, money
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Report
from sharetrail.report.task import Task, TaskKind
from sharetrail.sharing.link import is_anonymous
from sharetrail.words import formats, names
from sharetrail.words.speech import say

_WAYS_TO_THANK = {
    "gold": ("offer them something exclusive", "write to {name} in person"),
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
    """Who has fallen, or fallen silent, and lost half an order or more beside what the whole shop
    lost, by how much."""
    lines = [line for line in report.influencers if line.way == "down" and line.score]
    known = _known((*lines, *report.quiet)) if _can_be_asked_of(report) else []
    left = _left_of_orders(report)
    lost = {line.id: left * (line.paid_before or 0) - line.paid for line in known}
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
        way = ways[n % len(ways)].format(name=names.in_sentence(line.name))
        yield of_person("thank", line, f"{_praise(report, line)}: {way}.")


def _praise(report: Report, line: InfluencerLine) -> str:
    """Recruits are of the 26 weeks that a score looks at; orders stand where all are earned."""
    sold = _sold(report, line)
    if line.recruits:
        people = formats.count(line.recruits, "person", "people", language=report.language)
        return f"{sold}, and {people} began to share by their links in the last half year"
    if line.tier == "gold":
        return f"{sold}; they are probably in your best tenth"
    if line.orders and line.earned == line.revenue:
        return f"{sold} for {formats.count(line.orders, 'order', language=report.language)}"
    return sold


def _sold(report: Report, line: InfluencerLine) -> str:
    """What is credited to them, the figure that mail and page have beside their name; and where
    part of it is not earned, what is, and what the rest is."""
    credited = money(report, line.revenue)
    if line.earned == line.revenue:
        return f"{credited} is credited to them"
    parts = ((line.held, "held"), (line.upheld, "rejected"), (line.unpaid, "not paid for"))
    rest = ", ".join(f"{money(report, minor)} {what}" for minor, what in parts if minor)
    return f"{money(report, line.earned)} of the {credited} credited to them is earned ({rest})"


def doldrums(report: Report) -> Iterator[Errand]:
    """Who sold, and whose links clearly fewer people follow than before, and than all others'."""
    known = _known(_sellers(report)) if _can_be_asked_of(report) else []
    for line in known:
        if _is_followed_less(report, line) and line.earned >= half_an_order(report):
            now = formats.count(line.clicks, "click", language=report.language)
            before = formats.number(line.clicks_before or 0, report.language)
            reason = f"{now} this time, {before} before: fewer people follow their links."
            yield of_person("ask", line, reason)


def _is_followed_less(report: Report, line: InfluencerLine) -> bool:
    before = line.clicks_before
    if before is None or report.change(line.clicks, before).way != "down":
        return False
    due = round(before * _left_of_others(report, line))
    return report.change(line.clicks, due).way == "down"


def _left_of_others(report: Report, line: InfluencerLine) -> float:
    """The part that is left of the clicks of everybody else; all, where that is no clear fall."""
    others = report.funnel.clicks - line.clicks
    clicks_before = report.funnel_before.clicks if report.funnel_before else 0
    return _left(report, others, clicks_before - (line.clicks_before or 0))


def _left_of_orders(report: Report) -> float:
    """The same of all orders of the shop that were paid for."""
    now = report.earned.all_paid_orders
    before = report.before.all_paid_orders if report.before else None
    return 1 if now is None or before is None else _left(report, now, before)


def _left(report: Report, now: int, before: int) -> float:
    is_fallen = 0 <= now < before and report.change(now, before).way == "down"
    return now / before if is_fallen else 1


def _can_be_asked_of(report: Report) -> bool:
    """Whether the days tell something of a person: where the shop's own orders stopped, less is
    nobody's fault."""
    return report.is_over and not order_silence.is_told(report)


def of_person(kind: TaskKind, line: InfluencerLine, reason: str) -> Errand:
    task = Task(
        kind=kind, name=line.name, about=line.id, reason=reason, path=page_paths.person(line.id)
    )
    return Errand(task, frozenset({line.id}))


def _sellers(report: Report) -> list[InfluencerLine]:
    """Not whoever surely costs more than they bring: that is told instead."""
    sold = [line for line in report.influencers if line.has_sold and line.tier != "review"]
    return [line for line in sold if not is_costly(report, line.id)]


def _known(lines: Iterable[InfluencerLine]) -> list[InfluencerLine]:
    """Whom one can write to."""
    return [line for line in lines if not is_anonymous(line.id)]


def _before(report: Report, line: InfluencerLine) -> str:
    if line.paid_before is None:
        return ""
    return f", {money(report, line.paid_before) if line.paid_before else 'nothing'} before"


# ── what somebody costs ──────────────────────────────────────────────────────────────────────────
def costly(report: Report) -> Iterator[Errand]:
    """Whoever cost more than they brought, by more than chance and by half an order or more; who
    cost most more first. Of days that are not over nobody knows yet."""
    sums, called = report.returns.groups, report.returns.names
    lost = {who: sums[who].spend.total - sums[who].earned for who in called if who in sums}
    for who in sorted(lost, key=lambda who: (-lost[who], who)):
        if report.is_over and is_costly(report, who):
            reason, path = _cost(report, sums[who]), page_paths.person(who)
            task = Task(kind="weigh", name=called[who], about=who, reason=reason, path=path)
            yield Errand(task, frozenset({who}))


def is_costly(report: Report, who: str) -> bool:
    """Whether even the upper end of what they may have been expected to bring is less than they
    cost: of few orders that end is far away."""
    sums = report.returns.groups.get(who)
    if sums is None or not sums.spend.total:
        return False
    _, orders = few.mean_of(sums.orders)
    most = sums.return_range[1] * sums.spend.total if sums.return_range else orders * _usual(report)
    return sums.spend.total - most >= half_an_order(report)


def _usual(report: Report) -> float:
    return 2 * half_an_order(report)


def _cost(report: Report, sums: Return) -> str:
    cost = money(report, sums.spend.total)
    if not sums.earned:
        return say("They cost {cost} and brought nothing.", cost=cost)
    brought = money(report, sums.earned)
    return say("They cost {cost} and brought {brought}.", cost=cost, brought=brought)
