"""The report page in a test: as whoever has a recipient's link sees it."""

import re
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser

from sharetrail.merchants import profiles
from sharetrail.report.keeping import page_links
from sharetrail.words import formats
from tests.shops import Answer, Shop

_UNSEEN = re.compile(r"<(style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)
_BLOCKS = re.compile(r"<(?=/?(?:p|li|td|th|dt|dd|tr|h\d|section|div|br|caption|option)\b)")


class ReportPage:
    """Below the address of a recipient's link of now."""

    def __init__(self, shop: Shop) -> None:
        now = shop.cloud.clock.now()
        merchant = profiles.find(shop.id, now)
        self.shop, self.link = shop, page_links.make(merchant, merchant.recipients[0], now)

    @property
    def around(self) -> str:
        """A span with all that is done in a test that lasts some hours."""
        day = self.shop.cloud.clock.now().date()
        return f"{day - timedelta(days=1)}..{day + timedelta(days=1)}"

    def ask(self, path: str, span: str | None = None) -> Answer:
        """`path` as addresses are written; about the days around now unless `span` says others."""
        joint = "&" if "?" in path else "?"
        about = self.around if span is None else span
        asked = f"{path}{joint}span={about}" if about else path
        return self.follow(f"/reports/{self.link.token}/{asked}".replace("/?", "?"))

    def follow(self, address: str) -> Answer:
        return self.shop.ask("GET", address)

    def html(self, path: str, span: str | None = None) -> str:
        answer = self.ask(path, span)
        assert answer.status == 200, (path, answer.status, answer.body[-300:])
        return answer.body.decode()

    def text(self, path: str, span: str | None = None) -> str:
        return text_of(self.html(path, span))

    def addresses(self, path: str, span: str | None = None) -> list[str]:
        """Where the page's own part leads."""
        return addresses_in(self.html(path, span))


def text_of(html: str) -> str:
    """What one reads between the page's head and foot, blocks parted by ` | `."""
    main = html[html.index("<main>") : html.index("</main>")]
    parts = (_UNSEEN.sub("", part) for part in _BLOCKS.sub("\x00<", main).split("\x00"))
    plain = (" ".join(unescape(part).split()) for part in parts)
    return " | ".join(filter(None, plain))


def shown(at: datetime) -> str:
    """A time as the pages of a shop in New York write it, where text_of has read them."""
    return " ".join(formats.instant(at, "America/New_York", "en_US").split())


def addresses_in(html: str) -> list[str]:
    links = Links()
    links.feed(html[html.index("<main>") : html.index("</main>")])
    return links.found


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]


class Parsed(HTMLParser):
    """What a browser would make of a page: its tags, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    @property
    def is_inert(self) -> bool:
        """No program, nothing loaded, and no address but of ours or of the web."""
        addresses = [value for name, value in self.attributes if name in ("href", "action", "src")]
        return (
            self.tags.isdisjoint({"script", "img", "iframe", "object", "embed", "base", "link"})
            and not any(name.startswith("on") for name, _ in self.attributes)
            and all(each.startswith(("/", "#", "https://", "http://")) for each in addresses)
            and not any(each.startswith("//") for each in addresses)
        )
