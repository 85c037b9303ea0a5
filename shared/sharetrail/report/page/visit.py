"""Somebody who looks at the report page by their link: what they ask for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound, Problem
from sharetrail.report import page_paths, span
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.span import LONGEST, Span
from sharetrail.words.speech import mark, say, say_n


class NoSuchPage(NotFound):
    """The report has no such page."""

    title = mark("There is no such page")


class NoSuchDays(NoSuchPage):
    """What is asked for is no span of days."""

    title = mark("There are no such days")

    def __init__(self) -> None:
        super().__init__(
            say(
                "Ask for a day as 2026-11-22, a week as 2026-W47, a month as 2026-11, a quarter as"
                " 2026-Q4 or a year as 2026; or from one day to another, at most a year apart."
            )
        )


class TooLong(Problem):
    """More days than a report has."""

    status = 422
    title = mark("These are too many days")


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
        week whose report is due. NoSuchDays; TooLong."""
        asked = self.query.get("span") or self._two_days()
        if not asked:
            return span.last_due("week", self.now, self.merchant.tz)
        try:
            return span.read(asked)
        except ValueError as error:
            raise _refusal(asked) from error

    @property
    def is_of_days(self) -> bool:
        """Whether days are asked for at all."""
        return bool(self.query.get("span") or self._two_days())

    def _two_days(self) -> str:
        days = sorted(filter(None, (self.query.get("from"), self.query.get("to"))))
        return "..".join((days[0], days[-1])) if days else ""

    @property
    def place(self) -> str:
        """The report's own address."""
        return f"/reports/{self.link.token}"

    def to(self, path: str = "", **query: str) -> str:
        """The address of a page of the report, about the same days unless `span` says others."""
        about = {"span": self.span.key} if self.is_of_days else {}
        asked = {name: value for name, value in (about | query).items() if value}
        place = page_paths.under(self.place, path)
        return f"{place}?{urlencode(asked)}" if asked else place


def _refusal(asked: str) -> Problem:
    first, _, last = asked.partition("..")
    try:
        length = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    except ValueError:
        return NoSuchDays()
    if length <= LONGEST:
        return NoSuchDays()
    return TooLong(
        say_n(
            length,
            "From {first} to {last} is {n} day: a report has at most a year.",
            "From {first} to {last} are {n} days: a report has at most a year.",
            first=first,
            last=last,
        )
    )
