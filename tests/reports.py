"""Weekly reports for tests: a full one, whose parts add up, to be changed by keyword."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sharetrail.analysis.score.tiers import ADVICE
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.report.report import (
    Earned,
    Funnel,
    GroupLine,
    InfluencerLine,
    OtherCurrency,
    Report,
    Restatement,
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
