"""What a share button sends, and who stands behind it: the body of POST /v1/links."""

import secrets
from dataclasses import field
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from typing_extensions import TypedDict

from sharetrail.aws import environment
from sharetrail.aws.tables import EVENTS
from sharetrail.calendars import iso
from sharetrail.clicks.click import Click, click_key, read_click
from sharetrail.clicks.readable import readable
from sharetrail.clicks.trail import LONGEST_TRAIL, make_trail
from sharetrail.clicks.visitor import address_hash, visitor_of
from sharetrail.merchants import person_hashes, vault
from sharetrail.merchants.keys.callers import Caller
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.sharing import destinations, influencer_tokens, influencers, links
from sharetrail.sharing.destinations import BadDestination
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.keeping import sealed_emails
from sharetrail.sharing.link import ANONYMOUS, OTHER, Link, Product, product_id
from sharetrail.sharing.link_allowances import Browser, Maker, Shop, TokenHolder
from sharetrail.sharing.link_codes import chosen_code
from sharetrail.sharing.networks import NetworkId, share_url, share_url_of
from sharetrail.web.answers import Moment, described
from sharetrail.web.bodies import strict
from sharetrail.web.http import Request

# Part of a code's identity, so no line breaks; printable, so that people can read it.
Word = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
ProductId = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$"), AfterValidator(product_id)
]
Id = Annotated[
    str,
    BeforeValidator(influencers.no_address),
    StringConstraints(min_length=1, max_length=100, pattern=influencers.ID_PATTERN),
]
Handle = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,30}$")]
"""Where someone is known: any network, also one that has no share button."""
Code = Annotated[
    str,
    StringConstraints(max_length=chosen_code.LONGEST),
    AfterValidator(chosen_code.chosen),
]
Title = Annotated[str, StringConstraints(max_length=300)]
_ID_LENGTH = 16
SHOP = "shop"
"""The influencer behind a link that the shop makes for nobody in particular."""
_DECLARED = ("name", "email", "handles")
"""What the merchant alone says of an influencer."""


class NotTheirs(Problem):
    """Whoever holds a token makes links in the influencer's name; who that is, the shop says."""

    status = 422
    title = "A token says nothing of its influencer"


def _picture(image: str) -> str:
    """Its address, or none where it is no address on the web: no share fails for its picture."""
    return image if destinations.leads_out(image) else ""


@strict
class ProductBody(Product):
    """A product, checked."""

    id: ProductId
    title: Title = ""
    image: Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_picture)] = ""


@strict
class InfluencerBody:
    id: Id | None = None
    token: Annotated[str, StringConstraints(max_length=300)] | None = None
    name: Annotated[str, AfterValidator(influencers.as_name)] | None = None
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    handles: Annotated[dict[Handle, Word], Field(max_length=20)] | None = None


@strict
class ShareBody:
    url: Annotated[str, StringConstraints(min_length=1, max_length=2_048)]
    network: NetworkId
    influencer: InfluencerBody | None = None
    campaign: Word = ""
    label: Word = ""
    product: ProductBody | None = None
    code: Code | None = None
    """What the link is to be called; one that we make, where nothing is said."""
    trail: Annotated[list[str], Field(max_length=LONGEST_TRAIL)] = field(default_factory=list)


def maker_of(
    body: InfluencerBody | None, influencer: Influencer, caller: Caller, request: Request
) -> Maker:
    """Whose allowance a new link is taken from; `influencer` is who shares."""
    if caller.key.is_secret:
        return Shop()
    if body and body.token is not None:
        return TokenHolder(influencer.id)
    return Browser(address_hash(request, caller.merchant.id))


def is_declared(body: InfluencerBody | None, caller: Caller) -> bool:
    """Whether what the body says of the influencer comes from the merchant's own side."""
    return body is not None and caller.key.is_secret


def influencer_of(body: InfluencerBody | None, caller: Caller, request: Request) -> Influencer:
    """Who shares. Only a secret key is believed about a name, and NotTheirs refuses one beside a
    token alone; any other browser is an anonymous visitor in a namespace of its own.
    """
    said = body or InfluencerBody()
    now, merchant, known = request.now, caller.merchant, said.id
    if said.token is not None:
        known = influencer_tokens.influencer_of(merchant.id, said.token, now)
        _check_declared(said, caller)
    elif not caller.key.is_secret:
        browser = said.id or visitor_of(request, merchant.id).hash or secrets.token_hex(16)
        anonymous = _anonymous_id(merchant.id, browser, now)
        name = influencers.visitor_name(anonymous)
        return Influencer(id=anonymous, name=name, created_at=now)
    if known is None:
        return Influencer(id=SHOP, name=merchant.name, created_at=now)
    return Influencer(
        id=known,
        name=said.name or known,
        email=sealed_emails.sealed(merchant.id, known, said.email),
        email_hash=person_hashes.of_email(merchant.id, said.email, now),
        handles=said.handles,
        created_at=now,
    )


def _check_declared(said: InfluencerBody, caller: Caller) -> None:
    """A token lies in a page that the influencer's own browser has opened."""
    if caller.key.is_secret:
        return
    if told := [name for name in _DECLARED if getattr(said, name) is not None]:
        errors = {f"influencer.{name}": "is declared with the secret key" for name in told}
        raise NotTheirs("A token makes links in the influencer's name, no more.", errors=errors)


def _anonymous_id(merchant_id: str, browser_id: str, now: datetime) -> str:
    """The influencer that a browser's first-party random id stands for.

    A keyed hash: the id that answers and links show cannot be turned back into the browser's, so
    nobody can share in another visitor's name.
    """
    digest = vault.derived(merchant_id, "anonymous", browser_id, now)
    return ANONYMOUS + digest.hex()[:_ID_LENGTH]


def destination_of(url: str, network: NetworkId | None, caller: Caller) -> str:
    """Where the link leads: what a browser asks for without what acts in its query. BadDestination
    where no link leads; from a page of the shop's that acts, its first page is shared instead.
    """
    merchant = caller.merchant
    destinations.check(url, merchant.hosts, loopback=environment.is_local())
    if caller.key.is_secret:
        return url
    try:
        return destinations.harmless(url)
    except BadDestination as refused:
        refused.told = {"share_url": share_url(network, merchant.home)} if network else {}
        raise


def wish(body: ShareBody, influencer: Influencer, merchant: Merchant, request: Request) -> Link:
    """The link that a share asks for, without its code where none was chosen."""
    parent = _parent(body.trail, merchant.id, influencer.id, request.now)
    return Link(
        code=body.code or "",
        merchant=merchant.id,
        influencer=influencer.id,
        url=body.url,
        network=body.network,
        campaign=body.campaign,
        label=" ".join(body.label.split()) if body.network == OTHER else body.label,
        product=body.product,
        parent=parent.id if parent else None,
        parent_code=parent.code if parent else None,
        maker=visitor_of(request, merchant.id).hash,
        created_at=request.now,
    )


def _parent(trail: list[str], merchant_id: str, sharer: str, now: datetime) -> Click | None:
    """The newest click of the sharer's own trail that led through another influencer's link.

    Who follows their own link and shares again is no new generation, so such clicks are passed
    over. A publishable key can send any trail: no money may ever follow this.
    """
    keys = [click_key(merchant_id, each) for each in make_trail(trail).ids]
    found = list(readable(read_click, EVENTS.get_all(keys), now))
    made = links.find_all({click.code for click in found})
    others = {code for code, link in made.items() if link.influencer != sharer}
    eligible = [click for click in found if click.code in others]
    return max(eligible, key=lambda click: click.id, default=None)


@described
class MadeLink(TypedDict):
    """What the share button gets back."""

    code: str
    short_url: str
    url: str
    share_url: str
    """What the network's share dialog is opened with; the short link itself where it has none."""
    network: str
    label: str
    influencer: str
    parent: str | None
    """The click that brought its sharer, on another's link."""
    created_at: Moment


def answer_of(link: Link) -> MadeLink:
    short_url = links.short_url(link)
    return {
        "code": link.code,
        "short_url": short_url,
        "url": link.url,
        "share_url": share_url_of(link, short_url),
        "network": link.network,
        "label": link.label,
        "influencer": link.influencer,
        "parent": link.parent,
        "created_at": iso(link.created_at),
    }
