"""What we saw of an installation, in sentences. Pure."""

from collections.abc import Sequence
from datetime import datetime

from sharetrail.installation import script_silence
from sharetrail.installation.script_silence import Silence
from sharetrail.installation.sign import Signs
from sharetrail.merchants import notice_words
from sharetrail.merchants.notice import Notice
from sharetrail.words.speech import labelled, say, say_n
from sharetrail.words.writing import Writing


def of_script(signs: Signs, writing: Writing, now: datetime) -> list[str]:
    seen = [_orders(signs, writing), _pages(signs, writing)]
    if signs.script_seen and not signs.silence.orders and not signs.has_script(now):
        seen.append(say("That is a while ago: the next paid order tells whether it still does."))
    return seen


def _orders(signs: Signs, writing: Writing) -> str:
    if signs.silence.orders:
        return _silence(signs, writing)
    if signs.script_seen:
        at = writing.instant(signs.script_seen)
        return say("The order of {time} says that the script ran.", time=at)
    if not signs.are_all:
        return say(
            "Of the newest orders none was paid for on your pages: they tell nothing of the script."
        )
    return say("No paid order of the last 90 days tells whether the script runs.")


def _silence(signs: Signs, writing: Writing) -> str:
    silence = signs.silence
    told = [_silent(silence, writing)]
    if silence.earlier:
        count = writing.number(silence.earlier - silence.earlier_silent)
        told.append(
            # For translators: of the {n} orders before them {count} said something of it.
            say_n(
                silence.earlier,
                "Of the {n} before them {count} did.",
                "Of the {n} before them {count} did.",
                count=count,
            )
        )
    if not script_silence.is_telling(silence):
        told.append(say("So few may be chance."))
    return " ".join(told)


def _silent(silence: Silence, writing: Writing) -> str:
    if silence.since is None:
        return say_n(
            silence.orders,
            "The newest paid order says nothing of the script.",
            "The newest {n} paid orders say nothing of the script.",
        )
    return say_n(
        silence.orders,
        "The newest paid order, since {day}, says nothing of the script.",
        "The newest {n} paid orders, since {day}, say nothing of the script.",
        day=writing.day(silence.since),
    )


def _pages(signs: Signs, writing: Writing) -> str:
    if signs.page_event is None:
        return say("Your pages told us of no visit in the last 90 days.")
    at = writing.instant(signs.page_event)
    return say("Your pages told us of a visit last on {time}.", time=at)


def of_orders(signs: Signs, writing: Writing) -> list[str]:
    if signs.newest_order is None:
        return [say("We heard of no order of the last 90 days.")]
    at = writing.instant(signs.newest_order)
    return [say("The newest order that we heard of was placed on {time}.", time=at)]


def of_notices(notices: Sequence[Notice], writing: Writing) -> list[str]:
    """The newest first."""
    said = [labelled(writing.day(each.day), notice_words.of(each)) for each in reversed(notices)]
    return said or [say("Nothing ran out in the last 35 days.")]
