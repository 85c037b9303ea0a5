"""What one can use up of a day: what is one's own kind's. A link that exists always answers."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from local.cloud import Cloud
from local.runtime.memories import forget_facts
from sharetrail import calendars
from sharetrail.aws.tables import EVENTS, MERCHANTS, SALTS
from sharetrail.merchants.daily_allowance import spent_by
from sharetrail.sharing import beacon as beacons
from sharetrail.sharing import link_allowances
from tests.instances import forget_counts
from tests.lives import NearShop
from tests.shops import ORIGIN, Answer, monday

POOL = 12
"""New links a day for all browsers, so that each of few requests counts; for those who ask not to
be tracked a quarter of it."""
OWN = 5
"""Of an address or an influencer."""
PRIVATE = {"sec-gpc": "1"}
ATTACKER, HONEST = "203.0.113.66", "198.51.100.7"


@pytest.fixture
def shop(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> NearShop:
    """Its days' salts are the same in every run, and so is what is drawn of its events; and no part
    of a day is called as another is: of so many parts some would be by chance, and take nothing."""
    numbers = itertools.count()
    names = SimpleNamespace(token_urlsafe=lambda _: f"{next(numbers):04}")
    monkeypatch.setattr(beacons, "secrets", names)
    monkeypatch.setattr(link_allowances, "OF_AN_ADDRESS", OWN)
    monkeypatch.setattr(link_allowances, "OF_AN_INFLUENCER", OWN)
    today = cloud.clock.now().date()
    SALTS.write_all({"pk": f"{today + timedelta(days=n)}", "salt": bytes(32)} for n in range(10))
    forget_facts()
    shop = NearShop(cloud)
    shop.facts = shop.onboarded(links_per_day=POOL)
    return shop


def share(shop: NearShop, label: str, address: str = HONEST, **headers: str) -> Answer:
    """As a browser with the key that stands in the shop's pages, from this address."""
    shop.address = address
    wish = {"url": f"{ORIGIN}/mug", "network": "x", "label": label, "influencer": {"id": "b" * 32}}
    said = {"authorization": f"Bearer {shop.facts['publishable_key']}", "origin": ORIGIN, **headers}
    return shop.ask("POST", "/v1/links", wish, said)


def share_by_token(shop: NearShop, influencer: str, label: str) -> Answer:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    token = shop.ask("POST", f"/v1/influencers/{influencer}/token", None, secret).json["token"]
    return shop.share(key="publishable_key", label=label, influencer={"token": token})


def shared_until_refused(shop: NearShop, address: str, **headers: str) -> list[str]:
    """The codes of what one machine can make."""
    codes = []
    while (answer := share(shop, f"{address}-{len(codes)}", address, **headers)).status == 201:
        codes.append(answer.json["code"])
    assert answer.status == 429
    return codes


def told(shop: NearShop) -> list[str]:
    return [each["about"] for each in shop.read("/v1/stats")["notices"]]


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def test_one_address_uses_up_its_own_links_and_nobody_elses(shop: NearShop) -> None:
    assert len(shared_until_refused(shop, ATTACKER)) == OWN
    for n in range(POOL):
        assert share(shop, f"more {n}", ATTACKER).status == 429
    assert share(shop, "honest").status == 201
    assert share(shop, "private", "198.51.100.8", **PRIVATE).status == 201
    assert shop.share().status == 201
    assert share_by_token(shop, "ana", "by token").status == 201
    assert told(shop) == [], "that is nobody's loss"


def test_another_address_is_not_had_by_saying_so(shop: NearShop) -> None:
    shared_until_refused(shop, ATTACKER)
    for header in ("x-forwarded-for", "forwarded", "cloudfront-viewer-address", "x-real-ip"):
        assert share(shop, "elsewhere", ATTACKER, **{header: "192.0.2.1"}).status == 429


def test_who_asks_not_to_be_tracked_can_use_up_the_part_of_those_who_ask(shop: NearShop) -> None:
    assert len(shared_until_refused(shop, ATTACKER, **PRIVATE)) == POOL // 4
    assert share(shop, "not to be told apart", HONEST, **PRIVATE).status == 429
    assert share(shop, "honest").status == 201
    assert shop.share().status == 201
    assert told(shop) == ["links_of_private_browsers"]


def test_many_addresses_use_up_the_browsers_links_and_leave_those_that_exist_and_the_shops(
    shop: NearShop,
) -> None:
    before = share(shop, "before").json["code"]
    token = share_by_token(shop, "ana", "before").json["code"]
    made = [code for n in range(4) for code in shared_until_refused(shop, f"203.0.113.{n}")]
    assert len(made) == POOL - 1
    refused = share(shop, "honest")
    assert refused.status == 429
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert share(shop, "before").json["code"] == before
    assert shop.follow(before).status == 302
    assert share_by_token(shop, "ana", "before").json["code"] == token
    for n in range(POOL + 1):
        assert shop.share(label=f"by the shop's own server {n}").status == 201
    assert share_by_token(shop, "ana", "by token").status == 201
    assert told(shop) == ["links_of_browsers"]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    assert share(shop, "honest").status == 201, "the next day is another"


def test_who_is_refused_is_told_how_to_share_the_page_itself(shop: NearShop) -> None:
    shared_until_refused(shop, ATTACKER)
    refused = share(shop, "one more", ATTACKER)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json["title"] == "Too many new links today"
    assert "Those that exist still answer" in refused.json["detail"]
    assert refused.json["share_url"] == f"https://x.com/intent/post?url={_quoted(ORIGIN + '/mug')}"
    assert refused.json["code"] == "too_many_links"
    assert "short_url" not in refused.json


def _quoted(address: str) -> str:
    return address.replace(":", "%3A").replace("/", "%2F")


def test_one_influencer_uses_up_no_other_influencers_links(shop: NearShop) -> None:
    for n in range(OWN):
        assert share_by_token(shop, "mallory", f"{n}").status == 201
    assert share_by_token(shop, "mallory", "one more").status == 429
    assert share_by_token(shop, "ana", "hers").status == 201
    assert shop.share("mallory", label="given by the shop").status == 201
    assert told(shop) == ["links_of_one_influencer"]


def test_all_influencers_together_have_a_day_of_their_own(
    shop: NearShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_allowances, "_OF_A_SET", 1)
    made = [share_by_token(shop, f"i{n}", "one").status for n in range(40)]
    assert 429 in made
    assert 10 < made.count(201) <= 32, "a set for each last letter of a code"
    assert share(shop, "honest").status == shop.share().status == 201
    assert told(shop) == ["links_of_influencers"]


def test_the_shops_own_server_is_refused_where_it_goes_round_in_a_circle(
    shop: NearShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_allowances, "_OF_A_SET", 1)
    answers = [shop.share(label=f"{n}").status for n in range(80)]
    assert 429 in answers
    assert 16 < answers.count(201) <= 32
    assert share(shop, "honest").status == 201
    assert told(shop) == ["links_of_shop"]


def test_a_link_that_is_asked_for_again_takes_nothing_more(shop: NearShop) -> None:
    for _ in range(POOL):
        assert share(shop, "the same").status in (200, 201)
    assert len(shared_until_refused(shop, HONEST)) == OWN - 1


def test_what_was_taken_stands_in_an_addresss_set_and_in_the_browsers_and_names_no_address(
    shop: NearShop,
) -> None:
    shared_until_refused(shop, ATTACKER)
    sizes = {
        item["sk"].rpartition("#")[0]: len(item["taken"])
        for item in MERCHANTS.query(spent_by(shop.id), prefix="allowance#")
    }
    assert sizes.pop("allowance#links") == OWN
    ((name, size),) = sizes.items()
    assert name.startswith("allowance#links#address#")
    assert size == OWN
    assert ATTACKER not in name


def test_where_all_is_used_up_an_instance_asks_once_a_minute(shop: NearShop) -> None:
    shared_until_refused(shop, ATTACKER, **PRIVATE)
    shop.onboarded(links_per_day=2 * POOL)
    forget_facts()
    assert share(shop, "within the minute", HONEST, **PRIVATE).status == 429
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=61))
    assert share(shop, "within the minute", HONEST, **PRIVATE).status == 201


# ── events ───────────────────────────────────────────────────────────────────────────────────────
def beacon(
    shop: NearShop,
    kind: str,
    ids: Iterator[str],
    address: str = HONEST,
    at: str = "",
    **headers: str,
) -> None:
    """A hundred at a time, each answered 202 whatever became of it."""
    shop.address = address
    said = {"type": kind, "url": f"{ORIGIN}/mug", "at": at or shop.cloud.clock.now().isoformat()}
    waiting = [{**said, "id": each} for each in ids]
    for start in range(0, len(waiting), 100):
        told = {"key": shop.facts["publishable_key"], "events": waiting[start : start + 100]}
        assert shop.ask("POST", "/v1/events", told, {"origin": ORIGIN, **headers}).status == 202


def named(whose: str, n: int) -> Iterator[str]:
    return (f"{whose}-{number:05}" for number in range(n))


def kept(whose: str) -> list[int]:
    """For how many each stands that is kept of somebody's."""
    return [item.get("n", 1) for item in EVENTS.scan() if f"#{whose}-" in item["sk"]]


@pytest.mark.parametrize("signal", [{}, PRIVATE])
def test_one_machines_flood_thins_out_nobody_elses_events(
    shop: NearShop, signal: dict[str, str]
) -> None:
    for turn in range(10):
        beacon(shop, "view", named(f"flood{turn}", 300), ATTACKER, **signal)
        for kind in ("view", "share"):
            beacon(shop, kind, named(f"honest{kind}{turn}", 1), f"198.51.100.{turn}")
    assert kept("honestview0") == [1]
    honest = [kept(f"honest{kind}{turn}") for turn in range(10) for kind in ("view", "share")]
    assert honest == [[1]] * 20
    flood = [n for turn in range(10) for n in kept(f"flood{turn}")]
    assert flood.count(1) == 60
    assert len(flood) < 180, "of three thousand"


def test_a_hundred_honest_events_beside_a_flood_are_all_counted(shop: NearShop) -> None:
    beacon(shop, "open", named("flood", 3_000), ATTACKER)
    for number in range(50):
        for kind in ("view", "share"):
            beacon(shop, kind, named(f"{kind}{number}", 1), f"198.51.100.{number}")
    assert shop.cloud.drain()["failed"] == []
    totals = shop.read("/v1/stats")["totals"]
    assert (totals["views"], totals["shares"]) == (50, 50)


def test_what_is_sampled_counts_for_what_was_left_out(shop: NearShop) -> None:
    beacon(shop, "view", named("flood", 2_000), ATTACKER)
    weights = Counter(kept("flood"))
    assert weights[1] == 60
    assert weights.keys() == {1, 10, 100}
    assert 1_000 < sum(n * count for n, count in weights.items()) < 3_500


def test_a_resend_of_what_was_left_out_is_left_out_again(shop: NearShop) -> None:
    at = shop.cloud.clock.now().isoformat()
    beacon(shop, "view", named("flood", 1_000), ATTACKER, at)
    once = sorted(kept("flood"))
    beacon(shop, "view", named("flood", 1_000), ATTACKER, at)
    assert sorted(kept("flood")) == once


def test_shares_of_many_are_each_kept_beside_many_views(shop: NearShop) -> None:
    for number in range(40):
        beacon(shop, "view", named(f"views{number}", 60), f"198.51.100.{number}")
    for number in range(40):
        beacon(shop, "share", named(f"shares{number}", 1), f"198.51.100.{number}")
    assert [kept(f"shares{number}") for number in range(40)] == [[1]] * 40
    weights = Counter(n for number in range(40) for n in kept(f"views{number}"))
    assert weights[1] == 200
    assert weights.keys() == {1, 10, 100}
    assert 1_000 < sum(n * count for n, count in weights.items()) < 5_000, "2,400 were sent"


def used_up(shop: NearShop) -> None:
    """A day of a thousand, by eleven addresses within one's part and one's minute each."""
    shop.onboarded(events_per_day=1_000)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))  # far from midnight
    for number in range(11):
        for turn in range(4):
            beacon(shop, "lead", named(f"use{number}-{turn}", 25), f"203.0.113.{number}")
            shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=61))


def kept_of_forty(shop: NearShop, kind: str, whose: str) -> list[int]:
    """For how many each stands that is kept of thirty events each of forty addresses."""
    for number in range(40):
        beacon(shop, kind, named(f"{whose}{number}", 30), f"198.51.100.{number}")
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=61))
    return [n for number in range(40) for n in kept(f"{whose}{number}")]


def test_a_day_that_is_used_up_goes_on_by_samples_that_count_for_the_rest(shop: NearShop) -> None:
    used_up(shop)
    assert told(shop) == ["events"]
    shares = kept_of_forty(shop, "share", "late")
    assert set(shares) == {10}
    assert 800 < sum(shares) < 1_600, "1,200 were sent"
    views = kept_of_forty(shop, "view", "seen")
    assert set(views) == {100}
    assert 0 < sum(views) < 3_000, "1,200 were sent"


@pytest.mark.parametrize("instances", [1, 20])
def test_one_address_uses_up_a_tenth_of_the_days_events_at_most(
    shop: NearShop, instances: int
) -> None:
    shop.onboarded(events_per_day=1_000)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))  # far from midnight
    for turn in range(20):
        beacon(shop, "view", named(f"flood{turn}", 30), ATTACKER)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=61))
        if instances > 1:
            forget_counts()
    flood = [n for turn in range(20) for n in kept(f"flood{turn}")]
    assert 100 >= flood.count(1) > 50
    for number in range(9):
        beacon(shop, "view", named(f"honest{number}", 30), f"198.51.100.{number}")
        assert kept(f"honest{number}") == [1] * 30
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=61))
    assert told(shop) == []


@pytest.mark.parametrize("events_per_day", [1_000, 20_000_000])
def test_one_address_that_meets_a_new_instance_each_time_uses_up_a_tenth_at_most(
    shop: NearShop, monkeypatch: pytest.MonkeyPatch, events_per_day: int
) -> None:
    """Each takes what it needs of the day, and dies with the rest of it."""
    monkeypatch.setattr("sharetrail.sharing.beacon._PARTS", 200)
    shop.onboarded(events_per_day=events_per_day)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    for turn in range(30):
        beacon(shop, "view", named(f"flood{turn}", 1), ATTACKER)
        forget_counts()
    assert taken(shop)["events"] == 20
    beacon(shop, "view", named("honest", 50))
    assert kept("honest") == [1] * 50
    assert told(shop) == []


def taken(shop: NearShop) -> dict[str, int]:
    """How many parts of each allowance."""
    rows = MERCHANTS.query(spent_by(shop.id), prefix="allowance#")
    return {row["sk"].split("#", 1)[1].rpartition("#")[0]: len(row["taken"]) for row in rows}


@pytest.mark.parametrize("events_per_day", [1_000, 5_001, 10_000])
def test_a_beacon_of_a_hundred_takes_no_more_of_a_day_than_a_hundred_events(
    shop: NearShop, events_per_day: int
) -> None:
    shop.onboarded(events_per_day=events_per_day)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    part = -(-events_per_day // 5_000)
    before = events_per_day // part * 4 // 5
    put_taken(shop, before)
    at = shop.cloud.clock.now().isoformat()
    kinds = itertools.cycle(["view", "share"])  # each kind below what is sampled
    said = [
        {"type": kind, "url": f"{ORIGIN}/mug", "at": at, "id": each}
        for kind, each in zip(kinds, named("big", 100), strict=False)
    ]
    shop.address = ATTACKER
    told_at_once = {"key": shop.facts["publishable_key"], "events": said}
    assert shop.ask("POST", "/v1/events", told_at_once, {"origin": ORIGIN}).status == 202
    assert kept("big") == [1] * 100
    assert taken(shop)["events"] - before == -(-100 // part)
    beacon(shop, "view", named("late", 50))
    assert kept("late") == [1] * 50
    assert told(shop) == []


def put_taken(shop: NearShop, n: int) -> None:
    """So many parts of the day, by others; none by a name that an instance may draw."""
    day = calendars.local_day(shop.cloud.clock.now(), ZoneInfo("America/New_York"))
    row = {"pk": spent_by(shop.id), "sk": f"allowance#events#{day}"}
    MERCHANTS.put({**row, "taken": {f"other{number:04}" for number in range(n)}})


def test_where_a_large_beacon_has_no_room_left_a_small_one_may(shop: NearShop) -> None:
    shop.onboarded(events_per_day=1_000)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))  # far from midnight
    put_taken(shop, 970)
    beacon(shop, "lead", named("large", 40))
    assert set(kept("large")) <= {10}
    beacon(shop, "lead", named("small", 20), "198.51.100.9")
    assert kept("small") == [1] * 20


def test_what_yesterday_had_no_room_for_today_has(shop: NearShop) -> None:
    """An instance believes for a minute that a day is full, and midnight lies within it."""
    midnight = (shop.cloud.clock.now() + timedelta(days=1)).replace(
        hour=5, minute=0, second=0, microsecond=0
    )
    shop.cloud.clock.set_forward(midnight - timedelta(seconds=20))
    shared_until_refused(shop, HONEST)
    shop.cloud.clock.set_forward(midnight + timedelta(seconds=1))
    assert share(shop, "today").status == 201


# ── the merchant is told ─────────────────────────────────────────────────────────────────────────
def test_what_was_used_up_stands_in_mondays_mail_in_stats_and_in_onboardings_answer(
    shop: NearShop,
) -> None:
    day = shop.cloud.clock.now() - timedelta(hours=5)
    shared_until_refused(shop, ATTACKER, **PRIVATE)
    share(shop, "again", HONEST, **PRIVATE)
    (notice,) = shop.read("/v1/stats")["notices"]
    assert notice["day"] == f"{day:%Y-%m-%d}"
    assert shop.onboarded()["notices"] == [notice]
    shop.click(shop.share().json["code"])
    shop.cloud.drain()
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    assert shop.cloud.drain()["failed"] == []
    (mail,) = shop.cloud.outbox.mails
    for text in (" ".join(mail.text.split()), mail.html):
        assert "A day’s new links ran out: by a crowd, or by a program." in text
    yesterday = f"from={day - timedelta(days=3):%Y-%m-%d}&to={day - timedelta(days=1):%Y-%m-%d}"
    assert shop.read(f"/v1/stats?{yesterday}")["notices"] == []
