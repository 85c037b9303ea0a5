"""A request's visitor, as far as we want to know: a hash that means nothing after two days."""

import hmac
import re
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime

from sharetrail.aws import environment
from sharetrail.clicks import daily_salts
from sharetrail.clicks.click import CLICK_SHARDS, Click, mint_click_id
from sharetrail.cropping import cropped
from sharetrail.web.address import host_in
from sharetrail.web.http import Request

MAX_AGENT = 512  # bytes: a click is one write unit, whatever is sent
_HASH_LENGTH = 16
FRONT = "x-sharetrail-front"
"""The header of CloudFront's secret."""
_IPV4_WITHIN = bytes(10) + b"\xff\xff"
_DESTINATION = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    hash: str | None
    """None under Global Privacy Control or Do Not Track, and where the day's salt is missing."""
    address: str | None = None
    """A day's hash of the address alone, which bounds what one machine can say; None as `hash`."""
    nameless: bool = False
    """Whether it may be tracked, and only the day's salt is missing."""
    agent: str
    referrer: str
    """The referring host alone, or nothing."""
    country: str | None
    mute: bool = False
    """Whether the request named no language: every browser names one, most scripts forget."""
    embedded_as: str = ""
    """What a page loaded the link as (`image`, `iframe`, `script` …), where nobody followed it."""


def visitor_of(request: Request, merchant_id: str) -> Visitor:
    """Who asks, cropped to what is kept. The address itself is used for the hash and forgotten."""
    headers = request.headers
    agent = cropped(headers.get("user-agent", ""), MAX_AGENT)
    is_private = _is_private(headers)
    own_hash = None if is_private else visitor_hash(request, merchant_id, agent)
    return Visitor(
        hash=own_hash,
        address=address_hash(request, merchant_id),
        nameless=own_hash is None and not is_private,
        agent=agent,
        referrer=host_in(headers.get("referer", "")),
        country=_country(headers),
        mute=not headers.get("accept-language"),
        embedded_as=_embedded_as(headers),
    )


def visitor_hash(request: Request, merchant_id: str, agent: str) -> str | None:
    return _hash(request, f"{merchant_id}|{_address(request)}|{agent}")


def address_hash(request: Request, merchant_id: str) -> str | None:
    """None where the visitor asked not to be tracked, or the day's salt is missing."""
    if _is_private(request.headers):
        return None
    return _hash(request, f"address|{merchant_id}|{_network(_address(request))}")


def _is_private(headers: dict[str, str]) -> bool:
    return headers.get("sec-gpc") == "1" or headers.get("dnt") == "1"


def _hash(request: Request, text: str) -> str | None:
    salt = daily_salts.of_day(request.now)
    if salt is None:
        return None
    digest = hmac.digest(salt, text.encode(errors="replace"), "sha256")
    return digest.hex()[:_HASH_LENGTH]


def _network(address: str) -> str:
    """Of IPv6 the /64: a phone or a home has all of it to itself, and changes within it."""
    try:
        packed = socket.inet_pton(socket.AF_INET6, address.strip("[]"))
    except (OSError, ValueError):
        return address
    return address if packed.startswith(_IPV4_WITHIN) else packed[:8].hex()


def _address(request: Request) -> str:
    if _is_from_front(request.headers):
        viewer = request.headers.get("cloudfront-viewer-address", "")
        return viewer.rpartition(":")[0] or request.ip
    return request.ip


def _country(headers: dict[str, str]) -> str | None:
    country = headers.get("cloudfront-viewer-country", "")
    trusted = len(country) == 2 and country.isalpha() and _is_from_front(headers)
    return country.upper() if trusted else None


def _is_from_front(headers: dict[str, str]) -> bool:
    """Whether what CloudFront says of the viewer is CloudFront's: whoever calls the API by its own
    address writes what headers they like, but for the secret."""
    if not environment.trusts_cloudfront():
        return False
    secret = environment.front_secret().encode()
    return not secret or hmac.compare_digest(headers.get(FRONT, "").encode(), secret)


def _embedded_as(headers: dict[str, str]) -> str:
    """By Sec-Fetch-Dest, which pages cannot write and whoever follows a link sends as `document`,
    or not at all. Sec-Fetch-Mode adds nothing to it: frames navigate, too.
    """
    destination = headers.get("sec-fetch-dest") or "document"
    if destination == "document":
        return ""
    return destination if _DESTINATION.fullmatch(destination) else "something unknown"


def new_click(
    merchant_id: str, code: str, visitor: Visitor, at: datetime, maker: str | None = None
) -> Click:
    """The fact that `visitor` followed the link `code`. `maker` is what the link keeps of who made
    it: their hash itself before 2026-12, whose day's salt is gone by now.
    """
    source = visitor.address or visitor.hash
    number = int(source, 16) if source else secrets.randbelow(CLICK_SHARDS)
    return Click(
        id=mint_click_id(at, number % CLICK_SHARDS, secrets.randbits(80)),
        merchant=merchant_id,
        code=code,
        at=at,
        visitor=visitor.hash,
        agent=visitor.agent,
        referrer=visitor.referrer,
        country=visitor.country,
        mute=visitor.mute,
        embedded_as=visitor.embedded_as,
        own=visitor.hash is not None and maker in (maker_code(code, visitor.hash), visitor.hash),
        address=visitor.address,
        nameless=visitor.nameless,
    )


def maker_code(code: str, visitor_hash: str) -> str:
    """What a link keeps of who made it. It answers whether a click on this link is theirs, and is
    another on each of their links: links of one maker are not told by it, nor is the visitor."""
    return hmac.digest(visitor_hash.encode(), code.encode(), "sha256").hex()[:_HASH_LENGTH]
