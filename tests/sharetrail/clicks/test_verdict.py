"""What a click is: a person's, a bot's, a preview's, or the same person's once more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.aws.items import decode, dump, encode, load
from sharetrail.clicks.click import Click, click_item, read_click
from sharetrail.clicks.verdict import LOOK_BACK, judge_agent, judge_clicks, without_floods
from sharetrail.clicks.visitor import Visitor, new_click
from tests.shops import BROWSER, PHONE

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_click(
    seconds: float = 0,
    visitor: str | None = "00aa",
    code: str = "c",
    *,
    agent: str = PHONE,
    mute: bool = False,
    maker: str | None = None,
) -> Click:
    who = Visitor(hash=visitor, agent=agent, referrer="", country=None, mute=mute)
    return new_click("m", code, who, AT + timedelta(seconds=seconds), maker)


def kinds(*followed: Click) -> list[str]:
    return [verdict.kind for _, verdict in judge_clicks(followed)]


@pytest.mark.parametrize("agent", [BROWSER, PHONE, PHONE + " [Pinterest/iOS]"])
def test_a_persons_browser_is_human(agent: str) -> None:
    assert judge_agent(agent).kind == "human"


@pytest.mark.parametrize(
    "agent",
    [
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
        "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    ],
)
def test_a_program_that_draws_a_links_card_is_a_preview(agent: str) -> None:
    assert judge_agent(agent).kind == "preview"


@pytest.mark.parametrize("agent", ["", "curl/8.9.1", "python-requests/2.32", "Googlebot/2.1"])
def test_a_program_that_says_so_is_a_bot_with_the_reason(agent: str) -> None:
    verdict = judge_agent(agent)
    assert verdict.kind == "bot"
    assert verdict.reason


def test_the_same_visitor_on_the_same_link_within_thirty_seconds_is_a_repeat() -> None:
    assert kinds(a_click(), a_click(30), a_click(60.001)) == ["human", "repeat", "human"]


def test_a_repeat_extends_the_thirty_seconds() -> None:
    assert kinds(*map(a_click, (0, 25, 50, 75))) == ["human", "repeat", "repeat", "repeat"]


def test_the_sharers_own_click_is_told_apart_also_the_second_time() -> None:
    assert kinds(a_click(maker="00aa"), a_click(5, maker="00aa"), a_click(6, "00bb")) == [
        "self",
        "self",
        "human",
    ]


def test_without_a_hash_nobody_is_the_sharer() -> None:
    assert kinds(a_click(visitor=None, maker=None)) == ["human"]


def test_a_browser_that_names_no_language_is_suspicious() -> None:
    assert kinds(a_click(mute=True), a_click(1, mute=True)) == ["suspicious", "suspicious"]


def test_a_bot_that_names_itself_is_a_bot_whatever_else_it_is() -> None:
    assert kinds(a_click(agent="curl/8.9.1", mute=True, maker="00aa")) == ["bot"]


def test_whoever_walks_through_a_shops_links_is_suspicious_from_the_eleventh_on() -> None:
    walk = [a_click(n, code=f"link{n}") for n in range(12)]
    assert kinds(*walk) == ["human"] * 10 + ["suspicious"] * 2


def test_a_persons_many_links_over_time_are_no_walk() -> None:
    assert set(kinds(*[a_click(4 * n, code=f"link{n}") for n in range(30)])) == {"human"}


def test_many_people_on_many_links_are_no_walk() -> None:
    crowd = [a_click(n / 10, f"{n:04x}", f"link{n}") for n in range(60)]
    assert set(kinds(*crowd)) == {"human"}


def test_going_to_and_fro_between_two_links_is_no_walk() -> None:
    told = kinds(*[a_click(n, code=f"link{n % 2}") for n in range(40)])
    assert set(told) == {"human", "repeat"}


def hourly(clicks_an_hour: int, *, from_second: int = 0) -> list[Click]:
    """One visitor's clicks on one link, each valid by itself."""
    step = 3_600 // clicks_an_hour
    return [a_click(from_second + step * n) for n in range(clicks_an_hour)]


def closed(*followed: Click) -> list[str]:
    return [verdict.kind for _, verdict in without_floods(judge_clicks(followed))]


def test_of_a_visitors_flood_on_a_link_an_hour_counts_one() -> None:
    assert closed(*hourly(20)) == ["human"] * 20
    assert closed(*hourly(21)) == ["human"] + ["suspicious"] * 20
    two_hours = [*hourly(21), *hourly(20, from_second=3_600)]
    assert closed(*two_hours) == ["human"] + ["suspicious"] * 20 + ["human"] * 20


def test_raw_clicks_make_a_flood_and_others_links_do_not() -> None:
    repeats = [a_click(n) for n in range(20)]
    assert closed(*repeats, a_click(600)) == ["human"] + ["repeat"] * 19 + ["suspicious"]
    beside = [a_click(100 + 40 * n, code="d") for n in range(9)]
    assert "suspicious" not in closed(*sorted([*hourly(15), *beside], key=lambda c: c.at))


def test_whoever_cannot_be_recognised_makes_no_flood() -> None:
    assert set(closed(*[a_click(n, visitor=None) for n in range(50)])) == {"human"}


@pytest.mark.parametrize("seen", [a_click(mute=True), a_click(maker="00aa"), a_click()])
def test_the_stored_fact_is_judged_as_the_click_was(seen: Click) -> None:
    stored = read_click(decode(encode(click_item(seen))))
    assert kinds(stored) == kinds(seen)
    assert load(Click, dump(seen)) == seen, "the queue of clicks that could not be saved"


followed = st.lists(
    st.builds(
        a_click,
        st.integers(0, 120),
        st.sampled_from(["00aa", "00bb", None]),
        st.sampled_from([f"link{n}" for n in range(14)]),
        maker=st.sampled_from([None, None, "00bb"]),
        mute=st.sampled_from([False, False, False, True]),
    ),
    max_size=80,
)


@given(followed, st.integers(0, 120))
def test_a_slot_judges_as_its_whole_day_does(clicks_of_a_day: list[Click], start: int) -> None:
    day = sorted(clicks_of_a_day, key=lambda click: click.id)
    begins = AT + timedelta(seconds=start)
    slot = [click for click in day if click.at >= begins - LOOK_BACK]
    whole = {click.id: verdict for click, verdict in judge_clicks(day)}
    for click, verdict in judge_clicks(slot):
        if click.at >= begins:
            assert whole[click.id] == verdict


def test_another_visitor_or_another_link_is_no_repeat() -> None:
    assert kinds(a_click(), a_click(1, "00bb"), a_click(2, code="d")) == ["human"] * 3


def test_visitors_without_a_hash_are_never_taken_for_each_other() -> None:
    assert kinds(a_click(visitor=None), a_click(1, visitor=None)) == ["human", "human"]


def test_a_bots_click_does_not_make_a_persons_a_repeat() -> None:
    assert kinds(replace(a_click(), agent="curl/8"), a_click(1)) == ["bot", "human"]


def test_a_hostile_user_agent_is_judged_in_no_time() -> None:
    started = datetime.now(UTC)
    for agent in ("(" * 512, "a/" * 256, " 1" * 256, "Mozilla/5.0 (" + "; " * 249):
        judge_agent(agent[:512])
    assert datetime.now(UTC) - started < timedelta(seconds=1)
