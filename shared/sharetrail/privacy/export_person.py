"""All that is kept of a person, as JSON has it."""

from datetime import datetime
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.privacy import buyers
from sharetrail.questions.privacy_request import PrivacyRequest


def export(merchant: Merchant, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    if request.whose == "buyer":
        return buyers.export(merchant, request, now)
    # The three others come here: influencers.export, recipients.export and shops.export.
    raise NotImplementedError(request.whose)
