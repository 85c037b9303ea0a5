"""What an installation is told to be, check by check, from what was seen of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from sharetrail.attribution.credit import OrderFigures
from sharetrail.clicks.page_event import PageConsent, PageEvent, PageEventType
from sharetrail.clicks.trail import TrailState
from sharetrail.installation import (
    delivery_sight,
    installation,
    page_sight,
    platform_words,
    sign,
)
from sharetrail.installation.check import TITLES, Check, CheckAbout
from sharetrail.installation.delivery_sight import DeliverySight
from sharetrail.installation.inspection import Inspection
from sharetrail.merchants.profile import Merchant
from sharetrail.merchants.refusal import Refusal, RefusalKind
from sharetrail.orders.order_fact import Fact, OrderRef, Platform, Refund
from sharetrail.platforms.connection import Connection
from sharetrail.platforms.trouble import Trouble
from sharetrail.words.speech import speaking

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
A_SHOP = Merchant(
    id="m_1",
    shop_host="shop.example",
    name="Mug & Bean",
    hosts=("shop.example",),
    created_at=NOW - timedelta(days=90),
    origins=("https://shop.example",),
    currency="USD",
    zone="America/New_York",
    country="US",
    shopify_domain="mugs.myshopify.com",
    recipients=("owner@shop.example",),
)


def an_order(
    hours_ago: float = 1, said: TrailState = "none", number: int = 1, **changes: Any
) -> OrderFigures:
    at = NOW - timedelta(hours=hours_ago)
    order = OrderFigures(
        platform="shopify",
        order=f"{number}",
        name=f"#{number}",
        placed_at=at,
        currency="USD",
        net=100,
        paid_at=at,
        refunded=0,
        influence="none",
        packed="",
        trail_state=said,
    )
    return replace(order, **changes)


def an_event(
    minutes_ago: float = 5,
    kind: PageEventType = "view",
    address: str | None = "a1",
    consent: PageConsent | None = "unasked",
    **more: Any,
) -> PageEvent:
    return PageEvent(
        id="e",
        merchant="m_1",
        type=kind,
        at=NOW - timedelta(minutes=minutes_ago),
        timed=True,
        page="shop.example/mug",
        address=address,
        consent=consent,
        **more,
    )


def inspected(
    orders: Sequence[OrderFigures] = (),
    events: Sequence[PageEvent] = (),
    *,
    merchant: Merchant = A_SHOP,
    waits: Sequence[float] = (),
    **more: Any,
) -> Inspection:
    """`waits` in minutes."""
    times = {"shopify": [timedelta(minutes=each) for each in waits]} if waits else {}
    heard = {("shopify", "placed"): orders[-1].placed_at} if orders else {}
    sight = {"deliveries": DeliverySight(heard=heard, waits=times), **more}  # type: ignore[arg-type]
    return Inspection(
        merchant=merchant,
        base="https://go.shop.example",
        now=NOW,
        signs=sign.of(orders, events[0].at if events else None, merchant.tz),
        pages=page_sight.of(events),
        **sight,
    )


def check(about: CheckAbout, of: Inspection) -> Check:
    return installation.of(of).find(about)


def state(about: CheckAbout, of: Inspection) -> str:
    return check(about, of).state


# ── all of them ──────────────────────────────────────────────────────────────────────────────────
def test_every_check_is_there_once_in_the_order_in_which_each_rests_on_those_before() -> None:
    found = installation.of(inspected())
    assert [each.about for each in found.checks] == [a for a in TITLES if a != "connection"]


def test_of_several_shop_systems_the_one_with_a_trouble_is_told() -> None:
    works = Connection(platform="stripe", connected_at=NOW, checked_at=NOW)
    refuses = Connection(platform="woocommerce", connected_at=NOW).troubled(
        Trouble(kind="credentials"), NOW
    )
    found = installation.of(inspected(connections=(works, refuses)))
    assert found.checks[-1].about == "connection"
    assert "WooCommerce refused the key." in found.checks[-1].todo[0]
    assert found.state == "broken"
    assert installation.of(inspected(connections=(works,))).checks[-1].state == "ok"


def test_in_another_language_the_same_is_found() -> None:
    of = inspected([an_order(said="denied")] * 3, [an_event()])
    with speaking("de_DE"):
        german = installation.of(of)
    assert [each.state for each in german.checks] == [e.state for e in installation.of(of).checks]


# ── the pages ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "said"), [(6, "ok"), (8, "unknown")])
def test_a_page_that_was_heard_long_ago_says_little(days: int, said: str) -> None:
    assert state("script", inspected(events=[an_event(days * 1_440)])) == said


def test_where_neither_orders_nor_pages_ever_said_anything_the_script_is_missing() -> None:
    silent = [an_order(n, "absent", n) for n in (3, 2, 1)]
    assert state("script", inspected(silent)) == "broken"
    assert state("script", inspected(silent[1:])) == "waiting"


def test_one_visitors_page_hides_no_silence_of_paid_orders() -> None:
    orders = [*(an_order(50 - n) for n in range(20)), *(an_order(n, "absent") for n in (3, 2, 1))]
    one = [an_event(n) for n in range(9)]
    assert state("script", inspected(orders, one)) == "broken"
    three = [an_event(n, address=f"a{n}") for n in range(3)]
    assert state("script", inspected(orders, three)) == "ok"
    assert state("trail", inspected(orders, three)) == "broken"


def test_unpaid_orders_say_nothing() -> None:
    unpaid = [an_order(n, "ids", paid_at=None) for n in (3, 2, 1)]
    assert state("script", inspected(unpaid)) == "waiting"
    assert state("reach", inspected(unpaid)) == "waiting"
    assert state("consent", inspected(unpaid)) == "waiting"


def test_a_key_that_was_refused_counts_until_a_page_is_heard() -> None:
    refused = Refusal(kind="key", at=NOW - timedelta(minutes=10))
    assert state("reach", inspected(refusals=(refused,))) == "broken"
    assert state("reach", inspected(events=[an_event(5)], refusals=(refused,))) == "ok"
    assert state("reach", inspected(events=[an_event(15)], refusals=(refused,))) == "unknown"
    long_ago = [an_event(8 * 1_440)]
    assert state("reach", inspected(events=long_ago, refusals=(refused,))) == "broken"


@pytest.mark.parametrize(
    ("origin", "is_offered"),
    [
        ("https://www.shop.example", True),
        ("http://shop.example:8080", True),
        ("https://shop.example", True),
        ("https://shop-example.com", False),
        ("https://myshop.example", False),
        ("https://www.shop.example.evil.com", False),
        ("https://evil.com/.shop.example", False),
        ("https://evil.com?x.shop.example", False),
        ("https://shop.example@evil.com", False),
        ("https://example", False),
        (".shop.example", False),
        ("", False),
    ],
)
def test_nobody_is_asked_to_admit_a_host_that_a_stranger_named(
    origin: str, *, is_offered: bool
) -> None:
    refused = Refusal(kind="origin", named=origin, at=NOW - timedelta(minutes=1))
    found = check("reach", inspected(events=[an_event(5)], refusals=(refused,)))
    assert found.state == "unknown"
    assert bool(found.todo) == is_offered
    with_www = replace(A_SHOP, origins=("https://www.shop.example",))
    bare = replace(refused, named="https://shop.example")
    assert check("reach", inspected(merchant=with_www, refusals=(bare,))).todo


def test_of_some_who_came_by_links_a_blocker_may_have_kept_one_visit_back() -> None:
    long_ago = [an_event(9 * 1_440)]
    assert state("reach", inspected([an_order(said="ids")], long_ago)) == "unknown"
    three = [an_order(n, "ids") for n in (3, 2, 1)]
    assert state("reach", inspected(three, long_ago)) == "broken"
    assert state("reach", inspected([an_order(said="ids")])) == "broken", "never heard at all"


def test_no_program_finds_an_address_in_the_page_that_an_event_names() -> None:
    page = "shop.example/write-to-evil.com"
    told: tuple[tuple[PageEventType, int | None], ...]
    told = (("view", None), ("check", 0), ("check", 1))
    for kind, buttons in told:
        event = replace(an_event(5, kind, buttons=buttons), page=page)
        about: CheckAbout = "buttons" if kind == "check" else "script"
        seen = " ".join(check(about, inspected(events=[event])).seen)
        assert "write-to-evil·com" in seen
        assert "evil.com" not in seen


def test_visitors_without_buttons_are_a_few_before_buttons_are_missing() -> None:
    two = [an_event(n, "visit", f"a{n}") for n in range(2)]
    assert state("buttons", inspected(events=two)) == "waiting"
    assert state("buttons", inspected(events=[*two, an_event(9, "visit", "a9")])) == "broken"
    seen = inspected(events=[*two, an_event(9, "visit", "a9")], viewed_on=date(2026, 11, 29))
    assert state("buttons", seen) == "ok"


def test_a_page_without_buttons_is_mended_once_somebody_has_them_on_the_screen() -> None:
    looked_at = an_event(20, "check", buttons=0)
    assert state("buttons", inspected(events=[looked_at, an_event(30, "visit")])) == "broken"
    assert state("buttons", inspected(events=[looked_at, an_event(30)])) == "unknown"
    days_ago = inspected(events=[looked_at], viewed_on=date(2026, 11, 29))
    assert state("buttons", days_ago) == "unknown", "anybody may have told it"
    assert state("buttons", inspected(events=[an_event(10), looked_at])) == "ok"


@pytest.mark.parametrize(("visitors", "said"), [(9, "waiting"), (10, "broken")])
def test_ten_visitors_who_all_say_no_are_a_banner_that_passes_no_yes_on(
    visitors: int, said: str
) -> None:
    none = [an_event(n, address=f"a{n}", consent="denied") for n in range(visitors)]
    assert state("consent", inspected(events=none)) == said
    assert state("consent", inspected(events=[*none, an_event(address="x")])) == "ok"
    assert state("consent", inspected([an_order()], none)) == "ok", "an order allows it"


def test_one_address_has_one_word_on_consent_its_newest() -> None:
    sight = page_sight.of([an_event(1, consent="given"), *[an_event(2, consent="denied")] * 50])
    assert sight.consent == {"given": 1}


def test_one_address_is_believed_five_checkouts_and_each_order_is_one() -> None:
    told = [an_event(n, "checkout", "a1", order=f"{n}", carried="ids") for n in range(9)]
    again = [an_event(99, "checkout", "a2", order="7", carried="absent")]
    found = page_sight.of([*told, *again]).checkouts
    assert [each.order for each in found] == ["0", "1", "2", "3", "4"]


# ── the orders ───────────────────────────────────────────────────────────────────────────────────
def test_half_of_the_newest_orders_is_enough() -> None:
    orders = [an_order(n, "none" if n % 2 else "absent") for n in range(10, 0, -1)]
    assert state("trail", inspected(orders, [an_event()])) == "ok"
    fewer = [an_order(n, "absent" if n % 3 else "none") for n in range(10, 0, -1)]
    assert state("trail", inspected(fewer, [an_event()])) == "unknown"


def test_what_each_shop_system_has_to_do_is_told_by_the_newest_order() -> None:
    for platform, words in {
        "woocommerce": "lines of PHP",
        "stripe": "metadata",
        "standard": "sharetrail.visit",
    }.items():
        orders = [an_order(n, "absent", platform=platform) for n in (3, 2, 1)]
        assert words in check("trail", inspected(orders, [an_event()])).todo[0]


@pytest.mark.parametrize(("days", "said"), [(2.9, "ok"), (3, "broken"), (19, "broken"), (30, "ok")])
def test_a_silence_is_long_where_many_were_due_and_no_longer_than_was_heard(
    days: float, said: str
) -> None:
    """Seven paid orders a day, for twenty days."""
    orders = [an_order(24 * days + n * 24 / 7, number=n) for n in range(140)]
    assert state("webhook", inspected(orders)) == said


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (range(1, 40), "ok"),
        ([*range(1, 20), *range(22, 40)], "ok"),
        ([*range(1, 20), *range(30, 45)], "unknown"),
        (range(1, 400, 10), "ok"),
    ],
)
def test_a_few_numbers_are_missing_everywhere_and_most_in_shops_that_do_not_count(
    numbers: Sequence[int], said: str
) -> None:
    orders = [an_order(n / 100, number=n) for n in numbers]
    assert state("webhook", inspected(orders)) == said
    elsewhere = [replace(each, platform="woocommerce") for each in orders]
    assert state("webhook", inspected(elsewhere)) == "ok", "posts and pages are counted as well"


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        ((0, 0.1, 0.2), "ok"),
        ((0.1, 300, 900), "ok"),
        ((11, 12, 60), "broken"),
        ((60, 60), "ok"),
        ((-60,), "broken"),
        ((-60, 0.1, 0.1), "ok"),
        ((-1.9, -1.9, -1.9), "ok"),
    ],
)
def test_a_clock_is_off_where_nothing_comes_in_time_or_most_before_it(
    waits: Sequence[float], said: str
) -> None:
    assert state("clock", inspected([an_order()], waits=waits)) == said


def test_a_webhook_that_is_signed_by_nothing_is_a_doubt_of_the_system_that_orders_come_by() -> None:
    refused = Refusal(kind="signature", platform="shopify", at=NOW - timedelta(minutes=1))
    found = check("webhook", inspected([an_order(5)], refusals=(refused,)))
    assert found.state == "unknown"
    assert "address for Shopify" in found.seen[1]
    elsewhere = replace(refused, platform="stripe")
    assert state("webhook", inspected([an_order(5)], refusals=(elsewhere,))) == "ok"
    earlier = replace(refused, at=NOW - timedelta(hours=9))
    assert state("webhook", inspected([an_order(5)], refusals=(earlier,))) == "ok"
    both = inspected([an_order(5)], refusals=(elsewhere, refused))
    assert state("webhook", both) == "unknown", "one of a stranger's hides none of the shop's"


def test_before_any_order_a_wrong_secret_is_told_of_any_system() -> None:
    refused = Refusal(kind="signature", platform="stripe", at=NOW - timedelta(minutes=1))
    found = check("webhook", inspected(refusals=(refused,)))
    assert found.state == "waiting"
    assert "address for Stripe" in found.seen[2]
    assert "signing secret that Stripe shows" in found.todo[0]


def test_a_webhook_that_is_signed_by_nothing_hides_no_silence() -> None:
    orders = [an_order(24 * 5 + n * 24 / 7, number=n) for n in range(140)]
    refused = Refusal(kind="signature", platform="shopify", at=NOW - timedelta(minutes=1))
    found = check("webhook", inspected(orders, refusals=(refused,)))
    assert found.state == "broken"
    assert "many more were due since" in found.seen[1]
    assert "its signature does not fit" in found.seen[2]


@pytest.mark.parametrize(
    ("kind", "about", "seconds"), [("shop", "webhook", 0), ("clock", "clock", -3_600)]
)
def test_a_signed_delivery_that_somebody_kept_and_sent_again_is_a_doubt(
    kind: RefusalKind, about: CheckAbout, seconds: int
) -> None:
    """Of a system that no order came by there is none to keep."""
    at = NOW - timedelta(minutes=1)
    refused = Refusal(kind=kind, platform="shopify", named="evil.example", seconds=seconds, at=at)
    assert state(about, inspected([an_order(5)], refusals=(refused,))) == "unknown"
    assert state(about, inspected(refusals=(refused,))) == "broken"
    of_another = [an_order(5, platform="woocommerce")]
    assert state(about, inspected(of_another, refusals=(refused,))) == "broken"


def test_what_was_signed_ahead_of_our_clock_nobody_has_kept() -> None:
    at = NOW - timedelta(minutes=1)
    refused = Refusal(kind="clock", platform="shopify", seconds=3_600, at=at)
    assert state("clock", inspected([an_order(5)], refusals=(refused,))) == "broken"


def test_a_secret_that_is_missing_is_named_before_any_order() -> None:
    without = check("webhook", inspected())
    assert "signing secret was not given" in without.seen[1]
    assert len(check("webhook", inspected(secrets=frozenset({"shopify"}))).seen) == 1


DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("platform", get_args(Platform))
def test_a_topic_that_is_waited_for_is_one_that_the_docs_have_the_shop_tell(platform: str) -> None:
    told = (DOCS / "webhooks.md").read_text()
    topics = ", ".join(platform_words.topics(platform)).split(", ")
    assert topics
    assert all(f"`{topic}`" in told for topic in topics)


def test_each_check_is_told_at_length_where_it_says() -> None:
    text = (DOCS / "install.md").read_text()
    places = {"-".join(each.lower().split()) for each in re.findall(r"^#+ ([\w -]+)", text, re.M)}
    for each in installation.of(inspected()).checks:
        name, _, place = each.docs.partition("#")
        assert name == "docs/install.md"
        assert place in {each.rstrip("-") for each in places} | {"does-it-work"}


# ── what facts say of deliveries ─────────────────────────────────────────────────────────────────
def a_fact(kind: Any, minutes: float = 0, **more: Any) -> Fact:
    at = NOW - timedelta(hours=1)
    return Fact(kind=kind, at=at, received=at + timedelta(minutes=minutes), **more)


def test_what_an_export_told_was_told_by_no_webhook() -> None:
    order = OrderRef(merchant="m_1", platform="shopify", id="1")
    sight = delivery_sight.of(
        [(order, [a_fact("placed", 900, source="export"), a_fact("paid", 1)])]
    )
    assert set(sight.heard) == {("shopify", "paid")}
    assert sight.waits == {"shopify": [timedelta(minutes=1)]}


def test_a_refund_beside_an_update_is_no_webhook_of_its_own() -> None:
    order = OrderRef(merchant="m_1", platform="shopify", id="1")
    refund = Refund(id="9", items=100)
    told = [a_fact("updated", refunds=(refund,))]
    assert delivery_sight.of([(order, told)]).beside == {"shopify"}
    by_itself = [*told, a_fact("refund", refund=refund)]
    assert delivery_sight.of([(order, by_itself)]).beside == frozenset()


def test_the_orders_looked_into_are_the_newest_and_those_that_something_was_taken_from() -> None:
    orders = [an_order(n, number=n) for n in range(1, 30)]
    orders[20] = replace(orders[20], refunded=5)
    orders[25] = replace(orders[25], cancelled=True)
    assert [each.order for each in delivery_sight.telling(orders)] == [
        *("1", "2", "3", "4", "5", "6"),
        *("21", "26"),
    ]
