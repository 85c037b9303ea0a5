"""How a mail writes figures, each beside its figure of before and the judgement. Pure."""

import tomllib
from pathlib import Path
from typing import Any

from sharetrail.report.held import HeldOrder
from sharetrail.report.lines import GroupLine
from sharetrail.report.report import Report
from sharetrail.words import formats
from sharetrail.words.change import Change
from sharetrail.words.writing import Writing

Words = dict[str, Any]
"""What a section's template puts in place, by name."""
PLAIN = "up from nothing"
"""What both figures say by themselves."""
SENTENCES: Words = tomllib.loads(
    Path(__file__).with_name("templates").joinpath("sentences.toml").read_text("utf-8")
)


def before_group(report: Report, line: GroupLine) -> str:
    if line.revenue_before is None:
        return ""
    return before_money(report, line.revenue_before, group_change(report, line))


def group_change(report: Report, line: GroupLine) -> Change:
    if line.revenue_before is None:
        return Change()
    orders = (line.orders, line.orders_before or 0)
    return report.change(line.revenue, line.revenue_before, orders=orders)


def before_money(report: Report, before: int, judged: Change) -> str:
    """`$2,201.00 before: too few to tell`; empty for nothing after nothing."""
    return _before(money(report, before) if before else SENTENCES["nothing"], judged)


def before_count(report: Report, now: int, before: int | None) -> str:
    shown = formats.number(before, report.language) if before else SENTENCES["nothing"]
    return _before(shown, report.change(now, before))


def _before(before: str, judged: Change) -> str:
    if not judged.text:
        return ""
    figure = SENTENCES["before"].format(before=before)
    told = judged.text.replace("too few orders", "too few")
    return figure if told == PLAIN else f"{figure}: {told}"


def beside(before: str) -> str:
    """Behind the figure of now."""
    return f" ({before})" if before else ""


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


def orders(report: Report, orders: int) -> str:
    return formats.count(orders, "order", language=report.language)
