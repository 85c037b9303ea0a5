"""Somebody who looks at the report page by their link: what they ask for. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound
from sharetrail.report import span
from sharetrail.report.page.page_links import PageLink
from sharetrail.report.span import Span

_PLAIN = "/:@.-_~"


class NoSuchPage(NotFound):
    """The report has no such page."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    link: PageLink
    query: dict[str, str] = field(default_factory=dict)
    now: datetime

    @property
    def merchant(self) -> Merchant:
        return self.link.merchant

    @property
    def span(self) -> Span:
        """Which days are asked for, or else the newest week whose report is due. NoSuchPage."""
        key = self.query.get("span")
        if not key:
            return span.last_due("week", self.now, self.merchant.tz)
        try:
            return span.read(key)
        except ValueError as error:
            raise NoSuchPage("There are no such days.") from error

    def to(self, path: str = "", **query: str) -> str:
        """The address of a page of the report, about the same days unless `span` says others."""
        about = {"span": self.query["span"]} if self.query.get("span") else {}
        asked = {name: value for name, value in (about | query).items() if value}
        place = "/".join(filter(None, (f"/reports/{self.link.token}", quote(path, safe=_PLAIN))))
        return f"{place}?{urlencode(asked)}" if asked else place


def part(text: str) -> str:
    """An id as one part of such a path, whatever it holds: quoted, and `to` quotes it once more,
    since API Gateway undoes one of both before it looks for the route."""
    quoted = quote(text, safe=_PLAIN.replace("/", ""))
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")  # else a folder to browsers
