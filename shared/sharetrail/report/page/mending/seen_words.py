"""What we saw of an installation, in sentences. Pure."""

from collections.abc import Sequence
from datetime import datetime

from sharetrail.installation import script_silence
from sharetrail.installation.sign import Signs
from sharetrail.merchants.notice import Notice
from sharetrail.words.writing import Writing


def of_script(signs: Signs, writing: Writing, now: datetime) -> list[str]:
    seen = [_orders(signs, writing), _pages(signs, writing)]
    if signs.script_seen and not signs.silence.orders and not signs.has_script(now):
        seen.append("That is a while ago: the next paid order tells whether it still does.")
    return seen


def _orders(signs: Signs, writing: Writing) -> str:
    if signs.silence.orders:
        return _silence(signs, writing)
    if signs.script_seen:
        return f"The order of {writing.instant(signs.script_seen)} says that the script ran."
    if not signs.are_all:
        return (
            "Of the newest orders none was paid for on your pages: they tell nothing of the script."
        )
    return "No paid order of the last 90 days tells whether the script runs."


def _silence(signs: Signs, writing: Writing) -> str:
    silence = signs.silence
    since = f", since {writing.day(silence.since)}" if silence.since else ""
    if silence.orders == 1:
        said = f"The newest paid order{since}, says nothing of the script."
    else:
        count = writing.number(silence.orders)
        said = f"The newest {count} paid orders{since}, say nothing of the script."
    before = ""
    if silence.earlier:
        told = writing.number(silence.earlier - silence.earlier_silent)
        before = f" Of the {writing.number(silence.earlier)} before them {told} did."
    chance = "" if script_silence.is_telling(silence) else " So few may be chance."
    return f"{said}{before}{chance}"


def _pages(signs: Signs, writing: Writing) -> str:
    if signs.page_event is None:
        return "Your pages told us of no visit in the last 90 days."
    return f"Your pages told us of a visit last on {writing.instant(signs.page_event)}."


def of_orders(signs: Signs, writing: Writing) -> list[str]:
    if signs.newest_order is None:
        return ["We heard of no order of the last 90 days."]
    at = writing.instant(signs.newest_order)
    return [f"The newest order that we heard of was placed on {at}."]


def of_notices(notices: Sequence[Notice], writing: Writing) -> list[str]:
    """The newest first."""
    said = [f"{writing.day(each.day)}: {each.sentence}" for each in reversed(notices)]
    return said or ["Nothing ran out in the last 35 days."]
