"""One of all the things to do, of which tasks.py chooses three, and how they are written. Pure."""

from dataclasses import dataclass
from datetime import date

from sharetrail.report.report import Report
from sharetrail.report.task import Task
from sharetrail.words.writing import Writing


@dataclass(frozen=True)
class Errand:
    task: Task
    subjects: frozenset[str]
    """What and whom it is about: of a held order the order itself, and whoever's credit is held."""
    is_broken: bool = False
    """At the shop's own end."""

    @property
    def key(self) -> tuple[str, str]:
        return self.task.kind, self.task.about


def money(report: Report, minor: int) -> str:
    return Writing.of(report).money(minor)


def day(report: Report, at: date) -> str:
    return Writing.of(report).day(at)


def half_an_order(report: Report) -> float:
    """Half of what an influenced order usually comes to, in minor units: for less nobody need be
    bothered. Where none came, of the span before."""
    usual = report.earned.usual or (report.before.usual if report.before else 0)
    return usual / 2
