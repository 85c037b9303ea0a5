"""Whom the operator, or a merchant, asks to be erased or told of."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Any, get_args

from pydantic import Field, StringConstraints

from sharetrail.merchants import person_hashes
from sharetrail.orders.order_fact import Platform
from sharetrail.problems import Malformed
from sharetrail.questions.privacy_request import Act, PrivacyRequest, Whose
from sharetrail.web.bodies import parse, strict

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)]
_OrderName = Annotated[
    str, StringConstraints(pattern=rf"^({'|'.join(get_args(Platform))})[/#].{{1,200}}$")
]
MOST_ORDERS = 1_000


@strict
class AskedBuyer:
    """By whichever of these: what is known of them by one is found by that one."""

    email: _Text | None = None
    customer: dict[Platform, _Text] = field(default_factory=dict)
    """Ids, by platform."""
    orders: Annotated[list[_OrderName], Field(max_length=MOST_ORDERS)] = field(default_factory=list)
    """`shopify/1001`: of those that are not found by the name."""


@strict
class AskedPerson:
    """Just one of them."""

    buyer: AskedBuyer | None = None
    influencer: _Text | None = None
    recipient: _Text | None = None
    shop: bool = False


def request_of(merchant_id: str, asked: Any, act: Act, now: datetime) -> PrivacyRequest:
    """Malformed where it does not name just one person, or names nobody."""
    person = parse(AskedPerson, asked)
    whose = [each for each in _EACH if getattr(person, each)]
    if len(whose) != 1:
        raise Malformed("Name a buyer, an influencer, a recipient, or the shop.")
    (one,) = whose
    buyer = person.buyer
    return PrivacyRequest(
        merchant=merchant_id,
        act=act,
        whose=one,
        asked_at=now,
        names=_names(merchant_id, buyer, now) if buyer else (),
        orders=_orders(buyer) if buyer else (),
        about=person.influencer or person.recipient or "",
    )


_EACH: tuple[Whose, ...] = ("buyer", "influencer", "recipient", "shop")


def _names(merchant_id: str, buyer: AskedBuyer, now: datetime) -> tuple[str, ...]:
    emails = person_hashes.of_emails(merchant_id, buyer.email, now)
    customers = person_hashes.of_customers(merchant_id, {**buyer.customer}, now)
    if not (emails or customers or buyer.orders):
        raise Malformed("The buyer is named by nothing.", errors={"buyer": "names nobody"})
    return (*emails, *customers)


def _orders(buyer: AskedBuyer) -> tuple[str, ...]:
    return tuple(sorted({each.replace("/", "#", 1) for each in buyer.orders}))
