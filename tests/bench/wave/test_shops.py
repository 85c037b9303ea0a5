"""Shops as the model draws them."""

from math import exp
from zoneinfo import available_timezones

import pytest

from bench.wave import diary, shops, zones


def test_the_zones_are_all_of_the_world() -> None:
    shares = zones.shares()
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) > 0
    assert shares.keys() <= available_timezones()


def test_one_shop_of_twenty_has_a_click_in_an_hour() -> None:
    drawn = shops.draw(10_000)
    active = sum(1 - exp(-shop.rate) for shop in drawn) / len(drawn)
    assert active == pytest.approx(shops.ACTIVE, rel=0.1)


def test_few_shops_have_most_of_the_clicks() -> None:
    rates = sorted((shop.rate for shop in shops.draw(10_000)), reverse=True)
    assert sum(rates[:100]) > 0.8 * sum(rates)
    assert rates[0] > 9 * rates[1]


def test_a_diary_has_as_many_clicks_as_its_shops_rates_say() -> None:
    drawn = shops.draw(1_000)
    story = diary.at_random(drawn)
    expected = sum(shop.rate for shop in drawn) * diary.HOURS
    assert len(story.visits) == pytest.approx(expected, rel=0.1)
    assert story.by_hour.total() == story.by_day.total() == len(story.visits)


def test_a_diary_is_the_same_whenever_it_is_drawn() -> None:
    assert diary.at_random(shops.draw(100)).visits == diary.at_random(shops.draw(100)).visits
