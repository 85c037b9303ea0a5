"""The shop that is measured, where a measurement wants no shop of its own."""

from datetime import UTC, datetime
from functools import cache

from local.template import reader
from local.template.declarations import Template
from sharetrail.aws.items import Item, dump
from sharetrail.merchants.profile import Merchant, merchant_id_of

_HOST = "shop.example"
MERCHANT = Merchant(
    id=merchant_id_of(_HOST),
    name="Mug & Bean",
    shop_host=_HOST,
    hosts=(_HOST,),
    origins=(f"https://{_HOST}",),
    currency="USD",
    zone="America/New_York",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
PROFILE: Item = {"pk": f"merchant#{MERCHANT.id}", "sk": "profile", **dump(MERCHANT)}
"""Its row."""


@cache
def stack() -> Template:
    """What template.yaml declares for it."""
    addresses = {"PublicBaseUrl": f"https://go.{_HOST}", "MailFrom": f"reports@{_HOST}"}
    return reader.load(parameters=addresses)
