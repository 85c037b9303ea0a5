"""/v1/orders/{platform}: an order by its id or its name, and what the merchant decides of it."""

from typing import Annotated, NoReturn

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail.api.frame.answers import described
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import Text, merchant_of, now_of
from sharetrail.api.orders.order_answer import OrderAnswer, order_answer
from sharetrail.attribution import attribute_order, credits
from sharetrail.attribution.fraud_rules import Word
from sharetrail.aws.items import Item
from sharetrail.orders import order_facts, order_names
from sharetrail.orders.order_fact import OrderRef
from sharetrail.problems import Malformed, NotFound, Problem
from sharetrail.web.bodies import strict

router = Router()
OrderId = Annotated[str | None, Query(alias="id")]
Name = Annotated[str | None, Query()]


@strict
class Choice:
    """What the merchant decides of a wait or a doubt."""

    decision: Annotated[str, Field(min_length=1, max_length=300)]
    """Its `id`, as the order shows it."""
    word: Word
    """`released`: the credit is earned; `upheld`: it is not; `undecided` takes back what was said
    before."""


@described
class Decided(TypedDict):
    platform: str
    id: str
    decision: str
    new: bool
    """Whether it says something else than the merchant's last word did."""


class UnknownOrder(NotFound):
    """No fact was heard of this order."""


class DecidedMeanwhile(Problem):
    """Somebody else has decided it, or is deciding it at this moment."""

    status = 409
    title = "It was decided meanwhile"


class AmbiguousName(Problem):
    """Several orders are called so. Looking at the newest does no harm; deciding on it might."""

    status = 409
    title = "Several orders have this name"


_REFUSED = refusing(DecidedMeanwhile, AmbiguousName)


@router.get("/v1/orders/<platform>/<order_id>")
def show_order(platform: str, order_id: Text) -> OrderAnswer:
    """One order by its id, or by the name that people know it by, with or without its `#`."""
    return order_answer(*_by_either(platform, order_id))


@router.get("/v1/orders/<platform>")
def find_order(platform: str, order_id: OrderId = None, name: Name = None) -> OrderAnswer:
    """The same by `id` or by `name`, which may hold whatever a path may not."""
    return order_answer(*_by_one(platform, order_id, name))


@router.post("/v1/orders/<platform>/<order_id>/decisions", openapi_extensions=_REFUSED)
def decide_order(platform: str, order_id: Text, choice: Choice) -> Decided:
    """Release what one decision holds, uphold it, or take back what was said of it."""
    return _decided(*_by_either(platform, order_id), order_id, choice)


@router.post("/v1/orders/<platform>/decisions", openapi_extensions=_REFUSED)
def decide_found(
    platform: str, choice: Choice, order_id: OrderId = None, name: Name = None
) -> Decided:
    """The same by `id` or by `name`."""
    return _decided(*_by_one(platform, order_id, name), order_id or name or "", choice)


# ── which order ──────────────────────────────────────────────────────────────────────────────────
_Stored = tuple[OrderRef, list[Item]]
"""An order and all that is stored of it."""


def _by_either(platform: str, text: str) -> _Stored:
    return _by_id(platform, text) or _by_name(platform, text) or _unknown(platform, text)


def _by_one(platform: str, order_id: str | None, name: str | None) -> _Stored:
    """Malformed unless one of both is given."""
    if (order_id is None) == (name is None):
        raise Malformed("Give either `id` or `name`.", errors={"id": "or `name` is needed"})
    if order_id is not None:
        return _by_id(platform, order_id) or _unknown(platform, order_id)
    return _by_name(platform, name or "") or _unknown(platform, name or "")


def _by_id(platform: str, order_id: str) -> _Stored | None:
    ref = OrderRef(merchant=merchant_of(router).id, platform=platform, id=order_id)
    rows = order_facts.rows(ref)
    return (ref, rows) if rows else None


def _by_name(platform: str, name: str) -> _Stored | None:
    ref = order_names.find(merchant_of(router).id, platform, name)
    return (ref, order_facts.rows(ref)) if ref else None


def _unknown(platform: str, text: str) -> NoReturn:
    raise UnknownOrder(
        f"Nothing was heard of {platform} order {text!r}. An order is found by its id at once, by "
        "its name when its credits are worked out, normally within seconds."
    )


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────
def _decided(ref: OrderRef, rows: list[Item], asked: str, choice: Choice) -> Decided:
    """The order shows it as soon as it has been attributed anew. AmbiguousName where it was asked
    for by a name that others have too; Malformed where it has no such decision; DecidedMeanwhile as
    it says."""
    if asked != ref.id and order_names.are_several(ref.merchant, ref.platform, asked):
        raise AmbiguousName("Decide the order by its id.")
    credited = credits.find_in(rows)
    held = {each.id: each for each in credited.decisions if each.is_held} if credited else {}
    if choice.decision not in held:
        names = ", ".join(held) or "it has none"
        raise Malformed(
            "Nothing of this order is held by that decision.",
            errors={"decision": f"is none that holds credits of the order: {names}"},
        )
    decision, now = held[choice.decision], now_of(router)
    is_new = attribute_order.last_word(rows, decision) != choice.word
    if is_new and not attribute_order.decide(ref, rows, decision, choice.word, now):
        raise DecidedMeanwhile("Look at the order, and decide it again.")
    return {"platform": ref.platform, "id": ref.id, "decision": choice.decision, "new": is_new}
