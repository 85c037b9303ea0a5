"""What one recipient may do about another's address that refuses mail: take it off the list, put it
back, or have it tried again.

Who can press this, and what would they gain? Whoever has a mail. So it is about nobody whose mail
arrives: they choose for themselves. Who called a mail spam is not mailed again by another's word.
A mailbox is tried again once a day at most: mail that comes back hurts the shop. And only an
address that was taken off comes back, as the list had it, so no stranger's comes onto the list, and
with the links that it had, so that nobody ends another's links by taking them off and back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from sharetrail import calendars
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import profiles, recipients
from sharetrail.merchants.profile import Merchant, mailable
from sharetrail.problems import Malformed
from sharetrail.report import page_paths
from sharetrail.report.page.acts import done_words
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.visit import Visit
from sharetrail.words.speech import isolated, mark, say

ON_LIST, OFF_LIST = "listed", "off"
REFUSES, MAILED = "refuses", "mailed"
_NO_RECIPIENT = mark("This address is none of the shop’s recipients.")
_LONGEST = 254
_TRIED_APART = calendars.DAY


Offer = tuple[ActKind, dict[str, str], str]
"""An act, its parameters, and the words of whatever leads to it."""


def offers(visit: Visit, merchant: Merchant, refusing: Suppression) -> list[Offer]:
    """What may be done about a recipient whose mailbox refuses."""
    who = {"recipient": merchant.as_listed(refusing.recipient) or refusing.recipient}
    if _is_own(visit, refusing.recipient):
        return []
    found: list[Offer] = []
    if refusing.why == "bounced" and not was_tried(refusing, visit.now):
        found.append(("mailbox", {**who, "value": MAILED}, say("Try it again")))
    if len(merchant.recipients) > 1:
        found.append(("recipient", {**who, "value": OFF_LIST}, say("Take it off the list")))
    return found


@dataclass(frozen=True, kw_only=True)
class _OfRecipient(Deed):
    @property
    def address(self) -> str:
        return self.about["recipient"]

    @property
    def back(self) -> str:
        return page_paths.mend("recipient")

    @property
    def back_label(self) -> str:
        return say(done_words.RECIPIENTS)


@dataclass(frozen=True, kw_only=True)
class Listed(_OfRecipient):
    """Whether an address is among the recipients."""

    kind: ClassVar[ActKind] = "recipient"

    @classmethod
    def read(cls, visit: Visit) -> Self:
        value, named = visit.query.get("value"), _another(visit)
        merchant = fresh(visit)
        listed = merchant.as_listed(named)
        is_listed = listed is not None
        address = listed or recipients.taken_off(merchant.id, named)
        if value not in (None, ON_LIST, OFF_LIST):
            raise Malformed(say("An address is on the list of recipients, or off it."))
        if address is None:
            raise NotThere(say(_NO_RECIPIENT))
        if is_listed and not suppressions.find(merchant.id, address):
            raise NotThere(say("Reports arrive at this address: only its owner ends them."))
        if is_listed and value == OFF_LIST and len(merchant.recipients) == 1:
            raise NotThere(say("The last recipient stays on the list."))
        before = ON_LIST if is_listed else OFF_LIST
        about = {"recipient": address}
        return cls(visit=visit, about=about, label=address, before=before, after=value)

    @property
    def ways(self) -> tuple[str, ...]:
        return (OFF_LIST if self.before == ON_LIST else ON_LIST,)

    def words(self) -> Words:
        return _of_listed(self.label, is_listed=self.after == ON_LIST)

    def do(self, act: Act) -> bool:
        if act.after == ON_LIST:
            return recipients.put_back(self.visit.merchant.id, self.address, act.at)
        return recipients.take_off(self.visit.merchant.id, self.address, act.at)


@dataclass(frozen=True, kw_only=True)
class Mailbox(_OfRecipient):
    """Whether a mailbox that a mail came back from is tried again."""

    kind: ClassVar[ActKind] = "mailbox"

    @classmethod
    def read(cls, visit: Visit) -> Self:
        merchant, value = visit.merchant, visit.query.get("value")
        address = merchant.as_listed(_another(visit))
        if address is None:
            raise NotThere(say(_NO_RECIPIENT))
        if value not in (None, MAILED):
            raise Malformed(say("A mailbox is tried again, or left as it is."))
        standing = suppressions.find(merchant.id, address)
        if standing and standing.why == "complained":
            raise NotThere(
                say("Its owner called a report spam. That is theirs alone to take back.")
            )
        if standing and was_tried(standing, visit.now):
            raise NotThere(
                say("It was tried again today, and refused once more. Tomorrow it can be tried.")
            )
        return cls(
            visit=visit,
            about={"recipient": address},
            label=address,
            before=REFUSES if standing else MAILED,
            after=value,
        )

    @property
    def ways(self) -> tuple[str, ...]:
        return (MAILED,)

    def words(self) -> Words:
        return _of_mailbox(self.label)

    def do(self, act: Act) -> bool:
        """As of when it was pressed: a mail that came back since stays known."""
        suppressions.lift_bounce(self.visit.merchant.id, self.address, act.at)
        return True


def fresh(visit: Visit) -> Merchant:
    """As the table has it: a minute ago somebody else may have been a recipient."""
    return profiles.read(visit.merchant.id) or visit.merchant


def was_tried(refusing: Suppression, now: datetime) -> bool:
    """Whether a mail to it came back within a day after somebody had it tried again."""
    lifted = refusing.lifted_at
    return lifted is not None and now < lifted + _TRIED_APART


def _another(visit: Visit) -> str:
    """Whom it is about, in whatever spelling: what is written down has the list's."""
    address = asked(visit, "recipient", _LONGEST)
    try:
        mailable(address)
    except ValueError:
        raise NotThere(say(_NO_RECIPIENT)) from None
    if _is_own(visit, address):
        raise NotThere(say("This is your own address: see “What you get”."))
    return address


def _is_own(visit: Visit, address: str) -> bool:
    return address.casefold() == visit.link.recipient.casefold()


# ── what is said before ──────────────────────────────────────────────────────────────────────────
def _of_listed(recipient: str, *, is_listed: bool) -> Words:
    address = isolated(recipient)
    if is_listed:
        return Words(
            title=say("Put an address back on the list"),
            sentences=(
                say(
                    "{address} will be a recipient of your reports again, as before.",
                    address=address,
                ),
                say(
                    "Links that were mailed to it open the report again, as long as they are good."
                ),
                say(
                    "As long as it refuses mail, or its owner called one spam, no report goes"
                    " there."
                ),
            ),
            button=say("Put it back"),
        )
    return Words(
        title=say("Take an address off the list"),
        sentences=(
            say("{address} will be no recipient of your reports any more.", address=address),
            say("As long as it is off, no link that was mailed to it opens the report."),
            say(
                "Everybody else gets theirs as always. You can put it back, and its links with it."
            ),
        ),
        button=say("Take it off"),
        warns=True,
    )


def _of_mailbox(recipient: str) -> Words:
    address = isolated(recipient)
    return Words(
        title=say("Try a mailbox again"),
        sentences=(
            say("The next report that is due goes to {address} again.", address=address),
            say(
                "Press it once the mailbox was mended: mail that keeps coming back hurts your shop."
            ),
            say("If it comes back once more, no further report goes there."),
            say("A mailbox is tried again once a day at most."),
        ),
        button=say("Try it again"),
    )
