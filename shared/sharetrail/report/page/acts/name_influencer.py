"""What an influencer is called, and the merchant's own tags for them."""

from dataclasses import dataclass
from typing import ClassVar, Self

from sharetrail.aws.items import Item
from sharetrail.problems import Malformed
from sharetrail.report import page_paths
from sharetrail.report.page.acts import act_words
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers
from sharetrail.sharing.influencers import UnknownInfluencer
from sharetrail.words.speech import say

LONGEST_ID = 100
WRITTEN = "written"
"""The parameter of a form that may be empty."""


def profile(visit: Visit, influencer: str) -> Item:
    try:
        return influencers.item_of(visit.merchant.id, influencer)
    except UnknownInfluencer as unknown:
        raise NotThere(say("Nobody of this name shares for the shop.")) from unknown


@dataclass(frozen=True, kw_only=True)
class _OfPerson(Deed):
    @property
    def person(self) -> str:
        return self.about["influencer"]

    @property
    def back(self) -> str:
        return page_paths.person(self.person)


@dataclass(frozen=True, kw_only=True)
class Name(_OfPerson):
    kind: ClassVar[ActKind] = "name"

    @classmethod
    def read(cls, visit: Visit) -> Self:
        who = asked(visit, "influencer", LONGEST_ID)
        called = profile(visit, who)["name"]
        value = visit.query.get("value")
        after = None if value is None else _named(value)
        about = {"influencer": who}
        return cls(visit=visit, about=about, label=called, before=called, after=after)

    def words(self) -> Words:
        return act_words.of_name(self.before, self.after or "")

    def do(self, act: Act) -> bool:
        merchant = self.visit.merchant.id
        return influencers.rename(merchant, self.person, act.before, act.after)


def _named(text: str) -> str:
    try:
        return influencers.as_name(text)
    except ValueError as error:
        told = say("A name has 1 to {most} characters.", most=influencers.LONGEST_NAME)
        raise Malformed(told) from error


@dataclass(frozen=True, kw_only=True)
class Tag(_OfPerson):
    kind: ClassVar[ActKind] = "tag"
    tags: tuple[str, ...]
    """As they are stored."""

    @classmethod
    def read(cls, visit: Visit) -> Self:
        who = asked(visit, "influencer", LONGEST_ID)
        known = profile(visit, who)
        tags = tuple(known.get("tags", ()))
        # A form whose field was emptied has no value: then it says by itself that it was sent.
        value = visit.query.get("value", influencers.NO_TAGS if WRITTEN in visit.query else None)
        return cls(
            visit=visit,
            about={"influencer": who},
            label=known["name"],
            before=_in_line(tags),
            tags=tags,
            after=None if value is None else _in_line(tags_in(value)),
        )

    def words(self) -> Words:
        return act_words.of_tags(
            self.label, self.shown(self.before), self.shown(self.after or influencers.NO_TAGS)
        )

    def do(self, act: Act) -> bool:
        merchant = self.visit.merchant.id
        return influencers.tag(merchant, self.person, self.tags, tags_in(act.after))


def tags_in(line: str) -> tuple[str, ...]:
    """The tags between commas, each once, in their order. Malformed as a body's would be."""
    if line.strip() == influencers.NO_TAGS:
        return ()
    try:
        told = dict.fromkeys(influencers.as_tag(each) for each in line.split(",") if each.strip())
    except ValueError as error:
        raise _no_tags() from error
    if len(told) > influencers.MOST_TAGS:
        raise _no_tags()
    return tuple(told)


def _no_tags() -> Malformed:
    most, longest = influencers.MOST_TAGS, influencers.LONGEST_TAG
    return Malformed(
        say("At most {most} tags, each of {longest} characters.", most=most, longest=longest)
    )


def _in_line(tags: tuple[str, ...]) -> str:
    return ", ".join(tags) or influencers.NO_TAGS
