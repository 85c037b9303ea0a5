"""How a person is reached, in the form in which two ways to write it are compared. Pure.

Of an e-mail address, what stands before the @ is its host's own affair: at most hosts a dot or a
`+` tells two people apart. mailboxes.txt has a provider a line that says otherwise in its own
documentation: what it passes over (`dots`, or a `tag` from a `+` on), its domains (`a=b` are one),
and where it says so. A provider that is not there is compared letter by letter.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

_NOT_BETWEEN_NUMBERS = re.compile(r"(?<!\d) | (?!\d)")


@dataclass(frozen=True)
class _Provider:
    domain: str
    """Of the several that lead to one mailbox, the one it is known by."""
    passes_over: frozenset[str]


def _read(line: str) -> dict[str, _Provider]:
    _, passes_over, domains, _ = map(str.strip, line.split("|"))
    same = [word.split("=") for word in domains.split()]
    ignored = frozenset(passes_over.split())
    return {each: _Provider(domains[0], ignored) for domains in same for each in domains}


_PROVIDERS = {
    domain: provider
    for line in Path(__file__).with_name("mailboxes.txt").read_text("utf-8").splitlines()
    for domain, provider in _read(line).items()
}


# ── e-mail ───────────────────────────────────────────────────────────────────────────────────────
def mailbox_of(email: str) -> str:
    """The address as its mail system delivers it: `A.Na+shop@GoogleMail.com` is `ana@gmail.com`.

    A domain in Unicode and its `xn--` form are one. Not recognised: aliases that somebody set up,
    and the providers' own domains of single countries.
    """
    plain = _folded(email).strip()
    name, at, domain = plain.rpartition("@")
    if not at:
        return plain
    domain = _ascii(domain)
    provider = _PROVIDERS.get(domain)
    return f"{_delivered(name, provider)}@{provider.domain}" if provider else f"{name}@{domain}"


def as_written(email: str) -> str:
    """With its signs alike and no more: how addresses were compared before 2026-11-30."""
    return unicodedata.normalize("NFKC", email).casefold().strip()


def masked(address: str) -> str:
    """`o…@shop.example`: enough for its owner, and for whoever knows them, to know it by."""
    box, _, host = address.rpartition("@")
    return f"{box[:1]}…@{host}"


def _delivered(name: str, provider: _Provider) -> str:
    """Whatever nothing would be left of stays as it is."""
    left = name
    if "tag" in provider.passes_over:
        left = left.partition("+")[0]
    if "dots" in provider.passes_over:
        left = left.replace(".", "")
    return left or name


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


# ── where parcels go ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class DeliveryAddress:
    """A house, as the shop tells it: the person's name, company and telephone are no part of it.
    Its text is never kept, shown or logged."""

    lines: tuple[str, ...] = field(repr=False)
    """Street, number, flat: in the shop's order."""
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    country: str = field(default="", repr=False)
    """An ISO code, or whatever the shop says; it says the same each time."""

    @property
    def compared(self) -> str | None:
        """None where it says too little: no line, or neither postcode nor city.

        Upper and lower case, blanks, punctuation, and where one line ends are passed over; the city
        too, where there is a postcode: people name a town's parts. Noughts alone are none, as they
        write where there are no postcodes. Two numbers stay two. Not
        recognised: short forms (`Str.`, `St.`), other scripts and accents left out, a flat told
        before the street, a postcode with more or fewer digits (ZIP+4), countries spelt out.
        """
        lines = _letters(" ".join(self.lines))
        postcode = _letters(self.postcode).replace(" ", "")
        postcode = "" if not postcode.strip("0") else postcode
        city = "" if postcode else _letters(self.city)
        is_enough = lines and (postcode or city)
        return "\n".join((lines, postcode, city, _letters(self.country))) if is_enough else None


def _letters(text: str) -> str:
    """Letters, the marks on them, and digits, in their order; a blank between two numbers."""
    kept = "".join(map(_letter, _folded(text)))
    joined = _NOT_BETWEEN_NUMBERS.sub("", " ".join(kept.split()))
    return unicodedata.normalize("NFKC", joined)  # a mark may have come to its letter


def _letter(sign: str) -> str:
    kind = unicodedata.category(sign)
    return sign if kind[0] in "LMN" else "" if kind == "Cf" else " "


def _folded(text: str) -> str:
    """NFKC and case-folded; folding may leave what NFKC writes otherwise."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", once)
