"""Three things to do with a report: the ones that matter, never three alike. Pure.

Who can cause a task, and what would they gain? An order that is held, whoever pays for it: it takes
one place, the largest's, however many there are. A used-up allowance, anybody: it comes after all
that the shop itself is short of, and takes one place. What is broken at the shop's own end is seen
by paid orders alone. To be thanked, sent a gift, invited or asked, one must have sold something
that was paid for, and amounts are of what was; only then is it told who began to share by their
links.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sharetrail.merchants.notice import NoticeSubject
from sharetrail.report import page_paths
from sharetrail.report.building import script_silence
from sharetrail.report.held import HeldOrder
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Report
from sharetrail.report.task import Task, TaskKind
from sharetrail.sharing.link import is_anonymous
from sharetrail.words import formats, names
from sharetrail.words.change import FEW

MOST, ALIKE = 3, 2
"""Tasks of a report, and of one kind where nothing else is there."""
_OWN_NOTICES: tuple[NoticeSubject, ...] = ("links_of_shop",)
"""What no stranger can use up."""
LIMITS = frozenset({*_OWN_NOTICES, "limits"})
"""What a task is about that tells of a used-up allowance."""
_TITLES: dict[TaskKind, str] = {
    "decide": "Decide on {name}",
    "mend": "Mend {name}",
    "thank": "Thank {name}",
    "gift": "Send {name} a gift",
    "invite": "Invite {name}",
    "ask": "Ask {name} what happened",
}

_WAYS_TO_THANK = {
    "gold": ("offer them something exclusive", "write to them in person"),
    "steady": ("invite them to your next launch", "tell them what comes next"),
}
"""By tier, of what its advice says."""


def title(task: Task) -> str:
    """What to do, in a few words."""
    return _TITLES[task.kind].format(name=names.in_sentence(task.name))


def choose(report: Report, earlier: Iterable[Task] = ()) -> tuple[Task, ...]:
    """At most three, most urgent first; fewer where there is nothing to do.

    No kind twice unless nothing else is there, and none three times; nobody appears twice. What the
    last mail said comes after what it did not, but for what is broken and still is.
    """
    said = {(task.kind, task.about) for task in earlier}
    errands = list(_all(report))
    fresh = [each for each in errands if each.is_broken or each.key not in said]
    again = [each for each in errands if each not in fresh]
    chosen: list[_Errand] = []
    for alike in range(1, ALIKE + 1):
        for errand in (*fresh, *again):
            _take(chosen, errand, alike)
    return tuple(each.task for each in sorted(chosen, key=errands.index))


@dataclass(frozen=True)
class _Errand:
    task: Task
    who: str
    """Whom it is about: of an order whose credit is held, theirs."""
    is_broken: bool = False
    """At the shop's own end."""

    @property
    def key(self) -> tuple[str, str]:
        return self.task.kind, self.task.about


def _take(chosen: list[_Errand], errand: _Errand, alike: int) -> None:
    kinds = [each.task.kind for each in chosen]
    is_known = any(each.who == errand.who for each in chosen)
    if len(chosen) < MOST and kinds.count(errand.task.kind) < alike and not is_known:
        chosen.append(errand)


def _all(report: Report) -> Iterator[_Errand]:
    """All that there is to do, most urgent first."""
    yield from _broken(report)
    yield from _held(report)
    yield from _gifts(report)
    yield from _invitations(report)
    yield from _questions(report)
    yield from _thanks(report)
    yield from _doldrums(report)
    yield from _used_up(report)


# ── The installation ─────────────────────────────────────────────────────────────────────────────
def _broken(report: Report) -> Iterator[_Errand]:
    """What is short at the shop's own end, where the shop lives by other signs."""
    yield from _script(report)
    yield from _webhook(report)
    for notice in report.notices:
        if notice.about in _OWN_NOTICES:
            reason = "A day’s new links ran out: a program may go in a circle."
            yield _mend("the shop’s links", notice.about, reason)
    if refused := report.undeliverable:
        more = f" and {len(refused) - 1} more refuse" if len(refused) > 1 else " refuses"
        yield _mend("a recipient’s address", "recipient", f"{refused[0]}{more} our mails.")


def _script(report: Report) -> Iterator[_Errand]:
    """Where orders that were paid for say nothing of it: anybody can send views, or none."""
    silence = report.silence
    if script_silence.is_break(silence) and silence.since:
        on = formats.isolated(formats.day(silence.since, report.language), report.language)
        count = formats.count(silence.orders, "paid order", language=report.language)
        yield _mend("the script", "script", f"The last {count} carry nothing of it, from {on} on.")
    elif report.last_event is None and not silence.earlier and script_silence.is_telling(silence):
        reason = "Orders come, but no visit or click was ever heard of."
        yield _mend("the script", "script", reason)


def _webhook(report: Report) -> Iterator[_Errand]:
    """Where no order comes any more, after many that were paid for."""
    if report.earned.all_orders or report.other_currencies or not report.before:
        return
    paid = report.before.all_paid_orders
    before = report.before.all_orders if paid is None else paid
    if before >= FEW:
        orders = formats.number(before, report.language)
        reason = f"No order came, after {orders} before: does its webhook still reach us?"
        yield _mend("the order webhook", "orders", reason)


def _used_up(report: Report) -> Iterator[_Errand]:
    for notice in report.notices:
        if notice.about not in _OWN_NOTICES:
            what = "page events" if notice.about == "events" else "new links"
            reason = f"A day’s {what} ran out: by a crowd, or by a program."
            yield _mend("what ran out", "limits", reason, is_broken=False)
            return


def _mend(name: str, about: str, reason: str, *, is_broken: bool = True) -> _Errand:
    task = Task(kind="mend", name=name, about=about, reason=reason, path=page_paths.FIRST)
    return _Errand(task, about, is_broken)


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────
def _held(report: Report) -> Iterator[_Errand]:
    """Whose credit waits for a word, largest first; then people with much in doubt before. What
    nobody paid for is nobody's to decide yet."""
    for order in report.held_orders:
        if order.waits_for_a_word and order.is_paid:
            yield _decide(report, order, report.held.asking.orders)
    for line in report.influencers:
        if line.tier == "review" and line.score:
            reason = "Much of what they sold is in doubt: look before you pay or thank them."
            yield _of_person("decide", line, reason)


def _decide(report: Report, order: HeldOrder, count: int) -> _Errand:
    whose = f" of {names.in_sentence(order.influencer_name)}’s" if order.influencer else ""
    others = f", one of {formats.number(count, report.language)}" if count > 1 else ""
    why = order.why or "it is in doubt"
    money = _money(report, order.amount)
    task = Task(
        kind="decide",
        name=f"order {order.name}",
        about=order.ref,
        reason=f"{money}{whose} is held{others}: {why}.{_held_beside(report, order)}",
        path=page_paths.order(order.platform, order.order),
    )
    return _Errand(task, order.influencer or order.ref)


def _held_beside(report: Report, order: HeldOrder) -> str:
    """What else of the order is held, and until when."""
    rest = order.in_all - order.amount
    if rest <= 0:
        return ""
    waits = (each for each in report.held_orders if each.ref == order.ref and each.until)
    until = next((each.until for each in waits if not each.waits_for_a_word), None)
    if until is None or rest != order.order_waits:
        return f" In all, {_money(report, order.in_all)} of it is held."
    day = formats.day(until.astimezone(ZoneInfo(report.zone)).date(), report.language)
    shown = formats.isolated(day, report.language)
    return f" The other {_money(report, rest)} waits until {shown}."


# ── People ───────────────────────────────────────────────────────────────────────────────────────
def _gifts(report: Report) -> Iterator[_Errand]:
    rising = [line for line in _sellers(report) if line.tier == "rising"]
    rising += [line for line in _sellers(report) if line.way == "up" and line.tier == "steady"]
    for line in rising:
        yield _of_person("gift", line, _rise(report, line))


def _rise(report: Report, line: InfluencerLine) -> str:
    compares = line.paid_before is not None and report.days_before is None
    if compares and line.earned > (line.paid_before or 0):
        return f"They are rising: {_money(report, line.earned)} this time{_before(report, line)}."
    return "Their last four weeks beat what the eight before promised."


def _invitations(report: Report) -> Iterator[_Errand]:
    """Whoever nobody knows and who sold half an order of the usual size or more, the best first."""
    strangers = [line for line in _sellers(report) if is_anonymous(line.id)]
    for line in sorted(strangers, key=lambda line: -line.earned):
        if line.earned >= report.earned.usual / 2:
            reason = (
                f"{_money(report, line.earned)} is credited to them, and you do not know them: "
                "their page shows where they share."
            )
            yield _of_person("invite", line, reason)


def _questions(report: Report) -> Iterator[_Errand]:
    """Who has fallen, or fallen silent, by what they lost."""
    fallen = [line for line in report.influencers if line.way == "down" and line.score]
    lost = {line.id: (line.paid_before or 0) - line.paid for line in (*fallen, *report.quiet)}
    for line in sorted((*fallen, *report.quiet), key=lambda line: -lost[line.id]):
        if line.paid_before and lost[line.id] > 0:
            nothing = "Nothing that was paid for" if line.unpaid else "Nothing"
            now = _money(report, line.paid) if line.paid else nothing
            yield _of_person("ask", line, f"{now} this time{_before(report, line)}.")


def _thanks(report: Report) -> Iterator[_Errand]:
    """The best first; of others whoever sold most now, and not what others had begun. Each with
    what to do, no two in a row the same."""
    gold = [line for line in _sellers(report) if line.tier == "gold"]
    others = [line for line in _sellers(report) if line.tier == "steady" and not line.discount]
    best_first = (*gold, *sorted(others, key=lambda line: -line.earned))
    for n, line in enumerate(best_first):
        ways = _WAYS_TO_THANK[line.tier]
        yield _of_person("thank", line, f"{_praise(report, line)}: {ways[n % len(ways)]}.")


def _praise(report: Report, line: InfluencerLine) -> str:
    sold = f"{_money(report, line.earned)} is credited to them"
    if line.recruits:
        people = formats.count(line.recruits, "person", "people", language=report.language)
        return f"{sold}, and {people} began to share by their links"
    if line.tier == "gold":
        return f"{sold}; they are probably in your best tenth"
    return f"{sold}, and orders keep coming"


def _doldrums(report: Report) -> Iterator[_Errand]:
    """Who sold, and whose links clearly fewer people follow than before."""
    for line in _sellers(report):
        if report.change(line.clicks, line.clicks_before).way == "down":
            now = formats.count(line.clicks, "click", language=report.language)
            before = formats.number(line.clicks_before or 0, report.language)
            reason = f"{now} this time, {before} before: fewer people follow their links."
            yield _of_person("ask", line, reason)


def _sellers(report: Report) -> list[InfluencerLine]:
    return [line for line in report.influencers if line.has_sold and line.tier != "review"]


def _of_person(kind: TaskKind, line: InfluencerLine, reason: str) -> _Errand:
    task = Task(
        kind=kind, name=line.name, about=line.id, reason=reason, path=page_paths.person(line.id)
    )
    return _Errand(task, line.id)


def _before(report: Report, line: InfluencerLine) -> str:
    if line.paid_before is None:
        return ""
    return f", {_money(report, line.paid_before) if line.paid_before else 'nothing'} before"


def _money(report: Report, minor: int) -> str:
    text = formats.money(report.amount(minor), report.language)
    return formats.isolated(text, report.language)
