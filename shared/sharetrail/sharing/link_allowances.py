"""How many new links a day may have. Each kind of caller has an allowance of its own, and so has
each of a kind within it: what strangers can use up is the strangers' part. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sharetrail import base32
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.link import is_made_code

OF_AN_ADDRESS = 100
"""A person shares some ten new things a day; behind an office's or a mobile carrier's address stand
hundreds of people, of whom few share. So many make the set two write units, and it takes twenty
addresses to use up the browsers' 2,000."""
_PRIVATE_PART = 4
"""A quarter of the browsers' is for those who ask not to be tracked, who cannot be told apart: as
many people as ask, and nobody gains by asking."""
OF_AN_INFLUENCER = 200
"""By a token, which lies in a page: each product on each network, for whoever is busy at it."""
_OF_A_SET = 1_000
"""A set for each last letter of a code: the shop's own server may make some 32,000, and so may all
influencers together (it takes 160 of them), and no set weighs more than ten write units."""
_CHOSEN = "chosen"
"""The set of the codes that a merchant chose: they are everybody's, so 1,000 a day are enough."""
_OF_SETS = _OF_A_SET * len(base32.ALPHABET)


@dataclass(frozen=True)
class Shop:
    """Whoever has the secret key."""

    def allowances(self, _merchant: Merchant, code: str) -> Iterator[Allowance]:
        is_made = is_made_code(code)
        yield Allowance(
            name=f"links#shop#{code[-1] if is_made else _CHOSEN}",
            most=_OF_A_SET,
            told_as="links_of_shop",
            policy="links-of-shop" if is_made else "chosen-codes",
            quota=_OF_SETS if is_made else _OF_A_SET,
        )


@dataclass(frozen=True)
class TokenHolder:
    influencer: str

    def allowances(self, _merchant: Merchant, code: str) -> Iterator[Allowance]:
        yield Allowance(
            name=f"links#influencer#{self.influencer}",
            most=OF_AN_INFLUENCER,
            told_as="links_of_one_influencer",
            policy="links-of-influencer",
        )
        yield Allowance(
            name=f"links#influencers#{code[-1]}",
            most=_OF_A_SET,
            told_as="links_of_influencers",
            policy="links-of-influencers",
            quota=_OF_SETS,
        )


@dataclass(frozen=True)
class Browser:
    address: str | None
    """Visitor.address."""

    def allowances(self, merchant: Merchant, _code: str) -> Iterator[Allowance]:
        if self.address:
            yield Allowance(
                name=f"links#address#{self.address}",
                most=OF_AN_ADDRESS,
                policy="links-of-address",
            )
        else:
            yield Allowance(
                name="links#private",
                most=-(-merchant.links_per_day // _PRIVATE_PART),
                told_as="links_of_private_browsers",
                policy="links-of-private-browsers",
            )
        yield Allowance(
            name="links",
            most=merchant.links_per_day,
            told_as="links_of_browsers",
            policy="links-of-browsers",
        )


Maker = Shop | TokenHolder | Browser
