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
from sharetrail.words.speech import mark, say, say_n

_WAYS_TO_THANK = {
    "gold": (mark("Offer them something exclusive."), mark("Write to {name} in person.")),
    "steady": (mark("Invite them to your next launch."), mark("Tell them what comes next.")),
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
    if not compares or line.earned <= (line.paid_before or 0):
        return say("Their last four weeks beat what the eight before promised.")
    now = money(report, line.earned)
    if not line.paid_before:
        return say("They are rising: {now} this time, nothing before.", now=now)
    before = money(report, line.paid_before)
    return say("They are rising: {now} this time, {before} before.", now=now, before=before)


def invitations(report: Report) -> Iterator[Errand]:
    """Whoever nobody knows and who sold half an order of the usual size or more, the best first."""
    strangers = [line for line in _sellers(report) if is_anonymous(line.id)]
    for line in sorted(strangers, key=lambda line: -line.earned):
        if line.earned >= half_an_order(report):
            unknown = say("You do not know them: see where they share.")
            yield of_person("invite", line, f"{_sold(report, line)} {unknown}")


def fallen(report: Report) -> Iterator[Errand]:
    """Who has fallen, or fallen silent, and lost half an order or more beside what the whole shop
    lost, by how much."""
    lines = [line for line in report.influencers if line.way == "down" and line.score]
    known = _known((*lines, *report.quiet)) if _can_be_asked_of(report) else []
    left = _left_of_orders(report)
    lost = {line.id: left * (line.paid_before or 0) - line.paid for line in known}
    for line in sorted(known, key=lambda line: -lost[line.id]):
        if lost[line.id] >= max(1, half_an_order(report)):
            yield of_person("ask", line, _fall(report, line))


def _fall(report: Report, line: InfluencerLine) -> str:
    before = money(report, line.paid_before or 0)
    if line.paid:
        now = money(report, line.paid)
        return say("{now} this time, {before} before.", now=now, before=before)
    if line.unpaid:
        return say("Nothing that was paid for this time, {before} before.", before=before)
    return say("Nothing this time, {before} before.", before=before)


def thanks(report: Report) -> Iterator[Errand]:
    """The best first; of others whoever sold most now, and not what others had begun. Each with
    what to do, no two in a row the same."""
    known = _known(_sellers(report))
    gold = [line for line in known if line.tier == "gold"]
    others = [line for line in known if line.tier == "steady" and not line.told_discount]
    best_first = (*gold, *sorted(others, key=lambda line: -line.earned))
    for n, line in enumerate(best_first):
        ways = _WAYS_TO_THANK[line.tier]
        way = say(ways[n % len(ways)], name=names.in_sentence(line.name))
        yield of_person("thank", line, f"{_praise(report, line)} {way}")


def _praise(report: Report, line: InfluencerLine) -> str:
    """Recruits are of the 26 weeks that a score looks at; orders stand where all are earned."""
    if line.recruits:
        began = say_n(
            line.recruits,
            "{n} person began to share by their links in the last half year.",
            "{n} people began to share by their links in the last half year.",
        )
        return f"{_sold(report, line)} {began}"
    if line.tier == "gold":
        best = say("They are probably in your best tenth.")
        return f"{_sold(report, line)} {best}"
    if line.orders and line.earned == line.revenue:
        return say_n(
            line.orders,
            "{amount} is credited to them for {n} order.",
            "{amount} is credited to them for {n} orders.",
            amount=money(report, line.revenue),
        )
    return _sold(report, line)


def _sold(report: Report, line: InfluencerLine) -> str:
    """What is credited to them, the figure that mail and page have beside their name; and where
    part of it is not earned, what is, and what the rest is."""
    credited = money(report, line.revenue)
    if line.earned == line.revenue:
        return say("{amount} is credited to them.", amount=credited)
    earned = say(
        "{earned} of the {credited} credited to them is earned.",
        earned=money(report, line.earned),
        credited=credited,
    )
    return " ".join((earned, *_not_earned(report, line)))


def _not_earned(report: Report, line: InfluencerLine) -> Iterator[str]:
    if line.held:
        yield say("{amount} is held.", amount=money(report, line.held))
    if line.upheld:
        yield say("{amount} is rejected.", amount=money(report, line.upheld))
    if line.unpaid:
        yield say("{amount} is not paid for.", amount=money(report, line.unpaid))


def doldrums(report: Report) -> Iterator[Errand]:
    """Who sold, and whose links clearly fewer people follow than before, and than all others'."""
    known = _known(_sellers(report)) if _can_be_asked_of(report) else []
    for line in known:
        if _is_followed_less(report, line) and line.earned >= half_an_order(report):
            reason = say_n(
                line.clicks,
                "{n} click this time, {before} before: fewer people follow their links.",
                "{n} clicks this time, {before} before: fewer people follow their links.",
                before=formats.number(line.clicks_before or 0, report.language),
            )
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


# ── what somebody costs ──────────────────────────────────────────────────────────────────────────
def costly(report: Report) -> Iterator[Errand]:
    """Whoever cost more than they brought, by more than chance and by half an order or more; who
    cost most more first. Of days that are not over nobody knows yet."""
    sums, called = report.returns.groups, report.returns.names
    lost = {who: sums[who].spend.total - _due(sums[who]) for who in called if who in sums}
    for who in sorted(lost, key=lambda who: (-lost[who], who)):
        if report.is_over and is_costly(report, who):
            reason, path = _cost(report, sums[who]), page_paths.person(who)
            task = Task(kind="weigh", name=called[who], about=who, reason=reason, path=path)
            yield Errand(task, frozenset({who}))


def is_costly(report: Report, who: str) -> bool:
    """Whether even the upper end of what they may have been expected to bring, what is held among
    it, is less than they cost: of few orders that end is far away."""
    sums = report.returns.groups.get(who)
    if sums is None or not sums.spend.total:
        return False
    due = _due(sums)
    if due and sums.orders:
        most = due * few.revenue_of(sums.orders)[1]
    else:
        most = few.mean_of(0)[1] * 2 * half_an_order(report)
    return sums.spend.total - most >= half_an_order(report)


def _due(sums: Return) -> int:
    """What is earned, or may yet be when its date comes."""
    return sums.earned + sums.held


def _cost(report: Report, sums: Return) -> str:
    cost = money(report, sums.spend.total)
    if not sums.revenue:
        return say("They cost {cost} and brought nothing.", cost=cost)
    brought = money(report, _due(sums))
    told = say("They cost {cost} and brought {brought}.", cost=cost, brought=brought)
    if not sums.held:
        return told
    return f"{told} {say('{amount} is held.', amount=money(report, sums.held))}"
