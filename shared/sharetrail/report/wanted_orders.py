"""Which orders a list is to have: of an influence, or held, and by whom or by what. Pure."""

from dataclasses import dataclass
from datetime import datetime

from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.touch import Touch


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Orders of an influence, and with a touch that counts of all that is named."""

    influence: str = ""
    of_touch: dict[str, str]
    now: datetime

    def has(self, order: OrderFigures) -> bool:
        return self._is_of_kind(order) and (not self.of_touch or self._is_touched(order))

    def _is_of_kind(self, order: OrderFigures) -> bool:
        match self.influence:
            case "held":
                return is_waiting(order, self.now)
            case "last_click" | "assisted" | "none":
                return order.counts and order.influence == self.influence
            case _:
                return True

    def _is_touched(self, order: OrderFigures) -> bool:
        if order.influence == "none" and not order.decisions:
            return False
        details = order.details
        touches = [line.touch for line in details.lines("linear")]
        if self.influence == "held":  # what is withheld counts nowhere
            touches += [
                each for each in details.touches if any(d.is_about(each) for d in order.decisions)
            ]
        return any(map(self._is_one, touches))

    def _is_one(self, touch: Touch) -> bool:
        return all(getattr(touch, name) == value for name, value in self.of_touch.items())


def is_held(order: OrderFigures, touch: Touch, now: datetime) -> bool:
    """Whether what a touch is credited waits for its date or for the merchant's word. What was
    rejected waits no more, whatever else is said of it."""
    about = [each for each in order.decisions if each.is_about(touch)]
    return any(each.is_holding(now) for each in about) and not any(e.is_upheld for e in about)


def is_waiting(order: OrderFigures, now: datetime) -> bool:
    """Whether anything of the order waits, be it credited or withheld: of what nobody brought there
    is nothing to decide."""
    if order.net <= 0 or not any(each.is_undecided for each in order.decisions):
        return False
    details = order.details
    withheld = [each for each in order.decisions if each.removes and each.is_open(now)]
    return any(each.is_about(touch) for each in withheld for touch in details.touches) or any(
        line.amount > 0 and is_held(order, line.touch, now) for line in details.lines("linear")
    )
