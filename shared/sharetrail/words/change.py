"""When a change is worth a word. Pure."""

from math import comb, sqrt
from typing import NamedTuple

from babel.numbers import format_decimal

from sharetrail.words import formats, shares
from sharetrail.words.speech import say

FEW = 20
"""Fewer than this in both weeks together, and nothing is said of the difference, unless it is as
RARE as fifteen after none."""
RARE = 0.001
"""How seldom chance parts so few as unevenly or more: a single buyer may make several of them."""
NOISE = 1.96
"""Standard errors a difference must exceed: chance alone does it in one of twenty. Wider than a
score's 80 % interval, since a mail makes ten comparisons and should not cry wolf every week."""
SLIGHT = 0.05
"""A change below this part says nothing either: traffic scatters more than Poisson's law, which
would call every two percent of a hundred thousand views a change."""
ORDER_VALUES = 1.9
"""1 + cv² of order values, with the cv² = 0.9 that the score's interval takes too."""
_OFTEN = 3  # from three times as much, "up 3.4-fold" reads better than "up 240 %"


class Change(NamedTuple):
    """What may be said of a figure against last week's."""

    text: str = ""
    """Empty in a first week, which compares with nothing, and for none in both weeks."""
    way: str = ""
    """up or down, where the change is more than noise."""
    is_few: bool = False
    """Whether there is too little to judge it by."""

    @property
    def is_from_nothing(self) -> bool:
        """Whether both figures say it by themselves."""
        return self.text == say("up from nothing")

    @property
    def brief(self) -> str:
        """The text where it is clear of what there is too little."""
        return say("too few to tell") if self.is_few else self.text


def change(
    now: int, before: int | None, language: str, *, orders: tuple[int, int] | None = None
) -> Change:
    """A count against last week's; or an amount, judged by how many `orders` each week had.

    Two Poisson counts a and b differ if |a − b| > NOISE·√(a + b): given their sum, a is binomial
    with one half (Przyborowski and Wilenski, Biometrika 31, 1940). Revenue is a compound Poisson
    sum, whose relative variance is ORDER_VALUES over the number of orders. Of few the binomial is
    asked itself, and an amount must have moved as its orders did; they have no percentage.
    """
    if before is None or now == before == 0:
        return Change()
    seen, spread = (sum(orders), ORDER_VALUES) if orders else (now + before, 1)
    if seen < FEW:
        way = _way_of_few(now - before, *(orders or (now, before)))
        if not way:
            return Change(_too_few(is_of_orders=orders is not None), is_few=True)
        return Change(say("up from nothing") if way == "up" and before <= 0 else _plain(way), way)
    apart = abs(now - before)
    if apart <= max(NOISE * (abs(now) + abs(before)) * sqrt(spread / seen), SLIGHT * before):
        return Change(say("no clear change"))
    way = "up" if now > before else "down"
    if before <= 0:
        return Change(say("up from nothing"), way)
    if now >= _OFTEN * before:
        times = format_decimal(now / before, "#,##0.#", locale=formats.locale_of(language))
        # For translators: a figure is so many times the one before it: "up 3.4-fold".
        return Change(say("up {times}-fold", times=times), way)
    percent = shares.percent(apart, before, language)
    if way == "up":
        # For translators: a figure beside the one before it: it rose by so much.
        return Change(say("up {percent}", percent=percent), way)
    # For translators: a figure beside the one before it: it fell by so much.
    return Change(say("down {percent}", percent=percent), way)


def _too_few(*, is_of_orders: bool) -> str:
    return say("too few orders to tell") if is_of_orders else say("too few to tell")


def _plain(way: str) -> str:
    # For translators: a figure beside the one before it: it rose, it fell.
    return say("up") if way == "up" else say("down")


def _way_of_few(apart: int, now: int, before: int) -> str:
    """up or down, where so many of so few are hardly chance; else nothing."""
    fewer, together = min(now, before), now + before
    chance = 2 * sum(comb(together, n) for n in range(fewer + 1)) / 2**together
    if chance > RARE or apart * (now - before) <= 0:
        return ""
    return "up" if apart > 0 else "down"
