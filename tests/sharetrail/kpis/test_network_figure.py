"""What networks' figures of single days come to."""

from datetime import UTC, date, datetime, timedelta

from sharetrail.kpis.network_figure import STANDS, NetworkFigure, NetworkSpan, spans_of

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 22)


def told(day: date, network: str = "x", **figures: int) -> NetworkFigure:
    return NetworkFigure(
        network=network, day=day, told_at=datetime(2026, 11, 30, tzinfo=UTC), **figures
    )


def span(*figures: NetworkFigure) -> NetworkSpan:
    (only,) = spans_of(figures, FIRST, LAST)
    return only


def test_the_days_of_a_span_add_up_and_followers_are_the_last() -> None:
    found = span(
        told(FIRST, posts=2, impressions=100, engagements=5, followers=900),
        told(LAST, posts=1, impressions=200, engagements=10, followers=950),
        told(FIRST - timedelta(days=1), followers=880, impressions=7_000),
        told(LAST + timedelta(days=1), followers=2, impressions=9_000),
    )
    assert (found.posts, found.impressions, found.engagements) == (3, 300, 15)
    assert (found.followers, found.followers_before) == (950, 880)
    assert found.seen == (15, 300)
    assert found.reached == (15, 2 * 900 + 1 * 950)


def test_what_was_not_told_is_not_known() -> None:
    found = span(told(FIRST, impressions=100))
    assert (found.followers, found.posts, found.engagements) == (None, None, None)
    assert found.seen == (0, 0), "of no day both are known"


def test_a_rate_is_of_days_that_tell_both() -> None:
    found = span(told(FIRST, impressions=100), told(LAST, impressions=50, engagements=5))
    assert (found.impressions, found.seen) == (150, (5, 50))


def test_followers_stand_for_a_month_and_are_not_known_behind_it() -> None:
    assert span(told(LAST - STANDS, followers=9)).followers == 9
    assert spans_of([told(LAST - STANDS - timedelta(days=1), followers=9)], FIRST, LAST) == ()


def test_who_has_no_follower_left_had_some_before() -> None:
    found = span(told(FIRST - timedelta(days=1), followers=5), told(LAST, followers=0))
    assert (found.followers, found.followers_before) == (0, 5)


def test_each_network_is_told_of_by_itself() -> None:
    found = spans_of([told(FIRST, "x", posts=1), told(FIRST, "tiktok", posts=2)], FIRST, LAST)
    assert [(each.network, each.posts) for each in found] == [("tiktok", 2), ("x", 1)]
