"""Why an order has no credit: a code for machines, and sentences that say what to mend. Pure.

From what the order carries and what became of it, never guessed; explanations.py has the words for
a single order.
"""

from dataclasses import dataclass
from datetime import datetime

from sharetrail.attribution import explanations
from sharetrail.attribution.credit import PATIENCE, OrderCredits
from sharetrail.attribution.models import Why
from sharetrail.clicks.trail import TrailState
from sharetrail.orders.order_fact import Origin

CODES = {
    "webhook_missing": "never arrived here: their webhooks are missing.",
    "script_absent": "say nothing of shares: sharetrail.js did not run on their pages.",
    "made_by_hand": "were made by hand, on no page.",
    "renewal_unshared": "renew subscriptions whose first orders name no share click.",
    "trail_unreadable": "carry a trail that is no click id.",
    "no_share_click": "came without following a share link in that browser.",
    "consent_denied": "are of shoppers who did not allow share clicks to be remembered.",
    "outside_window": "followed a share link longer ago than the window reaches.",
    "click_after_order": "name a share click that came after the order.",
    "code_not_counted": "used an influencer's code that earns nothing under the shop's rule.",
    "renewal_ignored": "are renewals, which earn nothing under the shop's rule.",
    "click_waiting": "name share clicks that may still arrive.",
    "click_unknown": "name share clicks that never arrived.",
    "link_gone": "name share clicks on links that no longer exist.",
    "test_order": "are test orders, which never count.",
    "not_yet_computed": "came a moment ago; their credits are being computed.",
    "touch_left_out": "have touches that did not count: see each.",
}
"""Every code, and what is said of the orders that have it."""


@dataclass(frozen=True)
class Reason:
    code: str
    sentence: str


NO_WEBHOOK = Reason(
    "webhook_missing", "No webhook told of this order, or none told what was bought."
)
NOT_YET = Reason("not_yet_computed", "The order came a moment ago; its credits are being computed.")
UNKNOWN = Reason("click_unknown", "The shopper's share clicks were not found within two weeks.")
_CODE_OF_STATE: dict[TrailState, str] = {
    "none": "no_share_click",
    "denied": "consent_denied",
    "unreadable": "trail_unreadable",
    "absent": "script_absent",
}
"""Of every state but `ids`."""
_CODE_ON_NO_PAGE: dict[Origin, str] = {"hand": "made_by_hand", "renewal": "renewal_unshared"}
_CODE_OF_EXCLUSION: dict[Why, str] = {
    "before_window": "outside_window",
    "after_order": "click_after_order",
    "code_beside_click": "code_not_counted",
    "code_ignored": "code_not_counted",
    "renewal": "renewal_ignored",
}


def of(order: OrderCredits | None, now: datetime) -> Reason | None:
    """Why an order that is here has no credit; None where it has."""
    if order is None:
        return NOT_YET
    why = explanations.why_none(order)
    if why is None:
        return None
    left_out = explanations.all_left_out(order) if order.counts else ()
    code = _code(order, bool(left_out), now)
    return UNKNOWN if code == UNKNOWN.code else Reason(code, next(iter(left_out), why))


def _code(order: OrderCredits, is_left_out: bool, now: datetime) -> str:
    if not order.counts:
        return "test_order"
    if is_left_out:
        whys = [each.why for each in order.details.exclusions]
        codes = (code for why, code in _CODE_OF_EXCLUSION.items() if why in whys)
        return next(codes, "touch_left_out")
    if order.trail_state == "absent" and order.origin in _CODE_ON_NO_PAGE:
        return _CODE_ON_NO_PAGE[order.origin]
    if order.trail_state in _CODE_OF_STATE:
        return _CODE_OF_STATE[order.trail_state]
    if order.waiting:
        return "click_waiting" if now - order.placed_at <= PATIENCE else "click_unknown"
    return "link_gone"


def of_many(code: str, count: int, all_orders: int) -> str:
    """`312 of 400 orders say nothing of shares: sharetrail.js did not run on their pages.`"""
    return f"{count} of {all_orders} order{'s' * (all_orders != 1)} {CODES[code]}"
