"""Weekly reports for tests: a full one, whose parts add up, to be changed by keyword."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sharetrail.analysis.score.tiers import ADVICE
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.merchants.notice import Notice
from sharetrail.money import share_out
from sharetrail.report.report import (
    Audience,
    Calibration,
    Earned,
    Funnel,
    GroupLine,
    HeldOrder,
    InfluencerLine,
    OtherCurrency,
    Report,
    Restatement,
    ShareNode,
    Step,
    Task,
    TaskKind,
)

_NAMES = (
    "Mara Lindqvist",
    "Theo Okafor",
    "Visitor 7F3K",
    "Juniper & Co. Interiors",
    "Sana Rahimi",
    "Elise van den Bosch",
    "Visitor B21M",
    "Kenji Watanabe",
    "Amélie Fournier",
    "Rosa Delgado",
)
_TIERS = (
    "gold",
    "rising",
    "steady",
    "steady",
    "review",
    "steady",
    "unproven",
    "steady",
    "steady",
    "unproven",
)
_NETWORKS = ("Instagram", "WhatsApp", "Pinterest", "Facebook", "E-mail", "Copied link")
_PRODUCTS = ("Oak side table", "Linen throw, moss", "Stoneware mug, set of four", "Wool runner")


def a_report(**changes: Any) -> Report:
    """A US shop's good week: 62 of 410 orders influenced, 34 influencers."""
    influencers = tuple(an_influencer(n) for n in range(34))
    last_click, assisted = 291_850, 130_000
    full = Report(
        merchant="m_1",
        shop="Linden & Loom",
        currency="USD",
        zone="America/New_York",
        language="en_US",
        first=date(2026, 11, 16),
        last=date(2026, 11, 22),
        earned=Earned(
            last_click=last_click,
            assisted=assisted,
            last_click_orders=43,
            assisted_orders=19,
            all_orders=410,
            all_net=2_403_050,
        ),
        before=Earned(
            last_click=86_400,
            assisted=65_400,
            last_click_orders=14,
            assisted_orders=10,
            all_orders=395,
            all_net=2_210_900,
        ),
        influencers=_adding_up(influencers, last_click + assisted),
        networks=_groups(_NETWORKS, last_click + assisted),
        device_seen_on=SeenOn(places={"whatsapp": 80, "instagram": 40, "x": 3}, unknown=77),
        products=_groups(_PRODUCTS, last_click + assisted),
        funnel=Funnel(views=18_420, opens=2_214, shares=612, clicks=1_847, orders=62),
        funnel_before=Funnel(views=18_150, opens=1_890, shares=590, clicks=1_512, orders=24),
        other_currencies=(OtherCurrency(currency="GBP", orders=3, net=21_450),),
        restatement=Restatement(mailed=159_050, now=151_800),
        last_event=datetime(2026, 11, 23, 12, 58, tzinfo=UTC),
        rule="linear-1 (4f0c2a9d)",
    )
    return replace(full, **changes)


def an_empty_report(**changes: Any) -> Report:
    """A week in which nothing was seen."""
    nothing: dict[str, Any] = {
        "earned": Earned(),
        "influencers": (),
        "networks": (),
        "device_seen_on": NOWHERE,
        "products": (),
        "funnel": Funnel(),
        "other_currencies": (),
        "restatement": None,
    }
    return a_report(**(nothing | changes))


def an_influencer(n: int, **changes: Any) -> InfluencerLine:
    """The n-th best of a week, from 0."""
    tier = _TIERS[n] if n < len(_TIERS) else "unproven"
    scored = n != 9 and n < 20
    clicks = max(2, 480 // (n + 1))
    line = InfluencerLine(
        id=f"anon_{n:016x}",
        name=_NAMES[n] if n < len(_NAMES) else f"Visitor {7_000 + n:X}",
        links_followed=max(1, 60 - 5 * n),
        clicks=clicks,
        orders=max(0, 14 - n) if n < 10 else int(n < 24),
        revenue=max(0, 90_000 // (n + 1)) if n < 24 else 0,
        last_click=max(0, 60_000 // (n + 1)) if n < 24 else 0,
        score=102_400 // (n + 1) if scored else None,
        low=57_600 // (n + 1) if scored else None,
        high=172_800 // (n + 1) if scored else None,
        percentile=max(1, 99 - 3 * n) if scored else None,
        seen_on=SeenOn(places={"instagram": clicks // 3}, unknown=clicks - clicks // 3),
        tier=tier,
        advice=ADVICE[tier],  # type: ignore[index]
    )
    return replace(line, **changes)


def a_group(name: str, **changes: Any) -> GroupLine:
    return replace(
        GroupLine(name=name, links_followed=8, clicks=40, orders=2, revenue=12_345), **changes
    )


def _adding_up(lines: tuple[InfluencerLine, ...], total: int) -> tuple[InfluencerLine, ...]:
    first = total - sum(line.revenue for line in lines[1:])
    return (replace(lines[0], revenue=first), *lines[1:])


def _groups(names: tuple[str, ...], total: int) -> tuple[GroupLine, ...]:
    lines, left = [], total
    for n, name in enumerate(names):
        revenue = left if n == len(names) - 1 else left * 45 // 100
        left -= revenue
        lines.append(
            a_group(
                name,
                links_followed=max(3, 260 >> n),
                clicks=max(9, 820 >> n),
                orders=max(1, 28 >> n),
                revenue=revenue,
            )
        )
    return tuple(sorted(lines, key=lambda line: -line.revenue))


# ── all that the page shows ──────────────────────────────────────────────────────────────────────
def a_full_report(**changes: Any) -> Report:
    """The same week with all that stands on its page alone, in parts that add up."""
    report = a_report()
    people = tuple(_with_past(line) for line in report.influencers)
    full: dict[str, Any] = {
        "built_at": datetime(2026, 11, 23, 13, 2, tzinfo=UTC),
        "reason": "28 more orders make the difference",
        "steps": _steps(report),
        "tasks": (
            a_task("decide", "#1047", "Bought 2 seconds after the click: $480.00 waits for you."),
            a_task("thank", _NAMES[0], "She sold most: $900.00, and her range has risen."),
            a_task("invite", _NAMES[2], "A shopper whose links sold for $210.00."),
        ),
        "influencers": people,
        "held_orders": (a_held_order("1047", 48_000), a_held_order("1051", 12_750, effect="wait")),
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
            returning_buyers=21,
        ),
        "tree": a_tree(),
        "calibration": Calibration(weeks=12, ranges=240, held=187),
        "notices": (Notice(day=date(2026, 11, 18), about="links_of_browsers"),),
    }
    return replace(report, **(full | changes))


def a_task(kind: TaskKind, name: str, reason: str) -> Task:
    return Task(kind=kind, name=name, about="x", reason=reason, path="people/x")


def a_held_order(order: str, amount: int, **changes: Any) -> HeldOrder:
    held = HeldOrder(
        platform="shopify",
        order=order,
        name=f"#{order}",
        placed_at=datetime(2026, 11, 19, 18, 30, tzinfo=UTC),
        influencer="anon_0000000000000004",
        influencer_name=_NAMES[4],
        amount=amount,
        decision="d_1",
        effect="doubt",
        sentence="It was placed 2 seconds after the click, faster than a person buys.",
    )
    return replace(held, **changes)


def a_tree() -> ShareNode:
    def node(n: int, *below: ShareNode) -> ShareNode:
        return ShareNode(
            id=f"anon_{n:016x}", name=_NAMES[n], revenue=90_000 // (n + 1), clicks=9, below=below
        )

    return node(0, node(1, node(5), node(7, node(8))), node(2), node(4))


def _with_past(line: InfluencerLine) -> InfluencerLine:
    n = int(line.id.removeprefix("anon_"), 16)
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
