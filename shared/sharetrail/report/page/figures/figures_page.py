"""The days' key figures, from who saw it to who comes back: beside other days, and targets."""

from sharetrail.kpis import scorecards
from sharetrail.kpis.comparison import Days
from sharetrail.kpis.holiday import NAMES
from sharetrail.kpis.scorecard import Scorecard
from sharetrail.report.page.evidence import sheet
from sharetrail.report.page.figures import pillar_cards
from sharetrail.report.page.figures.figure_words import FigureWords
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer
from sharetrail.words.speech import say, sentence
from sharetrail.words.writing import Writing


def show(visit: Visit) -> Answer:
    days = Days(first=visit.span.first, last=visit.span.last)
    try:
        card = scorecards.read(visit.merchant, days, visit.now)
    except scorecards.TooMuch:
        return sheet.render("figures", visit, say("Key figures"), at="figures", card=None)
    writing = Writing.of(visit.merchant)
    words = FigureWords(writing=writing)
    return sheet.render(
        "figures",
        visit,
        say("Key figures"),
        at="figures",
        card=card,
        beside=_beside(card, writing),
        cards=pillar_cards.cards(card, words),
        own=pillar_cards.own(card, words),
        networks=pillar_cards.networks(card, words),
        sources=pillar_cards.sources(card),
    )


def _beside(card: Scorecard, writing: Writing) -> list[str]:
    """Which days these are compared with, and why those: sentences."""
    before, year = card.days_before, card.year
    said = [
        say(
            "They stand beside {before}, and beside {year} a year ago.",
            before=writing.days(before.first, before.last),
            year=writing.days(year.days.first, year.days.last),
        )
    ]
    holiday = sentence(NAMES[year.holiday]) if year.holiday else ""
    if year.side == "moved":
        said.append(
            say(
                "{holiday} falls in these days, so it does in those of a year ago.", holiday=holiday
            )
        )
    elif year.side == "only_then":
        said.append(
            say(
                "A year ago {holiday} fell in those days, and this year it does not: look at the"
                " difference with that in mind.",
                holiday=holiday,
            )
        )
    if not card.is_over:
        said.append(say("These days are not over yet: compare when they are."))
    if card.last_year is not None and not card.last_year.heard:
        said.append(say("A year ago nothing was heard of the shop."))
    return said
