"""Where the report's pages stand below its own address, for those who lead there. Pure."""

from urllib.parse import quote

FIRST = ""
"""All figures, what was heard of the shop, and what it was short of."""
HELD = "held"
DEFINITIONS = "definitions"


def person(influencer: str) -> str:
    return f"people/{quote(influencer, safe='')}"


def order(platform: str, order_id: str) -> str:
    return f"orders/{quote(platform, safe='')}/{quote(order_id, safe='')}"


def under(page_url: str, path: str) -> str:
    """The whole address, of a page whose address may have a query."""
    base, mark, query = page_url.partition("?")
    return f"{base}/{path}{mark}{query}" if path else page_url
