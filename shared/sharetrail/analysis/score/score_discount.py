"""What a score's discount for coming last is said to be. Pure."""

from sharetrail.words import shares, speech
from sharetrail.words.speech import say

_TOLD_FROM = 5
"""Percent, as words/change.py says nothing of a smaller part either: it is lost in any score's
range, and a reader would see a sentence and no difference."""


def percent_of(closer: float) -> int:
    """Of the discount as a factor: what it takes off."""
    return round(100 * (1 - closer))


def is_telling(percent: int) -> bool:
    return percent >= _TOLD_FROM


def sentence(closer: float) -> str | None:
    """Of the discount as a factor; None where it rounds to nothing."""
    if not (percent := percent_of(closer)):
        return None
    return say(
        "Discounted by {percent}: of sales that others took part in, they end more than they"
        " begin.",
        percent=shares.percent(percent, 100, speech.spoken()),
    )
