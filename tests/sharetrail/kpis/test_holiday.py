"""When holidays that move are, and where they are kept."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil import easter as oracle

from sharetrail.kpis import holiday
from sharetrail.kpis.holiday import NAMES, of_years


def days_of(name: str, country: str, first: int = 2023, last: int = 2035) -> list[date]:
    return [each.day for each in of_years(first, last, country) if each.holiday == name]


@pytest.mark.parametrize("year", range(1900, 2100))
def test_easter_is_what_another_program_says(year: int) -> None:
    assert holiday.easter(year) == oracle.easter(year, oracle.EASTER_WESTERN)
    assert holiday.orthodox_easter(year) == oracle.easter(year, oracle.EASTER_ORTHODOX)


def test_thanksgiving_and_what_follows_it() -> None:
    assert days_of("thanksgiving", "US", 2023, 2026) == [
        date(2023, 11, 23),
        date(2024, 11, 28),
        date(2025, 11, 27),
        date(2026, 11, 26),
    ]
    assert days_of("thanksgiving", "CA", 2025, 2026) == [date(2025, 10, 13), date(2026, 10, 12)]
    for country in ("US", "DE", ""):
        assert days_of("black_friday", country, 2026, 2026) == [date(2026, 11, 27)]
        assert days_of("cyber_monday", country, 2026, 2026) == [date(2026, 11, 30)]
    assert days_of("thanksgiving", "DE") == []


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("US", date(2026, 5, 10)),
        ("DE", date(2026, 5, 10)),
        ("", date(2026, 5, 10)),
        ("GB", date(2026, 3, 15)),
        ("ES", date(2026, 5, 3)),
        ("FR", date(2026, 5, 31)),
        ("SE", date(2026, 5, 31)),
    ],
)
def test_mothers_day_is_another_in_other_countries(country: str, day: date) -> None:
    assert days_of("mothers_day", country, 2026, 2026) == [day]


def test_the_french_one_gives_way_to_pentecost() -> None:
    assert days_of("mothers_day", "FR", 2012, 2012) == [date(2012, 6, 3)]
    assert days_of("mothers_day", "SE", 2012, 2012) == [date(2012, 5, 27)]


def test_where_it_stands_on_one_date_it_moves_nothing() -> None:
    assert days_of("mothers_day", "PL") == []


def test_easter_is_the_churchs_of_the_country() -> None:
    assert days_of("easter", "DE", 2026, 2026) == [date(2026, 4, 5)]
    assert days_of("orthodox_easter", "GR", 2026, 2026) == [date(2026, 4, 12)]
    assert days_of("easter", "GR") == []
    assert days_of("easter", "JP") == days_of("orthodox_easter", "JP") == []


LUNAR = [
    ("lunar_new_year", "CN", (354, 385)),
    ("hanukkah", "IL", (350, 385)),
    ("diwali", "IN", (350, 385)),
    ("ramadan", "SA", (353, 356)),
    ("eid_al_fitr", "SA", (353, 356)),
    ("eid_al_adha", "SA", (353, 356)),
]


@pytest.mark.parametrize(("name", "country", "year"), LUNAR)
def test_what_follows_the_moon_is_a_lunar_year_apart(
    name: str, country: str, year: tuple[int, int]
) -> None:
    days = days_of(name, country)
    assert days == sorted(days)
    assert (days[0].year, days[-1].year) == (2023, 2035)
    apart = [(later - earlier).days for earlier, later in pairwise(days)]
    assert all(year[0] <= each <= year[1] for each in apart), apart


def test_a_month_of_fasting_ends_with_its_feast() -> None:
    starts, ends = days_of("ramadan", "SA"), days_of("eid_al_fitr", "SA")
    assert all(
        end - start in (timedelta(29), timedelta(30))
        for start, end in zip(starts, ends, strict=True)
    )


def test_every_holiday_is_kept_somewhere_and_has_a_name() -> None:
    countries = ("US", "GR", "CN", "SA", "IL", "IN", "DE")
    found = {each.holiday for country in countries for each in of_years(2026, 2026, country)}
    assert found == {*NAMES}
