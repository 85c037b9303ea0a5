"""Which days a span is compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.kpis import comparison
from sharetrail.kpis.comparison import Days, LastYear, year_before
from sharetrail.kpis.holiday import FEASTS, of_years


def span(first: str, last: str) -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last))


def last_year(first: str, last: str, country: str = "US") -> LastYear:
    these = span(first, last)
    return comparison.last_year(these, of_years(these.first.year - 2, these.last.year, country))


spans = st.builds(
    lambda first, length: Days(first=first, last=first + timedelta(days=length)),
    st.dates(date(2022, 1, 1), date(2035, 12, 1)),
    st.integers(0, 200),
)


def test_a_week_is_compared_with_the_week_before_and_its_like_of_last_year() -> None:
    week = span("2026-11-16", "2026-11-22")
    assert comparison.before(week) == span("2026-11-09", "2026-11-15")
    assert year_before(week) == span("2025-11-17", "2025-11-23")
    assert year_before(week).first.isocalendar()[1] == week.first.isocalendar()[1] == 47


def test_a_week_53_that_last_year_has_not_is_compared_with_52_weeks_earlier() -> None:
    assert year_before(span("2026-12-28", "2027-01-03")) == span("2025-12-29", "2026-01-04")


def test_whole_months_are_compared_with_whole_months() -> None:
    assert comparison.before(span("2026-03-01", "2026-03-31")) == span("2026-02-01", "2026-02-28")
    assert year_before(span("2025-02-01", "2025-02-28")) == span("2024-02-01", "2024-02-29")
    assert comparison.before(span("2026-01-01", "2026-03-31")) == span("2025-10-01", "2025-12-31")
    assert comparison.before(span("2026-01-01", "2026-12-31")) == span("2025-01-01", "2025-12-31")


@given(spans)
def test_days_before_end_where_these_begin(these: Days) -> None:
    before = comparison.before(these)
    assert before.last + timedelta(days=1) == these.first
    if these.months:
        assert before.months == these.months
    else:  # 31 days from the first of February on are as many as January's
        assert before.length == these.length


@given(spans, st.sampled_from(["US", "DE", "GR", "SA", "IN", ""]))
def test_a_year_ago_is_of_as_many_days_or_months_and_about_a_year_ago(
    these: Days, country: str
) -> None:
    found = comparison.last_year(these, of_years(these.first.year - 2, these.last.year, country))
    assert not these.months or found.days.months == these.months
    assert these.months or found.days.length == these.length
    apart = (these.first - found.days.first).days
    assert 315 <= apart <= 425
    if not these.months and not found.side and these.length >= 7:
        assert found.days.first.weekday() == these.first.weekday()


@given(spans, st.sampled_from(["US", "DE", "GR", "SA", "IN", ""]))
def test_days_with_a_holiday_are_compared_with_days_that_have_it(these: Days, country: str) -> None:
    known = of_years(these.first.year - 2, these.last.year, country)
    found = comparison.last_year(these, known)
    if found.side == "moved":
        for days in (these, found.days):
            assert any(each.holiday == found.holiday and days.has(each.day) for each in known)
        both = names(these, known) & names(year_before(these), known)
        assert both <= names(found.days, known)
    if found.side == "only_then":
        assert not any(each.holiday == found.holiday and these.has(each.day) for each in known)


def names(days: Days, known) -> set[str]:
    return {each.holiday for each in known if days.has(each.day)}


@given(st.dates(date(2023, 1, 2), date(2035, 12, 1)))
def test_what_stands_on_a_date_a_year_ago_stood_in_those_days_too(first: date) -> None:
    for length in (1, 3, 7, 10):
        these = Days(first=first, last=first + timedelta(days=length - 1))
        then = year_before(these)
        for feast in FEASTS[:1]:
            if feast.days(these.first, these.last):
                assert feast.days(then.first, then.last), these


def test_weeks_after_a_year_of_53_are_each_compared_with_another_week() -> None:
    assert year_before(span("2027-12-20", "2027-12-26")) == span("2026-12-21", "2026-12-27")
    assert year_before(span("2026-12-28", "2027-01-03")) == span("2025-12-29", "2026-01-04")
    assert year_before(span("2027-01-04", "2027-01-10")) == span("2026-01-05", "2026-01-11")
    assert year_before(span("2028-12-25", "2028-12-31")) == span("2027-12-20", "2027-12-26")
    assert year_before(span("2027-12-25", "2027-12-25")) == span("2026-12-25", "2026-12-25")


@pytest.mark.parametrize("country", ["US", "DE"])
def test_a_holiday_at_the_edge_moves_no_month_away_from_what_else_it_has(country: str) -> None:
    november = last_year("2026-11-01", "2026-11-30", country)
    assert november.days == span("2025-11-01", "2025-11-30")
    assert (november.holiday, november.side) == ("cyber_monday", "only_now")
    december = last_year("2024-12-01", "2024-12-31", country)
    assert december.days == span("2023-12-01", "2023-12-31")
    autumn = last_year("2026-09-01", "2026-11-30", country)
    assert autumn.days == span("2025-09-01", "2025-11-30")
    spring = last_year("2027-01-01", "2027-03-31", country)
    assert (spring.days, spring.side) == (span("2026-01-01", "2026-03-31"), "only_now")


@pytest.mark.parametrize("country", ["US", "IL"])
def test_a_lesser_holiday_takes_neither_a_greater_one_nor_christmas_away(country: str) -> None:
    cyber = last_year("2026-11-30", "2026-12-06", country)
    assert cyber.days == span("2025-12-01", "2025-12-07")
    christmas = last_year("2027-12-20", "2027-12-26", country)
    assert christmas.days == span("2026-12-21", "2026-12-27")
    assert last_year("2027-12-25", "2027-12-25", country).days == span("2026-12-25", "2026-12-25")


def test_the_month_of_the_lunar_new_year_is_compared_with_the_one_that_had_it() -> None:
    found = last_year("2026-02-01", "2026-02-28", "CN")
    assert (found.days, found.side) == (span("2025-01-01", "2025-01-31"), "moved")


def test_easter_week_is_compared_with_easter_week() -> None:
    found = last_year("2026-03-30", "2026-04-05")
    assert found == LastYear(days=span("2025-04-14", "2025-04-20"), holiday="easter", side="moved")
    assert found.days.first.weekday() == 0


def test_the_week_that_had_easter_last_year_says_so() -> None:
    found = last_year("2026-04-13", "2026-04-19")
    assert (found.holiday, found.side) == ("easter", "only_then")
    assert found.days == span("2025-04-14", "2025-04-20")


def test_a_month_with_easter_is_compared_with_the_month_that_had_it() -> None:
    assert last_year("2027-03-01", "2027-03-31", "DE") == LastYear(
        days=span("2026-04-01", "2026-04-30"), holiday="easter", side="moved"
    )


def test_thanksgiving_moves_a_week_where_the_calendar_does() -> None:
    """In 2023 it was in week 47, in 2024 in week 48."""
    found = last_year("2024-11-25", "2024-12-01")
    assert (found.days, found.side) == (span("2023-11-20", "2023-11-26"), "moved")
    assert found.holiday == "black_friday"


def test_where_nothing_moved_nothing_is_named() -> None:
    assert last_year("2026-11-23", "2026-11-29") == LastYear(days=span("2025-11-24", "2025-11-30"))
    assert last_year("2026-07-06", "2026-07-12").holiday == ""


def test_a_holiday_that_is_not_kept_there_moves_nothing() -> None:
    assert last_year("2026-03-16", "2026-03-22", "SA").holiday == "eid_al_fitr"
    assert last_year("2026-03-16", "2026-03-22", "US").holiday == ""
