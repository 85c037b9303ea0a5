"""What a merchant declares: the bodies of PUT /v1/influencers/{id} and PATCH /v1/links/{code}."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from sharetrail.influencers import Influencer
from sharetrail.shares import Handle, Word


class Naming(BaseModel):
    """What is left out stays as it was."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    handles: dict[Handle, Word] | None = None
    reach: Annotated[int, Field(ge=0, le=10_000_000_000)] | None = None

    def of(self, influencer_id: str, now: datetime) -> Influencer:
        return Influencer(
            id=influencer_id,
            name=self.name or influencer_id,
            email=self.email,
            handles={**self.handles} if self.handles else None,
            reach=self.reach,
            created_at=now,
        )


class Switch(BaseModel):
    """Whether a link is to be disabled, or enabled again."""

    model_config = ConfigDict(extra="forbid")

    disabled: StrictBool
