"""How amounts, days and changes are written."""

import re
from datetime import UTC, date, datetime

import pytest
from babel.localedata import locale_identifiers

from sharetrail.money import Amount
from sharetrail.words import formats, shares
from sharetrail.words.change import change

MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)


def plain(text: str) -> str:
    """Without CLDR's no-break and thin spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")


# ── Money ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (124_050, "USD", "en_US", "$1,240.50"),
        (123_456_789, "EUR", "de_DE", "1.234.567,89 €"),
        (123_456_789, "EUR", "fr_FR", "1 234 567,89 €"),
        (124_050, "BRL", "pt-BR", "R$ 1.240,50"),
        (1_240, "JPY", "ja", "￥1,240"),
        (1_240, "KWD", "en_US", "KWD 1.240"),
        (-5, "USD", "en_US", "-$0.05"),
    ],
)
def test_an_amount_is_written_to_the_cent_as_the_language_has_it(
    minor: int, currency: str, language: str, written: str
) -> None:
    assert plain(formats.money(Amount(minor, currency), language)) == written


def test_decimals_are_iso_4217s_even_where_cldr_writes_fewer() -> None:
    assert plain(formats.money(Amount(1_234, "IQD"), "en_US")) == "IQD 1.234"


def test_an_amount_never_breaks_over_two_lines() -> None:
    assert " " not in formats.money(Amount(123_456_789, "EUR"), "de_DE")


@pytest.mark.parametrize(
    ("minor", "written"),
    [(32_012, "$320"), (1_000, "$10"), (999, "$9.99"), (420, "$4.20"), (0, "$0")],
)
def test_an_estimate_shows_cents_only_under_ten_units(minor: int, written: str) -> None:
    assert formats.estimate(Amount(minor, "USD"), "en_US") == written


@pytest.mark.parametrize("language", ["", "xx_YY", "../../etc/passwd", "en_US.UTF-8", "klingon"])
def test_an_unknown_language_is_written_as_american_english(language: str) -> None:
    assert formats.money(Amount(124_050, "USD"), language) == "$1,240.50"
    assert formats.tag(language) == "en-US"


@pytest.mark.parametrize(
    ("language", "tag", "english"),
    [("de_DE", "de-DE", "en-DE"), ("de", "de", "en"), ("pt-BR", "pt-BR", "en-BR")],
)
def test_the_words_are_english_of_the_merchants_region(
    language: str, tag: str, english: str
) -> None:
    assert (formats.tag(language), formats.english_tag(language)) == (tag, english)


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (24, 100, "24%"),
        (0, 100, "0%"),
        (100, 100, "100%"),
        (1, 1_000, "under 1%"),
        (999, 1_000, "over 99%"),
        (250, 100, "250%"),
        (3, 0, ""),
    ],
)
def test_a_percentage_is_never_rounded_to_none_or_all(part: int, whole: int, written: str) -> None:
    assert shares.percent(part, whole, "en_US") == written


# ── Days ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("first", "last", "language", "written"),
    [
        (MONDAY, SUNDAY, "en_GB", "16–22 November 2026"),
        (MONDAY, SUNDAY, "en_US", "November 16 – 22, 2026"),
        (MONDAY, SUNDAY, "de_DE", "16.–22. November 2026"),
        (MONDAY, SUNDAY, "ja", "2026年11月16日～22日"),
        (date(2026, 11, 2), date(2026, 11, 8), "it_IT", "2–8 novembre 2026"),
        (date(2026, 10, 26), date(2026, 11, 1), "it_IT", "26 ottobre – 1 novembre 2026"),
        (MONDAY, SUNDAY, "es_ES", "16–22 de noviembre de 2026"),
        (MONDAY, SUNDAY, "pt_BR", "16 – 22 de novembro de 2026"),
        (date(2026, 10, 26), date(2026, 11, 1), "he_IL", "26 באוקטובר – 1 בנובמבר 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "en_GB", "30 November – 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "en_GB", "28 December 2026 – 3 January 2027"),
    ],
)
def test_a_week_names_month_and_year_once_where_it_can(
    first: date, last: date, language: str, written: str
) -> None:
    assert plain(formats.days(first, last, language)) == written


def test_whatever_language_cldr_knows_can_write_a_week_and_an_amount() -> None:
    for language in sorted(locale_identifiers())[::9]:  # each takes its time to load
        assert "2026" in formats.days(date(2026, 11, 30), date(2026, 12, 6), language)
        assert re.sub(r"\D", "", formats.money(Amount(123_456, "USD"), language)) == "123456"


def test_an_instant_is_the_merchants_own_clock() -> None:
    at = datetime(2026, 11, 23, 4, 48, tzinfo=UTC)
    assert plain(formats.instant(at, "America/New_York", "en_US")) == "Nov 22, 2026, 11:48 PM"
    assert formats.instant(at, "Europe/Berlin", "de_DE") == "23.11.2026, 05:48"


def test_date_and_time_stand_beside_each_other_as_the_language_has_them() -> None:
    at = datetime(2026, 11, 23, 4, 48, tzinfo=UTC)
    assert formats.instant(at, "Asia/Tokyo", "ja_JP") == "2026/11/23 13:48"
    assert formats.instant(at, "Asia/Shanghai", "zh_CN") == "2026年11月23日 12:48"
    assert "، " in formats.instant(at, "Africa/Cairo", "ar_EG")


def test_a_day_of_the_week_stands_where_the_language_has_it() -> None:
    assert formats.day_of_week(MONDAY, "en_US") == "Mon, Nov 16"
    assert formats.day_of_week(MONDAY, "ja_JP") == "11月16日(月)"


# ── Changes ──────────────────────────────────────────────────────────────────────────────────────
def test_from_one_to_two_is_too_few_to_tell() -> None:
    judged = change(2, 1, "en_US")
    assert (judged.text, judged.way, judged.is_few) == ("too few to tell", "", True)


def test_a_first_week_compares_with_nothing() -> None:
    assert change(500, None, "en_US").text == ""


def test_none_in_both_weeks_is_not_worth_a_word() -> None:
    assert change(0, 0, "en_US").text == ""


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (120, 100, "no clear change"),  # 20 apart, noise 1.96·√220 = 29
        (131, 100, "up 31%"),  # 31 apart, noise 29.8
        (100, 131, "down 24%"),
        (69, 100, "down 31%"),
        (10, 0, "too few to tell"),  # chance does it twice in a thousand
        (11, 0, "up from nothing"),  # and this once
        (0, 11, "down"),
        (3, 15, "too few to tell"),
        (17, 1, "up"),
        (20, 0, "up from nothing"),
        (0, 40, "down 100%"),
        (340, 100, "up 3.4-fold"),
        (300, 100, "up 3-fold"),
    ],
)
def test_a_count_has_changed_only_beyond_poisson_noise(now: int, before: int, said: str) -> None:
    assert change(now, before, "en_US").text == said


def test_a_slight_change_of_a_huge_count_is_not_worth_a_word() -> None:
    assert change(104_000, 100_000, "en_US").text == "no clear change"
    assert change(106_000, 100_000, "en_US").text == "up 6%"


def test_revenue_is_judged_by_its_orders_not_by_its_cents() -> None:
    doubled = (400_000, 200_000, "en_US")
    assert change(*doubled, orders=(4, 2)).text == "too few orders to tell"
    assert change(*doubled, orders=(20, 20)).text == "no clear change"
    assert change(*doubled, orders=(100, 100))[:2] == ("up 100%", "up")


def test_few_orders_tell_of_revenue_only_where_both_moved_the_same_way() -> None:
    assert change(150_000, 0, "en_US", orders=(15, 0))[:2] == ("up from nothing", "up")
    assert change(9_000, 50_000, "en_US", orders=(17, 1)).text == "too few orders to tell"
    assert change(90_000, 80_000, "en_US", orders=(6, 5)).text == "too few orders to tell"


def test_revenue_below_zero_after_refunds_is_no_percentage() -> None:
    assert change(50_000, -1_000, "en_US", orders=(60, 30)).text == "up from nothing"
    assert change(-1_000, 50_000, "en_US", orders=(30, 60)).way == "down"


def test_two_weeks_of_the_same_shop_rarely_differ() -> None:
    """Over every pair of counts that a rate of 50 a week makes likely, one in twenty is named."""
    from math import exp, factorial

    chance = [exp(-50) * 50**n / factorial(n) for n in range(120)]
    named = sum(
        chance[a] * chance[b] for a in range(120) for b in range(120) if change(a, b, "en_US").way
    )
    assert 0.03 < named < 0.06


def test_a_latin_sign_keeps_its_order_within_what_is_written_from_right_to_left() -> None:
    assert "US$\u200e" in formats.money(Amount(124_050, "USD"), "ar_EG")
    assert "\u200e" not in formats.money(Amount(124_050, "CAD"), "fr_FR")
