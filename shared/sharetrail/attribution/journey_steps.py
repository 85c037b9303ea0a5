"""An order's journey as people read it: every touch in time order, and for each model who got what,
with a sentence each. Pure."""

from dataclasses import dataclass

from sharetrail.attribution import explanations
from sharetrail.attribution.credit import CreditDetails, CreditLine, OrderCredits
from sharetrail.attribution.models import Model
from sharetrail.attribution.touch import Touch


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
        each.touch.id: explanations.left_out(each, order.placed_at, order.rule)
        for each in details.exclusions
    }
    removing = [each for each in order.decisions if each.removes]
    for touch in details.touches:
        if why := next((each.sentence for each in removing if each.is_about(touch)), None):
            whys[touch.id] = why
    return [
        JourneyStep(
            touch=touch,
            before=explanations.ago(order.placed_at - touch.at),
            began_the_visit=touch.id == order.visit_touch,
            why_not=whys.get(touch.id),
        )
        for touch in details.touches
    ]


def lines_of(
    order: OrderCredits, details: CreditDetails, model: Model
) -> list[tuple[CreditLine, str]]:
    """A model's credits, each with its sentence."""
    lines = details.lines(model)
    sentences = explanations.credits(lines, model, order.placed_at)
    return [*zip(lines, sentences, strict=True)]


def trail_note(order: OrderCredits, trail: str | None) -> str | None:
    """What is to be said of a trail that cannot be read; None of any other."""
    return explanations.unreadable(trail) if order.trail_state == "unreadable" else None
