"""What is to be mended of an installation, and what ran out. Pure.

Who can cause it? What is broken at the shop's own end is seen by paid orders alone. A used-up
allowance, anybody: it comes after all that the shop itself is short of, and takes one place.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from sharetrail import calendars
from sharetrail.installation import script_silence
from sharetrail.merchants.notice import NoticeSubject
from sharetrail.report import page_paths
from sharetrail.report.building import order_silence
from sharetrail.report.building.errand import Errand, day
from sharetrail.report.report import Report
from sharetrail.report.task import Task
from sharetrail.words import formats
from sharetrail.words.writing import Writing

_OWN_NOTICES: tuple[NoticeSubject, ...] = ("links_of_shop",)
"""What no stranger can use up."""
LIMITS = frozenset({*_OWN_NOTICES, "limits"})
"""What a task is about that tells of a used-up allowance."""


def broken(report: Report) -> Iterator[Errand]:
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


def _script(report: Report) -> Iterator[Errand]:
    """Where orders that were paid for say nothing of it: anybody can send views, or none."""
    silence = report.silence
    if script_silence.is_break(silence) and silence.since:
        count = formats.count(silence.orders, "paid order", language=report.language)
        reason = f"The last {count} carry nothing of it, from {day(report, silence.since)} on."
        yield _mend("the script", "script", reason)
    elif report.last_event is None and not silence.earlier and script_silence.is_telling(silence):
        reason = "Orders come, but no visit or click was ever heard of."
        yield _mend("the script", "script", reason)


def _webhook(report: Report) -> Iterator[Errand]:
    """Where no order comes any more, after many that were paid for. Of days that are not over,
    nobody can say so."""
    if last := order_silence.since(report):
        heard = _last_heard(report, last)
        is_mute = report.last - heard >= order_silence.SHORTEST
        what = "Nothing was heard of the shop" if is_mute else "No order came"
        after = Writing.of(report).short_day(heard if is_mute else last)
        yield _reach(f"{what} after {after}")
    elif before := order_silence.before_none(report):
        orders = formats.number(before, report.language)
        yield _reach(f"No order came, after {orders} before")


def _last_heard(report: Report, last_order: date) -> date:
    """Of clicks and page events as of now: anybody can send those, which changes but the words."""
    if report.last_event is None:
        return last_order
    return max(last_order, calendars.local_day(report.last_event, ZoneInfo(report.zone)))


def _reach(what: str) -> Errand:
    reason = f"{what}: does its webhook still reach us?"
    return _mend("the order webhook", "orders", reason)


def used_up(report: Report) -> Iterator[Errand]:
    for notice in report.notices:
        if notice.about not in _OWN_NOTICES:
            what = "page events" if notice.about == "events" else "new links"
            reason = f"A day’s {what} ran out: by a crowd, or by a program."
            yield _mend("what ran out", "limits", reason, is_broken=False)
            return


def _mend(name: str, about: str, reason: str, *, is_broken: bool = True) -> Errand:
    path = page_paths.mend(about)
    task = Task(kind="mend", name=name, about=about, reason=reason, path=path)
    return Errand(task, frozenset({about}), is_broken)
