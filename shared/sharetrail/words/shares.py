"""How a part of a whole is told: `24%`, `under 1%`. Pure."""

from babel.numbers import format_percent

from sharetrail.words.formats import locale_of
from sharetrail.words.speech import say


def percent(part: int, whole: int, language: str) -> str:
    """`24%`, `24 %`; what rounds to none or all and is not says so. Empty for a part of nothing."""
    if whole <= 0:
        return ""
    share, written = part / whole, locale_of(language)
    if 0 < share < 0.005:
        # For translators: a part of a whole that is smaller than 1%.
        return say("under {percent}", percent=format_percent(0.01, locale=written))
    if 0.995 < share < 1:
        # For translators: a part of a whole that is larger than 99%.
        return say("over {percent}", percent=format_percent(0.99, locale=written))
    return format_percent(round(share, 2), locale=written)


def share(percent_told: int, part: int, whole: int, language: str) -> str:
    """A part of a whole whose parts are told with percents that add up to 100: what `percent_told`
    has as none or all and is not keeps its "under" or "over"."""
    is_between = 0 < percent_told < 100
    return percent(percent_told, 100, language) if is_between else percent(part, whole, language)
