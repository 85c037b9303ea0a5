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
from sharetrail.words.speech import mark, say, say_n
from sharetrail.words.writing import Writing

_OWN_NOTICES: tuple[NoticeSubject, ...] = ("links_of_shop",)
"""What no stranger can use up."""
LIMITS = frozenset({*_OWN_NOTICES, "limits"})
"""What a task is about that tells of a used-up allowance."""
_NAMES = {
    # For translators: what is to be mended, on a line of its own.
    "script": mark("the script"),
    "orders": mark("the order webhook"),
    "links_of_shop": mark("the shop’s links"),
    "recipient": mark("a recipient’s address"),
    "consent": mark("the consent banner"),
    "limits": mark("what ran out"),
}
_TITLES = {
    "script": mark("Mend the script"),
    "orders": mark("Mend the order webhook"),
    "links_of_shop": mark("Mend the shop’s links"),
    "recipient": mark("Mend a recipient’s address"),
    "consent": mark("Mend the consent banner"),
    "limits": mark("Mend what ran out"),
}


def broken(report: Report) -> Iterator[Errand]:
    """What is short at the shop's own end, where the shop lives by other signs."""
    yield from _script(report)
    yield from _webhook(report)
    for notice in report.notices:
        if notice.about in _OWN_NOTICES:
            yield _mend(
                notice.about, say("A day’s new links ran out: a program may go in a circle.")
            )
    if report.undeliverable:
        yield _mend("recipient", _refused(*report.undeliverable))


def _refused(address: str, *others: str) -> str:
    if not others:
        return say("{address} refuses our mails.", address=address)
    return say_n(
        len(others),
        "{address} and {n} more refuse our mails.",
        "{address} and {n} more refuse our mails.",
        address=address,
    )


def _script(report: Report) -> Iterator[Errand]:
    """Where orders that were paid for say nothing of it: anybody can send views, or none."""
    silence = report.silence
    if script_silence.is_break(silence) and silence.since:
        reason = say_n(
            silence.orders,
            "The last {n} paid order carries nothing of it, from {day} on.",
            "The last {n} paid orders carry nothing of it, from {day} on.",
            day=day(report, silence.since),
        )
        yield _mend("script", reason)
    elif report.last_event is None and not silence.earlier and script_silence.is_telling(silence):
        yield _mend("script", say("Orders come, but no visit or click was ever heard of."))


def _webhook(report: Report) -> Iterator[Errand]:
    """Where no order comes any more, after many that were paid for. Of days that are not over,
    nobody can say so."""
    if last := order_silence.since(report):
        heard = _last_heard(report, last)
        is_mute = report.last - heard >= order_silence.SHORTEST
        yield _mend("orders", _silence(report, last=last, heard=heard if is_mute else None))
    elif before := order_silence.before_none(report):
        reason = say_n(
            before,
            "No order came, after {n} before: does its webhook still reach us?",
            "No order came, after {n} before: does its webhook still reach us?",
        )
        yield _mend("orders", reason)


def _silence(report: Report, *, last: date, heard: date | None) -> str:
    """`heard` where nothing at all was heard after it."""
    short_day = Writing.of(report).short_day
    if heard:
        return say(
            "Nothing was heard of the shop after {day}: does its webhook still reach us?",
            day=short_day(heard),
        )
    return say("No order came after {day}: does its webhook still reach us?", day=short_day(last))


def _last_heard(report: Report, last_order: date) -> date:
    """Of clicks and page events as of now: anybody can send those, which changes but the words."""
    if report.last_event is None:
        return last_order
    return max(last_order, calendars.local_day(report.last_event, ZoneInfo(report.zone)))


def used_up(report: Report) -> Iterator[Errand]:
    for notice in report.notices:
        if notice.about not in _OWN_NOTICES:
            yield _mend("limits", _ran_out(notice.about), is_broken=False)
            return


def _ran_out(about: NoticeSubject) -> str:
    if about == "events":
        return say("A day’s page events ran out: by a crowd, or by a program.")
    return say("A day’s new links ran out: by a crowd, or by a program.")


def title(task: Task) -> str:
    """What to mend, in a few words."""
    return say(_TITLES.get(task.about, _TITLES["limits"]))


def _mend(about: str, reason: str, *, is_broken: bool = True) -> Errand:
    path, name = page_paths.mend(about), say(_NAMES[about])
    task = Task(kind="mend", name=name, about=about, reason=reason, path=path)
    return Errand(task, frozenset({about}), is_broken)
