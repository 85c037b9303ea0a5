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
from sharetrail.words.writing import Writing

COUNTRIES = 8
_CLICKS = Key(colour="c1", words="Clicks")
_NAMED_DEVICES = {
    "phone": "Phone",
    "tablet": "Tablet",
    "desktop": "Computer",
    "other": "Something else",
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
        return "Elsewhere" if code == OTHER else formats.country(code, report.language)

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
    return _NAMED_DEVICES.get(device, device)


def buyers(report: Report) -> list[Slice]:
    """New and returning; none where nobody bought."""
    audience = report.audience
    counts = {
        "New": audience.new_buyers,
        "Returning": audience.returning_buyers,
        "Not known": audience.unknown_buyers,
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
    says = f"Most come in the hour from {{}}, {Writing.of(report).clock()}."
    return _clicks(report, counts, labels, "hours", "Clicks by hour of the day", says, "From")


def weekdays(report: Report) -> Chart | None:
    """None of less than a week, and where they were not counted."""
    counts = report.audience.weekdays
    days = [_A_MONDAY + timedelta(days=n) for n in range(len(counts))]
    labels = [formats.weekday(day, report.language) for day in days]
    says = "Most come on {}."
    return _clicks(report, counts, labels, "weekdays", "Clicks by day of the week", says, "Day")


def _clicks(
    report: Report,
    counts: Sequence[int],
    labels: Sequence[str],
    id: str,  # noqa: A002  as HTML calls it
    title: str,
    says: str,
    of: str,
) -> Chart | None:
    """By what the labels are; none of no clicks. `says` where most come."""
    if not any(counts):
        return None
    return charts.chart(
        id,
        title,
        says.format(labels[counts.index(max(counts))]),
        of=of,
        keys=(_CLICKS,),
        columns=[(label, (n,)) for label, n in zip(labels, counts, strict=True)],
        write=Writing.of(report).number,
    )
