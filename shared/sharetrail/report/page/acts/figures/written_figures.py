"""A network's figures as a merchant writes them: field by field, or as a table that was copied from
a spreadsheet or a CSV file. Pure.

A table's first line names its columns, in any order; they are parted by commas, semicolons or tabs.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date

from babel.numbers import NumberFormatError, parse_decimal

from sharetrail.kpis.network_figure import FIGURES, NetworkFigure
from sharetrail.problems import Malformed
from sharetrail.report.page.acts.figures import told_line
from sharetrail.report.page.acts.figures.told_line import MOST, MOST_OF_ONE
from sharetrail.sharing.networks import NETWORKS
from sharetrail.words import formats, names
from sharetrail.words.speech import say

COLUMNS = ("network", "day", *FIGURES)
_PARTED_BY = ("\t", ";", ",")
_SPACES = str.maketrans("", "", " \u00a0\u202f")
_LONGEST = 20


def of_form(fields: Mapping[str, str], today: date, language: str) -> list[NetworkFigure]:
    return [_figure(fields, today, language)]


def of_table(text: str, today: date, language: str) -> list[NetworkFigure]:
    """Malformed, with the line at fault, where it is no such table."""
    told: dict[told_line.Place, NetworkFigure] = {}
    for number, row in _rows(text):
        try:
            figure = _figure(row, today, language)
            if told_line.place_of(figure) in told:
                raise Malformed(say("This network and day stand above already."))
        except Malformed as wrong:
            raise Malformed(
                # For translators: of a table of figures; {fault} is a whole sentence.
                say("Line {line}: {fault}", line=number, fault=wrong.detail)
            ) from wrong
        told[told_line.place_of(figure)] = figure
    if not told:
        raise _no_table()
    if len(told) > MOST:
        raise Malformed(say("At most {most} lines at once.", most=MOST))
    return [*told.values()]


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """With the number of its line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head, *_ = lines
    by = next((sign for sign in _PARTED_BY if sign in head), ",")
    columns = [name.strip().casefold() for name in head.split(by)]
    if not {"network", "day"} <= {*columns} <= {*COLUMNS}:
        raise _no_table()
    for number, cells in enumerate(csv.reader(lines[1:], delimiter=by), start=2):
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(columns, cells, strict=False))


def _no_table() -> Malformed:
    return Malformed(
        say("The first line names the columns: {columns}.", columns=", ".join(COLUMNS))
    )


def _figure(fields: Mapping[str, str], today: date, language: str) -> NetworkFigure:
    counts = {name: _count(fields.get(name, ""), language) for name in FIGURES}
    figure = told_line.a_figure(
        _network(fields.get("network", "")), _day(fields.get("day", ""), today), counts
    )
    if all(count is None for count in counts.values()):
        raise Malformed(say("No figure is written there."))
    return figure


def _network(text: str) -> str:
    """By its id or name."""
    asked = text.strip().casefold()
    for network, known in NETWORKS.items():
        if asked in (network, known.name.casefold()):
            return network
    raise Malformed(say("There is no network {name}.", name=_quoted(text)))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Malformed(say("Enter the days as 2026-11-01.")) from error
    if day > today:
        raise Malformed(say("This day has not begun yet."))
    return day


def _count(text: str, language: str) -> int | None:
    """As the merchant's language writes it, with or without thousands parted."""
    plain = text.translate(_SPACES)
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST:
        count = int(plain)
    else:
        count = _parted(plain, text, language)
    if not 0 <= count < MOST_OF_ONE:
        raise _no_count(text)
    return count


def _parted(plain: str, text: str, language: str) -> int:
    try:
        number = parse_decimal(plain, locale=formats.locale_of(language), strict=True)
    except NumberFormatError as error:
        raise _no_count(text) from error
    if not number.is_finite() or number % 1 or abs(number) > MOST_OF_ONE:
        raise _no_count(text)
    return int(number)


def _no_count(text: str) -> Malformed:
    return Malformed(say("{entry} is no whole number.", entry=_quoted(text)))


def _quoted(text: str) -> str:
    return f"“{names.name(text.strip()[:_LONGEST])}”"
