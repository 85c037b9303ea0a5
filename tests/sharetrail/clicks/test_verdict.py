"""What a click is: a person's, a bot's, a preview's, or the same person's once more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.aws.items import decode, dump, encode, load
from sharetrail.clicks import verdict
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
    embedded_as: str = "",
    address: str | None = None,
) -> Click:
    who = Visitor(
        hash=visitor,
        address=address,
        agent=agent,
        referrer="",
        country=None,
        mute=mute,
        embedded_as=embedded_as,
    )
    return new_click("m", code, who, AT + timedelta(seconds=seconds), maker)


def kinds(*followed: Click) -> list[str]:
    return [verdict.kind for _, verdict in judge_clicks(followed)]


@pytest.mark.parametrize("agent", [BROWSER, PHONE, PHONE + " [Pinterest/iOS]"])
def test_a_persons_browser_is_human(agent: str) -> None:
    assert judge_agent(agent).kind == "human"


# Browsers that apps embed. What stands in braces is the phone's: its maker, its model, its carrier.
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 14; {model} Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148"
)
IN_APPS = [
    "[FBAN/FB4A;FBAV/567.1.0.52.74;FBBV/1003893689;FBDM/{{density=3.0,width=1080,height=2340}};"
    "FBLC/de_DE;FBRV/1012267334;FBCR/{carrier};FBMF/{maker};FBBD/{maker};"
    "FBPN/com.facebook.katana;FBDV/{model};FBSV/16;FBOP/1;FBCA/arm64-v8a:;]",
    "[FBAN/Orca-Android;FBAV/450.0;FBPN/com.facebook.orca;FBCR/{carrier};FBMF/{maker};FBDV/{model}",
    f"{WEBVIEW} [FB_IAB/FB4A;FBAV/567.1.0.52.74;FBCR/{{carrier}};FBMF/{{maker}};FBDV/{{model}};]",
    f"{IPHONE} [FBAN/FBIOS;FBAV/560.0;FBBV/1;FBDV/iPhone14,5;FBCR/{{carrier}};FBID/phone;FBOP/5]",
    f"{WEBVIEW} Instagram 406.0.0.58.159 Android (34/14; 480dpi; 1080x2400; {{maker}}; {{model}}; "
    "OP573DL1; mt6833; en_MY; 822918295; IABMV/1)",
    f"{WEBVIEW} Barcelona 448.0.0.54.85 Android (34/14; 540dpi; 1080x2340; {{maker}}; {{model}}; "
    "e2q; qcom; en_US; 1073639361)",
    f"{IPHONE} Instagram 406.0.0.30.84 (iPhone14,5; iOS 17_5; de_DE; de; scale=3.00; 1170x2532; 1)",
    f"{WEBVIEW} trill_2022803040 JsSdk/1.0 NetType/WIFI Channel/{{maker}}_preload "
    "AppName/musical_ly app_version/28.3.4 ByteLocale/en Region/US BytedanceWebview/d8a21c6",
    f"{IPHONE} musical_ly_29.7.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/de Region/DE",
    f"{WEBVIEW} Snapchat/12.82.0.39 ({{model}}; Android 14#S921BXXU1AXB#34; gzip; )",
    f"{IPHONE} Snapchat/12.82.0.39 (like Safari/8618.2.12, panda)",
    f"{WEBVIEW}Snapchat12.18.0.35 ({{model}}; Android 13#A526USQU5DWA2#33; gzip; )",
    f"{WEBVIEW} Telegram-Android/10.14.2 ({{maker}} {{model}}; Android 14; SDK 34; HIGH)",
    f"{WEBVIEW} Line/14.6.1/IAB",
    f"{WEBVIEW} XWEB/5075 MMWEBSDK/20230504 MMWEBID/1234 MicroMessenger/8.0.37.2380(0x2800255B) "
    "WeChat/arm64 Weixin NetType/5G Language/zh_CN ABI/arm64",
    f"{WEBVIEW} [Pinterest/Android]",
    f"{IPHONE} [LinkedInApp]/9.30.1234",
    f"{WEBVIEW} TwitterAndroid",
    f"{WEBVIEW} [WhatsApp/2.24.10.85;]",
    f"{WEBVIEW};KAKAOTALK 2410510",
    WEBVIEW,
    WEBVIEW.replace(" Build/UP1A.231005.007; wv", "").replace(" Version/4.0", ""),
    WEBVIEW.replace("Android 14", "U; Android 4.4.2; en-us"),
]
PHONES = [
    {"carrier": "NL KPN", "maker": "samsung", "model": "SM-S921B"},
    {"carrier": "KPN", "maker": "samsung", "model": "SM-S921B"},
    {"carrier": "", "maker": "CUBOT", "model": "KING KONG CS"},
    {"carrier": "scan.com|bot", "maker": "FOSSiBOT", "model": "M_BOT_551"},
    {"carrier": "News Proxy", "maker": "Google", "model": "Arcelik Google TV"},
    {"carrier": "http://x", "maker": "Spider Monitor", "model": "moto g(7) Radar"},
    {"carrier": "facebookexternalhit", "maker": "Twitterbot", "model": "Capture+"},
]


@pytest.mark.parametrize("app", IN_APPS)
@pytest.mark.parametrize("phone", PHONES)
def test_a_browser_in_an_app_is_a_persons_whatever_the_phone_is_called(
    app: str, phone: dict[str, str]
) -> None:
    agent = app.format(**phone)[:512]
    assert judge_agent(agent).kind == "human", judge_agent(agent).reason


@pytest.mark.parametrize("phone", [PHONES[1], PHONES[2]])
def test_a_maker_in_the_place_of_the_build_is_one_too(phone: dict[str, str]) -> None:
    agent = WEBVIEW.replace("UP1A.231005.007", "{maker}").format(**phone)
    assert judge_agent(agent).kind == "human"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (f"{WEBVIEW} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        (WEBVIEW.replace("; wv", "; Storebot-Google/1.0"), "bot"),
        (WEBVIEW.replace("{model} Build/UP1A.231005.007", "Googlebot/2.1"), "bot"),
        (f"[FBAN/FB4A;FBDV/{PHONES[0]['model']};] facebookexternalhit/1.1", "preview"),
        (f"{WEBVIEW} [FB_IAB/FB4A;FBAV/1;] HeadlessChrome", "bot"),
        ("Snapchat/10.77.5.59 (SM-S921B; Android 14; gzip)", "bot"),
        ("Instagram 195.0.0.31.123 Android (24/7.0; samsung; SM-S921B; bot)", "bot"),
        ("Dalvik/2.1.0 (Linux; U; Android 9; KING KONG CS Build/CUBOT)", "bot"),
    ],
)
def test_a_program_that_names_itself_beside_a_phone_is_one(agent: str, kind: str) -> None:
    assert judge_agent(agent.format(**PHONES[0])).kind == kind


@pytest.mark.parametrize(
    "agent",
    [
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
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
    judged = without_floods(judge_clicks(followed))
    return [verdict.kind for _, verdict in sorted(judged, key=lambda each: each[0].at)]


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


def test_one_address_with_200_agents_is_worth_fifty_an_hour() -> None:
    crowd = [a_click(n, f"{n:04x}", address="0a") for n in range(200)]
    assert closed(*crowd) == ["human"] * 50 + ["suspicious"] * 150
    ((_, verdict),) = [*without_floods(judge_clicks(crowd))][-1:]
    assert verdict.reason == "over 50 clicks of one address and link in an hour"
    later = [a_click(3_600 + n, f"{n:04x}", address="0a") for n in range(10)]
    assert closed(*crowd, *later)[200:] == ["human"] * 10


def test_other_links_and_other_addresses_have_fifty_of_their_own() -> None:
    crowd = [
        a_click(n, f"{n:04x}", code="cd"[n % 2], address=("0a", "0b")[n // 2 % 2])
        for n in range(200)
    ]
    assert closed(*crowd) == ["human"] * 200


def test_who_asks_not_to_be_tracked_counts_as_much_as_all_others_and_six() -> None:
    private = [a_click(60 * n / 100, None) for n in range(200)]
    assert closed(*private) == ["human"] * 6 + ["suspicious"] * 194
    others = [a_click(1_000 + n, f"{n:04x}", address=f"{n:04x}") for n in range(30)]
    assert closed(*private, *others).count("human") == 30 + 36
    later = [a_click(3_600 + n, None) for n in range(4)]
    assert closed(*private, *later)[200:] == ["human"] * 4


def test_those_of_whom_only_the_salt_is_missing_are_not_taken_for_them() -> None:
    nameless = [replace(a_click(60 * n / 100, None), nameless=True) for n in range(200)]
    assert closed(*nameless) == ["human"] * 200
    private = [a_click(1_000 + n, None) for n in range(20)]
    assert closed(*nameless, *private)[200:] == ["human"] * 6 + ["suspicious"] * 14
    program = replace(a_click(0, None, agent="curl/8.9.1"), nameless=True)
    assert closed(program) == ["bot"]


def test_what_is_no_valid_click_uses_up_nothing_of_an_address() -> None:
    bots = [a_click(n, f"{n:04x}", agent="curl/8.9.1", address="0a") for n in range(100)]
    people = [a_click(200 + n, f"{n:04x}", address="0a") for n in range(50)]
    assert closed(*bots, *people) == ["bot"] * 100 + ["human"] * 50


def test_whoever_cannot_be_recognised_makes_no_flood() -> None:
    assert set(closed(*[a_click(n, visitor=None) for n in range(6)])) == {"human"}


# ── more user agents than are read ───────────────────────────────────────────────────────────────
def of_agents(count: int, address: str | None = "0a", first: int = 0) -> list[Click]:
    numbers = range(first, first + count)
    return [a_click(40 * n, f"{n:04x}", agent=f"{PHONE} {n}", address=address) for n in numbers]


def test_one_address_brings_a_thousand_kinds_of_browsers_and_takes_nothing_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verdict, "MOST_AGENTS_OF_A_SOURCE", 3)
    flood = of_agents(5)
    assert kinds(*flood) == ["human"] * 3 + ["suspicious"] * 2
    assert kinds(*flood, *of_agents(3, "0b", 10))[5:] == ["human"] * 3
    known = replace(flood[0], at=flood[0].at + timedelta(hours=1))
    assert kinds(*flood, known)[5:] == ["human"], "what was read before is known"
    *_, (_, unread) = judge_clicks(flood)
    assert unread.reason.startswith("more different browsers than")


def test_a_fold_reads_at_most_so_many_user_agents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "MOST_AGENTS", 4)
    crowd = [of_agents(1, f"{n:02x}", n)[0] for n in range(6)]
    assert kinds(*crowd) == ["human"] * 4 + ["suspicious"] * 2
    bots = [replace(click, agent="curl/8.9.1") for click in crowd]
    assert kinds(*crowd[:3], *bots, crowd[5]) == ["human"] * 3 + ["bot"] * 6 + ["suspicious"]


def test_a_day_without_a_salt_has_all_its_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "MOST_AGENTS_OF_A_SOURCE", 3)
    private = [replace(click, visitor=None, address=None) for click in of_agents(5)]
    nameless = [replace(click, nameless=True) for click in private]
    assert kinds(*nameless, *private[:3]) == ["human"] * 8
    assert kinds(*private) == ["human"] * 3 + ["suspicious"] * 2
    assert kinds(*private, nameless[4])[5:] == ["human"]


def test_what_is_no_valid_click_is_held_by_nobody() -> None:
    """Its memory would be the hour's, whoever fills it."""
    programs = (a_click(n, agent="curl/8.9.1") for n in range(1_000))
    told = without_floods(judge_clicks(programs))
    assert next(told)[1].kind == "bot"
    assert len([*programs]) > 990


@pytest.mark.parametrize(
    "seen",
    [
        a_click(mute=True),
        a_click(maker="00aa"),
        a_click(address="00bb"),
        replace(a_click(visitor=None), nameless=True),
        a_click(embedded_as="empty"),
    ],
)
def test_the_stored_fact_is_judged_as_the_click_was(seen: Click) -> None:
    stored = read_click(decode(encode(click_item(seen))))
    assert kinds(stored) == kinds(seen)
    assert load(Click, dump(seen)) == seen, "the queue of clicks that could not be saved"


def test_a_link_that_a_page_loads_as_its_picture_was_followed_by_nobody() -> None:
    ((_, verdict),) = judge_clicks([a_click(embedded_as="image")])
    assert verdict.kind == "embedded"
    assert verdict.reason == "a page loaded it as 'image': nobody followed the link"


def test_a_program_that_names_itself_is_one_however_it_loads() -> None:
    assert kinds(a_click(agent="curl/8.9.1", embedded_as="image")) == ["bot"]
    assert kinds(a_click(mute=True, maker="00aa", embedded_as="iframe")) == ["embedded"]


def test_whoever_follows_a_link_that_the_page_also_embeds_repeats_nothing() -> None:
    loads = [a_click(n, embedded_as="image") for n in range(25)]
    assert closed(*loads, a_click(26), a_click(600)) == ["embedded"] * 25 + ["human"] * 2


followed = st.lists(
    st.builds(
        a_click,
        st.integers(0, 120),
        st.sampled_from(["00aa", "00bb", None]),
        st.sampled_from([f"link{n}" for n in range(14)]),
        maker=st.sampled_from([None, None, "00bb"]),
        mute=st.sampled_from([False, False, False, True]),
        embedded_as=st.sampled_from(["", "", "image"]),
    ),
    max_size=80,
)


def test_what_is_half_a_minute_old_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_FORGET_EVERY", 1)
    assert kinds(a_click(), a_click(30, "00bb"), a_click(30)) == ["human", "human", "repeat"]


@given(followed)
def test_what_a_day_forgets_on_its_way_changes_no_verdict(clicks_of_a_day: list[Click]) -> None:
    day = sorted(clicks_of_a_day, key=lambda click: click.id)
    with pytest.MonkeyPatch.context() as forgetful:
        forgetful.setattr(verdict, "_FORGET_EVERY", 1)
        told = kinds(*day)
    assert kinds(*day) == told


@given(followed, st.integers(0, 120))
def test_a_slot_judges_as_its_whole_day_does(clicks_of_a_day: list[Click], start: int) -> None:
    day = sorted(clicks_of_a_day, key=lambda click: click.id)
    begins = AT + timedelta(seconds=start)
    slot = [click for click in day if click.at >= begins - LOOK_BACK]
    whole = {click.id: verdict for click, verdict in judge_clicks(day)}
    for click, told in judge_clicks(slot):
        if click.at >= begins:
            assert whole[click.id] == told


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


@pytest.mark.parametrize(
    "agent",
    [
        "Beatrix/7.7",
        "Beatrix Buyerson, at home",
        "Beatrix-Buyerson-and-nothing-else-in-a-row-of-more-than-fifty-letters",
        "Mozilla/5.0 (Windows; Beatrix;",
        "Mozilla/5.0 beatrix@buyerson.example",
        "Mozilla/5.0 Beatrix",
        "beatrix/bot (http://beatrix.example)",
        "WhatsApp/2.23 Beatrix",
    ],
)
def test_no_reason_has_a_word_of_a_stranger(agent: str) -> None:
    verdict = judge_agent(agent)
    assert verdict.kind in ("bot", "preview")
    assert "eatrix" not in verdict.reason
