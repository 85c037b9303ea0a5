"""Sentences a merchant understands: for every credit, every touch left out, every order without
one. Pure."""

from datetime import datetime, timedelta

from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.models import CreditRule, Exclusion, Model
from sharetrail.attribution.touch import Touch
from sharetrail.clicks.trail import TrailState
from sharetrail.sharing.networks import name_of

_EVIDENCE = {
    "trail": "same browser",
    "landing": "named by the page the buyer landed on",
    "link": "their link brought the buyer, the click itself was not carried",
    "person": "known from the buyer's other orders or account",
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
    "absent": "The order says nothing of shares: sharetrail.js did not run on its pages.",
}
_MODEL_WORDS = {
    "last": "the last click before the order takes all",
    "first": "the first click takes all",
    "linear": "every click counts the same",
    "position": "first and last click count most",
    "time_decay_1": "newer clicks count more: half as much for each day before the order",
    "time_decay_7": "newer clicks count more: half as much for each week before the order",
    "time_decay_14": "newer clicks count more: half as much for each fortnight before the order",
    "shapley": "every influencer counts the same, however often they were clicked",
    "markov": "model-weighted: by what the networks' absence would have cost in the weeks before",
}


def credit(touch: Touch, share: float, place: str, model: Model, placed_at: datetime) -> str:
    """`40 % to Ana: first click, 12 days before the order, on WhatsApp, same browser.`"""
    if touch.evidence == "code":
        return f"{percent(share)} to {touch.name}: {touch.reason}."
    head = (
        f"{percent(share)} to {touch.name}: {place}, {ago(placed_at - touch.at)} before the order"
    )
    rule = "" if share > 0 else f" ({_MODEL_WORDS[model]})"
    doubt = f"; {_DOUBTS[touch.verdict]}" if touch.verdict in _DOUBTS else ""
    return f"{head}, on {name_of(touch.network)}, {_EVIDENCE[touch.evidence]}{doubt}{rule}."


def credits(order: OrderCredits, model: Model) -> tuple[str, ...]:
    """A sentence for each line of a model, in their order."""
    lines = order.details.lines(model)
    return tuple(
        credit(line.touch, line.share, place_of(n, len(lines)), model, order.placed_at)
        for n, line in enumerate(lines)
    )


def of_model(model: Model) -> str:
    return _MODEL_WORDS[model]


def all_left_out(order: OrderCredits) -> tuple[str, ...]:
    """A sentence for each touch that did not count: by the rule, then by signs of fraud."""
    by_rule = [left_out(e, order.placed_at, order.rule) for e in order.details.exclusions]
    return (*by_rule, *(each.sentence for each in order.decisions if each.effect == "reject"))


def why_none(order: OrderCredits) -> str | None:
    """Why the order has no credit at all; None where it has."""
    if order.influence != "none" and order.counts:
        return None
    return no_credit(
        order.trail_state, len(order.waiting), len(all_left_out(order)), is_test=not order.counts
    )


def left_out(exclusion: Exclusion, placed_at: datetime, rule: CreditRule) -> str:
    """`Ben's click 31 days before was outside the 30-day window.`"""
    name = exclusion.touch.name
    match exclusion.why:
        case "before_window":
            age = ago(placed_at - exclusion.touch.at)
            return f"{name}'s click {age} before was outside the {rule.window_days}-day window."
        case "after_order":
            return f"{name}'s click came after the order."
        case "same_click":
            return f"{name}'s click repeats one of half a minute before, which counts already."
        case "code_beside_click":
            return f"{name}'s code was used beside a share click, and clicks come first."
        case "code_ignored":
            return f"{name}'s code was used; codes earn no credit under the shop's rule."


def no_credit(trail_state: TrailState, waiting: int, exclusions: int, is_test: bool) -> str:
    """Why an order has no credit at all, from what the order itself carries."""
    if is_test:
        return "A test order is stored and never counted."
    if exclusions:
        return "No share click inside the window; see what was left out."
    if trail_state == "ids" and not waiting:
        return "The shopper's clicks led to links that no longer exist."
    return _SCRIPT[trail_state].format(waiting=waiting)


def place_of(index: int, count: int) -> str:
    """`only click`, `first click`, `last click`, `click 2 of 4`."""
    if count == 1:
        return "only click"
    if index == 0:
        return "first click"
    return "last click" if index == count - 1 else f"click {index + 1} of {count}"


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
