"""What stands for a recipient beside mails, in the place of the address: a hash under a key of the
merchant's own. Until 2026-12 it was one without a key: mails of then are found by that, too.
"""

from datetime import datetime

from sharetrail.merchants import person_hashes
from sharetrail.report.report_mail import unkeyed_code

code_of = person_hashes.of_recipient


def codes_of(merchant_id: str, recipient: str, now: datetime) -> tuple[str, str]:
    """What stands for them, and what did."""
    return code_of(merchant_id, recipient, now), unkeyed_code(recipient)
