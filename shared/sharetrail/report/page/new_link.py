"""A new link to the report page, mailed to whom the old one was made for, at most once an hour and
three times a day.

Table reports: `merchant / new-link#recipient`, when the newest was asked for. Whoever has an old
link can ask for one and gains nothing: it goes to the recipient's own mailbox alone.
"""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from sharetrail.aws import environment
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.mail import message, unsubscribes
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import READS_FOR, PageLink
from sharetrail.report.page import frame
from sharetrail.report.report_mail import recipient_hash
from sharetrail.words import names
from sharetrail.words.writing import Writing

APART = timedelta(hours=1)
OF_A_DAY = 3
_NEVER = ""


class SentAlready(Problem):
    """One was mailed within the hour."""

    status = 429
    title = "A new link is on its way already"


class SentOften(Problem):
    """As many were mailed as a day may have."""

    status = 429
    title = "Enough new links for a day"


def send(link: PageLink, now: datetime) -> None:
    """To the recipient of a link that may have expired. SentAlready, SentOften; as SES refused,
    where the mail did not leave, and then it may be asked for at once."""
    whose = f"new-link#{recipient_hash(link.recipient)}"
    key = {"pk": link.merchant.id, "sk": whose}
    if not REPORTS.put_if(
        {**key, "asked": iso(now)},
        "attribute_not_exists(pk) OR asked <= :then",
        then=iso(now - APART),
    ):
        raise SentAlready("Look into the mailbox: it was sent within the last hour.")
    hour = f"{now:%Y-%m-%dT%H}"  # asked again after SES refused it is the same
    allowance = Allowance(name=whose, most=OF_A_DAY)
    if not daily_allowances.take(link.merchant, allowance, {hour}, now):
        raise SentOften(f"{OF_A_DAY} a day are possible: the newest is in the mailbox.")
    try:
        _send(link.merchant, link.recipient, now)
    except (ClientError, message.BadRecipient):
        REPORTS.put({**key, "asked": _NEVER})
        raise


def _send(merchant: Merchant, recipient: str, now: datetime) -> None:
    url = page_links.make(merchant, recipient, now).url
    shop, until = names.own_name(merchant.name), Writing.of(merchant).day((now + READS_FOR).date())
    words = {"shop": shop, "page_url": url, "until": until}
    mail = message.Mail(
        to=recipient,
        subject=f"A new link to the report of {shop}",
        html=frame.text("new_link_mail.html", words),
        text=frame.text("new_link_mail.txt", words),
        unsubscribe_url=unsubscribes.url_for(merchant.id, recipient, now),
    )
    message.send(recipient, message.mime(mail, environment.mail_from(), now), merchant.id)


def masked(address: str) -> str:
    """`o…@shop.example`: enough for its owner to know it by."""
    box, _, host = address.rpartition("@")
    return f"{box[:1]}…@{host}"
