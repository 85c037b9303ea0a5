"""/v1/recipients: to whom reports are mailed, which ones, and what their links to the page do."""

from typing import Annotated, Literal, get_args

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from sharetrail.api.frame import key_acts, paging
from sharetrail.api.frame.answers import Page, described
from sharetrail.api.frame.key_acts import TooManyChanges
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import Text, merchant_of, now_of
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants import profiles, recipients
from sharetrail.merchants.profile import Merchant, Overtaken, mailable
from sharetrail.merchants.recipients import LastOwner, Role, TooManyRecipients
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from sharetrail.report.span import Rhythm
from sharetrail.web.bodies import strict

router = Router()
Address = Annotated[Text, AfterValidator(mailable)]
NoMail = Literal["unsubscribed", "bounced", "complained"]


@strict
class RecipientBody:
    """What is left out stays as it was; of somebody new it is `owner` and `["weekly"]`."""

    role: Role | None = None
    """`owner`: by the report's page they also decide, name, tag and switch; `reader`: they read."""
    reports: Annotated[list[Rhythm], Field(min_length=1)] | None = None
    """As they would choose on the page: one who unsubscribed stays so."""


@described
class Recipient(TypedDict):
    address: str
    """As mail is sent to it."""
    role: Role
    reports: list[Rhythm]
    no_mail: NoMail | None
    """Why none goes there at present: it `bounced`, its owner `complained` or `unsubscribed`."""


@router.get("/v1/recipients")
def list_recipients(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> Page[Recipient]:
    """In the order of their addresses."""
    asked, merchant = paging.asked(limit, cursor), _fresh()
    return paging.by_name(
        merchant.recipients, asked, lambda each: _shown(merchant, each), str.casefold
    )


@router.put(
    "/v1/recipients/<address>",
    openapi_extensions=refusing(LastOwner, TooManyRecipients, Overtaken, TooManyChanges)
    | limited(key_acts.POLICY),
)
def name_recipient(address: Address, body: RecipientBody) -> Recipient:
    """Put an address on the list, or change what it has there; its links follow in a minute."""
    now = now_of(router)
    before = merchant_of(router)
    key_acts.take(before, "listing", address.casefold(), now)
    merchant = recipients.name(before.id, address, body.role, now)
    listed = merchant.as_listed(address) or address
    role = _role(merchant, listed)
    key_acts.note(router, merchant.id, "listing", listed, role, now)
    if body.reports:
        choices.choose_for(merchant, listed, body.reports, now)
    for each in choices.of(merchant, listed):
        rhythms.start(merchant, each, now)
    return _shown(merchant, listed)


@router.delete("/v1/recipients/<address>", openapi_extensions=refusing(LastOwner, Overtaken))
def leave_out_recipient(address: Address) -> Recipient:
    """Off the list: their links open nothing any more."""
    merchant = _fresh()
    listed = merchant.as_listed(address) or address
    told = _shown(merchant, listed)
    recipients.leave_out(merchant.id, address, now_of(router))
    key_acts.note(router, merchant.id, "listing", listed, "off", now_of(router))
    return told


def _fresh() -> Merchant:
    """As the table has it: what this instance knows may be a minute old."""
    merchant = merchant_of(router)
    return profiles.read(merchant.id) or merchant


def _role(merchant: Merchant, address: str) -> Role:
    return "reader" if merchant.is_reader(address) else "owner"


def _shown(merchant: Merchant, address: str) -> Recipient:
    chosen = choices.of(merchant, address)
    refusing = suppressions.find(merchant.id, address)
    left = unsubscribes.is_unsubscribed(merchant.id, address)
    return {
        "address": address,
        "role": _role(merchant, address),
        "reports": [each for each in get_args(Rhythm) if each in chosen],
        "no_mail": "unsubscribed" if left else refusing.why if refusing else None,
    }
