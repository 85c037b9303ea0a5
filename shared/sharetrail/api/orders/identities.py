"""POST /v1/identities: the shop's word that clicks are a person's."""

from datetime import datetime
from typing import Annotated, Any, get_args

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from sharetrail.api.frame import answers
from sharetrail.api.frame.answers import described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.frame.sense import sensible
from sharetrail.attribution import cross_device
from sharetrail.calendars import iso
from sharetrail.clicks.click import is_click_id
from sharetrail.clicks.trail import LONGEST_TRAIL
from sharetrail.merchants import person_hashes
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Platform
from sharetrail.sharing.share_request import Word
from sharetrail.web.bodies import Moment, strict

router = Router()
CustomerIds = Annotated[dict[Platform, Word], Field(max_length=len(get_args(Platform)))]
"""A person's ids in the shop, by platform: heard, and kept as HMACs alone."""


def _clicks(trail: list[str]) -> list[str]:
    if not all(map(is_click_id, trail)):
        raise ValueError("holds what is no click id")
    return trail


def _sense(told: Any, _merchant: Merchant, _now: datetime) -> dict[str, str]:
    is_anybody = isinstance(told, dict) and (told.get("email") or told.get("customer_ids"))
    return {} if is_anybody else {"email": "or customer_ids is needed"}


@sensible(_sense)
@strict
class Identity:
    """The shop's word that these clicks are a person's: of someone who logged in, say."""

    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    customer_ids: CustomerIds | None = None
    trail: Annotated[
        list[str], Field(min_length=1, max_length=LONGEST_TRAIL), AfterValidator(_clicks)
    ]
    """Click ids, as sharetrail.js knows them: `sharetrail.trail`."""
    at: Moment | None = None
    """Since when this is known: now, where nothing is said. Orders before it are not looked at."""

    def persons(self, merchant_id: str, now: datetime) -> set[str]:
        """The person's HMACs."""
        email = person_hashes.of_email(merchant_id, self.email, now)
        customers = person_hashes.of_customers(merchant_id, self.customer_ids, now)
        return {*customers, email} if email else {*customers}

    def since(self, now: datetime) -> datetime:
        """Never later than now: nobody knows yet what will be."""
        return min(self.at or now, now)


@described
class Identified(TypedDict):
    since: answers.Moment
    orders: int
    """How many of that person's later orders were rung to be credited anew."""


@router.post("/v1/identities")
def identify(identity: Identity) -> Identified:
    """These clicks are this person's: their orders from then on count them, on whatever device
    they were made. Names and addresses are kept as keyed hashes alone."""
    merchant, now = merchant_of(router), now_of(router)
    persons, since = identity.persons(merchant.id, now), identity.since(now)
    rung = cross_device.tell(merchant.id, persons, identity.trail, since, now)
    return {"since": iso(since), "orders": rung}
