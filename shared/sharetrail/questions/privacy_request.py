"""What is asked for a person: that they be erased, or told what is kept of them. Pure.

Of a buyer no address is kept, nor an id: only what orders have, too, keyed hashes under the shop's
pepper, and the orders that the asker named.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sharetrail.questions.question import id_of

Act = Literal["erase", "export"]
Whose = Literal["buyer", "influencer", "recipient", "shop"]
_DIGITS = 32


@dataclass(frozen=True, kw_only=True)
class PrivacyRequest:
    merchant: str
    act: Act
    whose: Whose
    asked_at: datetime
    """What a buyer orders later is another beginning, and no part of it."""
    due: datetime | None = None
    """Before then it is not done, and may be withdrawn; None where it is done at once."""
    names: tuple[str, ...] = ()
    """A buyer's: e-mail addresses and customer ids, as HMACs."""
    orders: tuple[str, ...] = ()
    """A buyer's, as `shopify#1001`, beside those that the names lead to."""
    about: str = ""
    """An influencer's id, or a recipient's address."""
    token: str = ""
    """Chance, from which what stands in the place of hashes is made: it ends with this."""
    found: tuple[str, ...] = ()
    """The orders that were found, before an erasure changed any."""
    beside: tuple[str, ...] = ()
    """By what else those know their buyer."""

    @property
    def digest(self) -> str:
        """What is asked, whenever: the same again is the same."""
        said = [self.merchant, self.act, self.whose, sorted(self.names), sorted(self.orders)]
        text = json.dumps([*said, self.about])
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]

    @property
    def name(self) -> str:
        """By which it is kept: the same erasure is the same, an export tells of its moment."""
        return f"{self.whose}-{self.digest}" if self.act == "erase" else self.result_id

    def is_early(self, now: datetime) -> bool:
        return self.due is not None and now < self.due

    @property
    def result_id(self) -> str:
        """By which the merchant reads what is exported, as the answer to a question."""
        return id_of(self.asked_at, self.digest)
