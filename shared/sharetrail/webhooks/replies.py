"""What a webhook's sender is answered. Pure."""

from typing_extensions import TypedDict

from sharetrail.orders.fact_answer import FactAnswer
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.questions.privacy_request import Act, Whose
from sharetrail.web.answers import Fault, described


@described
class Stored(TypedDict):
    order: str | None
    """The order's id; `null` where the webhook tells no fact that is kept."""
    fact: str | None
    """The fact's key among the order's facts."""
    new: bool
    """Whether it was not known yet."""


@described
class DryRun(Stored):
    dry_run: bool
    would_store: FactAnswer | None


@described
class Kept(TypedDict):
    """It cannot be stored at this moment, and is kept until it can."""

    order: str
    fact: str
    kept: bool


@described
class Quarantining(TypedDict):
    """It cannot be read, and stands in quarantine."""

    quarantined: str
    """Its id there."""
    reason: str
    errors: list[Fault]


@described
class Asked(TypedDict):
    """Somebody is to be forgotten, or told what is kept of them: that is kept, and will be done."""

    asked: Act
    whose: Whose
    id: str
    """Of an export: by which its result is read, `GET /v1/results/{id}`."""


Reply = Stored | DryRun | Kept | Quarantining | Asked
NOTHING: Stored = {"order": None, "fact": None, "new": False}
"""Where there is no fact to store."""


def stored(order: OrderRef, fact: Fact, *, is_new: bool) -> Stored:
    return {"order": order.id, "fact": fact.sk, "new": is_new}
