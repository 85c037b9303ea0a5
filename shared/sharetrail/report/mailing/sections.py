"""The sections of a report's mail: parts of revenue, and a line each for all the rest. Pure.

Every change stands as both figures, and then what is to be made of it.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sharetrail.merchants.notice import NoticeSubject
from sharetrail.money import share_out
from sharetrail.report import held_words, page_paths
from sharetrail.report.building import mend_errands
from sharetrail.report.lines import GroupLine
from sharetrail.report.mailing import figures
from sharetrail.report.mailing.figures import (
    SENTENCES,
    Words,
    asked,
    before_count,
    beside,
    money,
    told,
    told_of,
)
from sharetrail.report.report import Funnel, Report
from sharetrail.report.span_words import before
from sharetrail.words import names, shares
from sharetrail.words.change import Change
from sharetrail.words.speech import listed, mark_n, say_n, sentence

MOST_CURRENCIES = 2
"""Whose sums are told; of more, how many they are."""
_RESTATED = {
    (True, True): "both_restated",
    (True, False): "restated",
    (False, True): "rest_restated",
    (False, False): "",
}
"""By whether what sharing brought is another, and what came without it."""
_CLICKS = mark_n("{n} click", "{n} clicks")
# For translators: in "Held: $90 until you decide (2 orders) and $40 until a date (1 order)."
_UNTIL_A_WORD = mark_n(
    "{amount} until you decide ({n} order)", "{amount} until you decide ({n} orders)"
)
# For translators: in "Held: $90 until you decide (2 orders) and $40 until a date (1 order)."
_UNTIL_A_DATE = mark_n("{amount} until a date ({n} order)", "{amount} until a date ({n} orders)")
_USED_UP: dict[NoticeSubject, tuple[str, str]] = {
    "links_of_browsers": mark_n(
        "Shoppers’ new links ran out on {n} day.", "Shoppers’ new links ran out on {n} days."
    ),
    "links_of_private_browsers": mark_n(
        "Untracked browsers’ new links ran out on {n} day.",
        "Untracked browsers’ new links ran out on {n} days.",
    ),
    "links_of_one_influencer": mark_n(
        "One influencer’s new links ran out on {n} day.",
        "One influencer’s new links ran out on {n} days.",
    ),
    "links_of_influencers": mark_n(
        "Influencers’ new links ran out on {n} day.", "Influencers’ new links ran out on {n} days."
    ),
    "links_of_shop": mark_n(
        "Your own system’s new links ran out on {n} day.",
        "Your own system’s new links ran out on {n} days.",
    ),
    "events": mark_n("Page events ran out on {n} day.", "Page events ran out on {n} days."),
}
Part = tuple[str, str]
"""What is said, and where it leads, if anywhere."""


# ── What sharing earned ──────────────────────────────────────────────────────────────────────────
def split(report: Report) -> list[Words]:
    """Last click, assisted and without sharing, as a bar and its legend show them; empty of days
    without revenue."""
    earned = report.earned
    if earned.all_net <= 0:
        return []
    amounts = (earned.last_click, earned.assisted, earned.rest)
    sizes, befores = [max(0, amount) for amount in amounts], ("", "", _rest_before(report))
    parts = zip(SENTENCES["parts"], amounts, sizes, share_out(100, sizes), befores, strict=True)
    return [
        {
            **part,
            "name": _name(part),
            "amount": money(report, amount),
            "share": _share(percent, size, sum(sizes), report.language),
            "width": max(percent, int(amount > 0)),
            "before": before,
        }
        for part, amount, size, percent, before in parts
    ]


def _name(part: Words) -> str:
    name = part["name"]
    return sentence(name)


def _rest_before(report: Report) -> str:
    """What came without sharing before: the headline has what came by it, and both wholes."""
    before = report.before
    if before is None or report.days_before is not None or not (report.earned.rest or before.rest):
        return ""
    return told("in_brackets", what=told("before", amount=money(report, before.rest)))


def _share(percent: int, size: int, whole: int, language: str) -> str:
    """Shares add up to 100; what rounds to nothing or to all keeps its "under" or "over"."""
    return shares.percent(*((percent, 100) if 0 < percent < 100 else (size, whole)), language)


# ── A line each ──────────────────────────────────────────────────────────────────────────────────
def lines(report: Report) -> list[tuple[str, list[Part]]]:
    """Each by its title; of what there is nothing to tell of, none."""
    said = {
        "networks": _leader(report, report.networks, _mover(report, report.networks[1:])),
        "products": _leader(report, report.products),
        "funnel": _funnel(report),
    }
    parts = {name: [(text, "")] for name, text in said.items() if text} | {"also": also(report)}
    return [(told_of("titles", name), each) for name, each in parts.items() if each]


def also(report: Report) -> list[Part]:
    """All else, in few words: what is held, bought by influencers themselves, corrected, used up,
    or of another currency."""
    is_told = any(task.about in mend_errands.LIMITS for task in report.tasks)
    used_up = "" if is_told else notices(report)
    orders = ((_held(report), ""), (_waiting(report), page_paths.HELD))
    others = (_unpaid(report), _own(report), restated(report), used_up, _currencies(report))
    return [part for part in (*orders, *((text, "") for text in others)) if part[0]]


def _leader(report: Report, groups: Sequence[GroupLine], more: str = "") -> str:
    """The best of them; where nobody has any revenue, by clicks."""
    if not groups:
        return ""
    best = groups[0]
    figure = _money(report, best) if best.revenue > 0 else _clicks(report, best)
    first = told("line", name=names.in_sentence(best.name), figure=figure)
    return f"{first} {more}".rstrip()


def _mover(report: Report, groups: Sequence[GroupLine]) -> str:
    """Which moved most, where one did clearly: by revenue, else by clicks. Of those that ever sold,
    since anybody can make clicks."""
    groups = [each for each in groups if each.revenue > 0 or (each.revenue_before or 0) > 0]
    moved = [each for each in groups if figures.group_change(report, each).way]
    if moved:
        most = max(moved, key=lambda each: abs(each.revenue - (each.revenue_before or 0)))
        return _moved(figures.group_change(report, most), most, _money(report, most))
    moved = [each for each in groups if _clicks_change(report, each).way]
    if moved:
        most = max(moved, key=lambda each: abs(each.clicks - (each.clicks_before or 0)))
        return _moved(_clicks_change(report, most), most, _clicks(report, most))
    return ""


def _moved(judged: Change, line: GroupLine, figure: str) -> str:
    return told(judged.way, name=names.in_sentence(line.name), figure=figure)


def _clicks_change(report: Report, line: GroupLine) -> Change:
    return report.change(line.clicks, line.clicks_before)


def _money(report: Report, line: GroupLine) -> str:
    return beside(money(report, line.revenue), figures.before_group(report, line))


def _clicks(report: Report, line: GroupLine) -> str:
    before = before_count(report, line.clicks, line.clicks_before)
    return beside(say_n(line.clicks, *_CLICKS), before)


def _funnel(report: Report) -> str:
    """From views to orders; the two that can be counted on beside those of before."""
    now, before = report.funnel, report.funnel_before
    if now == Funnel():
        return told("no_funnel")
    clicks = before_count(report, now.clicks, before.clicks if before else None)
    orders = before_count(report, now.orders, before.orders if before else None)
    return told(
        "funnel",
        views=say_n(now.views, "{n} view", "{n} views"),
        shares=say_n(now.shares, "{n} share", "{n} shares"),
        clicks=beside(say_n(now.clicks, *_CLICKS), clicks),
        orders=beside(say_n(now.orders, "{n} order", "{n} orders"), orders),
    )


def _held(report: Report) -> str:
    """What waits for a word, and what for its date; not of the orders that the tasks told of, where
    there is no other. What nobody paid for is told with the revenue."""
    held = report.held
    if held.orders - held.unpaid.orders <= len(asked(report)):
        return ""
    ways = ((held.asking, _UNTIL_A_WORD), (held.waiting, _UNTIL_A_DATE))
    parts = [
        say_n(each.orders, *way, amount=money(report, each.amount))
        for each, way in ways
        if each.orders
    ]
    return told("held", what=listed(parts)) if parts else ""


def _waiting(report: Report) -> str:
    """What else waits; of what waits since before the days nothing where the tasks tell of all."""
    older = report.older_held
    in_tasks = {task.about for task in report.tasks} & {each.ref for each in older.listed}
    is_told = len(in_tasks) == older.asking.orders and not older.are_more
    return held_words.waiting(report, is_told=is_told)


def _unpaid(report: Report) -> str:
    """What of the revenue nobody has paid for yet."""
    if not report.earned.unpaid_orders:
        return ""
    return say_n(
        report.earned.unpaid_orders,
        "Not paid for yet: {amount} of the revenue ({n} order).",
        "Not paid for yet: {amount} of the revenue ({n} orders).",
        amount=money(report, report.earned.unpaid),
    )


def _own(report: Report) -> str:
    if not report.own_orders:
        return ""
    # For translators: an order that an influencer bought by their own link.
    return say_n(
        report.own_orders,
        "{n} self-referral not credited.",
        "{n} self-referrals not credited.",
    )


def restated(report: Report) -> str:
    """What the mail before said and would say now; of older ones how many would."""
    others, sentences = len(report.corrections), [*filter(None, (_restated(report),))]
    if others:
        by = money(report, sum(each.now - each.mailed for each in report.corrections))
        sentences.append(
            say_n(
                others,
                "{n} older mail changed by {amount}.",
                "{n} older mails changed by {amount}.",
                amount=by,
            )
        )
    return " ".join(sentences)


def _restated(report: Report) -> str:
    """Of the mail before: what sharing brought, what came without it, or both in one sentence."""
    changed = report.restatement
    if changed is None:
        return ""
    words = _RESTATED[changed.mailed != changed.now, changed.rest_mailed is not None]
    amounts = {name: money(report, minor or 0) for name, minor in asdict(changed).items()}
    then = before(report.kind, report.span.length)
    return words and told(words, then=then, **amounts)


def notices(report: Report) -> str:
    """What was used up, on how many days; of several the first, and how many they are."""
    subjects = list(dict.fromkeys(each.about for each in report.notices))
    if not subjects:
        return ""
    days = {each.day for each in report.notices if each.about == subjects[0]}
    ran_out = say_n(len(days), *_USED_UP[subjects[0]])
    if not (others := len(subjects) - 1):
        return ran_out
    # For translators: so many other allowances, such as new links, were used up as well.
    more = say_n(others, "So did {n} more.", "So did {n} more.")
    return f"{ran_out} {more}"


def _currencies(report: Report) -> str:
    others = report.other_currencies
    if not others:
        return ""
    if len(others) > MOST_CURRENCIES:
        return say_n(
            len(others),
            "{n} other currency: not counted above.",
            "{n} other currencies: not counted above.",
        )
    amounts = listed(money(report, each.net, each.currency) for each in others)
    return told("apart", amounts=amounts)
