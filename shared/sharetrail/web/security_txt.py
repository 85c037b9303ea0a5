"""/.well-known/security.txt (RFC 9116): whom to tell of a weakness."""

from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.aws import environment
from sharetrail.web.http import Answer, answer

PLACE = ".well-known/security.txt"
_HOLDS = timedelta(days=180)
"""The RFC advises less than a year."""
_A_DAY = "public, max-age=86400"


def told(now: datetime) -> Answer:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {
        "Contact": environment.security_contact(),
        "Expires": calendars.iso(midnight + _HOLDS),
        "Preferred-Languages": "en",
        "Canonical": f"{environment.public_base_url()}/{PLACE}",
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return answer(200, text, content_type="text/plain; charset=utf-8", cache_control=_A_DAY)
