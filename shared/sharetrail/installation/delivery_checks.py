"""Whether shop systems tell all that they should of orders, and by a clock that is ours. Pure.

Who can cause it is told in order_checks.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

from sharetrail.installation import check, platform_words
from sharetrail.installation.check import Check, CheckState
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.page_checks import FEW
from sharetrail.merchants.refusal import Refusal
from sharetrail.platforms.connection import Connection
from sharetrail.platforms.connection_words import SYSTEMS, advice_on, sentence_of
from sharetrail.words.speech import listed, say, say_n
from sharetrail.words.writing import Writing

_AHEAD, _LATE = timedelta(minutes=2), timedelta(minutes=10)
_REFUNDS = "refunds/create"
_WORST: tuple[CheckState, ...] = ("broken", "unknown", "waiting", "ok")


# ── what is told of orders ───────────────────────────────────────────────────────────────────────
def topics(of: Inspection) -> Check:
    """Of the shop system that told of the newest order."""
    times = _times(of)
    if not any(times.values()):
        return check.waiting("topics", say("This is known with orders."))
    heard = [
        say("{topic}: heard last on {at}.", topic=name, at=_at(of, at))
        for name, at in times.items()
        if at
    ]
    missing = [name for name, at in times.items() if at is None]
    newest = max(filter(None, times.values()))
    if not missing:
        return check.ok("topics", *heard, at=newest)
    silent = say("Not heard in 90 days: {topics}.", topics=listed(missing))
    if _REFUNDS in missing and of.signs.platform in of.deliveries.beside:
        told = say("An order was refunded, and {topic} did not tell of it.", topic=_REFUNDS)
        todo = (say("Register a webhook for {topic}.", topic=_REFUNDS),)
        return check.broken("topics", *heard, silent, told, todo=todo, at=newest)
    todo = (
        say(
            "Each is heard with the first order that it is about. To be sure, refund and cancel a"
            " test order, and look here again."
        ),
    )
    return check.waiting("topics", *heard, silent, todo=todo, at=newest)


def _times(of: Inspection) -> dict[str, datetime | None]:
    """When each topic that the shop system needs was heard last."""
    platform, heard = of.signs.platform, of.deliveries.heard
    return {
        name: max((heard[platform, k] for k in kinds if (platform, k) in heard), default=None)
        for name, kinds in platform_words.topics(platform).items()
    }


# ── the clock ────────────────────────────────────────────────────────────────────────────────────
def clock(of: Inspection) -> Check:
    refusal = of.refused_since("clock")
    if refusal and _is_own(of, refusal):
        return _off(check.broken, refusal.platform, refusal.seconds, is_refused=True)
    for platform, waits in of.deliveries.waits.items():
        seconds = sorted(wait.total_seconds() for wait in waits)
        if median(seconds) < -_AHEAD.total_seconds():
            return _off(check.broken, platform, -median(seconds))
        if len(seconds) >= FEW and seconds[0] > _LATE.total_seconds():
            return _off(check.broken, platform, -seconds[0])
    if refusal:
        return _off(check.unknown, refusal.platform, refusal.seconds, is_refused=True)
    if not of.deliveries.waits:
        return check.waiting("clock", say("This is known with orders."))
    return check.ok("clock", say("Your shop’s clock and ours agree."))


def _is_own(of: Inspection, refusal: Refusal) -> bool:
    """Whether no delivery of before can be it, that somebody kept and sent again: one signed ahead
    of our clock, or of a system that no order came by."""
    return refusal.seconds > 0 or not of.has_order_by(refusal.platform)


def _off(
    tell: Callable[..., Check], platform: str, ahead: float, *, is_refused: bool = False
) -> Check:
    """By so many seconds, negative where it is behind."""
    minutes, system = max(1, round(abs(ahead) / 60)), platform_words.name(platform)
    said = _ahead(minutes, system) if ahead > 0 else _behind(minutes, system)
    said = said[:1].upper() + said[1:]  # it may begin with what a system is called within sentences
    refused = say("What is signed at such a time is refused.") if is_refused else ""
    todo = say(
        "Have the shop’s server set its clock by itself (NTP). A whole hour is mostly a local time"
        " that is sent as UTC."
    )
    return tell("clock", said, refused, todo=(todo,))


def _ahead(minutes: int, system: str) -> str:
    return say_n(
        minutes,
        "{system} tells of orders with a clock that is {n} minute ahead of ours.",
        "{system} tells of orders with a clock that is {n} minutes ahead of ours.",
        system=system,
    )


def _behind(minutes: int, system: str) -> str:
    return say_n(
        minutes,
        "What {system} tells reaches us {n} minute late: its clock is slow, or its webhooks wait.",
        "What {system} tells reaches us {n} minutes late: its clock is slow, or its webhooks wait.",
        system=system,
    )


# ── what the shop system itself says of it ───────────────────────────────────────────────────────
def connections(of: Inspection) -> list[Check]:
    """Of those that are connected, the worst; none where webhooks were set up by hand."""
    checks = [_connection(of, each) for each in of.connections]
    return sorted(checks, key=lambda each: _WORST.index(each.state))[:1]


def _connection(of: Inspection, connected: Connection) -> Check:
    system, trouble = SYSTEMS[connected.platform], connected.trouble
    at = connected.checked_at
    if trouble and connected.troubled_at:
        failed = _at(of, connected.troubled_at)
        seen = say("{system} could not be looked at to the end on {at}.", system=system, at=failed)
        tell = check.unknown if trouble.passes else check.broken
        return tell("connection", seen, todo=(sentence_of(connected.platform, trouble),), at=at)
    if at is None:
        begun = say("{system} is being looked at for the first time.", system=system)
        return check.waiting("connection", begun)
    seen = say(
        "{system} is connected. It was looked at last on {at}.", system=system, at=_at(of, at)
    )
    webhooks = connected.webhooks
    advice = advice_on(connected.platform, webhooks.old_version, webhooks.untold)
    return check.ok("connection", seen, _mended(of, connected), *advice, at=at)


def _mended(of: Inspection, connected: Connection) -> str:
    """What was paused, deleted or redirected there."""
    if connected.mended_at is None or not of.is_recent(connected.mended_at):
        return ""
    return say(
        "Its webhooks had stopped, and were mended on {at}: what they missed is read from the"
        " shop.",
        at=_at(of, connected.mended_at),
    )


def _at(of: Inspection, at: datetime) -> str:
    return Writing.of(of.merchant).instant(at)
