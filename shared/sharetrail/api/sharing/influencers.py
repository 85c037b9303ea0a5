"""/v1/influencers: who shares, their score and its history, their links, a token in their name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AfterValidator, BeforeValidator, Field
from typing_extensions import TypedDict

from sharetrail import calendars
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score_history import Step
from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Day, Moment, Money, Page, described, money
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.measures import scores
from sharetrail.api.measures.scores import ScoreAnswer, WeekScore
from sharetrail.api.orders.identities import CustomerIds
from sharetrail.api.sharing import share_tree
from sharetrail.api.sharing.share_tree import BranchAnswer
from sharetrail.aws.items import Item
from sharetrail.calendars import iso
from sharetrail.merchants import person_hashes
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencer_tokens, influencers, links, share_request
from sharetrail.sharing.keeping import sealed_emails
from sharetrail.sharing.link import Link, is_anonymous
from sharetrail.web.bodies import strict

router = Router()
_MOST_LINKS = 1_000
"""Of one influencer, in order of their codes: GET /v1/links lists them all."""
InfluencerId = Annotated[
    str,
    BeforeValidator(influencers.no_address),
    Path(max_length=100, pattern=influencers.ID_PATTERN),
]
KnownId = Annotated[str, Path(max_length=100, pattern=influencers.KNOWN_ID_PATTERN)]


Line = Annotated[str, Field(max_length=200)]
Tag = Annotated[str, AfterValidator(influencers.as_tag)]
_MOST_ADDRESSES = 5


@strict
class DeliveryAddressBody:
    """As the standard webhook's."""

    line1: Line
    line2: Line = ""
    postcode: Line = ""
    city: Line = ""
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")]
    """ISO 3166, as shops tell it with an order."""

    def __post_init__(self) -> None:
        if not self.house.compared:
            raise ValueError("has no street, or neither postcode nor city")

    @property
    def house(self) -> DeliveryAddress:
        return DeliveryAddress(
            lines=(self.line1, self.line2),
            postcode=self.postcode,
            city=self.city,
            country=self.country,
        )


@strict
class Naming:
    """What is left out stays as it was."""

    name: Annotated[str, AfterValidator(influencers.as_name)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    handles: dict[share_request.Handle, share_request.Word] | None = None
    reach: Annotated[int, Field(ge=0, le=10_000_000_000)] | None = None
    tags: Annotated[list[Tag], Field(max_length=influencers.MOST_TAGS)] | None = None
    """Words of your own, to find them by; nothing depends on them. Given again they replace what
    stood; an empty list empties it."""
    customer_ids: CustomerIds | None = None
    """Their own customer ids in the shop, by platform: kept as HMACs, so that whoever buys by
    their own link is seen."""
    delivery_addresses: (
        Annotated[list[DeliveryAddressBody], Field(max_length=_MOST_ADDRESSES)] | None
    ) = None
    """Where they have parcels delivered: kept as HMACs, for the same. Given again it replaces what
    stood; an empty list empties it."""

    def of(self, influencer_id: str, merchant_id: str, now: datetime) -> influencers.Influencer:
        customers = person_hashes.of_customers(merchant_id, self.customer_ids, now)
        return influencers.Influencer(
            id=influencer_id,
            name=self.name or influencer_id,
            email=sealed_emails.sealed(merchant_id, influencer_id, self.email),
            email_hash=person_hashes.of_email(merchant_id, self.email, now),
            customers=tuple(customers) or None,
            addresses=self._addresses(merchant_id, now),
            handles=self.handles,
            reach=self.reach,
            tags=None if self.tags is None else tuple(dict.fromkeys(self.tags)),
            created_at=now,
        )

    def _addresses(self, merchant_id: str, now: datetime) -> tuple[str, ...] | None:
        if self.delivery_addresses is None:
            return None
        houses = [each.house for each in self.delivery_addresses]
        hashes = (person_hashes.of_address(merchant_id, house, now) for house in houses)
        return tuple(dict.fromkeys(filter(None, hashes)))


@described
class InfluencerSummary(TypedDict):
    id: str
    name: str
    handles: dict[str, str]
    """Network → their own name there."""
    reach: int | None
    """Followers, as declared."""
    tags: list[str]
    anonymous: bool
    """Whether only their browser is known."""
    created_at: Moment
    score: ScoreAnswer | None


@described
class InfluencerLink(TypedDict):
    code: str
    short_url: str
    url: str
    network: str
    label: str
    parent: str | None


@described
class InfluencerAnswer(InfluencerSummary):
    email: str | None
    sharing: BranchAnswer | None
    """Their place in the share tree, when they were scored."""
    held_until: dict[Day, Money]
    """What of their credited revenue was on hold when they were scored, by the last day of its
    hold."""
    links: list[InfluencerLink]


@described
class InfluencerToken(TypedDict):
    token: str
    influencer: str
    expires_at: Moment


@router.get("/v1/influencers/<influencer_id>")
def show_influencer(influencer_id: KnownId) -> InfluencerAnswer:
    """Who they are, their newest score, and what of their credited revenue was held by then."""
    return _influencer(merchant_of(router), influencer_id, now_of(router))


@router.put(
    "/v1/influencers/<influencer_id>",
    openapi_extensions=refusing(influencers.InfluencerErased),
)
def name_influencer(influencer_id: InfluencerId, naming: Naming) -> InfluencerAnswer:
    """Say who somebody is. What is left out stays as it was. Of whoever was erased nothing is said
    again: if they share again, give them an id of their own."""
    merchant, now = merchant_of(router), now_of(router)
    influencers.describe(merchant.id, naming.of(influencer_id, merchant.id, now))
    return _influencer(merchant, influencer_id, now)


@router.get("/v1/influencers/<influencer_id>/scores")
def list_scores(
    influencer_id: KnownId, limit: paging.Limit = 50, cursor: paging.Cursor = None
) -> Page[WeekScore]:
    """Every week's score, newest first, and why it rose or fell since the week before."""
    merchant = merchant_of(router)
    influencers.item_of(merchant.id, influencer_id)
    return scores.score_page(merchant, influencer_id, limit, cursor)


@router.post("/v1/influencers/<influencer_id>/token", status_code=201)
def mint_token(influencer_id: InfluencerId) -> InfluencerToken:
    """A token with which the shop's page makes links in this influencer's name for a day."""
    # Who need not have shared anything yet.
    token, until = influencer_tokens.mint(merchant_of(router).id, influencer_id, now_of(router))
    return {"token": token, "influencer": influencer_id, "expires_at": iso(until)}


def _influencer(merchant: Merchant, influencer_id: str, now: datetime) -> InfluencerAnswer:
    """One influencer with their links, their place in the share tree and what is on hold."""
    item = influencers.item_of(merchant.id, influencer_id)
    made = links.made_behind(merchant.id, influencer_id, "", _MOST_LINKS)
    newest = score_history.newest_of(merchant, [influencer_id], now).get(influencer_id)
    branch = newest[0].sharing if newest else None
    return {
        **influencer_summary(item, newest, merchant),
        "email": sealed_emails.opened(merchant.id, item),
        "sharing": share_tree.branch_answer(branch, merchant) if branch else None,
        "held_until": _held(newest[0].held, merchant, now) if newest else {},
        "links": [_link(link) for link in sorted(made, key=lambda link: link.created_at)],
    }


def _held(held: Mapping[str, int], merchant: Merchant, now: datetime) -> dict[str, Money]:
    """By the last local day of its hold, as far as that has not passed."""
    today = calendars.local_day(now, merchant.tz).isoformat()
    return {day: money(merchant.amount(held[day])) for day in sorted(held) if day >= today}


def _link(link: Link) -> InfluencerLink:
    return {
        "code": link.code,
        "short_url": links.short_url(link),
        "url": link.url,
        "network": link.network,
        "label": link.label,
        "parent": link.parent,
    }


def influencer_summary(item: Item, newest: Step | None, merchant: Merchant) -> InfluencerSummary:
    return {
        "id": item["id"],
        "name": item["name"],
        "handles": item.get("handles", {}),
        "reach": item.get("reach"),
        "tags": item.get("tags", []),
        "anonymous": is_anonymous(item["sk"]),
        "created_at": item["created_at"],
        "score": scores.score_answer(newest, merchant),
    }
