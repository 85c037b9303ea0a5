"""What a recipient does about their own mail: which reports they get, and what their links open."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Self

from sharetrail.merchants import void_links
from sharetrail.problems import Malformed
from sharetrail.report.choosing import choose_reports
from sharetrail.report.choosing.choice_words import how_often
from sharetrail.report.choosing.choose_reports import RHYTHMS
from sharetrail.report.page.acts.act import NOTHING, Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed
from sharetrail.report.page.visit import Visit
from sharetrail.report.span import Rhythm
from sharetrail.words.speech import isolated, say

OPEN, VOID = "open", "void"


@dataclass(frozen=True, kw_only=True)
class Choose(Deed):
    """Of the choice alone the form itself says what shall be: its ticked boxes."""

    kind: ClassVar[ActKind] = "choices"
    is_own: ClassVar[bool] = True

    @classmethod
    def read(cls, visit: Visit) -> Self:
        merchant, recipient = visit.merchant, visit.link.recipient
        ticked = [each for each in RHYTHMS if each in visit.query]
        value = visit.query.get("value") or (_in_line(ticked) if "choose" in visit.query else None)
        if value is not None and _in_line(rhythms_in(value)) != value:
            raise Malformed(say("Reports come daily, weekly, monthly or quarterly."))
        before = _in_line(choose_reports.gets(merchant, recipient))
        return cls(visit=visit, label=recipient, before=before, after=value)

    @property
    def back(self) -> str:
        return "choices"

    def words(self) -> Words:
        return _of_choice(self.label, rhythms_in(self.after or NOTHING))

    def do(self, act: Act) -> bool:
        merchant = self.visit.merchant
        choose_reports.choose(merchant, act.recipient, rhythms_in(act.after), act.at)
        # A choice that was made later, be it stored sooner, stands.
        return _in_line(choose_reports.gets(merchant, act.recipient)) == act.after


@dataclass(frozen=True, kw_only=True)
class EndLinks(Deed):
    kind: ClassVar[ActKind] = "void"
    is_own: ClassVar[bool] = True

    @classmethod
    def read(cls, visit: Visit) -> Self:
        return cls(visit=visit, label=visit.link.recipient, before=OPEN, after=VOID)

    def words(self) -> Words:
        return _of_end(self.label)

    def do(self, act: Act) -> bool:
        """As of now, not of when it was pressed first: a link that was made since would else be
        good again by an older word."""
        void_links.end(self.visit.merchant.id, act.recipient, self.visit.now)
        return True


def rhythms_in(line: str) -> tuple[Rhythm, ...]:
    told = line.split(",")
    return tuple(each for each in RHYTHMS if each in told)


def _in_line(rhythms: list[Rhythm] | tuple[Rhythm, ...] | frozenset[Rhythm]) -> str:
    return ",".join(each for each in RHYTHMS if each in rhythms) or NOTHING


# ── what is said before ──────────────────────────────────────────────────────────────────────────
def _of_choice(recipient: str, rhythms: Collection[Rhythm]) -> Words:
    gaps = {"recipient": isolated(recipient), "often": how_often(rhythms)}
    return Words(
        title=say("What you get"),
        sentences=(
            # For translators: {often} is "every day and every week".
            say("{recipient} will get the report {often}.", **gaps)
            if rhythms
            else say("{recipient} will get no more reports of this shop.", **gaps),
        ),
        button=say("Save"),
    )


def _of_end(recipient: str) -> Words:
    address = isolated(recipient)
    return Words(
        title=say("End all your links"),
        sentences=(
            say(
                "No link that was mailed to {address} will open the report any more.",
                address=address,
            ),
            say(
                "That is so for you, and for anybody to whom a mail was passed on. This page goes"
                " too."
            ),
            say("Your next report brings a new link. Other recipients keep theirs."),
            say("This cannot be undone."),
        ),
        button=say("End all my links"),
        warns=True,
    )
