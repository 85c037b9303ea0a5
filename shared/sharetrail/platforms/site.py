"""Where a shop system is called: its own host over TLS, and nothing inside a network.

Who can choose a host? The operator alone, by onboarding; and of WooCommerce's whoever runs the
shop's DNS. So a name is looked up once for a call, every address it has must be a public one, and
the call goes to that address with the name in TLS: an answer of DNS that changes in between leads
nowhere else.
"""

import ipaddress
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sharetrail.aws import environment
from sharetrail.platforms.trouble import CallFailed

PORT = 443
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as a network of IPv6 alone writes them (RFC 6052)."""
_HANDED_OUT = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is anybody's on the internet (RFC 4291, 2.4). What lies elsewhere may be a
network's own, be it that Python does not say so, or does not yet: `fec0::`, `64:ff9b:1::`, `::`
before an IPv4 address."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A shop system of one merchant's, and how it knows us."""

    base: str
    """`https://mugs.myshopify.com`, without a trailing slash."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Of every call; by these it knows us, so nobody prints them."""

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc


def of(system: str, host: str) -> str:
    """The base of a system's calls. On the local stage alone, which has no merchants, a stub plays
    every system."""
    if stubs := environment.local_platforms():
        return f"{stubs}/{system}/{host}"
    return f"https://{host}"


def public_addresses(host: str) -> list[str]:
    """The addresses that the host is called at: those of IPv4, where it has such. CallFailed where
    any is not public, or there is none: a name that leads inside is not called at all."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CallFailed("away", host) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses or not all(map(_is_public, addresses)):
        raise CallFailed("not_public", host)
    return [each for each in addresses if ":" not in each] or addresses


def _is_public(address: str) -> bool:
    """Also of an IPv4 address that is written as an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if ip in _TRANSLATED:
        inner = ipaddress.IPv4Address(ip.packed[-4:])
    if ip.version == 6 and inner is None and ip not in _HANDED_OUT:
        return False
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)
