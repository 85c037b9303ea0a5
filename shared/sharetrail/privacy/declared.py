"""What every room says that it keeps of people: docs/privacy.md is made of the same."""

from collections.abc import Iterator

from typing_extensions import TypedDict

from sharetrail.agenda import kept as of_agenda
from sharetrail.analysis import kept as of_analysis
from sharetrail.attribution.keeping import kept as of_attribution
from sharetrail.aws import kept as of_aws
from sharetrail.clicks import kept as of_clicks
from sharetrail.costs import kept as of_costs
from sharetrail.mail import kept as of_mail
from sharetrail.merchants import kept as of_merchants
from sharetrail.orders import kept as of_orders
from sharetrail.personal import Kept, Whose
from sharetrail.platforms import kept as of_platforms
from sharetrail.privacy import kept as of_privacy
from sharetrail.questions import kept as of_questions
from sharetrail.report import kept as of_report
from sharetrail.sharing.keeping import kept as of_sharing
from sharetrail.totals import kept as of_totals
from sharetrail.web.answers import described
from sharetrail.webhooks import kept as of_webhooks


@described
class Ending(TypedDict):
    """Something that is kept, and until when."""

    where: str
    what: str
    ends: str


_ROOMS = (
    *(of_agenda, of_analysis, of_attribution, of_aws, of_clicks, of_costs, of_mail, of_merchants),
    *(of_orders, of_platforms, of_privacy, of_questions, of_report, of_sharing, of_totals),
    of_webhooks,
)


def kept() -> Iterator[Kept]:
    """By room, in no order."""
    return (each for room in _ROOMS for each in room.KEPT)


def ending_by_itself(*whose: Whose) -> list[Ending]:
    """What is kept of such people that nobody needs to erase."""
    ending = (each for each in kept() if each.whose in whose and each.until.after is not None)
    return [{"where": e.table, "what": e.what, "ends": e.until.sentence} for e in ending]
