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
        """Which days are asked for by a key or by two days, in whatever order, or else the newest
        week whose report is due. NoSuchPage."""
        asked = self.query.get("span") or self._two_days()
        if not asked:
            return span.last_due("week", self.now, self.merchant.tz)
        try:
            return span.read(asked)
        except ValueError as error:
            raise NoSuchPage("There are no such days: ask for at most a year.") from error

    def _two_days(self) -> str:
        days = sorted(filter(None, (self.query.get("from"), self.query.get("to"))))
        return "..".join((days[0], days[-1])) if days else ""

    @property
    def place(self) -> str:
        """The report's own address."""
        return f"/reports/{self.link.token}"

    def to(self, path: str = "", **query: str) -> str:
        """The address of a page of the report, about the same days unless `span` says others."""
        return self.along(quote(path, safe=_PLAIN), **query)

    def along(self, path: str, **query: str) -> str:
        """The same, of a path that is written as addresses are, with a query or without."""
        about = {"span": self.span.key} if self._two_days() or self.query.get("span") else {}
        asked = {name: value for name, value in (about | query).items() if value}
        place = "/".join(filter(None, (self.place, path)))
        return f"{place}{'&' if '?' in path else '?'}{urlencode(asked)}" if asked else place


def part(text: str) -> str:
    """An id as one part of such a path, whatever it holds: quoted, and `to` quotes it once more,
    since API Gateway undoes one of both before it looks for the route."""
    quoted = quote(text, safe=_PLAIN.replace("/", ""))
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")  # else a folder to browsers
