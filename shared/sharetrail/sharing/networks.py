"""The networks a link can be shared on, and the address that opens each with the link in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Network:
    name: str
    opens: str
    """What opens it; empty where the short link itself is what one shares."""
    fields: dict[str, str]
    """Its query's names → which of url, title, image, message (title and url) goes there."""


def _read(line: str) -> tuple[str, Network]:
    """An id, a name, what opens it, and its fields: as networks.txt has them."""
    network, name, opens, fields = map(str.strip, line.split("|"))
    return network, Network(name, opens, dict(field.split("=") for field in fields.split()))


NETWORKS = dict(
    map(_read, Path(__file__).with_name("networks.txt").read_text("utf-8").splitlines())
)
if TYPE_CHECKING:
    NetworkId = str
else:  # as pydantic checks it, and names it in what it refuses
    NetworkId = Literal[tuple(NETWORKS)]


def name_of(network: str) -> str:
    """How a person reads it; an id that later versions retired shows as it is."""
    if network == "coupon":
        return "Coupon code"
    return NETWORKS[network].name if network in NETWORKS else network


def share_url(network: str, short_url: str, title: str = "", image: str = "") -> str:
    """The address that opens the network with the link ready to post."""
    target = NETWORKS[network]
    if not target.opens:
        return short_url
    message = f"{title} {short_url}".strip()
    values = {"url": short_url, "title": title, "image": image, "message": message}
    filled = {name: values[part] for name, part in target.fields.items() if values[part]}
    # Mail and message programs read %20, not +, as a space.
    return f"{target.opens}?{urlencode(filled, quote_via=quote)}"
