"""GET and PATCH /v1/links/{code}."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import StrictBool
from typing_extensions import TypedDict

from sharetrail.api.frame.answers import Moment, described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links, product_names, share_request
from sharetrail.sharing.link import Link, Product
from sharetrail.sharing.share_request import MadeLink
from sharetrail.web.bodies import strict

router = Router()


@strict
class Switch:
    """Whether a link is to be disabled, or enabled again."""

    disabled: StrictBool


@described
class LinkProduct(TypedDict):
    id: str
    title: str
    """As the page said it; empty where it said none."""
    image: str
    name: str | None
    """What the merchant's side calls it."""


@described
class LinkAnswer(MadeLink):
    """A link as its sharer got it, and what else is known of it."""

    campaign: str
    product: LinkProduct | None
    disabled: bool
    disabled_at: Moment | None


@router.get("/v1/links/<code>")
def show_link(code: str) -> LinkAnswer:
    """A link as its sharer got it, and what else is known of it."""
    return _link(merchant_of(router), code)


@router.patch("/v1/links/<code>")
def switch_link(code: str, switch: Switch) -> LinkAnswer:
    """Disable a link or enable it again; whoever follows it notices within a minute."""
    merchant = merchant_of(router)
    links.switch(merchant.id, code, disabled=switch.disabled, now=now_of(router))
    return _link(merchant, code)


def _link(merchant: Merchant, code: str) -> LinkAnswer:
    link = links.find_own(merchant.id, code)
    products = [link.product.id] if link.product else []
    return link_answer(link, product_names.find_all(merchant.id, products))


def link_answer(link: Link, names: Mapping[str, str]) -> LinkAnswer:
    """`names` are what the merchant's side calls products, by id."""
    return {
        **share_request.answer_of(link),
        "campaign": link.campaign,
        "product": _product(link.product, names) if link.product else None,
        "disabled": link.disabled_at is not None,
        "disabled_at": iso(link.disabled_at) if link.disabled_at else None,
    }


def _product(product: Product, names: Mapping[str, str]) -> LinkProduct:
    return {
        "id": product.id,
        "title": product.title,
        "image": product.image,
        "name": names.get(product.id),
    }
