"""Sentences a merchant understands: for every credit, every touch left out, every order without
one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharetrail.attribution.credit import CreditDetails, CreditLine, OrderCredits
from sharetrail.attribution.models import CreditRule, Exclusion, Model
from sharetrail.attribution.touch import Touch
from sharetrail.sharing.networks import name_of

EVIDENCE_WORDS = {
    "code": "a code was used",
    "trail": "same browser",
    "landing": "named by the page the buyer landed on",
    "link": "their link brought the buyer, the click itself was not carried",
    "sure": "known from the buyer's account, or by the shop's own word",
    "corroborated": "known from the buyer's paid order to the same delivery address",
    "disputed": "known from the buyer's other orders, and carried by another household's too",
    "bare": "known from an order of the same e-mail address or account alone",
}
_DOUBTS = {
    "bot": "its user agent looked like a bot",
    "preview": "its user agent looked like a preview",
    "self": "clicked where the link was made, on the same device or network",
    "suspicious": "it looked like a program",
}
_SCRIPT = {
    "ids": "The shopper's share clicks were not found: {waiting} of them may still arrive.",
    "none": "The shopper came without following a share link in this browser.",
    "denied": "The shopper did not allow share clicks to be remembered.",
    "absent": "The order says nothing of shares: sharetrail.js did not run on its pages, or the"
    " shop did not pass on what it said.",
    "unreadable": "The order carries a trail that is no click id{what}.",
}
_ON_NO_PAGE = {
    "hand": "The order was made by hand, on no page: nothing could carry a share click.",
    "renewal": "The order renews a subscription whose first order names no share click.",
}
_LONGEST_TRAIL = 40  # characters of one that cannot be read
_LEFT_OUT = {
    "before_window": "{name}'s click {age} before was outside the {window}-day window.",
    "after_order": "{name}'s click came after the order.",
    "same_click": "{name}'s click repeats one of half a minute before, which counts already.",
    "code_beside_click": "{name}'s code was used beside a share click, and clicks come first.",
    "code_ignored": "{name}'s code was used; codes earn no credit under the shop's rule.",
    "unpaid": "{name}'s click {age} before is in doubt, and counts once the order is paid for.",
    "renewal": "The order renews a subscription; renewals earn no credit under the shop's rule.",
    "bare": "{name}'s click {age} before is known from an order of the same e-mail address or"
    " account alone; anybody can type one, so it has no weight.",
    "disputed": "{name}'s click {age} before was carried by an order of another household too: it"
    " tells nothing about this buyer.",
}
MODEL_WORDS: dict[Model, str] = {
    "last": "the last touch before the order takes all",
    "first": "the first touch takes all",
    "linear": "every touch counts the same",
    "position": "the first and the last touch count most",
    "time_decay_1": "newer touches count more: half as much for each day before the order",
    "time_decay_7": "newer touches count more: half as much for each week before the order",
    "time_decay_14": "newer touches count more: half as much for each fortnight before the order",
    "shapley": "every influencer counts the same, however often they were clicked",
    "markov": "model-weighted: by what the networks' absence would have cost in the weeks before",
}

MODEL_NAMES: dict[Model, str] = {
    "last": "Last touch",
    "first": "First touch",
    "linear": "Linear",
    "position": "First and last",
    "time_decay_1": "Newer first, by day",
    "time_decay_7": "Newer first, by week",
    "time_decay_14": "Newer first, by fortnight",
    "shapley": "By person",
    "markov": "By network",
}
"""Never `last click`, which is revenue: orders whose own visit began with a share click."""
WriteShare = Callable[[float], str]


def credits(
    lines: Sequence[CreditLine], model: Model, placed_at: datetime, write: WriteShare | None = None
) -> list[str]:
    """A sentence for each line of a model's, in their order: `40 % to Ana: first touch, 12 days
    before the order, on WhatsApp, same browser.` `write` says how shares are written in it."""
    return [
        f"{(write or percent)(line.share)} to {line.touch.name}: "
        + _ground(line, place_of(n, len(lines)), model, placed_at)
        for n, line in enumerate(lines)
    ]


def _ground(line: CreditLine, place: str, model: Model, placed_at: datetime) -> str:
    touch = line.touch
    if touch.evidence == "code":
        return f"{touch.reason}."
    head = f"{place}, {ago(placed_at - touch.at)} before the order"
    rule = "" if line.share > 0 else f" ({MODEL_WORDS[model]})"
    doubt = f"; {_DOUBTS[touch.verdict]}" if touch.verdict in _DOUBTS else ""
    return f"{head}, on {name_of(touch.network)}, {EVIDENCE_WORDS[touch.evidence]}{doubt}{rule}."


def all_left_out(order: OrderCredits) -> tuple[str, ...]:
    """A sentence for each touch that did not count: by the rule, then by signs of fraud."""
    by_rule = [left_out(e, order.placed_at, order.rule) for e in order.details.exclusions]
    return (*by_rule, *(each.sentence for each in order.decisions if each.removes))


def why_none(order: OrderCredits, trail: str | None = None) -> str | None:
    """Why the order has no credit at all, from what it carries itself; None where it has. `trail`
    is its trail's text, where one has it at hand."""
    if not order.counts:
        return "A test order is stored and never counted."
    if order.influence != "none":
        return None
    if all_left_out(order):
        return "No share click counts; see what was left out."
    if order.trail_state == "ids" and not order.waiting:
        return "The shopper's clicks led to links that no longer exist."
    if order.trail_state == "absent" and order.origin in _ON_NO_PAGE:
        return _ON_NO_PAGE[order.origin]
    if order.trail_state == "unreadable":
        return unreadable(trail)
    return _SCRIPT[order.trail_state].format(waiting=len(order.waiting))


def unreadable(trail: str | None = None) -> str:
    """`The order carries a trail that is no click id: 'xyz'.`"""
    text = trail or ""
    shown = text if len(text) <= _LONGEST_TRAIL else f"{text[:_LONGEST_TRAIL]}…"
    return _SCRIPT["unreadable"].format(what=f": {shown!r}" if shown else "")


def left_out(exclusion: Exclusion, placed_at: datetime, rule: CreditRule) -> str:
    """`Ben's click 31 days before was outside the 30-day window.`"""
    touch = exclusion.touch
    words, age = _LEFT_OUT[exclusion.why], ago(placed_at - touch.at)
    return words.format(name=touch.name, age=age, window=rule.window_days)


def place_of(index: int, count: int) -> str:
    """`only touch`, `first touch`, `last touch`, `touch 2 of 4`. Last click is something else:
    an order whose own visit began with a share click."""
    if count == 1:
        return "only touch"
    if index == 0:
        return "first touch"
    return "last touch" if index == count - 1 else f"touch {index + 1} of {count}"


def percent(share: float) -> str:
    """`40 %`; a share that rounds to nothing and is something says so."""
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{round(share * 100)} %"


def ago(age: timedelta) -> str:
    """`12 days`, `1 day`, `3 hours`, `5 minutes`, `40 seconds`: the largest unit that is one."""
    seconds = max(0, int(age.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            n = seconds // length
            return f"{n} {unit}{'s' * (n != 1)}"
    return f"{seconds} second{'s' * (seconds != 1)}"


# ── an order's journey ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class JourneyStep:
    touch: Touch
    before: str
    """How long before the order: `12 days`."""
    began_the_visit: bool
    """Whether it began the order's own visit."""
    why_not: str | None
    """Why it does not count; None where it does."""

    @property
    def counts(self) -> bool:
        return self.why_not is None


def steps_of(order: OrderCredits, details: CreditDetails) -> list[JourneyStep]:
    """`details` are the order's, which are read anew at each access."""
    whys = {
        each.touch.id: left_out(each, order.placed_at, order.rule) for each in details.exclusions
    }
    removing = [each for each in order.decisions if each.removes]
    for touch in details.touches:
        if why := next((each.sentence for each in removing if each.is_about(touch)), None):
            whys[touch.id] = why
    return [
        JourneyStep(
            touch=touch,
            before=ago(order.placed_at - touch.at),
            began_the_visit=touch.id == order.visit_touch,
            why_not=whys.get(touch.id),
        )
        for touch in details.touches
    ]


def lines_of(
    order: OrderCredits, details: CreditDetails, model: Model, write: WriteShare | None = None
) -> list[tuple[CreditLine, str]]:
    """A model's credits, each with its sentence; `write` as in credits."""
    lines = details.lines(model)
    sentences = credits(lines, model, order.placed_at, write)
    return [*zip(lines, sentences, strict=True)]


def trail_note(order: OrderCredits, trail: str | None) -> str | None:
    """What is to be said of a trail that cannot be read; None of any other."""
    return unreadable(trail) if order.trail_state == "unreadable" else None
