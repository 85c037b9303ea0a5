"""All that is kept of a person, as JSON has it."""

from datetime import datetime
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.privacy import buyers, influencers, recipients, shops
from sharetrail.questions.privacy_request import PrivacyRequest


def export(merchant: Merchant, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    match request.whose:
        case "buyer":
            return buyers.export(merchant, request, now)
        case "influencer":
            return influencers.export(merchant, request.about, now)
        case "recipient":
            return recipients.export(merchant, request.about)
        case "shop":
            return shops.export(merchant)
