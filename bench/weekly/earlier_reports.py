"""Reports that were mailed before the one that is measured, which looks back to them."""

from collections.abc import Iterator
from datetime import datetime

from sharetrail.aws.items import Item
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.report.building import corrections
from sharetrail.report.report_mail import row_of
from sharetrail.report.span import Span


def keep(merchant: Merchant, asked: Span, influenced: int, at: datetime) -> None:
    """Of all spans of its kind that anything is told of, each as if it had named this revenue; what
    they were objects of is not kept."""
    told = {"snapshot": "none", "influenced": influenced, "currency": merchant.currency}
    REPORTS.write_all(_rows(merchant, asked, {**told, "at": iso(at)}))


def _rows(merchant: Merchant, asked: Span, told: Item) -> Iterator[Item]:
    before = asked.before()
    while before.last >= asked.first - corrections.LOOKED_BACK:
        yield {"pk": merchant.id, "sk": row_of(before), **told}
        before = before.before()
