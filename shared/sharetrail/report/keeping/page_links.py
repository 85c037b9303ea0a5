"""By which link a recipient opens the report page. Table reports: `page#sha256 / link` for a link's
token; merchants/void_links.py knows from when on older ones are void.

A token is derived from merchant, recipient and day, so that a mail that is composed again carries
the same, and is stored hashed only. Whoever has it is taken for the recipient: it reads for five
weeks and acts for eight days (docs/trust.md says what somebody gains to whom a mail was passed on).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharetrail.aws import environment
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso, moment
from sharetrail.merchants import profiles, vault, void_links
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound, Problem
from sharetrail.words.speech import mark

READS_FOR = timedelta(days=35)
ACTS_FOR = timedelta(days=8)
"""Until the next mail has come."""
_DIGITS = 40


@dataclass(frozen=True, kw_only=True)
class PageLink:
    merchant: Merchant
    recipient: str
    token: str
    at: datetime

    @property
    def url(self) -> str:
        return f"{environment.public_base_url()}/reports/{self.token}"

    @property
    def reads_until(self) -> datetime:
        return self.at + READS_FOR

    @property
    def acts_until(self) -> datetime:
        return self.at + ACTS_FOR

    def is_fresh(self, now: datetime) -> bool:
        """Whether its recipient chooses their own mail by it."""
        return now < self.acts_until

    def may_act(self, now: datetime) -> bool:
        """Whether it changes anything else: not a reader's, however fresh."""
        return self.is_fresh(now) and not self.is_reader

    @property
    def is_reader(self) -> bool:
        return self.merchant.is_reader(self.recipient)


class UnknownLink(NotFound):
    code = "unknown_page"
    """No link to a report that we made, or one that is void."""


class ExpiredLink(Problem):
    """It was made too long ago; its recipient may have a new one mailed."""

    status = 410
    title = mark("The link has expired")

    def __init__(self, link: PageLink) -> None:
        super().__init__(mark("This link to the report was good for five weeks."))
        self.link = link


def make(merchant: Merchant, recipient: str, now: datetime) -> PageLink:
    """Today's link of a recipient, known to work before the mail leaves; good as of when it was
    made first."""
    void = void_links.made_until(merchant.id, recipient)
    text = f"{recipient.casefold()}#{now.date()}#{iso(void) if void else ''}"
    token = vault.derived(merchant.id, "report page", text, now).hex()[:_DIGITS]
    row = {"pk": _pk(token), "sk": "link", "merchant": merchant.id, "recipient": recipient}
    kept_until = now + 2 * READS_FOR  # so that it can say for a while that it has expired
    is_first = REPORTS.put_once({**row, "at": iso(now), "expires": int(kept_until.timestamp())})
    made = None if is_first else REPORTS.get(row["pk"], row["sk"])
    at = moment(made["at"]) if made else now
    return PageLink(merchant=merchant, recipient=recipient, token=token, at=at)


def find(token: str, now: datetime) -> PageLink:
    """UnknownLink of what was never made, is void, or whose recipient gets no reports any more;
    ExpiredLink as it says."""
    row = REPORTS.get(_pk(token), "link")
    if row is None:
        raise UnknownLink(mark("This link to a report is not one of ours."))
    merchant, recipient = profiles.find(row["merchant"], now), row["recipient"]
    link = PageLink(merchant=merchant, recipient=recipient, token=token, at=moment(row["at"]))
    void = void_links.made_until(merchant.id, recipient)
    if not merchant.sends_to(recipient) or (void and link.at <= void):
        raise UnknownLink(mark("This link to a report was made void."))
    if now >= link.reads_until:
        raise ExpiredLink(link)
    return link


def _pk(token: str) -> str:
    return f"page#{hashlib.sha256(token.encode()).hexdigest()}"
