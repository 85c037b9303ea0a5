"""What an erased influencer is known by, in the place of what they were known by before. Pure.

Their id stays, since links, credits and scores are theirs by it; but one that is an e-mail address,
as could be chosen until 2026-12, has another in its place that leads to nobody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

_NAMED_BY = {"id": "name", "about": "name", "influencer": "influencer_name"}
"""Where a report says whom it tells of, and beside it what they are called."""
_SENTENCES = frozenset(
    ["reason", "moved", "advice", "discount", "sentence", "why", "note", "campaign", "label"]
)
_DECLARED = frozenset(["tags"])
_OF_CAMPAIGNS = "campaigns"
_OF_PEOPLE = frozenset(
    ["tasks", "influencers", "quiet", "tree", "returns", "reason", "held_orders", "older_held"]
)
"""Of a report's fields: elsewhere the same text may be a product's id."""


def is_address(influencer_id: str) -> bool:
    return "@" in influencer_id


@dataclass(frozen=True)
class Alias:
    before: str
    """The id as it was."""
    id: str
    """As it is now, which mostly is the same."""
    name: str
    words: tuple[str, ...] = ()
    """By which they were called: names, names on networks, an e-mail address."""

    @property
    def is_moved(self) -> bool:
        return self.id != self.before

    def also(self, words: Iterable[str]) -> "Alias":
        """They were called so, too."""
        known = {*self.words, self.name, self.id, self.before}
        more = {each for each in words if len(each.strip()) > 1} - known
        return replace(self, words=(*self.words, *sorted(more))) if more else self

    def in_text(self, text: str) -> str:
        """A sentence of ours, or a note of the shop's, that may speak of them."""
        text = self.in_id(text)
        return self._called.sub(self.name, text) if self.words else text

    @cached_property
    def _called(self) -> re.Pattern[str]:
        longest = sorted(self.words, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)

    def in_id(self, text: str) -> str:
        """An id, or a key or an address that has one in it: what people are called is none."""
        if not self.is_moved:
            return text
        return text.replace(self.before, self.id).replace(quote(self.before, ""), self.id)

    def in_ids(self, value: Any) -> Any:
        """The same of all that is inside."""
        match value:
            case str():
                return self.in_id(value)
            case dict():
                return {self.in_id(name): self.in_ids(each) for name, each in value.items()}
            case list() | tuple():
                return [self.in_ids(each) for each in value]
        return value

    def names_in_report(self, report: dict[str, Any]) -> set[str]:
        """What it calls them, whom it knows by their id."""
        return {n for name in _OF_PEOPLE & report.keys() for n in self._names_in(report[name])}

    def in_report(self, report: dict[str, Any]) -> dict[str, Any]:
        """As plain values; what others are called in it stays."""
        told = {*_OF_PEOPLE, _OF_CAMPAIGNS} & report.keys()
        return {**report, **{name: self._in(report[name], name) for name in told}}

    def _names_in(self, report: Any) -> set[str]:
        found = set[str]()
        if isinstance(report, dict):
            found |= {report[each] for each in self._names(report) if each in report}
            if isinstance(called := report.get("names"), dict) and self.before in called:
                found.add(called[self.before])
        for each in _inside(report):
            found |= self._names_in(each)
        return found

    def _in(self, value: Any, field: str) -> Any:
        match value:
            case dict():
                return self._in_part(value, field)
            case list():
                return [self._in(each, field) for each in value]
            case str():
                return self.in_text(value) if field in _SENTENCES else self.in_id(value)
        return value

    def _in_part(self, part: dict[str, Any], field: str) -> dict[str, Any]:
        names = self._names(part)
        told = {
            self.in_id(name): self._in(each, name)
            for name, each in part.items()
            if not (names and name in _DECLARED)
        }
        told |= {each: self.name for each in names if each in part}
        if field == _OF_CAMPAIGNS:
            told |= {each: self.in_text(part[each]) for each in ("name", "id") if each in part}
        if isinstance(called := told.get("names"), dict) and self.id in called:
            told["names"] = {**called, self.id: self.name}
        return told

    def _names(self, part: dict[str, Any]) -> set[str]:
        """The fields that say what they are called; none of a part that is about others."""
        ours = (self.before, self.id)
        return {name for each, name in _NAMED_BY.items() if part.get(each) in ours}


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
