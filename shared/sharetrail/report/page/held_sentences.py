"""What somebody's part of an order waits for, and until when: sentences whose gaps the pages fill.
Pure.
"""

from collections.abc import Mapping

from sharetrail.report.held import HeldBy, HeldOrder
from sharetrail.words.speech import mark

_OF_SOMEBODY: Mapping[str, tuple[str, str]] = {
    "wait": (
        # For translators: a part of an order's revenue that is somebody's credit; {why} is like
        # "bought 2 seconds after the click".
        mark("{amount} of {name}’s waits until {time}: {why}."),
        mark("{amount} of {name}’s waits for its date: {why}."),
    ),
    "doubt": (
        mark("{amount} of {name}’s waits until you decide, at latest {time}: {why}."),
        mark("{amount} of {name}’s waits until you decide: {why}."),
    ),
    "withhold": (
        mark("{amount} of {name}’s is withheld until you decide, at latest {time}: {why}."),
        mark("{amount} of {name}’s is withheld until you decide: {why}."),
    ),
}
"""By what a decision does: with its date, and without one."""
_OF_SEVERAL: Mapping[str, tuple[str, str]] = {
    "wait": (
        # For translators: "it" is an order.
        mark("{amount} of it waits until {time}: {why}."),
        mark("{amount} of it waits for its date: {why}."),
    ),
    "doubt": (
        mark("{amount} of it waits until you decide, at latest {time}: {why}."),
        mark("{amount} of it waits until you decide: {why}."),
    ),
    "withhold": (
        mark("{amount} of it is withheld until you decide, at latest {time}: {why}."),
        mark("{amount} of it is withheld until you decide: {why}."),
    ),
}
_ALSO: Mapping[str, tuple[str, str]] = {
    "wait": (
        # For translators: "it" is a part of an order.
        mark("It also waits until {time}: {why}."),
        mark("It also waits for its date: {why}."),
    ),
    "doubt": (
        mark("It also waits until you decide: {why}."),
        mark("It also waits until you decide: {why}."),
    ),
    "withhold": (
        mark("It also is withheld until you decide: {why}."),
        mark("It also is withheld until you decide: {why}."),
    ),
}
"""Until when somebody is asked is said of the first that it waits for."""


def of_part(part: HeldOrder) -> str:
    """With gaps for amount, name, time and why."""
    sentences = _OF_SOMEBODY if part.influencer else _OF_SEVERAL
    return _of(sentences, part)


def of_also(by: HeldBy) -> str:
    """With gaps for time and why."""
    return _of(_ALSO, by)


def _of(sentences: Mapping[str, tuple[str, str]], by: HeldOrder | HeldBy) -> str:
    dated, undated = sentences[by.effect]
    return dated if by.until else undated
