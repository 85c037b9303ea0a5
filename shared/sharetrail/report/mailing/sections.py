"""The sections of the week's mail: parts of revenue, networks, products, funnel, and their changes.
Pure."""

import tomllib
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from sharetrail.money import share_out
from sharetrail.report.report import Funnel, GroupLine, Report
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.networks import name_of
from sharetrail.words import formats
from sharetrail.words.change import FEW, Change, change, change_of_share

NETWORKS, PLACES = 13, 3
Words = dict[str, Any]
"""What a section's template puts in place, by name."""
PRODUCTS = 8
_LARGEST = 46
_PHONE = 280
"""Pixels that the narrowest phone, of 320, leaves for the headline."""
SENTENCES: Words = tomllib.loads(
    Path(__file__).with_name("templates").joinpath("sentences.toml").read_text("utf-8")
)


def headline_size(figure: str) -> int:
    """Pixels of the headline's letters at which it stands in one line of the narrowest phone: a
    bold letter is at most 0.6 as wide as high, on an amount's average."""
    return min(_LARGEST, int(_PHONE / (0.6 * len(figure))))


def split(report: Report) -> list[Words]:
    """Last-click, assisted and not influenced, as a bar and its legend show them; empty in a week
    without revenue."""
    earned = report.earned
    if earned.all_net <= 0:
        return []
    amounts = (earned.last_click, earned.assisted, earned.rest)
    changes = (revenue(report, "last_click"), revenue(report, "assisted"), _rest(report))
    sizes = [max(0, amount) for amount in amounts]
    parts = zip(SENTENCES["parts"], amounts, changes, sizes, share_out(100, sizes), strict=True)
    return [
        {
            **part,
            "meaning": part["meaning"].format(days=report.window_days),
            "amount": amount,
            "share": _share(percent, size, sum(sizes), report.language),
            "width": max(percent, int(amount > 0)),
            "change": change,
        }
        for part, amount, change, size, percent in parts
    ]


def _share(percent: int, size: int, whole: int, language: str) -> str:
    """Shares add up to 100; what rounds to nothing or to all keeps its "under" or "over"."""
    return formats.percent(*((percent, 100) if 0 < percent < 100 else (size, whole)), language)


def _rest(report: Report) -> Change:
    now, before = report.earned, report.before
    if before is None:
        return Change()
    return change_of_share(
        (now.rest, now.all_net), (before.rest, before.all_net), (now.all_orders, before.all_orders)
    )


def revenue(report: Report, part: str) -> Change:
    """Influenced revenue, or a part of it, against last week's, judged by its orders."""
    now, before, orders = report.earned, report.before, f"{part}_orders"
    if before is None:
        return Change()
    return change(
        getattr(now, part),
        getattr(before, part),
        report.language,
        orders=(getattr(now, orders), getattr(before, orders)),
    )


def orders(report: Report) -> Change:
    before = report.before.influenced_orders if report.before else None
    return change(report.earned.influenced_orders, before, report.language)


def width(line: GroupLine, lines: Sequence[GroupLine]) -> int:
    """A line's bar in percent of the longest: by revenue, or by clicks where nobody has any."""
    by_revenue = any(each.revenue > 0 for each in lines)
    sizes = [each.revenue if by_revenue else each.clicks for each in lines]
    return _width(line.revenue if by_revenue else line.clicks, max(sizes))


def networks(report: Report) -> Words:
    words = _best(report, SENTENCES["networks"], report.networks, NETWORKS)
    return {**words, "remark": words["remark"] + _seen_on(report)}


def products(report: Report) -> Words:
    return _best(report, SENTENCES["products"], report.products, PRODUCTS)


def _best(report: Report, words: Words, lines: Sequence[GroupLine], most: int) -> Words:
    """The best of them, and what the others come to."""
    remark, hidden = words["remark"], lines[most:]
    if hidden:
        total = report.amount(sum(line.revenue for line in hidden))
        credited = formats.isolated(formats.money(total, report.language), report.language)
        noun = f"more {words['noun'].lower()}"
        count = formats.count(len(hidden), noun, language=report.language)
        remark += words["more"].format(count=count, credited=credited)
    return {**words, "lines": lines[:most], "remark": remark}


def _seen_on(report: Report) -> str:
    """Where links went that say no network themselves; nothing where few clicks could tell."""
    seen, words = report.device_seen_on, SENTENCES["networks"]
    if seen.clicks < FEW:
        return ""
    if not seen.places:
        return str(words["unseen"])
    named = [(name_of(place), n) for place, n in seen.places.items() if place != OTHER][:PLACES]
    elsewhere = seen.clicks - seen.unknown - sum(n for _, n in named)
    sizes = [*(n for _, n in named), elsewhere, seen.unknown]
    parts = [
        _share(percent, size, seen.clicks, report.language)
        for percent, size in zip(share_out(100, sizes), sizes, strict=True)
    ]
    places = [f"{name} {part}" for (name, _), part in zip(named, parts, strict=False)]
    places += [f"elsewhere {parts[-2]}"] if elsewhere else []
    unknown = words["unknown"].format(part=parts[-1]) if seen.unknown else ""
    return str(words["seen"].format(places=", ".join(places), unknown=unknown))


def steps(report: Report) -> list[Words]:
    """The action funnel; empty where it is."""
    if report.funnel == Funnel():
        return []
    names = [field.name for field in fields(Funnel)]
    return [_step(report, base, name) for base, name in pairwise(["", *names])]


def _step(report: Report, base: str, name: str) -> Words:
    """A step beside the one before it, its base; the first has none."""
    funnel, language = report.funnel, report.language
    count, of_count = getattr(funnel, name), getattr(funnel, base, 0)
    rate, of = (formats.percent, f"of {base}")
    if name == "clicks":
        rate, of = (formats.ratio, "clicks per share")
    return {
        "name": name.capitalize(),
        "count": count,
        "rate": rate(count, of_count, language),
        "of": of,
        "width": _width(count, max(funnel.views, funnel.clicks, funnel.shares)),
        "change": change(count, getattr(report.funnel_before, name, None), language),
    }


def _width(part: float, whole: float) -> int:
    """Percent of a bar: what is something is seen."""
    if part <= 0 or whole <= 0:
        return 0
    return min(100, max(1, round(100 * part / whole)))
