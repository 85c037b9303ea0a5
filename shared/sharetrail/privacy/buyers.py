"""A shop's buyers: erased, and told what is kept of them."""

from datetime import datetime
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.privacy.erased import Erased
from sharetrail.questions.privacy_request import PrivacyRequest


def erase(merchant: Merchant, request: PrivacyRequest, now: datetime) -> Erased:
    """TODO"""
    raise NotImplementedError


def export(merchant: Merchant, request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    """TODO"""
    raise NotImplementedError
