"""A report with all that stands on its page, for tests, in parts that add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.costs.cost import Cost
from sharetrail.costs.spend import Return, Returns, Spend
from sharetrail.merchants.notice import Notice
from sharetrail.money import share_out
from sharetrail.report.held import HeldOrder, HeldSum, OlderHeld
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Audience, Correction, Report, ShareNode, Step
from sharetrail.report.task import Task, TaskKind
from tests.reports import A_BREAK, NAMES, a_group, a_report, adding_up, an_influencer


def a_full_report(**changes: Any) -> Report:
    """The same week with all that stands on its page alone, in parts that add up."""
    report = a_report()
    people = tuple(_with_past(n, line) for n, line in enumerate(report.influencers))
    full: dict[str, Any] = {
        "built_at": datetime(2026, 11, 23, 13, 2, tzinfo=UTC),
        "heard_since": date(2026, 3, 2),
        "scored_until": report.last,
        "reason": "More orders, 62 (24 before).",
        "steps": _steps(report),
        "tasks": (
            a_task("decide", "#1047", "Bought 2 seconds after the click: $480.00 waits for you."),
            a_task("thank", NAMES[0], "She sold most: $900.00, and her range has risen."),
            a_task("invite", NAMES[2], "A shopper whose links sold for $210.00."),
        ),
        "influencers": people,
        "quiet": (an_influencer(9, revenue=0, orders=0, clicks=0, links_followed=0),),
        "held_orders": (a_held_order("1047", 48_000), a_held_order("1051", 12_750, effect="wait")),
        "older_held": OlderHeld(
            asking=HeldSum(orders=2, amount=9_600),
            listed=(a_held_order("998", 6_000), a_held_order("991", 3_600)),
        ),
        "own_orders": 2,
        "networks": tuple(
            replace(line, id=line.name.lower(), revenue_before=line.revenue // 2)
            for line in report.networks
        ),
        "campaigns": (a_group("Autumn", id="autumn", revenue=91_200),),
        "audience": Audience(
            countries={"US": 1_080, "CA": 402, "GB": 211, "DE": 88, "FR": 40, "other": 26},
            devices={"phone": 1_390, "desktop": 380, "tablet": 77},
            hours=tuple(20 + 9 * min(n, 24 - n) + (60 if n in (20, 21) else 0) for n in range(24)),
            weekdays=(210, 240, 232, 251, 280, 340, 294),
            new_buyers=41,
            returning_buyers=19,
            unknown_buyers=2,
        ),
        "returns": some_returns(report),
        "tree": a_tree(),
        "calibration": Calibration(weeks=12, ranges=240, held=187, due=181),
        "corrections": (
            Correction(first=date(2026, 11, 2), last=date(2026, 11, 8), mailed=99_000, now=42_000),
        ),
        "notices": (Notice(day=date(2026, 11, 18), about="links_of_browsers"),),
        "undeliverable": ("marketing@shop.example",),
        "last_order": date(2026, 11, 22),
        "silence": A_BREAK,
        "window_days": 90,
    }
    return adding_up(replace(report, **(full | changes)))


def a_task(kind: TaskKind, name: str, reason: str) -> Task:
    return Task(kind=kind, name=name, about="x", reason=reason, path="people/x")


def a_held_order(order: str, amount: int, **changes: Any) -> HeldOrder:
    held = HeldOrder(
        platform="shopify",
        order=order,
        name=f"#{order}",
        placed_at=datetime(2026, 11, 19, 18, 30, tzinfo=UTC),
        influencer="sana",
        influencer_name=NAMES[4],
        amount=amount,
        decision="d_1",
        effect="doubt",
        sentence="It was placed 2 seconds after the click, faster than a person buys.",
    )
    return replace(held, **changes)


def some_returns(report: Report) -> Returns:
    """A fee, gifts and a code for the first three, and a tool for everybody."""
    spends = (Spend(fee=11_667, discount=3_120), Spend(gift=4_900), Spend(discount=1_850))
    groups = {
        line.id: Return(
            spend=spend,
            orders=line.orders,
            earning=line.orders,
            revenue=line.revenue,
            earned=line.revenue,
            untold=n,
        )
        for n, (line, spend) in enumerate(zip(report.influencers, spends, strict=False))
    }
    groups[""] = Return(spend=Spend(other=2_250))
    brought = report.earned.influenced
    whole = Return(orders=62, earning=62, revenue=brought, earned=brought)
    for each in groups.values():
        whole.spend += each.spend
        whole.untold += each.untold
    dear = Cost(
        id="gbp",
        kind="gift",
        amount=4_000,
        currency="GBP",
        first=report.first,
        last=report.first,
        entered_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    names = {line.id: line.name for line in report.influencers}
    return Returns(whole=whole, groups=groups, names=names, apart=(dear,))


def a_tree() -> ShareNode:
    def node(n: int, *below: ShareNode) -> ShareNode:
        return ShareNode(
            id=f"anon_{n:016x}", name=NAMES[n], revenue=90_000 // (n + 1), clicks=9, below=below
        )

    return node(0, node(1, node(5), node(7, node(8))), node(2), node(4))


def _with_past(n: int, line: InfluencerLine) -> InfluencerLine:
    return replace(
        line,
        revenue_before=line.revenue * 3 // 4,
        clicks_before=line.clicks,
        held=48_000 if n == 4 else 0,
        discount="Halved: most of the orders were closed by others." if n == 1 else "",
        moved="Up since 6 more orders came." if n == 0 else "",
    )


def _steps(report: Report) -> tuple[Step, ...]:
    """Seven days that add up to the report's own sums."""
    weights = (11, 9, 14, 12, 17, 22, 15)
    earned = report.earned
    names = {
        "last_click": earned.last_click,
        "assisted": earned.assisted,
        "all_net": earned.all_net,
        "orders": earned.influenced_orders,
        "clicks": report.funnel.clicks,
    }
    parts = {name: share_out(total, weights) for name, total in names.items()}
    return tuple(
        Step(first=report.first + timedelta(days=n), **{k: each[n] for k, each in parts.items()})
        for n in range(7)
    )
