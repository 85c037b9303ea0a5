"""How a mail writes figures, each beside its figure of before and the judgement. Pure."""

import tomllib
from pathlib import Path
from typing import Any

from sharetrail.report.held import HeldOrder
from sharetrail.report.lines import GroupLine
from sharetrail.report.report import Report
from sharetrail.words import formats
from sharetrail.words.change import Change
from sharetrail.words.speech import say, sentence
from sharetrail.words.writing import Writing

Words = dict[str, Any]
"""What a section's template puts in place, by name."""
SENTENCES: Words = tomllib.loads(
    Path(__file__).with_name("templates").joinpath("sentences.toml").read_text("utf-8")
)
"""As they stand in English: to be told."""


def told(name: str, /, **gaps: Any) -> str:
    """A sentence of sentences.toml, in the language that is spoken here."""
    return say(SENTENCES[name], **gaps)


def told_of(table: str, name: str) -> str:
    """A word of one of its tables; empty where that has none."""
    return sentence(SENTENCES[table].get(name, ""))


def all_told() -> Words:
    """Those that stand by themselves, by name, with their gaps open."""
    return {name: sentence(it) for name, it in SENTENCES.items() if isinstance(it, str)}


# ── Beside before ────────────────────────────────────────────────────────────────────────────────
def before_group(report: Report, line: GroupLine) -> str:
    if line.revenue_before is None:
        return ""
    return before_money(report, line.revenue_before, group_change(report, line))


def group_change(report: Report, line: GroupLine) -> Change:
    if line.revenue_before is None:
        return Change()
    orders = (line.orders, line.orders_before or 0)
    return report.change(line.revenue, line.revenue_before, orders=orders)


def before_money(report: Report, before: int, judged: Change, *, is_judged: bool = True) -> str:
    """`$2,201.00 before: too few to tell`; empty for nothing after nothing. Where it `is_judged` by
    somebody else, the figure alone."""
    return _before(money(report, before) if before else "", judged, is_judged=is_judged)


def before_count(report: Report, now: int, before: int | None) -> str:
    shown = formats.number(before, report.language) if before else ""
    return _before(shown, report.change(now, before), is_judged=True)


def _before(before: str, judged: Change, *, is_judged: bool) -> str:
    if not judged.text:
        return ""
    if judged.is_from_nothing or not is_judged:  # which both figures say by themselves
        return told("before", amount=before) if before else told("nothing_before")
    if before:
        return told("before_judged", amount=before, change=judged.brief)
    return told("nothing_before_judged", change=judged.brief)


def beside(figure: str, before: str) -> str:
    """`$90.00 ($80.00 before: too few to tell)`."""
    return told("beside", figure=figure, earlier=before) if before else figure


def money(report: Report, minor: int, currency: str = "") -> str:
    """Minor units of the report's currency, or of another."""
    return Writing.of(report).money(minor, currency)


def estimate(report: Report, minor: int) -> str:
    return Writing.of(report).estimate(minor)


# ── What is held ─────────────────────────────────────────────────────────────────────────────────
def asked(report: Report) -> list[HeldOrder]:
    """The held orders that stand among the tasks, each once, by its largest part."""
    about = {task.about for task in report.tasks}
    largest_last = [each for each in reversed(report.held_orders) if each.waits_for_a_word]
    return [*{each.ref: each for each in largest_last if each.ref in about}.values()]
