"""What a score's discount for coming last is said to be. Pure."""

import re

_TOLD_FROM = 5
"""Percent, as words/change.py says nothing of a smaller part either: it is lost in any score's
range, and a reader would see a sentence and no difference."""
_PERCENT = re.compile(r"(\d+) %")


def sentence(closer: float) -> str | None:
    """Of the discount as a factor; None where it rounds to nothing."""
    discount = round(100 * (1 - closer))
    if not discount:
        return None
    return (
        f"Discounted by {discount} %: of sales that others took part in, they end more than they "
        "begin."
    )


def worth_telling(sentence: str) -> str:
    """The sentence, or nothing of a small discount: as kept scores and reports have it."""
    percent = _PERCENT.search(sentence)
    return "" if percent and int(percent[1]) < _TOLD_FROM else sentence
