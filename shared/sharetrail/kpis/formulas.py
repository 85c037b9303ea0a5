"""The KPIs, from who saw it to who comes back: one named function each, which tells its formula.

Pure; kpi.py has them in a table. What is not known says why, and never reads as zero.
"""

from collections.abc import Mapping
from dataclasses import replace

from sharetrail.kpis.figure import (
    NO_COSTS,
    NO_DISCOUNTS,
    NO_FIGURES,
    NO_FOLLOWERS,
    NO_LEADS,
    NO_PAGES,
    NO_POSTS,
    NO_RATE,
    NO_TIMES,
    NO_VISITS,
    NOBODY,
    NOTHING_COST,
    SILENT,
    Figure,
    Reading,
    Unknown,
    ratio,
)
from sharetrail.kpis.funnel import Funnel, Outlay, Pages
from sharetrail.words.change import ORDER_VALUES


# ── Awareness: who could know of it ──────────────────────────────────────────────────────────────
def button_views(funnel: Funnel) -> Reading:
    """Pages on which the share buttons were seen, once a page."""
    return _of_pages(funnel, funnel.pages.views)


def impressions(funnel: Funnel) -> Reading:
    """How often the shop's posts were shown, summed over the networks that were told of."""
    told = {each.network: each.impressions for each in funnel.networks}
    return _as_told(funnel, _summed(told, NO_FIGURES, is_sample=True))


def followers(funnel: Funnel) -> Reading:
    """Followers at the end of the days, summed over networks: who follows two counts twice."""
    return _summed({each.network: each.followers for each in funnel.networks}, NO_FOLLOWERS)


def follower_growth(funnel: Funnel) -> Reading:
    """(followers at the end − followers before the first day) ÷ followers before the first day, of
    the networks of which both are known."""
    both = {
        each.network: (each.followers, each.followers_before)
        for each in funnel.networks
        if each.followers is not None and each.followers_before is not None
    }
    if not both:
        return NO_FOLLOWERS
    end, start = (sum(each) for each in zip(*both.values(), strict=True))
    return Figure(end - start, start, (abs(end - start),), of=(*both,)) if start else NOBODY


# ── Engagement: who does something with it ───────────────────────────────────────────────────────
def engagement_rate(funnel: Funnel) -> Reading:
    """Engagements ÷ impressions of the shop's posts, of the days that tell both."""
    return _divided({each.network: each.seen for each in funnel.networks}, NO_FIGURES)


def engagement_per_post(funnel: Funnel) -> Reading:
    """Engagements ÷ (posts × followers): which part of the followers a post moved, on average."""
    return _divided({each.network: each.reached for each in funnel.networks}, NO_POSTS)


def shares(funnel: Funnel) -> Reading:
    """Networks that somebody chose by a share button, once a page and network."""
    return _of_pages(funnel, funnel.pages.shares)


def share_rate(funnel: Funnel) -> Reading:
    """Shares ÷ pages on which the buttons were seen."""
    return ratio(funnel.pages.shares, funnel.pages.views) if _has_pages(funnel) else NO_PAGES


def clicks_per_share(funnel: Funnel) -> Reading:
    """People's clicks on share links ÷ shares."""
    return ratio(funnel.clicks, funnel.pages.shares) if _has_pages(funnel) else NO_PAGES


def k_factor(funnel: Funnel) -> Reading:
    """Who began to share by another's link ÷ who shares: above 1 sharing grows by itself."""
    return ratio(funnel.recruits, funnel.sharers)


# ── Acquisition: who comes ───────────────────────────────────────────────────────────────────────
def clicks(funnel: Funnel) -> Reading:
    """People's clicks on share links: each leads to the shop."""
    return _count(funnel, funnel.clicks)


def click_through(funnel: Funnel) -> Reading:
    """People's clicks on links shared on a network ÷ impressions of the posts there, of the
    networks whose impressions were told."""
    clicks_of = funnel.clicks_by_network
    told = {
        each.network: (clicks_of.get(each.network, 0), each.impressions or 0)
        for each in funnel.networks
    }
    return _as_told(funnel, _divided(told, NO_FIGURES))


def visits(funnel: Funnel) -> Reading:
    """Visits of browsers that a share click led here in the last 30 days, with consent."""
    return _of_pages(funnel, funnel.pages.visits) if _has_visits(funnel) else NO_VISITS


def bounce_rate(funnel: Funnel) -> Reading:
    """(Measured visits − those that came to a second page) ÷ measured visits."""
    pages = funnel.pages
    left = max(0, pages.measured - pages.went_on)
    return ratio(left, pages.measured) if pages.measured else NO_TIMES


def time_on_site(funnel: Funnel) -> Reading:
    """Seconds in which pages were visible ÷ measured visits. How long single visits last scatters
    about as their exponential does, with a cv of 1."""
    pages = funnel.pages
    if not pages.measured:
        return NO_TIMES
    return ratio(pages.seconds, pages.measured, pages.measured, spread=2)


def leads(funnel: Funnel) -> Reading:
    """How often a page said that somebody left an address whom a share click had brought."""
    return Figure(funnel.pages.leads, 1, (funnel.pages.leads,)) if _has_leads(funnel) else NO_LEADS


def lead_rate(funnel: Funnel) -> Reading:
    """Leads ÷ visits, both of those whom a share click had brought."""
    if not _has_leads(funnel):
        return NO_LEADS
    if not _has_visits(funnel):
        return NO_VISITS
    return ratio(funnel.pages.leads, funnel.pages.visits)


# ── Sales: who buys ──────────────────────────────────────────────────────────────────────────────
def transactions(funnel: Funnel) -> Reading:
    """Orders with a share click, or an influencer's code, in the window; cancelled ones too."""
    return _count(funnel, funnel.sales.orders)


def conversion(funnel: Funnel) -> Reading:
    """Orders that a share click led to ÷ people's clicks on share links, of the same days: a code
    alone converts no click."""
    return ratio(funnel.sales.journeys, funnel.clicks)


def revenue_net(funnel: Funnel) -> Reading:
    """Net revenue of orders through sharing: last-click and assisted revenue together."""
    return _money(funnel, funnel.sales.net)


def revenue_gross(funnel: Funnel) -> Reading:
    """The same before refunds and chargebacks."""
    return _money(funnel, funnel.sales.gross)


def revenue_share(funnel: Funnel) -> Reading:
    """Net revenue through sharing ÷ net revenue of all orders."""
    sales = funnel.sales
    return ratio(sales.net, sales.all_net, sales.orders, sales.all_orders, spread=ORDER_VALUES)


def order_value(funnel: Funnel) -> Reading:
    """Net revenue through sharing ÷ orders through sharing that were not cancelled. Chance moves
    what they are worth, and how many there are moves nothing."""
    sales = funnel.sales
    return ratio(sales.net, sales.standing, sales.standing, spread=ORDER_VALUES - 1)


def revenue_per_share(funnel: Funnel) -> Reading:
    """Net revenue through sharing ÷ shares."""
    if not _has_pages(funnel):
        return NO_PAGES
    sales, told = funnel.sales, funnel.pages.shares
    return ratio(sales.net, told, sales.orders, told, spread=ORDER_VALUES)


def visits_before_buying(funnel: Funnel) -> Reading:
    """Known visits of buyers up to the one they bought in ÷ orders that a share click led to."""
    return ratio(funnel.sales.journey_visits, funnel.sales.journeys)


def cost_per_action(funnel: Funnel) -> Reading:
    """What sharing cost ÷ orders through sharing that were paid for and not cancelled."""
    if (outlay := funnel.outlay) is None or not outlay.spent:
        return _nothing_spent(outlay)
    return _of_outlay(outlay, ratio(outlay.spent, outlay.orders, outlay.orders))


def return_on_spend(funnel: Funnel) -> Reading:
    """What was earned through sharing ÷ what it cost: 3 is three back for each one spent."""
    if (outlay := funnel.outlay) is None or not outlay.spent:
        return _nothing_spent(outlay)
    return _of_outlay(
        outlay, ratio(outlay.earned, outlay.spent, outlay.orders, spread=ORDER_VALUES)
    )


# ── Loyalty: who comes back ──────────────────────────────────────────────────────────────────────
def returning_customers(funnel: Funnel) -> Reading:
    """Orders through sharing of buyers with a paid order in the 90 days before, or from before the
    shop was connected ÷ those of whom that is known."""
    sales = funnel.sales
    known = sales.returning_buyers + sales.new_buyers
    return ratio(sales.returning_buyers, known)


def sharers(funnel: Funnel) -> Reading:
    """People with a link that was followed or credited, or that brought another to share."""
    return _count(funnel, funnel.sharers)


# ── what they have in common ─────────────────────────────────────────────────────────────────────
def _count(funnel: Funnel, n: int) -> Reading:
    return Figure(n, 1, (n,)) if funnel.heard else SILENT


def _money(funnel: Funnel, amount: int) -> Reading:
    orders = funnel.sales.orders
    return Figure(amount, 1, (orders,), ORDER_VALUES, is_worth=True) if funnel.heard else SILENT


def _of_pages(funnel: Funnel, n: int) -> Reading:
    return Figure(n, 1, (n,)) if _has_pages(funnel) else NO_PAGES


def _has_pages(funnel: Funnel) -> bool:
    return funnel.pages != Pages()


def _has_visits(funnel: Funnel) -> bool:
    """Not where people came and no page says so: nobody was asked, or the script is not there."""
    return bool(funnel.pages.visits) or not (_has_pages(funnel) and funnel.clicks)


def _has_leads(funnel: Funnel) -> bool:
    return funnel.pages.all_leads > 0 or (funnel.told_leads and _has_pages(funnel))


def _nothing_spent(outlay: Outlay | None) -> Reading:
    if outlay is None:
        return NO_COSTS
    if outlay.apart:
        return NO_RATE
    return NO_DISCOUNTS if outlay.untold else NOTHING_COST


def _of_outlay(outlay: Outlay, reading: Reading) -> Reading:
    if isinstance(reading, Figure) and not outlay.is_whole:
        return replace(reading, is_part=True)
    return reading


def _as_told(funnel: Funnel, reading: Reading) -> Reading:
    """With how many of the days it rests on, network by network."""
    if isinstance(reading, Unknown):
        return reading
    told_on = {each.network: each.shown_on for each in funnel.networks}
    return replace(reading, told_on=tuple(told_on[each] for each in reading.of))


def _summed(
    told: Mapping[str, int | None], unknown: Unknown, *, is_sample: bool = False
) -> Reading:
    """Over the networks of which it was told."""
    known = {network: n for network, n in told.items() if n is not None}
    if not known:
        return unknown
    total = sum(known.values())
    return Figure(total, 1, (total,) if is_sample else (), of=(*known,))


def _divided(told: Mapping[str, tuple[int, int]], unknown: Unknown) -> Reading:
    """Over the networks that have something to divide by."""
    known = {network: pair for network, pair in told.items() if pair[1]}
    if not known:
        return unknown
    top, bottom = (sum(each) for each in zip(*known.values(), strict=True))
    return Figure(top, bottom, (top,), of=(*known,))
