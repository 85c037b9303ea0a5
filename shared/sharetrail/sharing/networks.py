"""The networks a link can be shared on, and the address that opens each with the link in it.

networks.txt has one a line. Those of a `button` are for whoever stands on a product's page. Links
to the others are `given`: the shop makes them for an influencer, who posts them by hand, since no
address opens Instagram with a link in it. `other` is every network that has no line of its own, and
goes by its label.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode

from sharetrail.sharing.link import Link, Product


@dataclass(frozen=True)
class Network:
    name: str
    is_given: bool
    """Whether its links are made for an influencer, and no button is there for it."""
    opens: str
    """What opens it; empty where the short link itself is what one shares."""
    fields: dict[str, str]
    """Its query's names → which of url, title, image, message (title and url) goes there."""


DEVICE = "device"
"""A device's own share sheet: where it led, only the clicks can say."""


def _read(line: str) -> tuple[str, Network]:
    """An id, a name, button or given, what opens it, and its fields: as networks.txt has them."""
    network, name, kind, opens, fields = map(str.strip, line.split("|"))
    filled = dict(field.split("=") for field in fields.split())
    return network, Network(name, kind == "given", opens, filled)


NETWORKS = dict(
    map(_read, Path(__file__).with_name("networks.txt").read_text("utf-8").splitlines())
)
if TYPE_CHECKING:
    NetworkId = str
else:  # as pydantic checks it, and names it in what it refuses
    NetworkId = Literal[tuple(NETWORKS)]


def name_of(shared_on: str) -> str:
    """How a person reads a link's or a touch's `shared_on`: `WhatsApp`, `Twitch (other)`; an id
    that later versions retired shows as it is."""
    from sharetrail.words.speech import say  # with Babel, which making a link has no use for

    if shared_on == "coupon":
        # For translators: stands where a network stands: a code was used, and no link.
        return say("Coupon code")
    network, _, label = shared_on.partition(":")
    if label:
        # For translators: a network that has no button of its own, by its name: "Twitch (other)".
        return say("{name} (other)", name=label)
    return say(NETWORKS[network].name) if network in NETWORKS else network


def share_url_of(link: Link, address: str) -> str:
    """The address that opens the link's network with `address` ready to post."""
    product = link.product or Product(id="")
    return share_url(link.network, address, product.title, product.image)


def share_url(network: str, short_url: str, title: str = "", image: str = "") -> str:
    """The address that opens the network with the link ready to post."""
    target = NETWORKS[network]
    if not target.opens:
        return short_url
    message = f"{title} {short_url}".strip()
    values = {"url": short_url, "title": title, "image": image, "message": message}
    filled = {name: values[part] for name, part in target.fields.items() if values[part]}
    # Mail and message programs read %20, not +, as a space.
    joint = "&" if "?" in target.opens else "?"
    return f"{target.opens}{joint}{urlencode(filled, quote_via=quote)}"
