"""Where merchants live, as the world has its shops: shares by time zone.

By country: Shopify's live stores in January 2022 as Genus AI counted them (techround.co.uk, "Number
of Shopify Stores Globally Triples"), of 3,882,345 in all. The United States' are dealt out by the
people of their zones (census of 2020), and the stores of countries that are not named there evenly
over sixteen zones all around the world.
"""

from collections.abc import Mapping

_STORES = 3_882_345
_UNITED_STATES = 2_666_627
_PEOPLE = {
    "America/New_York": 0.477,
    "America/Chicago": 0.291,
    "America/Denver": 0.066,
    "America/Los_Angeles": 0.166,
}
_NAMED = {
    "Europe/London": 156_466,
    "Australia/Sydney": 101_795,
    "America/Toronto": 93_680,
    "Europe/Paris": 59_560,
}
_ELSEWHERE = (
    "Europe/Berlin",
    "Europe/Rome",
    "Europe/Athens",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Jakarta",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "America/Mexico_City",
)


def shares() -> Mapping[str, float]:
    """Zone → its part of all merchants; together one."""
    stores = {zone: part * _UNITED_STATES for zone, part in _PEOPLE.items()} | _NAMED
    rest = (_STORES - sum(stores.values())) / len(_ELSEWHERE)
    stores |= dict.fromkeys(_ELSEWHERE, rest)
    return {zone: count / _STORES for zone, count in stores.items()}
