"""GET and PATCH /v1/links/{code}."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import StrictBool

from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.aws.items import dump
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links, product_names, share_request
from sharetrail.sharing.link import Product
from sharetrail.web.bodies import strict

router = Router()


@strict
class Switch:
    """Whether a link is to be disabled, or enabled again."""

    disabled: StrictBool


@router.get("/v1/links/<code>")
def show_link(code: str) -> dict[str, Any]:
    return _link(merchant_of(router), code)


@router.patch("/v1/links/<code>")
def switch_link(code: str, switch: Switch) -> dict[str, Any]:
    """Disable a link or enable it again; whoever follows it notices within a minute."""
    merchant = merchant_of(router)
    links.switch(merchant.id, code, disabled=switch.disabled, now=now_of(router))
    return _link(merchant, code)


def _link(merchant: Merchant, code: str) -> dict[str, Any]:
    """A link as its sharer got it, and what else is known of it."""
    link = links.find_own(merchant.id, code)
    return {
        **share_request.answer_of(link),
        "campaign": link.campaign,
        "product": _product(merchant, link.product) if link.product else None,
        "parent": link.parent,
        "disabled": link.disabled_at is not None,
        "disabled_at": iso(link.disabled_at) if link.disabled_at else None,
    }


def _product(merchant: Merchant, product: Product) -> dict[str, Any]:
    """`name` is the merchant's side's, if it has one; the title is what the page said."""
    names = product_names.find_all(merchant.id, [product.id])
    return {**dump(product), "name": names.get(product.id)}
