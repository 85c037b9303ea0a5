"""A mail that was sent, read again. Pure."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

_TO_PAGE = re.compile(r"/reports/([0-9a-f]{40})")
_TO_LEAVE = re.compile(r"/unsubscribe/[0-9a-f]+")
_LEAVING = ("List-Unsubscribe", "List-Unsubscribe-Post")


def page_tokens(mime: bytes, base_url: str) -> set[str]:
    """Of the links to the report page below our address that its HTML carries: a stranger's name
    may look like one, and is none, since there it has no quotation mark to begin with."""
    ours = re.compile(f'href="{re.escape(base_url)}{_TO_PAGE.pattern}')
    html = (part for part in _texts(_read(mime)) if part.get_content_subtype() == "html")
    return {token for part in html for token in ours.findall(_text(part))}


def without_links(mime: bytes, token: str) -> EmailMessage:
    """The mail as it may be shown to whoever has the link of `token`: all that it carries to the
    page or to unsubscribe is this one, so that nobody has a newer or stronger link by it."""
    mail = _read(mime)
    for name in _LEAVING:
        del mail[name]
    for part in _texts(mail):
        text = _text(part)
        by_this = _TO_PAGE.sub(f"/reports/{token}", text)
        by_this = _TO_LEAVE.sub(f"/reports/{token}/choices", by_this)
        if by_this != text:
            del part["Content-Transfer-Encoding"]
            part.set_payload(by_this, "utf-8")
    return mail


def _read(mime: bytes) -> EmailMessage:
    return message_from_bytes(mime, policy=policy.default)


def _texts(mail: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in mail.walk() if part.get_content_maintype() == "text")


def _text(part: EmailMessage) -> str:
    return str(part.get_content())
