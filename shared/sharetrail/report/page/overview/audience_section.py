"""Who comes by shared links, as the overview shows it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sharetrail.money import share_out
from sharetrail.report.page import charts
from sharetrail.report.page.charts import Chart, Key
from sharetrail.report.report import Report
from sharetrail.totals.tally import OTHER, Counts
from sharetrail.words import formats
from sharetrail.words.speech import mark, say
from sharetrail.words.writing import Writing

COUNTRIES = 8
_NAMED_DEVICES = {
    "phone": mark("Phone"),
    "tablet": mark("Tablet"),
    "desktop": mark("Computer"),
    # For translators: a device that is no phone, tablet or computer.
    "other": mark("Something else"),
}
_A_MONDAY = date(2026, 11, 2)


@dataclass(frozen=True, kw_only=True)
class Slice:
    name: str
    count: int
    share: str
    width: int


def countries(report: Report) -> list[Slice]:
    def named(code: str) -> str:
        # For translators: all other countries.
        return say("Elsewhere") if code == OTHER else formats.country(code, report.language)

    counts = report.audience.countries
    most = sorted(counts, key=lambda code: (code == OTHER, -counts[code], code))
    if len(most) > COUNTRIES:
        kept = most[: COUNTRIES - 1]
        rest = sum(counts.values()) - sum(counts[code] for code in kept)
        counts = {**{code: counts[code] for code in kept if code != OTHER}, OTHER: rest}
    return _slices({named(code): n for code, n in counts.items()}, report)


def devices(report: Report) -> list[Slice]:
    counts = report.audience.devices
    return _slices({device_name(each): n for each, n in counts.items()}, report)


def device_name(device: str) -> str:
    return say(_NAMED_DEVICES.get(device, device))


def buyers(report: Report) -> list[Slice]:
    """New and returning; none where nobody bought."""
    audience = report.audience
    counts = {
        # For translators: new buyers.
        say("New"): audience.new_buyers,
        # For translators: returning buyers.
        say("Returning"): audience.returning_buyers,
        # For translators: buyers of whom it is not known whether they are new.
        say("Not known"): audience.unknown_buyers,
    }
    return _slices(counts, report)


def _slices(counts: Counts, report: Report) -> list[Slice]:
    """Largest first, whose shares add up to 100; none of nothing."""
    order = sorted((each for each in counts if counts[each]), key=lambda each: -counts[each])
    if not order:
        return []
    sizes, writing = [counts[each] for each in order], Writing.of(report)
    shares = share_out(100, sizes)
    return [
        Slice(
            name=each,
            count=counts[each],
            share=writing.share(percent, counts[each], sum(sizes)),
            width=charts.part_of(counts[each], sum(sizes)),
        )
        for each, percent in zip(order, shares, strict=True)
    ]


def hours(report: Report) -> Chart | None:
    """None where hours were not counted."""
    counts = report.audience.hours
    labels = [formats.hour(hour, report.language) for hour in range(len(counts))]
    if not any(counts):
        return None
    # For translators: {clock} is "New York time".
    says = say(
        "Most come in the hour from {hour}, {clock}.",
        hour=_most(labels, counts),
        clock=Writing.of(report).clock(),
    )
    title = say("Clicks by hour of the day")
    return _clicks(report, counts, labels, "hours", title, says, say("Hour"))


def weekdays(report: Report) -> Chart | None:
    """None of less than a week, and where they were not counted."""
    counts = report.audience.weekdays
    days = [_A_MONDAY + timedelta(days=n) for n in range(len(counts))]
    labels = [formats.weekday(day, report.language) for day in days]
    if not any(counts):
        return None
    # For translators: {day} is a weekday in short: "Mon".
    says = say("Most come on {day}.", day=_most(labels, counts))
    title = say("Clicks by day of the week")
    return _clicks(report, counts, labels, "weekdays", title, says, say("Day"))


def _most(labels: Sequence[str], counts: Sequence[int]) -> str:
    """Where most come."""
    return labels[counts.index(max(counts))]


def _clicks(
    report: Report,
    counts: Sequence[int],
    labels: Sequence[str],
    id: str,  # noqa: A002  as HTML calls it
    title: str,
    says: str,
    of: str,
) -> Chart:
    """By what the labels are."""
    return charts.chart(
        id,
        title,
        says,
        of=of,
        keys=(Key(colour="c1", words=say("Clicks")),),
        columns=[(label, (n,)) for label, n in zip(labels, counts, strict=True)],
        write=Writing.of(report).number,
    )
