"""The three plain answers: what ranks whom, and why it says so."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sharetrail.analysis.ranking import RANKING_VERSION, Rankings, rank
from sharetrail.analysis.score.expectation import InfluencerWeek, Record
from sharetrail.analysis.score.history import Histories, TopOrder
from sharetrail.analysis.score.score import SCORE_VERSION, score_all
from sharetrail.analysis.share_tree import Branch, Tree
from sharetrail.aws.items import dump, load
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import Tally
from tests.senders import a_merchant

SUNDAY = date(2026, 11, 22)
MERCHANT = a_merchant(datetime(2026, 1, 1, tzinfo=UTC))
WEEKS = 8


@dataclass(frozen=True, kw_only=True)
class Line:
    influencer: str = "ana"
    network: str = "x"
    amount: int = 5_000
    is_in_doubt: bool = False

    @property
    def touch(self) -> "Line":
        return self


@dataclass(frozen=True, kw_only=True)
class Order:
    platform: str = "shopify"
    order: str = "1"
    linear: tuple[Line, ...] = ()
    net: int = 0
    refunded: int = 0
    charged_back: int = 0
    cancelled: bool = False
    decisions: tuple[()] = ()
    paid_at: datetime | None = datetime(2026, 11, 20, tzinfo=UTC)

    def lines(self, model: str) -> tuple[Line, ...]:
        return self.linear if model == "linear" else ()


@dataclass
class World:
    """What happened, told a week at a time: age 0 is the newest."""

    seen: dict[date, dict[str, dict[str, int]]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    sold: list[Record] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    branches: dict[str, Branch] = field(default_factory=dict)

    def shared(
        self,
        who: str,
        age: int = 0,
        *,
        on: str = "x",
        day: int = 0,
        links: int = 1,
        **counts: int,
    ) -> "World":
        """People followed each of so many links once, and the first with all other clicks."""
        when = self.seen.setdefault(SUNDAY - timedelta(weeks=age, days=day), {})
        for n in range(links):
            code = f"{who} on {on} {n}"
            self.links[code] = Link(
                code=code,
                merchant="m",
                influencer=who,
                url="https://shop.example/",
                network=on.partition(":")[0],
                label=on.partition(":")[2],
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
            if "human" in counts:
                human = 1 if n else counts["human"] - links + 1
                when[code] = {**({} if n else counts), "human": human, "followed": human}
            else:
                when[code] = counts
        return self

    def sells(self, who: str, clicks: int, orders: int, closer: bool = False) -> "World":
        revenue = orders * 5_000
        week = InfluencerWeek(
            clicks=clicks,
            orders=orders,
            squares=orders,
            revenue=revenue,
            shares=1,
            first=0 if closer else revenue,
            last=revenue,
        )
        self.sold.append(Record(influencer=who, network="x", weeks=(week,) * WEEKS))
        return self

    def answered(self, currency: str = "USD") -> Rankings:
        records = self.sold or [
            Record(influencer=who, network="x", weeks=(InfluencerWeek(**NOTHING),) * WEEKS)
            for who in sorted({link.influencer for link in self.links.values()})
        ]
        histories: Any = Histories(MERCHANT, SUNDAY, WEEKS)
        for day, links in sorted(self.seen.items()):
            histories.add_day(day, Tally(links=links), self.links)
        for order in self.orders:
            histories.add_order(order, order)
        tree = Tree(generations=(), branches=self.branches)
        scores = score_all(records, seed="s")
        return rank(histories.by_influencer, records, scores, tree, currency)


NOTHING: dict[str, Any] = dict.fromkeys(
    ("clicks", "orders", "squares", "revenue", "shares", "first", "last"), 0
)


def who(places: Any) -> list[str]:
    return [each.influencer for each in places]


# ── who shares ───────────────────────────────────────────────────────────────────────────────────
def test_who_shares_counts_the_links_that_people_followed_in_four_weeks() -> None:
    world = World().shared("ana", 0, links=2, human=30).shared("ana", 3, human=5)
    world.shared("ana", 4, links=50, human=50).shared("ben", 1, links=4, on="whatsapp", human=9)
    told = world.answered().shares
    assert [(each.influencer, each.links_followed, each.clicks) for each in told] == [
        ("ben", 4, 9),
        ("ana", 2, 35),
    ]
    assert [each.sentence for each in told] == [
        "4 of their links were followed in the last four weeks, on WhatsApp; 9 clicks followed.",
        "2 of their links were followed in the last four weeks, on X; 35 clicks followed.",
    ]


def test_the_network_of_most_links_is_named() -> None:
    world = World().shared("ana", human=90).shared("ana", links=2, on="whatsapp", human=2)
    (ana,) = world.answered().shares
    assert ", mostly on WhatsApp;" in ana.sentence


def test_a_network_of_another_name_is_called_by_it() -> None:
    world = World().shared("ana", links=2, on="other:Twitch", human=2)
    (ana,) = world.shared("ana", on="other:Dm", human=1).answered().shares
    assert ", mostly on Twitch (other);" in ana.sentence


def test_one_link_followed_for_weeks_is_one_link() -> None:
    world = World().shared("ana", 0, human=9).shared("ana", 1, human=9).shared("ben", 0, bot=9)
    (ana,) = world.answered().shares
    assert (ana.influencer, ana.links_followed, ana.clicks) == ("ana", 1, 18)
    assert ana.sentence.startswith("One of their links was followed in the last four weeks, on X;")


def test_what_pages_say_of_shares_ranks_nobody() -> None:
    told = World().shared("ana", human=9).shared("ben", share=100_000).answered()
    assert who(told.shares) == who(told.influence) == ["ana"]


# ── whose shares sell ────────────────────────────────────────────────────────────────────────────
def test_whose_shares_sell_is_the_score_with_its_largest_orders() -> None:
    world = World().sells("ana", 100, 4).sells("ben", 100, 1).sells("cem", 0, 0)
    world.orders = [
        Order(order=f"{n}", linear=(Line(amount=n * 100), Line(influencer="ben", amount=1)))
        for n in range(1, 6)
    ]
    world.orders.append(Order(order="held", linear=(Line(amount=9_999, is_in_doubt=True),)))
    told = world.answered().sales
    assert who(told) == ["ana", "ben"], "nothing is expected of cem"
    assert told[0].orders == tuple(
        TopOrder(platform="shopify", order=f"{n}", amount=n * 100) for n in (5, 4, 3)
    )
    assert [each.order for each in told[1].orders] == ["1", "2", "3"]
    (value,) = (s.value for s in score_all(world.sold, seed="s") if s.influencer == "ana")
    assert told[0].value == round(value)
    assert told[0].low < told[0].value < told[0].high
    assert told[0].sentence.startswith(f"{value / 100:.2f} USD expected in the coming four weeks (")
    assert ": about 400 clicks, of which " in told[0].sentence


def test_an_order_of_several_touches_of_one_partner_is_one_order() -> None:
    world = World().sells("ana", 100, 4)
    world.orders = [Order(linear=(Line(amount=30), Line(amount=12)))]
    assert world.answered().sales[0].orders[0].amount == 42


def test_a_closers_sentence_tells_the_discount() -> None:
    world = World().sells("ana", 100, 4, closer=True).sells("ben", 100, 4)
    (ana,) = (each for each in world.answered().sales if each.influencer == "ana")
    assert ana.sentence.endswith(", less 50 % for ending what others began.")


def test_amounts_are_written_in_the_currencys_digits() -> None:
    (ana,) = World().sells("ana", 100, 4).answered("JPY").sales
    assert ana.sentence.startswith(f"{ana.value} JPY expected")


# ── who is influential in general ────────────────────────────────────────────────────────────────
def crowd(world: World) -> World:
    for n in range(8):
        for age in range(WEEKS):
            world.shared(f"crowd {n}", age, links=2, human=10)
    return world


def test_one_lucky_share_stays_below_a_steady_sharer() -> None:
    world = crowd(World()).shared("lucky", links=1, human=60)
    for age in range(WEEKS):
        world.shared("steady", age, links=2, human=60)
    told = {each.influencer: each for each in world.answered().influence}
    assert who(world.answered().influence)[0] == "steady"
    assert told["lucky"].clicks_per_share < 60, "drawn towards the others"
    assert told["steady"].clicks_per_share == pytest.approx(30, rel=0.1)
    assert told["steady"].shares == pytest.approx(8)
    assert told["steady"].clicks == pytest.approx(8 * told["steady"].clicks_per_share)
    assert told["steady"].low < told["steady"].clicks < told["steady"].high


def test_strangers_who_follow_their_own_links_move_nobody_whom_the_merchant_knows() -> None:
    alone = crowd(World()).shared("ana", human=60)
    before = {each.influencer: each for each in alone.answered().influence}
    for n in range(20):
        alone.shared(f"anon_{n}", links=3, human=9_000)
    after = {each.influencer: each for each in alone.answered().influence}
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 20, "they are shown all the same"


def test_sales_have_no_part_in_influence() -> None:
    world = World().shared("ana", links=2, human=50).shared("ben", links=2, human=20)
    world.sells("ana", 50, 0).sells("ben", 20, 10)
    told = world.answered()
    assert (who(told.influence), who(told.sales)[0]) == (["ana", "ben"], "ben")


def test_what_else_speaks_of_influence_stands_beside_the_clicks() -> None:
    world = World().shared("ana", 0, links=2, human=50, unique=40).shared("ben", links=2, human=90)
    world.shared("ana", 3, links=2, human=50, unique=41).shared("ana", 4, human=50, unique=999)
    world.branches["ana"] = Branch(generation=1, invitations=100, recruits=2, second_order=4_001)
    told = {each.influencer: each for each in world.answered().influence}
    assert (told["ana"].unique, told["ana"].recruits, told["ana"].second_order) == (81, 2, 2_000)
    assert (told["ben"].unique, told["ben"].recruits, told["ben"].second_order) == (0, 0, 0)
    assert told["ana"].sentence.endswith("; 2 friends began to share by their links.")
    assert "friend" not in told["ben"].sentence


def test_its_sentence_multiplies() -> None:
    world = World()
    for age in range(WEEKS):
        world.shared("ana", age, links=2, human=60)
    (ana,) = world.answered().influence
    assert ana.sentence == (
        "About 240 clicks expected in the coming four weeks: about 8 shares, each followed "
        "about 30 times."
    )


# ── all three ────────────────────────────────────────────────────────────────────────────────────
def test_nothing_seen_answers_nothing() -> None:
    assert World().answered() == Rankings()


def test_a_hundred_places_at_most_and_ties_stand_by_name() -> None:
    world = World()
    for n in range(120):
        world.shared(f"{n:03}", links=2, human=5)
        world.sells(f"{n:03}", 5, 1)
    told = world.answered()
    for by in ("shares", "sales", "influence"):
        assert who(told.by(by)) == [f"{n:03}" for n in range(100)]


def test_they_fit_an_item_and_are_read_back_as_they_were() -> None:
    world = World()
    for n in range(100):
        name = f"{n:03}" + "x" * 97
        world.shared(name, links=2, human=5).sells(name, 5, 1)
        world.orders += [
            Order(
                platform="woocommerce",
                order=f"{n}{'9' * 30}{m}",
                linear=(Line(influencer=name),),
            )
            for m in range(3)
        ]
    told = world.answered()
    stored = dump(told)
    assert load(Rankings, stored) == told
    assert len(repr(stored)) < 350_000, "DynamoDB takes 400 KB"


def test_the_order_in_which_things_are_told_decides_nothing() -> None:
    world = crowd(World()).shared("ana", links=1, human=60).shared("ben", 2, links=1, human=60)
    before = world.answered()
    world.links = dict(reversed(world.links.items()))
    world.seen = {day: dict(reversed(links.items())) for day, links in reversed(world.seen.items())}
    assert world.answered() == before


def test_the_rule_is_named() -> None:
    assert Rankings().rule == RANKING_VERSION != SCORE_VERSION
