"""What there is to do this week: three things at most, never three alike."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sharetrail.attribution.week_rings import WEEKS
from sharetrail.costs.spend import Return, Returns, Spend
from sharetrail.installation.script_silence import Silence
from sharetrail.merchants.notice import SUBJECTS, Notice
from sharetrail.report.building import mend_errands, order_errands, people_errands, tasks
from sharetrail.report.building.errand import Errand
from sharetrail.report.earned import Earned
from sharetrail.report.held import HeldOrder, HeldSum, OlderHeld
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Funnel, Report
from sharetrail.report.task import Task
from tests.reports import A_BREAK, a_held_order, a_report, an_influencer, fifty_shops


def somebody(who: str, **changes: Any) -> InfluencerLine:
    known = {"id": who, "name": who.title(), "tier": "unproven", "way": ""}
    return an_influencer(0, **(known | changes))


def a_week(*people: InfluencerLine, **changes: Any) -> Report:
    return a_report(**({"influencers": people, "held_orders": (), "tasks": ()} | changes))


def told(report: Report, *earlier: Task) -> list[str]:
    return [tasks.title(task) for task in tasks.choose(report, earlier)]


def reasons(report: Report) -> list[str]:
    return [task.reason for task in tasks.choose(report)]


# ── What there is to do ──────────────────────────────────────────────────────────────────────────
def test_a_held_order_is_to_be_decided_on_its_own_page() -> None:
    (task,) = tasks.choose(a_week(held_orders=(a_held_order(order="10/42", name="#1042"),)))
    assert tasks.title(task) == "Decide on order #1042"
    assert task.reason == ("Credit $48.00 to Sana Rahimi? Held: bought 2 seconds after the click.")
    assert task.path == "orders/shopify/10%2F42"


def test_what_waits_for_its_date_asks_for_nothing() -> None:
    assert told(a_week(held_orders=(a_held_order(effect="wait"),))) == []


def test_each_kind_of_person_has_their_own_task() -> None:
    gold = somebody("ana", tier="gold")
    rising = somebody("theo", tier="rising")
    unknown = somebody("anon_7", name="Visitor 7F3K", revenue=21_000)
    fallen = somebody("rosa", way="down", revenue=1_000, revenue_before=9_000)
    assert told(a_week(gold)) == ["Thank Ana"]
    assert told(a_week(rising)) == ["Send Theo a gift"]
    assert told(a_week(unknown)) == ["Invite Visitor 7F3K"]
    assert told(a_week(fallen)) == ["Ask Rosa what happened"]
    assert reasons(a_week(unknown)) == [
        "$210.00 is credited to them. You do not know them: see where they share."
    ]
    assert reasons(a_week(fallen)) == ["$10.00 this time, $90.00 before."]


def test_whoever_sells_what_others_had_begun_is_not_thanked_before_them() -> None:
    harvester = somebody("cove", tier="steady", discount="Discounted.", discounted=38)
    assert told(a_week(harvester)) == []
    a_little = somebody("cove", tier="steady", discount="Discounted.", discounted=4)
    assert told(a_week(a_little)) == ["Thank Cove"], "which is told nowhere"
    assert told(a_week(somebody("ana", tier="steady"))) == ["Thank Ana"]


def test_nobody_is_invited_for_a_part_of_an_order() -> None:
    earned = Earned(last_click=20_000, last_click_orders=2, all_orders=9, all_net=90_000)
    for revenue, tasks_told in ((4_999, []), (5_000, ["Invite Visitor 7F3K"])):
        unknown = somebody("anon_7", name="Visitor 7F3K", revenue=revenue)
        assert told(a_week(unknown, earned=earned)) == tasks_told


def test_whoever_fell_silent_is_asked() -> None:
    gone = somebody("rosa", revenue=0, orders=0, revenue_before=9_000)
    assert reasons(a_week(quiet=(gone,))) == ["Nothing this time, $90.00 before."]


def test_whose_links_made_others_share_is_thanked_for_it() -> None:
    (reason,) = reasons(a_week(somebody("ana", tier="gold", recruits=2)))
    assert reason == (
        "$900.00 is credited to them. 2 people began to share by their links in the last half "
        "year. Offer them something exclusive."
    )


@pytest.mark.parametrize(("orders", "words"), [(1, " for 1 order"), (2, " for 2 orders"), (0, "")])
def test_who_sells_steadily_is_thanked_for_as_many_orders_as_came(orders: int, words: str) -> None:
    (reason,) = reasons(a_week(somebody("ana", tier="steady", orders=orders)))
    assert reason == f"$900.00 is credited to them{words}. Invite them to your next launch."


def test_half_a_year_is_how_far_back_a_score_looks() -> None:
    assert WEEKS == 26


def test_two_who_are_thanked_are_not_thanked_alike() -> None:
    told_to_do = [
        [reason.rpartition(". ")[2] for reason in reasons(a_week(*people))]
        for people in (
            [somebody(who, tier="gold") for who in ("ana", "theo")],
            [somebody(who, tier="steady") for who in ("ana", "theo")],
        )
    ]
    assert told_to_do == [
        ["Offer them something exclusive.", "Write to Theo in person."],
        ["Invite them to your next launch.", "Tell them what comes next."],
    ]


def test_whose_links_fewer_people_follow_is_asked_before_a_second_is_thanked() -> None:
    people = [somebody(who, tier="gold") for who in ("ana", "theo")]
    fewer = somebody("rosa", clicks=12, clicks_before=60)
    report = a_week(*people, fewer)
    assert told(report) == ["Thank Ana", "Thank Theo", "Ask Rosa what happened"]
    assert reasons(report)[-1] == (
        "12 clicks this time, 60 before: fewer people follow their links."
    )
    held = a_held_order(influencer="b", influencer_name="B")
    assert told(a_week(*people, fewer, held_orders=(held,)))[1:] == [
        "Thank Ana",
        "Ask Rosa what happened",
    ]
    stranger = somebody("anon_1", clicks=0, clicks_before=900, revenue=0, score=None)
    assert told(a_week(stranger)) == [], "who sold nothing that is earned"


def test_nobody_is_asked_for_what_all_others_lost_as_well() -> None:
    """Whose clicks fell by half, where all others' did too; and who lost half of what they sold,
    where the shop sold half."""
    fewer = somebody("tide", clicks=447, clicks_before=970)
    clicks = {"funnel_before": Funnel(clicks=2_970)}
    assert told(a_week(fewer, funnel=Funnel(clicks=447 + 1_900), **clicks)) != []
    assert told(a_week(fewer, funnel=Funnel(clicks=447 + 1_000), **clicks)) == []
    least = somebody("tide", clicks=247, clicks_before=970)
    assert told(a_week(least, funnel=Funnel(clicks=247 + 1_000), **clicks)) != []
    usual = {"last_click": 90_000, "last_click_orders": 9, "all_net": 900_000}
    fell = somebody("rosa", way="down", revenue=42_000, revenue_before=90_000)
    now = Earned(all_orders=70, all_paid_orders=70, **usual)
    for before, kinds in ((70, ["ask"]), (140, [])):
        earlier = Earned(all_orders=before, all_paid_orders=before, **usual)
        report = a_week(fell, earned=now, before=earlier)
        assert [task.kind for task in tasks.choose(report)] == kinds


def test_beside_a_part_of_a_span_nobody_rises_and_no_links_are_followed_less() -> None:
    """Of the week before the shop was with us for four days."""
    part = date(2026, 11, 12)
    fewer = somebody("rosa", clicks=12, clicks_before=60)
    assert told(a_week(fewer)) == ["Ask Rosa what happened"]
    assert told(a_week(fewer, heard_since=part)) == []
    rising = somebody("theo", tier="rising", revenue=90_000, revenue_before=40_000)
    assert "rising" in reasons(a_week(rising))[0]
    assert "before." not in reasons(a_week(rising, heard_since=part))[0]


@pytest.mark.parametrize(
    ("changes", "title", "reason"),
    [
        (
            {"silence": A_BREAK},
            "Mend the script",
            "The last 12 paid orders carry nothing of it, from November 20, 2026 on.",
        ),
        (
            {"last_event": None, "silence": Silence(orders=3, since=date(2026, 11, 17))},
            "Mend the script",
            "Orders come, but no visit or click was ever heard of.",
        ),
        (
            {"silence": Silence(earlier=40, denied=20)},
            "Mend the consent banner",
            "None of the last 20 paid orders may be led to a share: does your banner pass on a"
            " yes?",
        ),
        (
            {"earned": Earned(), "other_currencies": ()},
            "Mend the order webhook",
            "No order came, after 395 before: does its webhook still reach us?",
        ),
        (
            {"undeliverable": ("owner@shop.example", "b@shop.example")},
            "Mend a recipient’s address",
            "owner@shop.example and 1 more refuse our mails.",
        ),
    ],
)
def test_what_is_broken_is_to_be_mended(changes: dict[str, Any], title: str, reason: str) -> None:
    report = a_week(**changes)
    assert told(report) == [title]
    assert reasons(report) == [reason]


def test_where_no_view_or_click_is_heard_and_orders_tell_of_the_script_nothing_is_broken() -> None:
    silent = datetime(2026, 11, 17, 12, tzinfo=UTC)
    crowd = Funnel(views=90_000, clicks=4_000)
    assert told(a_week(funnel_before=crowd, last_event=silent)) == []
    assert told(a_week(last_event=None, silence=Silence(earlier=9))) == []


def test_a_few_who_allow_nothing_break_nothing() -> None:
    assert told(a_week(silence=Silence(earlier=40, denied=19))) == []


def test_whose_orders_never_told_of_the_script_is_not_told_to_mend_it() -> None:
    assert told(a_week(silence=Silence(orders=400, since=date(2026, 11, 9)))) == []


def test_a_stop_of_the_webhook_is_seen_by_orders_that_were_paid_for() -> None:
    before = Earned(all_orders=40, all_net=90_000, all_paid_orders=2)
    assert told(a_week(earned=Earned(), other_currencies=(), before=before)) == []


def test_what_is_to_be_mended_leads_to_how_it_is_mended() -> None:
    everything = a_week(
        silence=A_BREAK,
        undeliverable=("owner@shop.example",),
        notices=(Notice(day=date(2026, 11, 16), about="links_of_shop"),),
    )
    (script, _) = tasks.choose(everything)
    assert script.path == "mend/script"
    used_up = Notice(day=date(2026, 11, 16), about="events")
    (limits,) = tasks.choose(a_week(notices=(used_up,)))
    assert limits.path == "mend/limits"
    paths = {each.task.path for each in mend_errands.broken(everything)}
    assert paths == {"mend/script", "mend/links_of_shop", "mend/recipient"}


def test_nothing_is_missed_in_days_that_are_not_over() -> None:
    """By the merchant's clock: in Auckland Monday has begun, in New York it has not."""
    gone = somebody("rosa", revenue=0, orders=0, revenue_before=90_000)
    fewer = somebody("theo", clicks=12, clicks_before=60)
    silent: dict[str, Any] = {"earned": Earned(), "other_currencies": ()}
    at = datetime(2026, 11, 23, 4, 59, tzinfo=UTC)
    for zone, is_over in (("America/New_York", False), ("Pacific/Auckland", True)):
        for changes, kinds in (({}, ["ask", "ask"]), (silent, ["mend"])):
            report = a_week(fewer, built_at=at, zone=zone, quiet=(gone,), **changes)
            told_kinds = [task.kind for task in tasks.choose(report)]
            assert told_kinds == (kinds if is_over else [])


def test_whom_nobody_knows_can_but_be_invited() -> None:
    for changes in ({"tier": "gold"}, {"tier": "rising"}, {"clicks": 1, "clicks_before": 90}):
        visitor = somebody("anon_7", name="Visitor 7F3K", **changes)
        assert told(a_week(visitor)) == ["Invite Visitor 7F3K"]
        assert told(a_week(replace(visitor, revenue=100))) == []


def test_nobody_is_asked_for_a_small_loss_or_whom_nobody_can_ask() -> None:
    earned = Earned(last_click=20_000, last_click_orders=2, all_orders=9, all_net=90_000)
    for lost, told_to_do in ((4_999, []), (5_000, ["Ask Rosa what happened"])):
        gone = somebody("rosa", revenue=0, orders=0, revenue_before=lost)
        assert told(a_week(quiet=(gone,), earned=earned)) == told_to_do
        after = a_week(quiet=(gone,), earned=Earned(all_orders=1, all_net=100), before=earned)
        assert told(after) == told_to_do, "where none came now, by what was usual before"
    visitor = somebody("anon_7", name="Visitor 7F3K", revenue=0, revenue_before=90_000)
    assert told(a_week(quiet=(visitor,), earned=earned)) == []
    fewer = {"clicks": 12, "clicks_before": 60}
    assert told(a_week(somebody("rosa", revenue=4_999, **fewer), earned=earned)) == []
    assert told(a_week(somebody("rosa", revenue=5_000, **fewer), earned=earned)) != []


def test_where_nothing_is_to_do_nothing_is_invented() -> None:
    assert told(a_week(somebody("ana"), somebody("theo", revenue=0))) == []


# ── What waits since before ──────────────────────────────────────────────────────────────────────
def since_before(*orders: HeldOrder, **more: Any) -> OlderHeld:
    amount = sum(each.amount for each in orders)
    asking = HeldSum(orders=len(orders), amount=amount)
    return OlderHeld(asking=asking, listed=orders, **more)


OLDER = a_held_order(
    order="998",
    name="#998",
    placed_at=datetime(2026, 11, 4, 2, tzinfo=UTC),
    influencer="theo",
    influencer_name="Theo",
    amount=96_000,
)


def test_an_older_order_that_waits_is_to_be_decided_behind_those_of_the_days() -> None:
    older = since_before(OLDER)
    (task,) = tasks.choose(a_week(older_held=older))
    assert (tasks.title(task), task.path) == ("Decide on order #998", "orders/shopify/998")
    assert task.reason == (
        "Credit $960.00 to Theo? Held since November 3, 2026: bought 2 seconds after the click."
    )
    both = a_week(older_held=older, held_orders=(a_held_order(),))
    assert told(both) == ["Decide on order #1042", "Decide on order #998"]
    assert reasons(both)[0].startswith("Credit $48.00 to Sana Rahimi? Held: ")
    last_week = tasks.choose(a_week(held_orders=(OLDER,)))
    assert told(a_week(older_held=older), *last_week) == ["Decide on order #998"]


# ── Which of them ────────────────────────────────────────────────────────────────────────────────
def test_three_of_different_kinds_most_urgent_first() -> None:
    people = [somebody(who, tier="gold") for who in ("ana", "theo", "mara")]
    report = a_week(*people, somebody("kenji", tier="rising"), held_orders=(a_held_order(),))
    assert told(report) == ["Decide on order #1042", "Send Kenji a gift", "Thank Ana"]


def test_of_one_kind_two_at_most() -> None:
    people = [somebody(who, tier="gold") for who in ("ana", "theo", "mara")]
    assert told(a_week(*people)) == ["Thank Ana", "Thank Theo"]


def test_whoever_was_thanked_last_week_lets_others_go_first() -> None:
    people = [somebody(who, tier="gold") for who in ("ana", "theo")]
    last = tasks.choose(a_week(people[0]))
    assert [task.name for task in last] == ["Ana"]
    others = (somebody("kenji", tier="rising"), somebody("anon_7", name="Visitor 7F3K"))
    report = a_week(*people, *others)
    assert told(report) == ["Send Kenji a gift", "Invite Visitor 7F3K", "Thank Ana"]
    assert told(report, *last) == ["Send Kenji a gift", "Invite Visitor 7F3K", "Thank Theo"]


def test_what_is_broken_and_still_is_stays_first() -> None:
    report = a_week(*(somebody(w, tier="gold") for w in "abc"), silence=A_BREAK)
    assert told(report, *tasks.choose(report))[0] == "Mend the script"


def test_whose_order_is_held_is_not_thanked_in_the_same_mail() -> None:
    sana = somebody("sana", tier="gold")
    assert told(a_week(sana, held_orders=(a_held_order(),))) == ["Decide on order #1042"]


def test_an_order_that_is_held_for_two_people_takes_one_place() -> None:
    whole = {"order_asks": 9_600}
    for_both = (
        a_held_order(influencer="sana", **whole),
        a_held_order(influencer="ben", influencer_name="Ben", amount=4_799, **whole),
    )
    report = a_week(held_orders=for_both)
    assert told(report) == ["Decide on order #1042"]
    assert told(report, *tasks.choose(report)) == ["Decide on order #1042"]
    gold = somebody("ben", tier="gold")
    assert told(a_week(gold, held_orders=for_both)) == ["Decide on order #1042", "Thank Ben"]


@pytest.mark.parametrize("seed", range(20))
def test_never_three_alike_and_nobody_twice(seed: int) -> None:
    dice = random.Random(seed)
    shops = [report for _, report in fifty_shops()]
    earlier: tuple[Task, ...] = ()
    for report in dice.sample(shops, 8):
        chosen = tasks.choose(report, earlier)
        assert len(chosen) <= tasks.MOST
        assert max(Counter(task.kind for task in chosen).values(), default=0) < 3
        assert len({task.about for task in chosen}) == len(chosen)
        assert tasks.choose(report, earlier) == chosen
        earlier = chosen


COUNTED = re.compile(r"(?<![\d.,٫])(\d+) (orders?|paid orders?|clicks?|person|people)\b")


@pytest.mark.parametrize("are_ones", [False, True])
def test_one_and_many_are_told_as_english_does(are_ones: bool) -> None:
    """In every sentence of every errand of fifty shops, chosen or not; and with ones alone."""
    shops = [report for _, report in fifty_shops()]
    reports = [_of_ones(report) for report in shops] if are_ones else shops
    reasons = [errand.task.reason for report in reports for errand in errands_of(report)]
    counted = {pair for text in reasons for pair in COUNTED.findall(text)}
    assert all((number == "1") is (noun in SINGULAR) for number, noun in counted), counted
    nouns = {noun for _, noun in counted}
    assert nouns >= ({"order", "person", "click"} if are_ones else {"orders", "people"})
    for text in reasons:
        assert re.fullmatch(r"\S.*[^.]\.", text), text
        assert "  " not in text


SINGULAR = {"order", "paid order", "click", "person"}


def _of_ones(report: Report) -> Report:
    lines = [
        replace(line, orders=1, clicks=1, clicks_before=90, recruits=n % 2, discount="")
        for n, line in enumerate(report.influencers)
    ]
    return replace(report, influencers=tuple(lines))


def errands_of(report: Report) -> Iterator[Errand]:
    yield from mend_errands.broken(report)
    yield from order_errands.held(report)
    yield from people_errands.gifts(report)
    yield from people_errands.invitations(report)
    yield from people_errands.fallen(report)
    yield from people_errands.thanks(report)
    yield from people_errands.doldrums(report)
    yield from mend_errands.used_up(report)


# ── What strangers can cause ─────────────────────────────────────────────────────────────────────
def test_a_flood_of_held_orders_takes_one_place() -> None:
    flood = tuple(
        a_held_order(order=f"{n}", influencer=f"anon_{n}", amount=9_999_999 - n) for n in range(100)
    )
    people = (somebody("theo", tier="rising"), somebody("ana", tier="gold"))
    report = a_week(*people, held_orders=flood)
    assert [task.kind for task in tasks.choose(report)] == ["decide", "gift", "thank"]
    assert "one of 100" in reasons(report)[0]


def test_what_a_program_can_use_up_comes_after_all_else() -> None:
    used = tuple(
        Notice(day=date(2026, 11, 16), about=about)
        for about in SUBJECTS
        if about != "links_of_shop"
    )
    people = (somebody("theo", tier="rising"), somebody("ana", tier="gold"))
    report = a_week(*people, notices=used)
    assert told(report)[-1] == "Mend what ran out"
    assert told(a_week(*people, notices=used, held_orders=(a_held_order(),))) == [
        "Decide on order #1042",
        "Send Theo a gift",
        "Thank Ana",
    ]


def test_nobody_is_invited_thanked_or_rewarded_who_sold_nothing_that_is_earned() -> None:
    clicked = somebody("anon_1", tier="rising", revenue=0, orders=0)
    unpaid = somebody("anon_2", tier="gold", unpaid=90_000)
    doubted = somebody("anon_3", tier="gold", held=90_000)
    recruiting = somebody("anon_4", score=None, revenue=0, recruits=900)
    assert told(a_week(clicked, unpaid, doubted, recruiting)) == []


def test_a_task_parts_what_was_paid_for_from_what_is_credited() -> None:
    sold = {"revenue": 502_000, "unpaid": 500_000}
    assert reasons(a_week(somebody("dee", tier="steady", **sold))) == [
        "$20.00 of the $5,020.00 credited to them is earned. $5,000.00 is not paid for. Invite "
        "them to your next launch."
    ]
    both = somebody("dee", tier="steady", revenue=51_767, held=1_200, upheld=4_800)
    (reason,) = reasons(a_week(both))
    assert "is earned. $12.00 is held. $48.00 is rejected. " in reason
    assert told(a_week(held_orders=(a_held_order(is_paid=False),))) == []


def test_who_only_ever_had_unpaid_orders_is_not_asked_where_they_are_gone() -> None:
    gone = somebody("eve", revenue=0, orders=0, revenue_before=500_000, unpaid_before=500_000)
    assert told(a_week(quiet=(gone,))) == []
    fell = replace(gone, revenue=9_000, unpaid=9_000, unpaid_before=490_000, way="down")
    assert reasons(a_week(fell)) == ["Nothing that was paid for this time, $100.00 before."]


def test_unpaid_orders_keep_nobody_from_being_invited() -> None:
    unpaid = {"unpaid": 900_000, "unpaid_orders": 2}
    earned = Earned(last_click=920_000, last_click_orders=4, all_orders=9, all_net=990_000)
    report = a_week(
        somebody("anon_7", name="Visitor 7F3K", revenue=5_000), earned=replace(earned, **unpaid)
    )
    assert told(report) == ["Invite Visitor 7F3K"]


def test_a_name_is_shown_as_names_are() -> None:
    evil = somebody("eve", name="Eve\u202e <b>http://evil.com\r\n", tier="gold")
    (task,) = tasks.choose(a_week(evil))
    assert tasks.title(task) == "Thank Eve bhttp/evil·com"
    odd = replace(evil, id="../../x?y#z")
    assert tasks.choose(a_week(odd))[0].path == "people/..%2F..%2Fx%3Fy%23z"


# ── What somebody costs ──────────────────────────────────────────────────────────────────────────
def costing(cost: int, orders: int, earned: int, **changes: Any) -> Report:
    """Vic, who is steady, cost so much; an order of the week comes to 68.00."""
    vic = somebody("vic", tier="steady", revenue=earned, orders=orders)
    sums = Return(spend=Spend(fee=cost), orders=orders, revenue=earned, earned=earned)
    return a_week(
        vic, returns=Returns(whole=sums, groups={"vic": sums}, names={"vic": "Vic"}), **changes
    )


def test_who_surely_costs_more_than_they_bring_is_weighed_and_not_thanked() -> None:
    report = costing(500_000, 12, 46_500)
    assert told(report) == ["Look at what Vic costs"]
    assert reasons(report) == ["They cost $5,000.00 and brought $465.00."]
    nothing = replace(costing(50_000, 0, 0), influencers=())
    assert reasons(nothing) == ["They cost $500.00 and brought nothing."]


def test_of_few_orders_nobody_says_that_somebody_costs_too_much() -> None:
    for report in (costing(6_000, 1, 4_800), costing(50_000, 12, 46_500), costing(9_000, 0, 0)):
        assert "Look at what Vic costs" not in told(report)
    assert told(costing(50_000, 12, 46_500)) == ["Thank Vic"]
    assert told(costing(0, 12, 46_500)) == ["Thank Vic"]


def test_money_that_waits_for_its_date_is_not_nothing() -> None:
    """Every order of a buyer who came back waits: a week's fee is not held against it."""

    def waiting(cost: int, **sums: int) -> Report:
        report = costing(cost, 8, 0)
        held = replace(report.returns.groups["vic"], **sums)
        return replace(report, returns=Returns(groups={"vic": held}, names={"vic": "Vic"}))

    for of_it in (0, 1_000):
        all_of_it = {"revenue": 40_000, "held": 40_000 - of_it, "earned": of_it}
        assert "Look at what Vic costs" not in told(waiting(6_000, **all_of_it))
    dear = waiting(500_000, revenue=40_000, held=40_000)
    assert reasons(dear)[0] == "They cost $5,000.00 and brought $400.00. $400.00 is held."
    rejected = waiting(500_000, revenue=40_000)
    assert reasons(rejected)[0] == "They cost $5,000.00 and brought $0.00."


def test_of_days_that_are_not_over_nobody_knows_yet_what_they_bring() -> None:
    open_days = {"built_at": datetime(2026, 11, 20, tzinfo=UTC)}
    assert "Look at what Vic costs" not in told(costing(500_000, 12, 46_500, **open_days))


def test_who_costs_most_more_stands_first() -> None:
    people = [somebody(who, tier="unproven") for who in ("ben", "cem")]
    sums = [Return(spend=Spend(fee=n), orders=9, revenue=900, earned=900) for n in (90_000, 95_000)]
    groups = dict(zip(("ben", "cem"), sums, strict=True))
    names = {"ben": "Ben", "cem": "Cem"}
    report = a_week(*people, returns=Returns(groups=groups, names=names))
    assert told(report) == ["Look at what Cem costs", "Look at what Ben costs"]
