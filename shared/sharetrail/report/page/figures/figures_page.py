"""The days' key figures, from who saw it to who comes back: beside other days, and targets."""

from collections.abc import Iterator
from typing import Any

from sharetrail.kpis import scorecards
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.holiday import NAMES
from sharetrail.kpis.scorecard import Scorecard
from sharetrail.report.page.evidence import sheet
from sharetrail.report.page.figures import pillar_cards
from sharetrail.report.page.figures.figure_words import FigureWords
from sharetrail.report.page.overview import big_spans
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer
from sharetrail.words.speech import listed, say, say_n, sentence
from sharetrail.words.writing import Writing


def show(visit: Visit) -> Answer:
    card = _card(visit)
    told = _told(visit, card) if card else {}
    return sheet.render("figures", visit, say("Key figures"), at="figures", **(_UNTOLD | told))


_UNTOLD: dict[str, Any] = {
    "is_added_up": False,
    **dict.fromkeys(("beside", "cards", "own", "to_aim", "to_aim_here", "networks", "sources"), ()),
}


def _told(visit: Visit, card: Scorecard) -> dict[str, Any]:
    writing = Writing.of(visit.merchant)
    words = FigureWords(writing=writing)
    return {
        "is_added_up": True,
        "beside": _beside(card, writing),
        "cards": pillar_cards.cards(card, words),
        "own": pillar_cards.own(card, words),
        "to_aim": pillar_cards.to_aim(),
        "to_aim_here": pillar_cards.to_aim_on_network(),
        "networks": pillar_cards.networks(card, words),
        "sources": pillar_cards.sources(card),
    }


def _card(visit: Visit) -> Scorecard | None:
    """None as long as a worker adds it up."""
    merchant, days = visit.merchant, Days(first=visit.span.first, last=visit.span.last)
    if not scorecards.is_big(merchant, days):
        return scorecards.read(merchant, days, visit.now)
    found = big_spans.find(visit) or big_spans.find_older_or_ask(visit)
    if found is None or found.figures is None:
        return None
    return scorecards.card_of(merchant, days, found.figures, visit.now)


def _beside(card: Scorecard, writing: Writing) -> list[str]:
    """Which days these are compared with, and why those: sentences."""
    year, told_before = card.year, writing.days(card.days_before.first, card.days_before.last)
    if card.funnels.last_year and not card.funnels.last_year.heard:
        beside = say(
            "They stand beside {before}; a year ago nothing was heard of the shop.",
            before=told_before,
        )
    else:
        beside = say(
            "They stand beside {before}, and beside {year} a year ago.",
            before=told_before,
            year=writing.days(year.days.first, year.days.last),
        )
    return [beside, *_holiday(year), *_not_over(card), *_not_added(card, writing)]


def _holiday(year: LastYear) -> Iterator[str]:
    holiday = sentence(NAMES[year.holiday]) if year.holiday else ""
    if year.side == "moved":
        yield say(
            "{holiday} falls in these days, so it does in those of a year ago.", holiday=holiday
        )
    elif year.side == "only_then":
        yield say(
            "A year ago {holiday} fell in those days, and this year it does not: look at the"
            " difference with that in mind.",
            holiday=holiday,
        )
    elif year.side == "only_now":
        yield say(
            "{holiday} falls in these days, and it did not in those of a year ago: look at the"
            " difference with that in mind.",
            holiday=holiday,
        )


def _not_over(card: Scorecard) -> Iterator[str]:
    before = card.funnels.before
    if before and before.heard and not before.is_whole:
        yield say("You were not yet with us on all of the days before: they do not compare.")
    if not card.is_over:
        yield say("These days are not over yet: compare when they are.")


def _not_added(card: Scorecard, writing: Writing) -> Iterator[str]:
    """Of what these days cost."""
    outlay = card.funnels.now.outlay
    if outlay and outlay.apart:
        amounts = listed(writing.money(each.amount, each.currency) for each in outlay.apart)
        yield say("Not added, for lack of an exchange rate: {amounts}.", amounts=amounts)
    if outlay and outlay.untold:
        yield say_n(
            outlay.untold,
            "A code was used once more, and the shop does not tell what it took off.",
            "Codes were used {n} times more, and the shop does not tell what they took off.",
        )
