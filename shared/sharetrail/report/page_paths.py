"""Where the report's pages stand below its own address, for those who lead there. Pure.

API Gateway undoes one quoting of a path before it looks for the route, and the report undoes
another behind it: so an id is quoted twice, once as part of a path and once with the whole path.
"""

from urllib.parse import quote

FIRST = ""
"""All figures, what was heard of the shop, and what it was short of."""
HELD = "held"
ORDERS = "orders"
DEFINITIONS, CHOICES, INSTALLATION = "definitions", "choices", "installation"
_PLAIN = "/:@.-_~"


def person(influencer: str) -> str:
    return f"people/{part(influencer)}"


def order(platform: str, order_id: str) -> str:
    return f"{ORDERS}/{part(platform)}/{part(order_id)}"


def mend(about: str) -> str:
    """How what a task is about is mended: the script, orders, links_of_shop, recipient, limits."""
    return f"mend/{part(about)}"


def part(text: str) -> str:
    """An id as one part of a path, whatever it holds."""
    quoted = quote(text, safe=_PLAIN.replace("/", ""))
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")  # else a folder to browsers


def quoted(path: str) -> str:
    """A path of such parts, as an address has it."""
    return quote(path, safe=_PLAIN)


def under(page_url: str, path: str) -> str:
    """The whole address, of a page whose address may have a query."""
    base, mark, query = page_url.partition("?")
    return f"{base}/{quoted(path)}{mark}{query}" if path else page_url
