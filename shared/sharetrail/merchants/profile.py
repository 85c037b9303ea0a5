"""A merchant: a shop, its hosts, its money, its clock, and the limits it may choose. Pure."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from sharetrail import calendars
from sharetrail.problems import NotFound, Problem
from sharetrail.web import address

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sharetrail.money import Amount


class Limit:
    """What a setting may be, where one is read from JSON: in pydantic's words (`ge`, `pattern` …),
    and by a check of our own. Pydantic's `Field` says the same, but the redirect must not load it.
    """

    def __init__(self, check: Callable[[str], str] | None = None, **rules: Any) -> None:
        self._check, self._rules = check, rules

    def __get_pydantic_core_schema__(self, kind: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic import AfterValidator, Field

        checks = [AfterValidator(self._check)] if self._check else []
        return handler(Annotated[(kind, Field(**self._rules), *checks)])


def _currency(code: str) -> str:
    from sharetrail import money

    try:
        money.digits(code)
    except money.BadMoney as error:
        raise ValueError("is no ISO 4217 currency") from error
    return code


def _zone(name: str) -> str:
    if name not in calendars.zone_names():
        raise ValueError("is no IANA time zone")
    return name


def _language(name: str) -> str:
    from sharetrail.words import languages

    if not languages.is_ours(name):
        raise ValueError(
            f"is none of the languages that we speak: {', '.join(languages.LANGUAGES)}"
        )
    return name


_LOCALE = r"^[a-z]{2,3}([_-][A-Za-z]{2,4})*$"
_NO_COUNTRIES = frozenset(
    ["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]
)
"""Groups, tests and parts of countries among the two letters that CLDR names."""


def countries() -> dict[str, str]:
    """ISO 3166's codes of two letters, with their English names."""
    from babel import Locale

    named = Locale("en").territories.items()
    return {code: name for code, name in named if code.isalpha() and code not in _NO_COUNTRIES}


def _country(code: str) -> str:
    if code and code not in countries():
        raise ValueError("is no ISO 3166 country of two letters (the United Kingdom is GB)")
    return code


def _page(url: str) -> str:
    if address.host_of(url, loopback=True) is None:
        raise ValueError("is no full https:// address in plain printable ASCII")
    return url


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({address.HOST})", re.ASCII | re.IGNORECASE)
_LONGEST_NAME, _LONGEST_ADDRESS = 64, 254
"""RFC 5321, 4.5.3.1: before the @, and as a whole."""
_WITHOUT_CONTROLS = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*")


def mailable(text: str) -> str:
    """ValueError unless it is an address as headers have it bare: no name, comment or quotation,
    printable ASCII, nothing that could be read as words in code (`=?`).
    """
    mailbox = _MAILBOX.fullmatch(text)
    if (
        not mailbox
        or "=?" in text
        or len(mailbox[1]) > _LONGEST_NAME
        or len(text) > _LONGEST_ADDRESS
    ):
        raise ValueError("is no e-mail address that mail can be sent to")
    return text


def _line(text: str) -> str:
    if not text.strip() or not _WITHOUT_CONTROLS.fullmatch(text):
        raise ValueError("is no line of text")
    return text


def _line_or_none(text: str) -> str:
    return _line(text) if text else text


_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_OUTERMOST = "AX GF GP MF MQ RE YT"
_ASKING = frozenset(f"{_EU} {_OUTERMOST} IS LI NO GB CH".split())
"""Where nothing may be stored on a shopper's device before a yes: the EU, the EEA (ePrivacy
directive, article 5(3)), the United Kingdom (PECR) and Switzerland (TCA, article 45c)."""

_HOST = rf"^(?:{address.HOST}|{address.LOOPBACK})$"
Host = Annotated[str, Limit(pattern=_HOST, max_length=253)]
Origin = Annotated[str, Limit(pattern=r"^https?://[a-z0-9.-]+(?::\d+)?$", max_length=300)]
MOST_PLACES = 24
"""Hosts, and origins, of a merchant. Those of before and after are written together with the
profile and the Shopify domains: 2 x (24 + 24 + 1) + 1 of the 100 items that DynamoDB allows."""
Page = Annotated[str, Limit(_page)]
Address = Annotated[str, Limit(mailable)]
Currency = Annotated[str, Limit(_currency)]
Part = Annotated[float, Limit(ge=0, le=1)]
Count = Annotated[int, Limit(ge=0, le=1_000_000)]


@dataclass(frozen=True, kw_only=True)
class FraudLimits:
    """From where on a sign of fraud counts as one."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    last_second: Count = 10
    """Seconds from click to order: fewer are not a person's."""
    leak_share: Part = 0.6
    """Part of a code's orders that no click came before."""
    leak_orders: Count = 20
    refund_share: Part = 0.3
    """Part of an influencer's orders that were refunded, cancelled or charged back."""
    refund_orders: Count = 5
    bot_share: Part = 0.5
    """Part of an influencer's clicks that bots made."""
    bot_clicks: Count = 20
    thin_share: Part = 0.3
    """Part of what a buyer's orders come to: evidence that cost less may have been bought to earn a
    commission on them. More than a shop pays for a sale."""
    hold_days: Annotated[int, Limit(ge=0, le=365)] = 30
    """How long a wait lasts unless it is released."""


class UnknownMerchant(NotFound):
    """No merchant has this id."""


class Taken(Problem):
    """Another merchant already has this origin, host or Shopify domain."""

    status = 409
    title = "It belongs to another merchant"


class Overtaken(Problem):
    """Others were changing the same merchant all the while."""

    status = 409
    title = "The merchant is being changed"


@dataclass(frozen=True, kw_only=True)
class Storefront:
    """What shoppers meet of a shop: where its links lead them, and what is said where one ends."""

    __pydantic_config__: ClassVar = {"extra": "forbid", "str_max_length": 4096}

    shop_host: str
    name: Annotated[str, Limit(_line, max_length=200)]
    hosts: Annotated[tuple[Host, ...], Limit(max_length=MOST_PLACES)]
    """Where a link may lead: the shop's own hosts, exactly as written."""
    fallback_url: Page | None = None
    """Where a link that was switched off leads; without one it answers 410."""

    @property
    def home(self) -> str:
        """The address of the shop's first page."""
        return f"{origin_of(self.shop_host)}/"


@dataclass(frozen=True, kw_only=True)
class Residence:
    """Where a shop is, and what that asks of its pages."""

    country: Annotated[str, Limit(_country, max_length=2)] = ""
    """ISO 3166, where the shop is; empty where nobody said and its zone does not tell."""

    @property
    def needs_consent(self) -> bool:
        """Whether the script stores nothing before a yes, unless the shop's tag says otherwise.
        Of a shop that could be anywhere: yes.
        """
        return not self.country or self.country in _ASKING


@dataclass(frozen=True, kw_only=True)
class Merchant(Storefront, Residence):
    """What a merchant chose, each setting with its limits, and what follows from the shop."""

    id: str
    created_at: datetime
    origins: Annotated[tuple[Origin, ...], Limit(max_length=MOST_PLACES)]
    """Which pages may use the publishable key: `https://shop.example`."""
    currency: Currency
    """ISO 4217; what reports are written in. Orders in another are listed apart."""
    zone: Annotated[str, Limit(_zone)]
    """IANA name; days and weeks are this zone's."""
    language: Annotated[str, Limit(_language, pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})*$")] = (
        "en_US"
    )
    """A CLDR locale: what mails and pages speak, and how they write money and dates."""
    category: Annotated[str, Limit(max_length=200)] = ""
    recipients: tuple[Address, ...] = ()
    """Of reports; a mailbox that is written in two ways once, as the first has it."""
    readers: tuple[Address, ...] = ()
    """Those of the recipients whose links to the report read and change nothing; every other is an
    owner, whose links also act."""
    parting_offer: Annotated[str, Limit(_line_or_none, max_length=200)] = ""
    """What the shop says, on the page that follows, to a recipient who unsubscribes."""
    shopify_domain: Annotated[str, Limit(pattern=r"^[a-z0-9-]+\.myshopify\.com$")] | None = None
    """`name.myshopify.com`, the shop that Shopify's webhooks must name."""
    window_days: Literal[7, 30, 90] = 30
    """How long before an order a touch counts."""
    coupons: Literal["code_fills", "code_last", "code_ignored"] = "code_fills"
    """What an influencer's coupon code counts for: see attribution/models.py."""
    renewals: Literal["renewals_count", "renewals_ignored"] = "renewals_count"
    """Whether a subscription's renewals are credited to whom its first order names."""
    fraud: FraudLimits = field(default_factory=FraudLimits)
    """Thresholds of docs/fraud.md."""
    links_per_day: Annotated[int, Limit(ge=1, le=10_000)] = 2_000
    """New links of all browsers together; the secret key and tokens have their own."""
    events_per_day: Annotated[int, Limit(ge=1_000, le=20_000_000)] = 500_000

    def __post_init__(self) -> None:
        for name in ("recipients", "readers"):
            by_mailbox: dict[str, str] = {}
            for each in getattr(self, name):
                by_mailbox.setdefault(each.casefold(), each)
            object.__setattr__(self, name, tuple(by_mailbox.values()))

    @property
    def tz(self) -> "ZoneInfo":
        from zoneinfo import ZoneInfo  # the redirect asks for no merchant's time

        return ZoneInfo(self.zone)

    def sends_to(self, address: str) -> bool:
        """Whether it is one of the recipients, however it is written."""
        return self.as_listed(address) is not None

    def as_listed(self, address: str) -> str | None:
        """A recipient's address as the list has it, which is how mail is sent to it; None of who is
        no recipient. Folding makes ASCII of some letters that are none (`ſ`, the Kelvin sign), so
        whatever is asked for in other words is not to be written down."""
        return next((r for r in self.recipients if r.casefold() == address.casefold()), None)

    def is_reader(self, address: str) -> bool:
        """Whether their links to the report only read."""
        return any(each.casefold() == address.casefold() for each in self.readers)

    @property
    def owners(self) -> tuple[str, ...]:
        """The recipients whose links act, too."""
        return tuple(each for each in self.recipients if not self.is_reader(each))

    def amount(self, minor: float) -> "Amount":
        """Minor units of the merchant's currency, on their way out."""
        from sharetrail.money import Amount  # nor for its money

        return Amount(minor, self.currency)


def origin_of(shop_host: str) -> str:
    """The shop's pages; only loopback, which carries a port, does without TLS."""
    return f"{'http' if ':' in shop_host else 'https'}://{shop_host}"


def merchant_id_of(shop_host: str) -> str:
    """A merchant's id is derived from its shop host, so onboarding twice finds the same one."""
    return "m_" + hashlib.sha256(shop_host.encode()).hexdigest()[:16]
