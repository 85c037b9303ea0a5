"""Switching a link off, and on again."""

from dataclasses import dataclass
from typing import ClassVar, Self

from sharetrail.problems import Malformed
from sharetrail.report.page.acts import act_words
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers, links
from sharetrail.sharing.link import Link
from sharetrail.sharing.networks import name_of
from sharetrail.words.speech import isolated, say

ON, OFF = "on", "off"
_LONGEST_CODE = 100


@dataclass(frozen=True, kw_only=True)
class Switch(Deed):
    kind: ClassVar[ActKind] = "link"
    link: Link
    whose: str

    @classmethod
    def read(cls, visit: Visit) -> Self:
        try:
            link = links.find_own(visit.merchant.id, asked(visit, "code", _LONGEST_CODE))
        except links.UnknownLink as unknown:
            raise NotThere(say("The shop has no such link.")) from unknown
        value = visit.query.get("value")
        if value not in (None, ON, OFF):
            raise Malformed(say("A link is on or off."))
        who = link.influencer
        called = influencers.name_of(visit.merchant.id, who)
        return cls(
            visit=visit,
            about={"code": link.code},
            # For translators: how a link is called: whose it is, on which network, to which page.
            label=say(
                "{name} on {network} to {path}",
                name=isolated(called),
                network=isolated(name_of(link.shared_on)),
                path=isolated(link.path),
            ),
            before=OFF if link.disabled_at else ON,
            after=value,
            link=link,
            whose=called,
        )

    @property
    def ways(self) -> tuple[str, ...]:
        return (ON if self.before == OFF else OFF,)

    @property
    def back(self) -> str:
        return f"links/{self.link.code}"

    def words(self) -> Words:
        network, path = name_of(self.link.shared_on), self.link.path
        if self.after == ON:
            return act_words.of_link_on(self.whose, network, path)
        leads_on = self.visit.merchant.fallback_url is not None
        return act_words.of_link_off(self.whose, network, path, leads_on=leads_on)

    def do(self, act: Act) -> bool:
        links.switch(self.visit.merchant.id, self.link.code, disabled=act.after == OFF, now=act.at)
        return True
