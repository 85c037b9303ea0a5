"""What is said of acts: before they are done, once they are, and in their list. Pure.

All of it in one place, to be translated together. Names come from outside and go through `name`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sharetrail.attribution.fraud_rules import Effect, Word
from sharetrail.report.choosing.choice_words import how_often
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.release import Fate
from sharetrail.report.page.spending import cost_words
from sharetrail.report.span import Rhythm
from sharetrail.words.names import name, sentence

NOBODY = "nobody"
VERDICTS: dict[Word, str] = {
    "released": "released",
    "upheld": "rejected",
    "undecided": "not decided",
}
_NIGHT = "Scores follow tonight."


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said of an act before it is done."""

    title: str
    sentences: tuple[str, ...]
    button: str
    warns: bool = False
    """Whether it takes something away."""


# ── a held order ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class HeldPart:
    """What is somebody's of what a decision is about, and what its release would do to it."""

    whose: str
    """Empty of several others."""
    amount: str
    fate: Fate
    until: str
    """Of what waits for its date still."""


@dataclass(frozen=True, kw_only=True)
class HeldCredit:
    order: str
    whose: str | None
    """None where it is about everybody whom the order credits."""
    effect: Effect
    amount: str
    with_others: str | None = None
    """What it would be, were all that is withheld of the order released; None where nothing else
    is."""
    until: str | None
    """Until when it waits; None where that is over."""
    parts: tuple[HeldPart, ...] = ()

    @property
    def who(self) -> str:
        return name(self.whose) if self.whose else "whoever brought it"


def of_many(label: str) -> str:
    """Where there is more than one thing that may be decided."""
    return f"Decide on order {name(label)}"


def of_verdict(word: Word, held: HeldCredit) -> Words:
    order = name(held.order)
    match word:
        case "released":
            return Words(
                title=f"Release order {order}",
                sentences=(*_released(held), _NIGHT),
                button="Release it",
            )
        case "upheld":
            return Words(
                title=f"Reject order {order}",
                sentences=(*_rejected(held), _NIGHT),
                button="Reject it",
                warns=True,
            )
        case "undecided":
            return Words(
                title=f"Leave order {order} undecided",
                sentences=(*_undecided(held), _NIGHT),
                button="Take the decision back",
            )


def _released(held: HeldCredit) -> tuple[str, ...]:
    told = tuple(_FATES[each.fate].format(**_named(each)) for each in held.parts)
    counts = ("The credit counts in the score.",) * any(e.fate == "free" for e in held.parts)
    others = [f"Were all released that is withheld of it, that would be {held.with_others}."]
    others = others if held.with_others else []
    if held.effect != "withhold":
        return (*told, *others, *counts)
    return (
        f"{held.who} will be credited {held.amount} of it.",
        *others,
        "Whoever else it credits gets so much less.",
        *(_FATES[each.fate].format(**_named(each)) for each in held.parts if each.fate != "free"),
        *counts,
    )


_FATES: dict[Fate, str] = {
    "free": "The {amount} that it credits to {who} will be earned, and waits for nothing.",
    "asks": "The {amount} that it credits to {who} still waits for another word of yours.",
    "waits": "The {amount} that it credits to {who} still waits until {until}.",
    "rejected": "The {amount} that it credits to {who} stays rejected.",
}


def _named(part: HeldPart) -> dict[str, str]:
    who = name(part.whose) if part.whose else "others"
    return {"who": who, "amount": part.amount, "until": part.until}


def _rejected(held: HeldCredit) -> tuple[str, ...]:
    if held.effect == "withhold":
        return (
            f"{held.who} gets nothing of it, as now.",
            f"The {held.amount} stay with whoever else it credits.",
        )
    return (
        f"The {held.amount} that it credits to {held.who} will not be earned.",
        "The credit does not count in the score.",
        "The order itself counts as a sale, as before.",
    )


def _undecided(held: HeldCredit) -> tuple[str, ...]:
    if held.until:
        return (
            f"The {held.amount} for {held.who} wait again, as they did before, until {held.until}.",
        )
    return (
        f"What was decided of the {held.amount} for {held.who} is taken back.",
        "The date until which they waited is over.",
    )


# ── an influencer ────────────────────────────────────────────────────────────────────────────────
def of_name(before: str, after: str) -> Words:
    return Words(
        title=f"Call {name(before)} {name(after)}",
        sentences=(
            f"Reports, pages and the API will say {name(after)} from now on.",
            "Mails that were sent stay as they are; links and credits do not change.",
        ),
        button="Save the name",
    )


def of_tags(who: str, before: str, after: str) -> Words:
    return Words(
        title=f"Tags of {name(who)}",
        sentences=(
            f"Now: {_tags(before)}. Then: {_tags(after)}.",
            "Tags are for you to find people by. No score, credit or advice depends on them.",
        ),
        button="Save the tags",
    )


def _tags(line: str) -> str:
    return ", ".join(name(each) for each in line.split(","))


# ── a coupon code ────────────────────────────────────────────────────────────────────────────────
Coupons = Literal["code_fills", "code_last", "code_ignored"]
_CODE_COUNTS: dict[Coupons, str] = {
    "code_fills": "An order with the code counts for {who} where no share click led to it.",
    "code_last": "An order with the code counts for {who} as the last touch before it.",
    "code_ignored": "Your shop's setting lets codes count for nobody, so no credit follows.",
}


def of_code(code: str, before: str | None, after: str | None, coupons: Coupons) -> Words:
    now = f"Now it is {name(before)}'s." if before else "Now it is nobody's."
    old = "Orders that were placed before keep whose it was then."
    if after is None:
        return Words(
            title=f"Take the code {name(code)} back",
            sentences=(now, "From now on an order with the code counts for nobody by it.", old),
            button="Take it back",
            warns=True,
        )
    counts = _CODE_COUNTS[coupons].format(who=name(after))
    return Words(
        title=f"Give the code {name(code)} to {name(after)}",
        sentences=(now, f"From now on it is {name(after)}'s. {counts}", old),
        button="Give it",
    )


# ── a link ───────────────────────────────────────────────────────────────────────────────────────
def of_link_off(whose: str, network: str, path: str, *, leads_on: bool) -> Words:
    where = "to the page that your shop names for it" if leads_on else "to a page that says so"
    return Words(
        title="Switch the link off",
        sentences=(
            f"It is {name(whose)}'s, on {name(network)}, to {name(path)}.",
            f"Within a minute it will lead {where}.",
            "What it earned stays. You can switch it on again.",
        ),
        button="Switch it off",
        warns=True,
    )


def of_link_on(whose: str, network: str, path: str) -> Words:
    return Words(
        title="Switch the link on",
        sentences=(
            f"It is {name(whose)}'s, on {name(network)}.",
            f"Within a minute it will lead to {name(path)} again.",
        ),
        button="Switch it on",
    )


# ── one's own mail ───────────────────────────────────────────────────────────────────────────────
def of_choice(recipient: str, rhythms: Collection[Rhythm]) -> Words:
    gets = (
        f"{recipient} will get the report {how_often(rhythms)}."
        if rhythms
        else f"{recipient} will get no more reports of this shop."
    )
    return Words(title="What you get", sentences=(gets,), button="Save")


def of_end(recipient: str) -> Words:
    return Words(
        title="End all your links",
        sentences=(
            f"No link that was mailed to {recipient} will open the report any more.",
            "That is so for you, and for anybody to whom a mail was passed on. This page goes too.",
            "Your next report brings a new link. Other recipients keep theirs.",
            "This cannot be undone.",
        ),
        button="End all my links",
        warns=True,
    )


# ── others who get the report ────────────────────────────────────────────────────────────────────
RECIPIENTS = "Addresses that take no report"
LISTED = {True: "gets the report again", False: "is off the list"}
MAILED = {True: "is tried again", False: "takes no mail"}


def of_listed(address: str, *, is_listed: bool) -> Words:
    if is_listed:
        return Words(
            title="Put an address back on the list",
            sentences=(
                f"{address} will be a recipient of your reports again, as before.",
                "Links that were mailed to it open the report again, as long as they are good.",
                "As long as it refuses mail, or its owner called one spam, no report goes there.",
            ),
            button="Put it back",
        )
    return Words(
        title="Take an address off the list",
        sentences=(
            f"{address} will be no recipient of your reports any more.",
            "As long as it is off, no link that was mailed to it opens the report.",
            "Everybody else gets theirs as always. You can put it back, and its links with it.",
        ),
        button="Take it off",
        warns=True,
    )


def of_mailbox(address: str) -> Words:
    return Words(
        title="Try a mailbox again",
        sentences=(
            f"The next report that is due goes to {address} again.",
            "Press it once the mailbox was mended: mail that keeps coming back hurts your shop.",
            "If it comes back once more, no further report goes there.",
            "A mailbox is tried again once a day at most.",
        ),
        button="Try it again",
    )


# ── what was done ────────────────────────────────────────────────────────────────────────────────
_DONE: dict[ActKind, str] = {
    "decide": "Order {label}{part}: {became}",
    "name": "{was} is now called {became}",
    "tag": "Tags of {label}: {became}",
    "code": "Code {label} is {became}’s",
    "link": "Link of {label}: {became}",
    "choices": "{label} gets the report {became}",
    "void": "All links of {label} were ended",
    "recipient": "{label} {became}",
    "mailbox": "{label} {became}",
}


_OF_ADDRESSES: tuple[ActKind, ...] = ("choices", "void", "recipient", "mailbox")
"""Those whose label is a recipient's address, which is no stranger's word."""


def of_act(act: Act) -> str:
    """A line of the list, whether it was done or not."""
    said = {"label": act.label, "was": act.was, "became": act.became}
    if act.kind == "cost":
        return cost_words.done(name(act.label), act.was, act.became, act.after)
    if act.kind == "choices" and act.became == how_often(()):
        return f"{act.label} gets no reports"
    return _DONE[act.kind].format(
        **{key: text if act.kind in _OF_ADDRESSES else name(text) for key, text in said.items()},
        part=f", {act.part}" if act.part else "",
    )


def before_it(act: Act) -> str:
    """What stood before, to be said beside it; empty where it is said already, or means nothing."""
    said = ("name", "cost", "void", "recipient", "mailbox")
    return "" if act.kind in said else f"Before: {sentence(act.was)}."
