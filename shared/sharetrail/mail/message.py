"""A mail as MIME, and on its way through SES."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import quote

from sharetrail.aws import clients, environment
from sharetrail.mail.suppression import TAG
from sharetrail.merchants.profile import mailable
from sharetrail.problems import Problem
from sharetrail.version import VERSION

SENDER = "Sharetrail"
_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~%/?=&-]{0,800}", re.ASCII)
_POLICY = SMTP.clone(cte_type="7bit")


class BadRecipient(Problem):
    """An address no mail can go to."""

    status = 422
    title = "The address cannot receive mail"


@dataclass(frozen=True)
class Attachment:
    filename: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    to: str
    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str

    def __post_init__(self) -> None:
        if not _LINK.fullmatch(self.unsubscribe_url):
            raise ValueError(f"not an address to unsubscribe at: {self.unsubscribe_url!r}")


def checked_url(url: str) -> str:
    """An address that a mail may lead to. ValueError for what is not plain http(s)."""
    if not _LINK.fullmatch(url):
        raise ValueError(f"not an address to lead to: {url!r}")
    return url


def send(to: str, raw: bytes, merchant_id: str) -> str:
    """Hand a mail of a merchant to SES, as `mime` made it; answers SES's message id. What becomes
    of it SES tells with the merchant's id (suppression.py)."""
    sent = clients.sesv2().send_email(
        FromEmailAddress=environment.mail_from(),
        Destination={"ToAddresses": [checked_address(to)]},
        Content={"Raw": {"Data": raw}},
        ConfigurationSetName=environment.configuration_set(),
        EmailTags=[{"Name": TAG, "Value": merchant_id}],
    )
    return sent["MessageId"]


def mime(mail: Mail, sender: str, now: datetime) -> bytes:
    """The mail as RFC 5322 bytes: the same mail, sender and time make the same bytes
    in the same release.

    `sender` is an address with or without a name before it.
    """
    named, address = parseaddr(sender)
    seed = hashlib.sha256(repr((mail, address)).encode("utf-8", "replace")).hexdigest()[:32]
    message = EmailMessage(_POLICY)
    message["From"] = Address(named or SENDER, addr_spec=checked_address(address))
    message["To"] = Address(addr_spec=checked_address(mail.to))
    message["Subject"] = " ".join(mail.subject.split())  # a line break would begin a header
    message["Date"] = now
    message["Message-ID"] = f"<{seed}@{address.partition('@')[2]}>"  # SES sets its own
    message["Auto-Submitted"] = "auto-generated"
    message["X-Mailer"] = f"{SENDER} {VERSION}"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message.make_mixed()
    for attachment in mail.attachments:
        message.add_attachment(
            attachment.text.encode(),
            maintype="text",
            subtype="csv",
            params={"charset": "utf-8"},
            filename=attachment.filename,
        )
    _bound(message, seed)
    return _unsubscribing(mail, address) + message.as_bytes()


def _unsubscribing(mail: Mail, sender: str) -> bytes:
    """The headers of RFC 2369 and RFC 8058, written here: the library would encode a long address
    as if it were words, and no mail program undoes that.
    """
    token = mail.unsubscribe_url.rpartition("/")[2]
    subject = quote(f"unsubscribe {token}")
    return (
        f"List-Unsubscribe: <{mail.unsubscribe_url}>,\r\n"
        f" <mailto:{quote(sender, safe='@')}?subject={subject}>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode("ascii")


def _bound(message: EmailMessage, seed: str) -> None:
    """Boundaries made of the mail itself: the library's are random."""
    for depth, part in enumerate(each for each in message.walk() if each.is_multipart()):
        part.set_boundary(f"={depth}={seed}=")


def checked_address(address: str) -> str:
    try:
        return mailable(address)
    except ValueError as error:
        raise BadRecipient(f"{address[:80]!r} {error}.") from error
