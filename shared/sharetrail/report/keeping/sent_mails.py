"""Mails as they were sent, byte for byte, for 400 days: objects of the quarantine bucket, under
`sent/`, which KMS encrypts under the merchant's name.

Each is kept before it is sent and not written over, so none was sent that is not kept, and what is
sent at the next attempt is what was kept at the first; but for one that did not leave, as far as is
known, and by whose links nobody can act any more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail.aws import sealed_objects
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import moment
from sharetrail.report import span
from sharetrail.report.keeping.recipient_codes import code_of, codes_of
from sharetrail.report.report_mail import key_of, unkeyed_code
from sharetrail.report.span import Span

PREFIX = "sent/"
LIFETIME = timedelta(days=400)
"""As the template has it: so long it is known of a mail that it was sent."""


def code_for(merchant_id: str, recipient: str, about: Span, now: datetime) -> str:
    """By which a recipient's mail of these days is kept, and its row: as it was begun."""
    before = key_of(merchant_id, about, unkeyed_code(recipient))
    if REPORTS.get(before["pk"], before["sk"]):
        return unkeyed_code(recipient)
    return code_of(merchant_id, recipient, now)


def keep(merchant_id: str, code: str, about: Span, mime: bytes) -> bytes:
    """The mail of these days to the recipient of this code: this one, or the one that was kept
    before."""
    key = _key(merchant_id, code, about)
    if sealed_objects.put_once(merchant_id, key, mime):
        return mime
    return sealed_objects.get(key) or mime


def replace(merchant_id: str, code: str, about: Span, mime: bytes) -> None:
    """Keep this one in the place of one that was not sent."""
    sealed_objects.put(merchant_id, _key(merchant_id, code, about), mime)


def listed(merchant_id: str, recipient: str, now: datetime) -> list[tuple[Span, datetime]]:
    """Of which days a mail was sent to this recipient that can be read, and when, newest first."""
    by_row = {
        key_of(merchant_id, about, code)["sk"]: about
        for code in codes_of(merchant_id, recipient, now)
        for about in _kept(_folder(merchant_id, code))
    }
    rows = REPORTS.get_all({"pk": merchant_id, "sk": sk} for sk in by_row)
    found = [(by_row[row["sk"]], moment(row["sent"])) for row in rows if "sent" in row]
    return sorted(found, key=lambda each: (each[1], each[0]), reverse=True)


def _kept(folder: str) -> Iterator[Span]:
    return (span.read(key.removeprefix(folder)) for key, _ in sealed_objects.listed(folder))


def read(merchant_id: str, recipient: str, about: Span, now: datetime) -> bytes | None:
    """The mail as SES got it; None where there is none."""
    codes = codes_of(merchant_id, recipient, now)
    found = (sealed_objects.get(_key(merchant_id, code, about)) for code in codes)
    return next(filter(None, found), None)


def _key(merchant_id: str, code: str, about: Span) -> str:
    return _folder(merchant_id, code) + about.key


def _folder(merchant_id: str, code: str) -> str:
    return f"{PREFIX}{merchant_id}/{code}/"
