"""Reports for tests: a full one, whose parts add up, to be changed by keyword; and fifty shops'
weeks, of every size and mood."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sharetrail.analysis.score import score_discount
from sharetrail.analysis.score.tiers import ADVICE
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.installation.script_silence import Silence
from sharetrail.merchants.notice import SUBJECTS, Notice
from sharetrail.report.building import held_orders, reason, tasks
from sharetrail.report.building.reason import Sold
from sharetrail.report.earned import Earned
from sharetrail.report.held import HeldOrder, HeldSum, OlderHeld
from sharetrail.report.lines import GroupLine, InfluencerLine
from sharetrail.report.report import Correction, Funnel, OtherCurrency, Report, Restatement

NAMES = (
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


A_BREAK = Silence(orders=12, since=date(2026, 11, 20), earlier=40, earlier_silent=3)
"""Of a shop whose script was taken out."""


def a_report(**changes: Any) -> Report:
    """A US shop's good week: 62 of 410 orders influenced, 34 influencers. Its sums of what is held
    and its tasks are of what it holds, unless they are given."""
    report = adding_up(replace(_a_good_week(), **changes))
    report = replace(report, held=changes.get("held", report.held))
    return report if "tasks" in changes else replace(report, tasks=tasks.choose(report))


def adding_up(report: Report) -> Report:
    """With the sums of the held orders that it lists."""
    return replace(
        report,
        held=held_orders.add_up(report.held_orders),
        influencers=held_orders.asking(report.influencers, report.held_orders),
    )


def _a_good_week() -> Report:
    influencers = tuple(an_influencer(n) for n in range(34))
    last_click, assisted = 291_850, 130_000
    return Report(
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
        reason="More orders, 62 (24 before).",
        influencers=_adding_up(influencers, last_click + assisted),
        held_orders=(a_held_order(),),
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


def an_empty_report(**changes: Any) -> Report:
    """A week in which nothing was seen."""
    nothing: dict[str, Any] = {
        "earned": Earned(),
        "influencers": (),
        "held_orders": (),
        "tasks": (),
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
    name = NAMES[n] if n < len(NAMES) else f"Visitor {7_000 + n:X}"
    line = InfluencerLine(
        id=f"anon_{n:016x}" if name.startswith("Visitor") else name.split()[0].lower(),
        name=name,
        links_followed=max(1, 60 - 5 * n),
        clicks=clicks,
        orders=max(0, 14 - n) if n < 10 else int(n < 24),
        revenue=max(0, 90_000 // (n + 1)) if n < 24 else 0,
        revenue_before=60_000 // (n + 1),
        clicks_before=clicks,
        orders_before=max(0, 9 - n),
        last_click=max(0, 60_000 // (n + 1)) if n < 24 else 0,
        assisted=0,
        score=102_400 // (n + 1) if scored else None,
        low=57_600 // (n + 1) if scored else None,
        high=172_800 // (n + 1) if scored else None,
        percentile=max(1, 99 - 3 * n) if scored else None,
        score_before=96_000 // (n + 1) if scored else None,
        moved="About the same." if scored else "",
        seen_on=SeenOn(places={"instagram": clicks // 3}, unknown=clicks - clicks // 3),
        tier=tier,
        advice=ADVICE[tier],  # type: ignore[index]
    )
    return replace(line, **changes)


def a_held_order(**changes: Any) -> HeldOrder:
    held = HeldOrder(
        platform="shopify",
        order="1042",
        name="#1042",
        placed_at=datetime(2026, 11, 18, 15, tzinfo=UTC),
        influencer="sana",
        influencer_name="Sana Rahimi",
        amount=4_800,
        decision="last_second:sana:0ab",
        effect="doubt",
        sentence="Only 2 seconds from Sana Rahimi's click to the order.",
        why="bought 2 seconds after the click",
    )
    return replace(held, **changes)


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


# ── Fifty shops ──────────────────────────────────────────────────────────────────────────────────
Mood = Literal["usual", "quiet", "wild", "first", "bad"]
MOODS: tuple[Mood, ...] = ("usual", "quiet", "wild", "first", "bad")
_SIZES = (1, 2, 3, 5, 8, 13, 21, 40, 90, 200)
_WHERE = (
    ("en_US", "USD", "America/New_York"),
    ("de_DE", "EUR", "Europe/Berlin"),
    ("ar_KW", "KWD", "Asia/Kuwait"),
)
_PEOPLE = (
    *NAMES,
    "Maximiliane von Württemberg-Hohenstein",
    "نور الهاشمي",
    "Wilhelmina-Konstantinopolitanische Dudelsackpfeifergesellin",
    "Jo",
    "@the.real.kitchen.and.garden.diaries",
    "王小明",
    "W" * 58,
)
_SHOPS = ("Linden & Loom", "Tee", "Mokka & Söhne Kaffeerösterei GmbH", "متجر الورد", "Ö" * 40)
_REASONS = (
    ("last_second:{}:0ab", "doubt", "bought 2 seconds after the click"),
    ("self_email:{}", "doubt", "the buyer’s e-mail is theirs"),
    ("thin_evidence:{}:0ab", "withhold", "only a small order links the buyer"),
    ("repeat_buyer", "wait", "the buyer had ordered before"),
)
_MOVES = {
    "": ("In range.", "About the same."),
    "up": ("Risen by more clicks.", "Risen by larger orders."),
    "down": ("Fallen by coming last more often.", "Fallen by fewer clicks."),
}


def fifty_shops() -> Iterator[tuple[str, Report]]:
    """Of every size from one influencer to two hundred, in three languages and five moods, with
    names short and long: each by what it is."""
    for n in range(50):
        size, mood, where = _SIZES[n // 5], MOODS[n % 5], _WHERE[n % 3]
        yield f"{n}: {size}, {mood}, {where[0]}", _a_shop(random.Random(n), size, mood, where)


def _a_shop(dice: random.Random, size: int, mood: Mood, where: tuple[str, str, str]) -> Report:
    language, currency, zone = where
    unit = 10 if currency == "KWD" else 1
    found = (_somebody(dice, n, size, mood, unit) for n in range(size))
    people = tuple(sorted(found, key=lambda line: (-(line.score or 0), -line.revenue)))
    now, before = (_orders(dice, size, mood, unit, is_before) for is_before in (False, True))
    all_net = sum(now) + dice.randint(0, 40) * 9_000 * unit
    last_click = sum(now[::2])
    earned = _earned(now, last_click, all_net)
    seen = dice.randint(40, 400) * size
    groups = tuple(_a_group_of(dice, name, mood, unit) for name in dice.sample(_NETWORKS, 3))
    return a_report(
        shop=dice.choice(_SHOPS),
        language=language,
        currency=currency,
        zone=zone,
        earned=earned,
        before=None if mood == "first" else _earned(before, sum(before[::2]), all_net),
        reason="" if mood == "first" else _reason(now, before, people, language),
        influencers=people,
        held_orders=_held(dice, people, mood, unit),
        older_held=_older(people, mood, unit),
        own_orders=dice.choice((0, 0, 1)),
        networks=groups,
        products=tuple(_a_group_of(dice, name, mood, unit) for name in _PRODUCTS),
        funnel=Funnel(
            views=seen, opens=seen // 9, shares=seen // 40, clicks=seen // 8, orders=len(now)
        ),
        funnel_before=None
        if mood == "first"
        else Funnel(views=seen // 2, clicks=seen // 9, orders=len(before)),
        other_currencies=_others(dice, mood),
        restatement=_restated(mood, sum(before), all_net),
        corrections=_corrections(mood),
        notices=_notices(dice, mood),
        last_event=datetime(2026, 11, 23, 12, tzinfo=UTC),
        silence=A_BREAK if mood == "bad" else Silence(),
    )


def _somebody(dice: random.Random, n: int, size: int, mood: Mood, unit: int) -> InfluencerLine:
    score = None if mood == "first" else dice.randint(90, 900) * 100 * unit // (n + 1)
    credited = 0 if mood == "quiet" and n else dice.randint(1, 800) * 100 * unit // (n + 1)
    name = f"Visitor {9_000 + n:X}" if n % 4 == 3 else _PEOPLE[dice.randrange(len(_PEOPLE))]
    orders = min(credited, dice.randint(1, 9) * size // 3 + 1)
    is_discounted = dice.random() < 0.15
    way = dice.choice(("", "", "up", "down")) if score else ""
    return an_influencer(
        0,
        id=f"anon_{n:016x}" if n % 4 == 3 else f"person-{n}",
        name=name,
        tier=dice.choice(("gold", "rising", "steady", "unproven", "review")) if score else "",
        revenue=credited,
        revenue_before=None if mood == "first" else dice.randint(0, 900) * 100 * unit,
        orders=orders,
        orders_before=dice.randint(0, 9),
        score=score,
        low=score and score // 2,
        high=score and score * 2,
        score_before=score and score * dice.randint(5, 15) // 10,
        moved=dice.choice(_MOVES[way]) if score else "",
        way=way,
        discount=score_discount.sentence(0.88) or "" if is_discounted else "",
        discounted=12 if is_discounted else 0,
        recruits=dice.choice((0, 0, 3)),
    )


def _orders(
    dice: random.Random, size: int, mood: Mood, unit: int, is_before: bool
) -> tuple[int, ...]:
    most = {"quiet": 1, "bad": 8 if is_before else 2, "wild": 4 if is_before else 40}.get(mood, 6)
    count = dice.randint(0 if mood == "quiet" else 1, most) * (1 + size // 4)
    return tuple(int(dice.lognormvariate(8.8, 0.8)) * unit for _ in range(count))


def _earned(nets: tuple[int, ...], last_click: int, all_net: int) -> Earned:
    begun = len(nets[::2])
    return Earned(
        last_click=last_click,
        assisted=sum(nets) - last_click,
        last_click_orders=begun,
        assisted_orders=len(nets) - begun,
        all_orders=len(nets) + 12,
        all_net=max(all_net, sum(nets)),
    )


def _reason(
    now: tuple[int, ...],
    before: tuple[int, ...],
    people: tuple[InfluencerLine, ...],
    language: str,
) -> str:
    by_person = {line.id: line.revenue for line in people}
    earlier = {line.id: line.revenue_before or 0 for line in people}
    return reason.reason(
        Sold(nets=now, by_person=by_person),
        Sold(nets=before, by_person=earlier),
        {line.id: line.name for line in people},
        language,
    )


def _held(
    dice: random.Random, people: tuple[InfluencerLine, ...], mood: Mood, unit: int
) -> tuple[HeldOrder, ...]:
    count = {"wild": 9, "bad": 4, "quiet": 0}.get(mood, 1)
    held = []
    for n in range(count):
        whose, (decision, effect, why) = dice.choice(people[:6]), dice.choice(_REASONS)
        held.append(
            a_held_order(
                order=f"{1_000 + n}",
                name=f"#{1_000 + n}",
                influencer=whose.id,
                influencer_name=whose.name,
                amount=(40 - n) * 300 * unit,
                decision=decision.format(whose.id),
                effect=effect,
                why=why,
            )
        )
    return tuple(held)


def _older(people: tuple[InfluencerLine, ...], mood: Mood, unit: int) -> OlderHeld:
    """Of one order in a quiet week, of two in a wild one."""
    count = {"quiet": 1, "wild": 2}.get(mood, 0)
    listed = tuple(
        a_held_order(
            order=f"{900 + n}",
            name=f"#{900 + n}",
            placed_at=datetime(2026, 10, 7, 12, tzinfo=UTC),
            influencer=people[-1].id,
            influencer_name=people[-1].name,
            amount=(9 - n) * 800 * unit,
            why="the buyer’s e-mail is theirs",
        )
        for n in range(count)
    )
    amount = sum(each.amount for each in listed)
    return OlderHeld(asking=HeldSum(orders=count, amount=amount), listed=listed)


def _a_group_of(dice: random.Random, name: str, mood: Mood, unit: int) -> GroupLine:
    return a_group(
        name,
        revenue=dice.randint(0, 3_000) * 100 * unit,
        revenue_before=None if mood == "first" else dice.randint(0, 3_000) * 100 * unit,
        clicks_before=None if mood == "first" else dice.randint(0, 90),
        orders_before=None if mood == "first" else dice.randint(0, 40),
    )


def _others(dice: random.Random, mood: Mood) -> tuple[OtherCurrency, ...]:
    several = (
        OtherCurrency(currency=each, orders=dice.randint(1, 900), net=dice.randint(1, 999_999))
        for each in ("CHF", "GBP", "JPY", "SEK", "USD")
    )
    return tuple(several) if mood == "wild" else ()


def _restated(mood: Mood, mailed: int, all_net: int) -> Restatement | None:
    """In a bad week of what came without sharing, too."""
    if mood == "first":
        return None
    rest = {"rest_mailed": all_net, "rest_now": all_net - 990} if mood == "bad" else {}
    return Restatement(mailed=mailed + 990, now=1_000, **rest)


def _corrections(mood: Mood) -> tuple[Correction, ...]:
    first = date(2026, 11, 2)
    if mood not in ("wild", "bad"):
        return ()
    return (Correction(first=first, last=first + timedelta(days=6), mailed=99_000, now=42_000),)


def _notices(dice: random.Random, mood: Mood) -> tuple[Notice, ...]:
    if mood != "wild":
        return ()
    days = (date(2026, 11, 16) + timedelta(days=n) for n in range(7))
    return tuple(Notice(day=day, about=dice.choice(SUBJECTS)) for day in days)
