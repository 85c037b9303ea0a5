"""What the operator was told of, and when. Table: agenda, `round#concerns / name`.

A concern is something that waits for a person, by the name that docs/operate.md has it under, and
how much of it there is. It is told when it begins, when there is more of it than was told, and once
a day for as long as it lasts: so an old one keeps no new one from being heard.
"""

from datetime import datetime, timedelta

from sharetrail.aws import metrics
from sharetrail.aws.items import Value
from sharetrail.aws.tables import AGENDA
from sharetrail.calendars import iso

AGAIN = timedelta(hours=23, minutes=30)
"""A day, but for how late a schedule may be."""
_PK = "round#concerns"
_KEPT = timedelta(days=7)
_NEWS = "attribute_not_exists(pk) OR told < :before OR #number < :number"


def note(name: str, number: int, now: datetime) -> None:
    """There are so many of it: rings where the operator has to hear of that. Twice at once rings
    once."""
    if not number:
        AGENDA.delete(_PK, name)
    elif _is_news(name, number, now):
        metrics.ring(name, now, number=number)
    else:
        _set(name, "#number = :number", "#number > :number", number=number)


def known() -> set[str]:
    """Those that last, as far as the operator was told."""
    return {row["sk"] for row in AGENDA.query(_PK, only=["sk"])}


def _is_news(name: str, number: int, now: datetime) -> bool:
    expires = int((now + _KEPT).timestamp())
    told = {"told": iso(now), "before": iso(now - AGAIN), "number": number, "expires": expires}
    return _set(name, "told = :told, #number = :number, expires = :expires", _NEWS, **told)


def _set(name: str, fields: str, condition: str, **values: Value) -> bool:
    key = {"pk": _PK, "sk": name}
    return AGENDA.update(key, f"SET {fields}", condition, ["number"], **values)
