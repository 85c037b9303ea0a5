"""All that is looked at to tell whether a shop's installation works. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sharetrail.installation.delivery_sight import DeliverySight
from sharetrail.installation.page_sight import PageSight
from sharetrail.installation.sign import RECENT, Signs
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants.profile import Merchant
from sharetrail.merchants.refusal import Refusal, RefusalKind
from sharetrail.platforms.connection import Connection


@dataclass(frozen=True, kw_only=True)
class Inspection:
    merchant: Merchant
    base: str
    """Where we are: the address that pages and shop systems reach us at."""
    now: datetime
    signs: Signs = field(default_factory=Signs)
    pages: PageSight = field(default_factory=PageSight)
    viewed_on: date | None = None
    """The last of the days before today on which buttons were on a screen, of a week."""
    followed: int = 0
    """How often people followed share links lately, since pages were heard: asked only where none
    of these pages told that somebody came by one."""
    secret_key_made: datetime | None = None
    """When the newest secret key was: asked only where a page sent one."""
    deliveries: DeliverySight = field(default_factory=DeliverySight)
    refusals: tuple[Refusal, ...] = ()
    """Newest first."""
    connections: tuple[Connection, ...] = ()
    """Shop systems whose key was given, as they said themselves when they were last looked at."""
    secrets: frozenset[str] = frozenset()
    """Shop systems whose signing secret was given."""
    quarantined: tuple[datetime, ...] = ()
    """When each webhook came that is signed and could not be read."""
    refusing: tuple[Suppression, ...] = ()
    """Recipients who take no mail."""

    @property
    def are_pages_heard(self) -> bool:
        """Whether a page was heard of lately. Anybody can send that."""
        return self.is_recent(self.pages.last)

    def is_recent(self, at: datetime | None) -> bool:
        return at is not None and self.now - at < RECENT

    def refused(self, kind: RefusalKind, platform: str = "") -> Refusal | None:
        """What was refused of this kind last."""
        of_kind = (each for each in self.refusals if each.kind == kind)
        return next((each for each in of_kind if each.platform == platform), None)

    def refused_since(self, kind: RefusalKind) -> Refusal | None:
        """What was refused of a shop system after all that it told. Unsigned, of one that orders
        come by, if any do: every merchant has an address of each."""
        for each in self.refusals:
            heard = self.deliveries.last_heard(each.platform)
            is_newer = heard is None or each.at > heard
            is_used = not self.signs.orders or self.has_order_by(each.platform)
            if each.kind == kind and is_newer and (kind != "signature" or is_used):
                return each
        return None

    def has_order_by(self, platform: str) -> bool:
        """Whether one of the newest orders is of this shop system."""
        return any(each.platform == platform for each in self.signs.orders)
