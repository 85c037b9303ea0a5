"""Hourly: order the reports that are due. Ordered twice, a mail is sent once."""

from typing import Any

from sharetrail import mailings
from sharetrail.items import moment


def handler(event: dict[str, Any], _context: Any) -> dict[str, list[str]]:
    ordered = list(mailings.due(moment(event["time"])))
    for each in ordered:
        mailings.order(each)
    return {"ordered": [each.merchant for each in ordered]}
