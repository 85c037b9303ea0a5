"""Share tree, score history and the three answers, on the whole chain."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sharetrail import calendars
from sharetrail.analysis.score import score_history
from sharetrail.aws.tables import INFLUENCERS, LINKS, REPORTS
from sharetrail.calendars import iso
from sharetrail.merchants import profiles
from sharetrail.report import span
from sharetrail.report.building import build_report
from sharetrail.sharing import links
from tests.chain.test_fraud import HOME
from tests.shops import BROWSER, Shop, monday, usd

NEW_YORK = ZoneInfo("America/New_York")


def share_on(shop: Shop, by: str, *trail: str, **more: Any) -> str:
    """A share by someone the shop knows, whose browser carries these clicks; the link's code."""
    made = shop.share(by, trail=list(trail), **more)
    assert made.status in (200, 201), made.body
    return made.json["code"]


def buy(shop: Shop, order: str, price: str, click: str) -> None:
    """Half a minute after the click, so that nothing is held."""
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    assert shop.buy(order, price, click).status == 200


def drain(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []


def let_the_week_end(shop: Shop) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.run("score_influencers")


def asked(shop: Shop, path: str) -> int:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("GET", path, headers=headers).status


# ── parents ──────────────────────────────────────────────────────────────────────────────────────
def test_a_link_remembers_the_link_that_brought_its_maker(shop: Shop) -> None:
    anas = share_on(shop, "ana")
    click = shop.click(anas)
    made = links.find(share_on(shop, "ben", click))
    assert (made.parent, made.parent_code) == (click, anas)
    browser = shop.share(
        key="publishable_key", influencer={"id": "b" * 32}, trail=[shop.click(made.code)]
    )
    assert links.find(browser.json["code"]).parent_code == made.code


def test_who_follows_their_own_link_and_shares_again_is_no_new_generation(shop: Shop) -> None:
    click = shop.click(share_on(shop, "ana"))
    assert links.find(share_on(shop, "ana", click, label="again")).parent_code is None


def test_behind_ones_own_click_the_one_that_brought_one_first_still_counts(shop: Shop) -> None:
    brought = shop.click(share_on(shop, "ana"))
    own = shop.click(share_on(shop, "ben", brought))
    again = links.find(share_on(shop, "ben", brought, own, label="again"))
    assert again.parent == brought


def test_of_several_friends_the_newest_brought_the_sharer(shop: Shop) -> None:
    anas, cems = share_on(shop, "ana"), share_on(shop, "cem")
    first, newest = shop.click(anas), shop.click(cems)
    assert links.find(share_on(shop, "ben", newest, first)).parent_code == cems


def test_ancestors_are_looked_up_ten_generations_and_no_more(shop: Shop) -> None:
    made = [links.find(share_on(shop, f"sharer{n}")) for n in range(13)]
    chained = [replace(link, parent_code=above.code) for above, link in pairwise(made)]
    LINKS.write_all(links.item(link) for link in chained)
    deepest = chained[-1]
    found = links.with_ancestors({deepest.code: deepest})
    assert found.keys() == {link.code for link in chained[-11:]}


def test_a_click_of_another_shop_is_nobodys_parent(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    foreign = other.click(other.share(url="https://other.example/").json["code"])
    assert links.find(share_on(shop, "ben", foreign)).parent is None


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────
def three_generations(shop: Shop) -> dict[str, str]:
    """Ana brought Ben, who brought Cem; each link has a click, Ben's and Cem's an order."""
    anas = share_on(shop, "ana")
    to_ben = shop.click(anas)
    bens = share_on(shop, "ben", to_ben)
    to_cem = shop.click(bens)
    cems = share_on(shop, "cem", to_cem)
    buy(shop, "1001", "40.00", to_cem)
    buy(shop, "1002", "30.00", shop.click(cems))
    drain(shop)
    return {"ana": anas, "ben": bens, "cem": cems}


ONE_RECRUIT = {"k": 1, "sharers": 1, "invitations": 1, "recruits": 1} | {
    "invitations_per_sharer": 1,
    "recruits_per_invitation": 1,
}
"""The k-factor of who brought one friend by one click."""


def test_the_share_tree_tells_generations_k_and_whose_friends_sold(shop: Shop) -> None:
    three_generations(shop)
    told = shop.read("/v1/share-tree")
    assert told["generations"] == [
        {"generation": n, "link_count": 1, "sharers": 1, "clicks": 1, "revenue": usd(revenue)}
        for n, revenue in enumerate(("0.00", "40.00", "30.00"))
    ]
    assert told["k_factor"] == {
        "k": pytest.approx(2 / 3),
        "sharers": 3,
        "invitations": 3,
        "recruits": 2,
        "invitations_per_sharer": 1,
        "recruits_per_invitation": pytest.approx(2 / 3),
    }
    found = [
        (each["influencer"], each["name"], each["generation"], each["second_order_revenue"])
        for each in told["influencers"]
    ]
    assert found == [("ana", "Ana", 0, usd("40.00")), ("ben", "Ben", 1, usd("30.00"))]
    assert told["influencers"][0]["k_factor"] == ONE_RECRUIT


def test_a_report_shows_the_tree_of_whoever_recruited_most_and_its_days_and_buyers(
    shop: Shop,
) -> None:
    codes = three_generations(shop)
    kim: dict[str, Any] = {"customer": {"id": 77}, "email": "kim@mail.example"}
    elsewhere = {"address1": "Elm Road 1", "zip": "10001", "city": "York", "country_code": "US"}
    for order, door in (("1003", HOME), ("1004", HOME), ("1005", {"shipping_address": elsewhere})):
        click = shop.click(codes["cem"])
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
        assert shop.buy(order, "1.00", click, **kim, **door).status == 200
        drain(shop)
    now = shop.cloud.clock.now()
    merchant = profiles.find(shop.id, now)
    day = calendars.local_day(now, merchant.tz)
    report = build_report.build(merchant, span.of_day("week", day), None, now)
    tree = report.tree
    assert (tree.id, tree.name, tree.clicks, tree.revenue) == ("ana", "Ana", 1, 0)
    (ben,) = tree.below
    assert (ben.id, ben.revenue, [each.id for each in ben.below]) == ("ben", 4_000, ["cem"])
    assert ben.below[0].revenue == 3_300
    assert sum(each.last_click + each.assisted for each in report.steps) == 7_300
    assert sum(each.clicks for each in report.steps) == report.funnel.clicks
    assert sum(report.audience.hours) == report.funnel.clicks
    audience = report.audience
    known = audience.new_buyers, audience.returning_buyers, audience.unknown_buyers
    assert sum(known) == report.earned.influenced_orders == 5
    assert known == (3, 1, 1), "whose door is another's need not be Kim"


def test_a_parent_that_slept_through_the_period_is_looked_up(shop: Shop) -> None:
    codes = three_generations(shop)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    today = f"{shop.cloud.clock.now():%Y-%m-%d}"
    shop.follow(codes["cem"], BROWSER)
    drain(shop)
    told = shop.read(f"/v1/share-tree?from={today}&to={today}")
    assert [(each["generation"], each["link_count"]) for each in told["generations"]] == [(2, 1)]
    assert told["k_factor"]["recruits"] == 0, "Cem came in another period"
    assert told["influencers"] == []


def test_whoever_was_known_before_is_nobodys_recruit(shop: Shop) -> None:
    share_on(shop, "ben")  # nobody follows it, so the period does not see it
    bens = share_on(shop, "ben", shop.click(share_on(shop, "ana")), label="later")
    shop.click(bens)
    drain(shop)
    told = shop.read("/v1/share-tree")
    assert [each["generation"] for each in told["generations"]] == [0, 1]
    assert told["k_factor"]["recruits"] == 0


def test_recruits_of_a_month_are_those_of_its_weeks_whichever_links_were_followed_when(
    shop: Shop,
) -> None:
    to_ben, to_cem = (shop.click(share_on(shop, who)) for who in ("ana", "dee"))
    bens = share_on(shop, "ben", to_ben)  # nobody follows it this week
    cems, again = share_on(shop, "cem", to_ben), share_on(shop, "cem", to_cem, label="again")
    at = links.find(cems).created_at
    LINKS.put({**links.item(links.find(again)), "created_at": iso(at)})  # of the same millisecond
    shop.follow(again)
    drain(shop)
    first = calendars.local_day(shop.cloud.clock.now(), NEW_YORK)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=7))
    for code in (bens, cems, share_on(shop, "eve", shop.click(again))):
        shop.follow(code, BROWSER)
    drain(shop)
    days = [first, first + timedelta(days=6), first + timedelta(days=7), first + timedelta(days=13)]
    before, after, month = (
        recruits(shop, f"from={since}&to={until}")
        for since, until in (days[:2], days[2:], (days[0], days[3]))
    )
    assert before == {"ana": 2}, "Ben, and Cem by the link that was told first"
    assert after == {"cem": 1}
    assert month == {"ana": 2, "cem": 1}


def recruits(shop: Shop, asked: str) -> dict[str, int]:
    told = shop.read(f"/v1/share-tree?{asked}")["influencers"]
    return {each["influencer"]: each["recruits"] for each in told if each["recruits"]}


def test_whoever_came_before_it_was_kept_who_brought_them_is_told_by_the_links_themselves(
    shop: Shop,
) -> None:
    three_generations(shop)
    for who in ("ben", "cem"):
        came = ("first_link", "recruits", "recruited")
        INFLUENCERS.update({"pk": shop.id, "sk": who}, f"REMOVE {', '.join(came)}")
    assert recruits(shop, "") == {"ana": 1, "ben": 1}


def test_the_tree_of_a_silent_shop_is_empty(shop: Shop) -> None:
    told = shop.read("/v1/share-tree")
    assert (told["generations"], told["influencers"], told["k_factor"]["k"]) == ([], [], None)


@pytest.mark.parametrize("days", ["from=2026-02-01&to=2026-01-01", "from=2020-01-01", "to=soon"])
def test_days_that_are_none_are_refused(shop: Shop, days: str) -> None:
    assert asked(shop, f"/v1/share-tree?{days}") == 400


# ── history ──────────────────────────────────────────────────────────────────────────────────────
def two_weeks(shop: Shop) -> str:
    """Ana sells once in the first week and three times in the second; her link's code."""
    code = share_on(shop, "ana")
    buy(shop, "1001", "50.00", shop.click(code))
    drain(shop)
    let_the_week_end(shop)
    for order in ("1002", "1003", "1004"):
        buy(shop, order, "50.00", shop.click(code))
    drain(shop)
    let_the_week_end(shop)
    return code


def test_every_week_keeps_its_score_and_says_what_changed(shop: Shop) -> None:
    two_weeks(shop)
    ana = shop.read("/v1/influencers/ana")
    newest, oldest = shop.read("/v1/influencers/ana/scores")["items"]
    assert newest["week"] == ana["score"]["week"] > oldest["week"]
    assert (newest["value"], newest["low"]) == (ana["score"]["value"], ana["score"]["low"])
    change = newest["change"]
    assert change["compared_with"] == oldest["week"]
    assert change["ratio"] == pytest.approx(
        float(newest["value"]["amount"]) / float(oldest["value"]["amount"]), 1e-3
    )
    assert change["sentence"].startswith(("Up ", "Down ", "As "))
    assert oldest["change"] is None
    assert ana["score"]["change"] == change
    (listed,) = shop.read("/v1/influencers")["items"]
    assert listed["score"]["change"] == change


def test_history_is_read_a_page_at_a_time(shop: Shop) -> None:
    two_weeks(shop)
    whole = shop.read("/v1/influencers/ana/scores")
    first = shop.read("/v1/influencers/ana/scores?limit=1")
    second = shop.read(f"/v1/influencers/ana/scores?limit=1&cursor={first['cursor']}")
    assert first["items"] + second["items"] == whole["items"]
    assert (second["cursor"], whole["cursor"]) == (None, None)


def test_the_same_week_again_writes_the_same_bytes(shop: Shop) -> None:
    two_weeks(shop)
    before = stored(shop)
    shop.run("score_influencers")
    assert stored(shop) == before
    assert len(before["history"]) == 2


def stored(shop: Shop) -> dict[str, list]:
    return {
        "history": list(INFLUENCERS.query(f"{shop.id}#scores#ana")),
        "profiles": list(INFLUENCERS.query(shop.id)),
        "answers": list(REPORTS.query(shop.id, prefix="answers#")),
    }


def test_a_refund_moves_the_score_of_the_week_it_is_of(shop: Shop) -> None:
    two_weeks(shop)
    newest, oldest = shop.read("/v1/influencers/ana/scores")["items"]
    shop.deliver("refunds/create", shop.a_refund("1004", "1", "50.00"))
    drain(shop)
    shop.run("score_influencers")
    again, first = shop.read("/v1/influencers/ana/scores")["items"]
    assert float(again["value"]["amount"]) < float(newest["value"]["amount"])
    assert again["value"] == shop.read("/v1/influencers/ana")["score"]["value"]
    assert first == oldest, "last week's told what was known then"


def test_without_clicks_nothing_is_kept_and_a_stranger_is_unknown(shop: Shop) -> None:
    code = share_on(shop, "ana")
    shop.follow(code, "Googlebot/2.1")
    drain(shop)
    let_the_week_end(shop)
    assert shop.read("/v1/influencers/ana")["score"] is None
    assert shop.read("/v1/influencers/ana/scores") == {"items": [], "cursor": None}
    assert asked(shop, "/v1/influencers/nobody/scores") == 404


@pytest.mark.parametrize("cursor", ["%21", "MA==", "MDAwMS0wMS0wMg=="])
def test_a_cursor_of_history_is_a_week_and_none_fails(shop: Shop, cursor: str) -> None:
    share_on(shop, "ana")
    a_day = cursor.startswith("MDAwMS")  # 0001-01-02
    assert asked(shop, f"/v1/influencers/ana/scores?cursor={cursor}") == (200 if a_day else 400)


# ── the three answers ────────────────────────────────────────────────────────────────────────────
def test_the_three_answers_rank_the_last_scored_week(shop: Shop) -> None:
    three_generations(shop)
    let_the_week_end(shop)
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("PUT", "/v1/influencers/ana", {"name": "Ana O.", "reach": 1_200}, headers)
    told = {by: shop.read(f"/v1/rankings/{by}") for by in ("shares", "sales", "influence")}
    for by, answer in told.items():
        assert answer["from"] == shop.read("/v1/influencers/ben")["score"]["week"]
        ranks = [each["rank"] for each in answer["items"]]
        assert ranks == ([1, 2] if by == "sales" else [1, 2, 3]), "two of them sold"
        assert all(each["sentence"].endswith(".") for each in answer["items"])
    assert [each["links_followed"] for each in told["shares"]["items"]] == [1, 1, 1]
    ben = next(each for each in told["sales"]["items"] if each["influencer"] == "ben")
    assert ben["top_orders"] == [{"platform": "shopify", "order": "1001", "credited": usd("40.00")}]
    assert ben["value"] == shop.read("/v1/influencers/ben")["score"]["value"]
    ana = next(each for each in told["influence"]["items"] if each["influencer"] == "ana")
    assert (ana["name"], ana["reach"], ana["unique"]) == ("Ana O.", 1_200, 1)
    assert (ana["recruits"], ana["second_order_revenue"]) == (1, usd("20.00"))


def test_how_ranges_of_before_held_is_told_once_their_four_weeks_have_passed(shop: Shop) -> None:
    code = share_on(shop, "ana")
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    told = []
    for week in range(7):
        buy(shop, f"10{week}", "50.00", shop.click(code))
        drain(shop)
        let_the_week_end(shop)
        scored = calendars.last_full_week(shop.cloud.clock.now(), merchant.tz)
        calibration = score_history.calibration_of(shop.id, scored.first)
        told.append((calibration.weeks, calibration.ranges, calibration.held))
    assert told == [(0, 0, 0)] * 4 + [(1, 1, 1), (2, 2, 2), (3, 3, 3)]
    shown = shop.read("/v1/rankings/sales")["calibration"]
    assert (shown["ranges"], shown["sentence"].partition(" ")[0]) == (3, "Too")


def test_an_influencers_own_place_in_the_tree_is_shown(shop: Shop) -> None:
    three_generations(shop)
    assert shop.read("/v1/influencers/ana")["sharing"] is None
    let_the_week_end(shop)
    assert shop.read("/v1/influencers/ben")["sharing"] == {
        "generation": 1,
        "recruits": 1,
        "second_order_revenue": usd("30.00"),
        "k_factor": ONE_RECRUIT,
    }


def test_a_ranking_is_read_a_page_at_a_time(shop: Shop) -> None:
    three_generations(shop)
    let_the_week_end(shop)
    whole = shop.read("/v1/rankings/shares")
    first = shop.read("/v1/rankings/shares?limit=2")
    rest = shop.read(f"/v1/rankings/shares?limit=2&cursor={first['cursor']}")
    assert first["items"] + rest["items"] == whole["items"]
    assert (rest["cursor"], whole["cursor"]) == (None, None)


def test_before_a_week_was_scored_who_is_known_so_far_is_ranked_and_it_says_so(
    shop: Shop,
) -> None:
    told = shop.read("/v1/rankings/sales")
    assert (told["preliminary"], told["items"], told["cursor"]) == (True, [], None)
    three_generations(shop)
    for by, who in (("shares", {"ana", "ben", "cem"}), ("sales", {"ben", "cem"})):
        told = shop.read(f"/v1/rankings/{by}")
        assert {each["influencer"] for each in told["items"]} == who
        assert told["preliminary"] is True
        assert told["to"] == f"{calendars.local_day(shop.cloud.clock.now(), NEW_YORK)}"
    ana = shop.read("/v1/rankings/influence")["items"][0]
    assert (ana["influencer"], ana["recruits"]) == ("ana", 1)
    let_the_week_end(shop)
    told = shop.read("/v1/rankings/sales")
    assert (told["preliminary"], told["to"] < told["from"]) == (False, False)
    for _ in range(3):
        shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.read("/v1/rankings/sales") == told, "however old"


def test_without_days_what_was_heard_last_is_told_and_of_which_days_it_is(shop: Shop) -> None:
    shop.click(share_on(shop, "ana"))
    drain(shop)
    day = calendars.local_day(shop.cloud.clock.now(), NEW_YORK)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    assert shop.read("/v1/stats")["to"] == f"{day + timedelta(days=2)}", "it is in the last seven"
    for _ in range(3):
        shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
        shop.run("close_days")
    stats, tree = shop.read("/v1/stats"), shop.read("/v1/share-tree")
    assert (stats["to"], stats["totals"]["clicks"]) == (f"{day}", 1)
    assert (tree["to"], len(tree["generations"])) == (f"{day}", 1)
    buy(shop, "1001", "20.00", "")
    drain(shop)
    today = calendars.local_day(shop.cloud.clock.now(), NEW_YORK)
    assert shop.read("/v1/stats")["to"] == f"{today}"


def test_a_cursor_of_a_ranking_names_a_place_and_nothing_else_is_asked_by(shop: Shop) -> None:
    for wrong in ("cursor=%21", "cursor=YW5h", "by=sales"):
        assert asked(shop, f"/v1/rankings/shares?{wrong}") == 400
    assert asked(shop, "/v1/rankings/looks") == 404


def test_last_weeks_answers_stand_until_the_next_are_there(shop: Shop) -> None:
    three_generations(shop)
    let_the_week_end(shop)
    before = shop.read("/v1/rankings/sales")
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.read("/v1/rankings/sales") == before
