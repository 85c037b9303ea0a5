"""What was refused of a shop's own installation, or of somebody who said so. Pure.

Anybody can send a page's event with a made-up key and any origin, or a webhook that is signed by
nothing: so a refusal is shown, beside what was heard since, and believed by itself of nobody. What
fits a secret and is refused all the same (`clock`, `shop`) was signed by the shop system, and may
have been sent again, late or with another shop's header, by whoever kept it. `secret` is believed:
whoever can cause it has the shop's secret key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RefusalKind = Literal["key", "secret", "origin", "signature", "clock", "shop"]
"""A page of the shop's with a key that is not its own or not in use, a page with the shop's secret
key, a page from elsewhere with its publishable one; a webhook whose signature does not fit, whose
time is not ours, that speaks of another shop."""
LONGEST = 100


@dataclass(frozen=True, kw_only=True)
class Refusal:
    kind: RefusalKind
    platform: str = ""
    """Whose webhook it was."""
    named: str = ""
    """The origin, or the shop, that it named: in a stranger's words, at most LONGEST."""
    seconds: int = 0
    """By how many the clock that signed the webhook was ahead of ours (negative: behind)."""
    at: datetime
    """When it was refused last, give or take five minutes."""
