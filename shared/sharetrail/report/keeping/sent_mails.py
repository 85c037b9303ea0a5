"""Mails as they were sent, byte for byte, for 400 days: objects of the quarantine bucket, under
`sent/`, which KMS encrypts under the merchant's name.

Each is kept before it is sent and not written over, so none was sent that is not kept, and what is
sent at the next attempt is what was kept at the first; but for one that did not leave, as far as is
known, and by whose links nobody can act any more.
"""

from datetime import datetime, timedelta

from sharetrail.aws import sealed_objects
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import moment
from sharetrail.report import span
from sharetrail.report.report_mail import key_of, recipient_hash
from sharetrail.report.span import Span

PREFIX = "sent/"
LIFETIME = timedelta(days=400)
"""As the template has it: so long it is known of a mail that it was sent."""


def keep(merchant_id: str, recipient: str, about: Span, mime: bytes) -> bytes:
    """The mail of these days to this recipient: this one, or the one that was kept before."""
    key = _key(merchant_id, recipient, about)
    if sealed_objects.put_once(merchant_id, key, mime):
        return mime
    return sealed_objects.get(key) or mime


def replace(merchant_id: str, recipient: str, about: Span, mime: bytes) -> None:
    """Keep this one in the place of one that was not sent."""
    sealed_objects.put(merchant_id, _key(merchant_id, recipient, about), mime)


def listed(merchant_id: str, recipient: str) -> list[tuple[Span, datetime]]:
    """Of which days a mail was sent to this recipient that can be read, and when, newest first."""
    folder = _folder(merchant_id, recipient)
    kept = [span.read(key.removeprefix(folder)) for key, _ in sealed_objects.listed(folder)]
    rows = REPORTS.get_all(key_of(merchant_id, each, recipient) for each in kept)
    sent = {row["sk"]: row["sent"] for row in rows if "sent" in row}
    by_row = {key_of(merchant_id, each, recipient)["sk"]: each for each in kept}
    found = [(by_row[sk], moment(at)) for sk, at in sent.items()]
    return sorted(found, key=lambda each: (each[1], each[0]), reverse=True)


def read(merchant_id: str, recipient: str, about: Span) -> bytes | None:
    """The mail as SES got it; None where there is none."""
    return sealed_objects.get(_key(merchant_id, recipient, about))


def _key(merchant_id: str, recipient: str, about: Span) -> str:
    return _folder(merchant_id, recipient) + about.key


def _folder(merchant_id: str, recipient: str) -> str:
    return f"{PREFIX}{merchant_id}/{recipient_hash(recipient)}/"
