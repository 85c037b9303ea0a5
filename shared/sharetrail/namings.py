"""What a merchant declares: the bodies of PUT /v1/influencers/{id}, PATCH /v1/links/{code},
POST /v1/codes, POST /v1/rates and POST /v1/identities.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    field_validator,
    model_validator,
)

from sharetrail import clicks, coupons, identities, trails
from sharetrail.bodies import Currency
from sharetrail.coupons import Ownership
from sharetrail.influencers import Influencer
from sharetrail.rates import Rate
from sharetrail.shares import Handle, Id, Word

Platform = Literal["shopify", "woocommerce", "stripe", "standard"]


class Naming(BaseModel):
    """What is left out stays as it was."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    handles: dict[Handle, Word] | None = None
    reach: Annotated[int, Field(ge=0, le=10_000_000_000)] | None = None
    customer_ids: Annotated[dict[Platform, Word], Field(max_length=4)] | None = None
    """Their own customer ids in the shop, by platform: kept as HMACs, so that whoever buys by
    their own link is seen."""

    def of(self, influencer_id: str, merchant_id: str, now: datetime) -> Influencer:
        ids = (self.customer_ids or {}).items()
        told = [identities.of_customer(merchant_id, platform, each, now) for platform, each in ids]
        return Influencer(
            id=influencer_id,
            name=self.name or influencer_id,
            email=self.email,
            email_hash=identities.of_email(merchant_id, self.email, now),
            customers=tuple(each for each in told if each) or None,
            handles={**self.handles} if self.handles else None,
            reach=self.reach,
            created_at=now,
        )


class Switch(BaseModel):
    """Whether a link is to be disabled, or enabled again."""

    model_config = ConfigDict(extra="forbid")

    disabled: StrictBool


class CodeGift(BaseModel):
    """Whose a coupon code is, and since when: from now on where nothing is said."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=coupons.PATTERN, max_length=coupons.LONGEST)]
    influencer: Id | None
    """None takes the code from whoever has it."""
    since: AwareDatetime | None = None

    def of(self, now: datetime) -> Ownership:
        code = coupons.plain(self.code)
        return Ownership(code=code, influencer=self.influencer, since=self.since or now)


class DayRate(BaseModel):
    """What one unit of a currency is worth in the reports' currency, on a local day."""

    model_config = ConfigDict(extra="forbid")

    currency: Currency
    day: date
    rate: Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$")]

    @field_validator("rate")
    @classmethod
    def _is_worth_something(cls, rate: str) -> str:
        if not float(rate):
            raise ValueError("is zero")
        return rate

    def of(self, to: str) -> Rate:
        return Rate(currency=self.currency, to=to, day=self.day, rate=self.rate)


class Identity(BaseModel):
    """The shop's word that these clicks are a person's: of someone who logged in, say."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    customer_ids: Annotated[dict[Platform, Word], Field(max_length=4)] | None = None
    trail: Annotated[list[str], Field(min_length=1, max_length=trails.MOST)]
    """Click ids, as sharetrail.js knows them: `sharetrail.trail`."""
    at: AwareDatetime | None = None
    """Since when this is known: now, where nothing is said. Orders before it are not looked at."""

    @field_validator("trail")
    @classmethod
    def _are_clicks(cls, trail: list[str]) -> list[str]:
        if not all(map(clicks.is_id, trail)):
            raise ValueError("holds what is no click id")
        return trail

    @model_validator(mode="after")
    def _names_somebody(self) -> "Identity":
        if not self.email and not self.customer_ids:
            raise ValueError("name an email or customer_ids")
        return self

    def persons(self, merchant_id: str, now: datetime) -> set[str]:
        """The person's HMACs."""
        ids = (self.customer_ids or {}).items()
        told = {identities.of_customer(merchant_id, platform, each, now) for platform, each in ids}
        told.add(identities.of_email(merchant_id, self.email, now))
        return {each for each in told if each}

    def since(self, now: datetime) -> datetime:
        """Never later than now: nobody knows yet what will be."""
        return min(self.at or now, now)
