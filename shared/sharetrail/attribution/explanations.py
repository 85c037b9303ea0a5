"""Sentences a merchant understands: for every credit, every touch left out, every order without
one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharetrail.attribution.credit import CreditDetails, CreditLine, OrderCredits
from sharetrail.attribution.models import CreditRule, Exclusion, Model
from sharetrail.attribution.sentences.decision import told
from sharetrail.attribution.touch import CODE_PREFIX, Touch
from sharetrail.sharing.networks import name_of
from sharetrail.words.names import called
from sharetrail.words.speech import mark, mark_n, say, say_n

EVIDENCE_WORDS = {
    # For translators: how a click is known, in "40% to Ana: first touch, …, same browser."
    "code": mark("a code was used"),
    "trail": mark("same browser"),
    "landing": mark("named by the page the buyer landed on"),
    "link": mark("their link brought the buyer, the click itself was not carried"),
    "sure": mark("known from the buyer's account, or by the shop's own word"),
    "corroborated": mark("known from the buyer's paid order to the same delivery address"),
    "disputed": mark("known from the buyer's other orders, and carried by another household's too"),
    "bare": mark("known from an order of the same e-mail address or account alone"),
}
"""To be said where they are read, as what follows."""
_DOUBTS = {
    "bot": mark("Its user agent looked like a bot."),
    "preview": mark("Its user agent looked like a preview."),
    "self": mark("It was clicked where the link was made, on the same device or network."),
    "suspicious": mark("It looked like a program."),
}
_SCRIPT = {
    "none": mark("The shopper came without following a share link in this browser."),
    "denied": mark("The shopper did not allow share clicks to be remembered."),
    "absent": mark(
        "The order says nothing of shares: sharetrail.js did not run on its pages, or the shop did"
        " not pass on what it said."
    ),
}
_ON_NO_PAGE = {
    "hand": mark("The order was made by hand, on no page: nothing could carry a share click."),
    "renewal": mark("The order renews a subscription whose first order names no share click."),
}
_LONGEST_TRAIL = 40  # characters of one that cannot be read
_LEFT_OUT = {
    "after_order": mark("{name}'s click came after the order."),
    "same_click": mark("{name}'s click repeats one of half a minute before, which counts already."),
    "code_beside_click": mark(
        "{name}'s code was used beside a share click, and clicks come first."
    ),
    "code_ignored": mark("{name}'s code was used; codes earn no credit under the shop's rule."),
    "unpaid": mark(
        "{name}'s click {age} before is in doubt, and counts once the order is paid for."
    ),
    "renewal": mark(
        "The order renews a subscription; renewals earn no credit under the shop's rule."
    ),
    "bare": mark(
        "{name}'s click {age} before is known from an order of the same e-mail address or account"
        " alone; anybody can type one, so it has no weight."
    ),
    "disputed": mark(
        "{name}'s click {age} before was carried by an order of another household too: it tells"
        " nothing about this buyer."
    ),
}
MODEL_WORDS: dict[Model, str] = {
    # For translators: what a way of giving credit does; behind a colon, with a full stop after it.
    "last": mark("the last touch before the order takes all"),
    "first": mark("the first touch takes all"),
    "linear": mark("every touch counts the same"),
    "position": mark("the first and the last touch count most"),
    "time_decay_1": mark("newer touches count more: half as much for each day before the order"),
    "time_decay_7": mark("newer touches count more: half as much for each week before the order"),
    "time_decay_14": mark(
        "newer touches count more: half as much for each fortnight before the order"
    ),
    "shapley": mark("every influencer counts the same, however often they were clicked"),
    "markov": mark(
        "model-weighted: by what the networks' absence would have cost in the weeks before"
    ),
}
MODEL_NAMES: dict[Model, str] = {
    # For translators: names of ways of giving credit.
    "last": mark("Last touch"),
    "first": mark("First touch"),
    "linear": mark("Linear"),
    "position": mark("First and last"),
    "time_decay_1": mark("Newer first, by day"),
    "time_decay_7": mark("Newer first, by week"),
    "time_decay_14": mark("Newer first, by fortnight"),
    "shapley": mark("By person"),
    "markov": mark("By network"),
}
"""Never `last click`, which is revenue: orders whose own visit began with a share click."""
# For translators: {share} is a percentage, {age} as "12 days", {evidence} as "same browser".
_ONLY = mark("{share} to {name}: only touch, {age} before the order, on {network}, {evidence}.")
_FIRST = mark("{share} to {name}: first touch, {age} before the order, on {network}, {evidence}.")
_LAST = mark("{share} to {name}: last touch, {age} before the order, on {network}, {evidence}.")
_BETWEEN = mark(
    "{share} to {name}: touch {place} of {count}, {age} before the order, on {network}, {evidence}."
)
# For translators: how long before an order a click came, in "{age} before the order".
_DAYS = mark_n("{n} day", "{n} days")
_HOURS = mark_n("{n} hour", "{n} hours")
_MINUTES = mark_n("{n} minute", "{n} minutes")
_SECONDS = mark_n("{n} second", "{n} seconds")
WriteShare = Callable[[float], str]


def credits(
    lines: Sequence[CreditLine], model: Model, placed_at: datetime, write: WriteShare | None = None
) -> list[str]:
    """A sentence for each line of a model's, in their order: `40 % to Ana: first touch, 12 days
    before the order, on WhatsApp, same browser.` `write` says how shares are written in it."""
    return [
        _credit(line, (n, len(lines)), model, placed_at, (write or percent)(line.share))
        for n, line in enumerate(lines)
    ]


def _credit(
    line: CreditLine, place: tuple[int, int], model: Model, placed_at: datetime, share: str
) -> str:
    touch = line.touch
    if touch.evidence == "code":
        code = touch.id.removeprefix(CODE_PREFIX)
        return say(
            "{share} to {name}: the code {code} was used in the order.",
            share=share,
            name=called(touch.name),
            code=code,
        )
    doubt = say(_DOUBTS[touch.verdict]) if touch.verdict in _DOUBTS else ""
    rule = "" if line.share > 0 else say("The model: {words}.", words=say(MODEL_WORDS[model]))
    head = _head(touch, *place, share=share, age=ago(placed_at - touch.at))
    return " ".join(filter(None, (head, doubt, rule)))


def _head(touch: Touch, index: int, count: int, *, share: str, age: str) -> str:
    """Last click is something else than the last touch: an order whose own visit began with a
    share click."""
    gaps = {
        "share": share,
        "name": called(touch.name),
        "age": age,
        "network": name_of(touch.network),
        "evidence": say(EVIDENCE_WORDS[touch.evidence]),
    }
    if count == 1:
        return say(_ONLY, **gaps)
    if index == 0:
        return say(_FIRST, **gaps)
    if index == count - 1:
        return say(_LAST, **gaps)
    return say(_BETWEEN, place=f"{index + 1}", count=f"{count}", **gaps)


def all_left_out(order: OrderCredits) -> tuple[str, ...]:
    """A sentence for each touch that did not count: by the rule, then by signs of fraud."""
    by_rule = [left_out(e, order.placed_at, order.rule) for e in order.details.exclusions]
    return (*by_rule, *(told(each, order) for each in order.decisions if each.removes))


def why_none(order: OrderCredits, trail: str | None = None) -> str | None:
    """Why the order has no credit at all, from what it carries itself; None where it has. `trail`
    is its trail's text, where one has it at hand."""
    if not order.counts:
        return say("A test order is stored and never counted.")
    if order.influence != "none":
        return None
    if all_left_out(order):
        return say("No share click counts; see what was left out.")
    if order.trail_state == "ids" and not order.waiting:
        return say("The shopper's clicks led to links that no longer exist.")
    if order.trail_state == "absent" and order.origin in _ON_NO_PAGE:
        return say(_ON_NO_PAGE[order.origin])
    if order.trail_state == "unreadable":
        return unreadable(trail)
    return say(_SCRIPT[order.trail_state]) if order.trail_state != "ids" else _of_waiting(order)


def _of_waiting(order: OrderCredits) -> str:
    return say_n(
        len(order.waiting),
        "The shopper's share clicks were not found: {n} of them may still arrive.",
        "The shopper's share clicks were not found: {n} of them may still arrive.",
    )


def unreadable(trail: str | None = None) -> str:
    """`The order carries a trail that is no click id: 'xyz'.`"""
    text = trail or ""
    shown = text if len(text) <= _LONGEST_TRAIL else f"{text[:_LONGEST_TRAIL]}…"
    if not shown:
        return say("The order carries a trail that is no click id.")
    return say("The order carries a trail that is no click id: {trail}.", trail=f"{shown!r}")


def left_out(exclusion: Exclusion, placed_at: datetime, rule: CreditRule) -> str:
    """`Ben's click 31 days before was outside the 30-day window.`"""
    touch = exclusion.touch
    name, age = called(touch.name), ago(placed_at - touch.at)
    if exclusion.why == "before_window":
        return say_n(
            rule.window_days,
            "{name}'s click {age} before was outside the {n}-day window.",
            "{name}'s click {age} before was outside the {n}-day window.",
            name=name,
            age=age,
        )
    return say(_LEFT_OUT[exclusion.why], name=name, age=age)


def percent(share: float) -> str:
    """`40 %`; a share that rounds to nothing and is something says so."""
    if 0 < share < 0.005:
        return say("under {percent}", percent="1 %")
    return f"{round(share * 100)} %"


def ago(age: timedelta) -> str:
    """`12 days`, `1 day`, `3 hours`, `5 minutes`, `40 seconds`: the largest unit that is one."""
    seconds = max(0, int(age.total_seconds()))
    for way, length in ((_DAYS, 86_400), (_HOURS, 3_600), (_MINUTES, 60)):
        if seconds >= length:
            return say_n(seconds // length, *way)
    return say_n(seconds, *_SECONDS)


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
        if removed := next((each for each in removing if each.is_about(touch)), None):
            whys[touch.id] = told(removed, order)
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
