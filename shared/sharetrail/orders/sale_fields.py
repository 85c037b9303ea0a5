"""What the providers' sales are made of alike: lines, codes, what the script said, the landing."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qs, urlsplit

from sharetrail.clicks.click import is_click_id
from sharetrail.cropping import cropped
from sharetrail.orders.order_fact import MAX_TITLE, CodeDiscount, LineItem
from sharetrail.sharing.link import is_link_code, product_id
from sharetrail.web.address import host_in

MAX_CODES = 20
_CURRENCY = re.compile("[A-Z]{3}", re.ASCII)
MAX_CODE = 100
MAX_TRAIL = 1_000
"""Characters of what the script wrote that are looked at."""
MAX_NAME = 100
MAX_REFUNDS = 500
"""Refunds of one order that are kept one by one."""
_MAX_TITLE_BYTES = 2 * MAX_TITLE
"""With MAX_LINES of them an order still fits DynamoDB's 400 KB, in whatever script."""


def line_item(product: str, title: str, quantity: int, net: int) -> LineItem:
    shown = cropped(title[:MAX_TITLE], _MAX_TITLE_BYTES)
    return LineItem(product=product_id(product), title=shown, quantity=quantity, net=max(0, net))


def paid_in(shown: str | None, currency: str) -> str | None:
    """The currency that the buyer saw, where it is one, and not the shop's own."""
    return shown if shown and _CURRENCY.fullmatch(shown) and shown != currency else None


def codes(entries: Iterable[str]) -> tuple[str, ...]:
    """What the buyer entered. What is longer than any code of ours is none, and cropped it could
    read as another.
    """
    return tuple(code for code in list(entries)[:MAX_CODES] if 0 < len(code) <= MAX_CODE)


def code_discounts(told: Iterable[tuple[str, int | None]]) -> tuple[CodeDiscount, ...]:
    """What each code took off, of those that `codes` keeps and the shop tells an amount of."""
    kept = [(code, off) for code, off in list(told)[:MAX_CODES] if codes([code])]
    return tuple(
        CodeDiscount(code=code, amount=off) for code, off in kept if off is not None and off >= 0
    )


def script_value(text: str) -> str | None:
    """What the script wrote, cropped; None where it wrote nothing."""
    return text[:MAX_TRAIL] or None


def landing_click(page: str) -> str | None:
    """The click id in the address that the buyer's visit began on."""
    (click, *_) = _query(page).get("st", [""])
    return click if is_click_id(click) else None


def landing_code(page: str) -> str | None:
    """The link's code in its UTM tags."""
    tags = _query(page)
    return shared_code(tags.get("utm_medium", [""])[0], tags.get("utm_content", [""])[0])


def shared_code(medium: str, content: str) -> str | None:
    return content if medium == "share" and is_link_code(content) else None


def ad(page: str) -> str | None:
    """The parameter by which a paid search ad marks the address it leads to. Not fbclid: Facebook
    adds that to every link in a post.
    """
    return next((name for name in ("gclid", "msclkid") if name in _query(page)), None)


def host(address: str) -> str | None:
    """The host of where the buyer came from."""
    return host_in(address)[:MAX_NAME] or None


def _query(page: str) -> dict[str, list[str]]:
    return parse_qs(url_parts(page).query)


def url_parts(address: str) -> SplitResult:
    """Empty ones for what is none: whoever links to a shop writes what they like."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
