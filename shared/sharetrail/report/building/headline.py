"""What happened to what sharing earned, and why, beside the span before: the report's first
sentences. Pure."""

from sharetrail.report.building.errand import money
from sharetrail.report.earned import Earned
from sharetrail.report.report import Report
from sharetrail.report.span_words import before, this
from sharetrail.words import shares
from sharetrail.words.speech import say, say_n


def sentence(report: Report) -> str:
    """`Sharing brought $1,488.00 of $4,200.00 (35%), less than the $2,201.00 of $4,810.00 (46%) the
    week before. Two orders make the difference. No clear change.`"""
    return " ".join(filter(None, _sentences(report)))


def part_before(report: Report) -> str:
    """That the span before was not all with us, in a sentence; empty where it compares."""
    if report.days_before is None:
        return ""
    # For translators: {then} is "the week before", or another span.
    return say_n(
        report.days_before,
        "Sharetrail ran on only {n} day {then}, which does not compare.",
        "Sharetrail ran on only {n} days {then}, which does not compare.",
        then=_then(report),
    )


def _sentences(report: Report) -> tuple[str, ...]:
    earned, earlier = report.earned, report.before
    if not earned.all_orders:
        # For translators: {now} is "in this week", or another span.
        came = say(
            "No order in {currency} came {now}.",
            currency=report.currency,
            now=this(report.kind),
        )
        return came, _once(report)
    if not earned.influenced_orders:
        return _brought_nothing(earned), _once(report)
    if earned.influenced <= 0:
        return _came_to_nothing(earned), _once(report)
    if earlier is None:
        return _alone(report)
    if part := part_before(report):
        return say("Sharing brought {amount}.", amount=_of_all(report, earned)), part
    if earlier.influenced <= 0:
        return (_after_nothing(report), *_why(report, earned, earlier))
    return (_compared(report, earned, earlier), *_why(report, earned, earlier))


def _then(report: Report) -> str:
    return before(report.kind, report.span.length)


def _brought_nothing(earned: Earned) -> str:
    return say_n(
        earned.all_orders,
        "Sharing brought nothing of {n} order.",
        "Sharing brought nothing of {n} orders.",
    )


def _came_to_nothing(earned: Earned) -> str:
    """Of orders that bring no money: they were free, or it went back."""
    orders, returned = earned.influenced_orders, earned.returned_orders
    if not returned:
        return say_n(
            orders,
            "The one order that sharing brought cost nothing.",
            "All {n} orders that sharing brought cost nothing.",
        )
    if returned >= orders:
        return say_n(
            orders,
            "The one order that sharing brought was refunded or cancelled.",
            "All {n} orders that sharing brought were refunded or cancelled.",
        )
    return say_n(
        orders,
        "The one order that sharing brought cost nothing or was refunded or cancelled.",
        "All {n} orders that sharing brought cost nothing or were refunded or cancelled.",
    )


def _alone(report: Report) -> tuple[str, ...]:
    """Of days with nothing before them."""
    amount = _of_all(report, report.earned)
    if report.is_first:
        brought = say("Sharing brought {amount}.", amount=amount)
        return brought, say("There is nothing to compare it with yet.")
    then = _then(report)
    return (
        # For translators: {then} is "the week before", or another span.
        say("Sharing brought {amount}, after nothing was heard {then}.", amount=amount, then=then),
    )


def _after_nothing(report: Report) -> str:
    # For translators: {then} is "the week before", or another span.
    return say(
        "Sharing brought {amount}, after nothing {then}.",
        amount=_of_all(report, report.earned),
        then=_then(report),
    )


def _compared(report: Report, now: Earned, earlier: Earned) -> str:
    gaps = {"amount": _beside(report, now), "then": _then(report)}
    if now.influenced == earlier.influenced:
        # For translators: {then} is "the week before", or another span.
        return say("Sharing brought {amount}, exactly as much as {then}.", **gaps)
    gaps["earlier"] = _beside(report, earlier)
    if now.influenced > earlier.influenced:
        # For translators: {earlier} is "$90 of $300 (30%)", {then} "the week before".
        return say("Sharing brought {amount}, more than the {earlier} {then}.", **gaps)
    # For translators: {earlier} is "$90 of $300 (30%)", {then} "the week before".
    return say("Sharing brought {amount}, less than the {earlier} {then}.", **gaps)


def _of_all(report: Report, earned: Earned) -> str:
    """`$1,488.00 of $4,200.00`, where there is more than sharing brought."""
    amount = money(report, earned.influenced)
    if earned.all_net <= earned.influenced:
        return amount
    return say("{amount} of {all}", amount=amount, all=money(report, earned.all_net))


def _beside(report: Report, earned: Earned) -> str:
    """`$1,488.00 of $4,200.00 (35%)`, likewise; the share is told beside another, since revenue may
    rise while it falls."""
    if earned.all_net <= earned.influenced:
        return money(report, earned.influenced)
    return say(
        "{amount} of {all} ({percent})",
        amount=money(report, earned.influenced),
        all=money(report, earned.all_net),
        percent=shares.percent(earned.influenced, earned.all_net, report.language),
    )


def _why(report: Report, now: Earned, earlier: Earned) -> tuple[str, ...]:
    """The reason, and where what it explains is no clear change, what is to be made of that."""
    orders = (now.influenced_orders, earlier.influenced_orders)
    judged = report.change(now.influenced, earlier.influenced, orders=orders)
    if judged.way or now.influenced == earlier.influenced:
        return (report.reason,)
    if not report.reason:
        few, chance = say("Too few orders to tell."), say("The change may be chance.")
    else:
        few, chance = say("Too few to tell."), say("No clear change.")
    return report.reason, few if judged.is_few else chance


def _once(report: Report) -> str:
    """What the span before had, where this one has nothing."""
    earlier = report.before
    if earlier is None or earlier.influenced <= 0:
        return ""
    amount = money(report, earlier.influenced)
    # For translators: {then} is "the week before", or another span.
    return say("Sharing brought {amount} {then}.", amount=amount, then=_then(report))
