"""What is said of acts before they are done. Pure.

Names come from outside: each goes through `_named`.
"""

from dataclasses import dataclass
from typing import Literal

from sharetrail.attribution.fraud_rules import Effect, Word
from sharetrail.report.page.acts.release import Fate
from sharetrail.words import names
from sharetrail.words.speech import isolated, listed, mark, say


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
    until: str = ""
    """Of what waits for its date still, as far as that is known."""


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

    def say(self, named: str, unnamed: str) -> str:
        """Of somebody, or of whoever brought the order."""
        gaps = {"amount": self.amount, "until": self.until}
        return say(named, who=_named(self.whose), **gaps) if self.whose else say(unnamed, **gaps)


def of_many(label: str) -> str:
    """Where there is more than one thing that may be decided."""
    return say("Decide on order {order}", order=_named(label))


def of_verdict(word: Word, held: HeldCredit) -> Words:
    order, night = _named(held.order), say("Scores follow tonight.")
    match word:
        case "released":
            return Words(
                title=say("Release order {order}", order=order),
                sentences=(*_released(held), night),
                button=say("Release it"),
            )
        case "upheld":
            return Words(
                title=say("Reject order {order}", order=order),
                sentences=(*_rejected(held), night),
                button=say("Reject it"),
                warns=True,
            )
        case "undecided":
            return Words(
                title=say("Leave order {order} undecided", order=order),
                sentences=(*_undecided(held), night),
                button=say("Take the decision back"),
            )


def _released(held: HeldCredit) -> tuple[str, ...]:
    others = "Were all released that is withheld of it, that would be {amount}."
    then = (say(others, amount=held.with_others),) if held.with_others else ()
    counts = say("The credit counts in the score.")
    told = (*then, counts) if any(each.fate == "free" for each in held.parts) else then
    if held.effect != "withhold":
        return (*map(_fate, held.parts), *told)
    return (
        held.say(
            mark("{who} will be credited {amount} of it."),
            mark("Whoever brought it will be credited {amount} of it."),
        ),
        *then,
        say("Whoever else it credits gets so much less."),
        *(_fate(each) for each in held.parts if each.fate != "free"),
        *told[len(then) :],
    )


_FATES: dict[Fate, tuple[str, str]] = {
    "free": (
        mark("The {amount} that it credits to {who} will be earned, and waits for nothing."),
        mark("The {amount} that it credits to others will be earned, and waits for nothing."),
    ),
    "asks": (
        mark("The {amount} that it credits to {who} still waits for another word of yours."),
        mark("The {amount} that it credits to others still waits for another word of yours."),
    ),
    "waits": (
        mark("The {amount} that it credits to {who} still waits until {until}."),
        mark("The {amount} that it credits to others still waits until {until}."),
    ),
    "rejected": (
        mark("The {amount} that it credits to {who} stays rejected."),
        mark("The {amount} that it credits to others stays rejected."),
    ),
}
"""Of somebody, and of several others."""
_WAITS = (
    mark("The {amount} that it credits to {who} still waits for its date."),
    mark("The {amount} that it credits to others still waits for its date."),
)


def _fate(part: HeldPart) -> str:
    named, others = _WAITS if part.fate == "waits" and not part.until else _FATES[part.fate]
    gaps = {"amount": part.amount, "until": part.until}
    return say(named, who=_named(part.whose), **gaps) if part.whose else say(others, **gaps)


def _rejected(held: HeldCredit) -> tuple[str, ...]:
    if held.effect == "withhold":
        return (
            held.say(
                mark("{who} gets nothing of it, as now."),
                mark("Whoever brought it gets nothing of it, as now."),
            ),
            say("The {amount} stay with whoever else it credits.", amount=held.amount),
        )
    return (
        held.say(
            mark("The {amount} that it credits to {who} will not be earned."),
            mark("The {amount} that it credits to whoever brought it will not be earned."),
        ),
        say("The credit does not count in the score."),
        say("The order itself counts as a sale, as before."),
    )


def _undecided(held: HeldCredit) -> tuple[str, ...]:
    if held.until:
        return (
            held.say(
                mark("The {amount} for {who} wait again, as they did before, until {until}."),
                mark(
                    "The {amount} for whoever brought it wait again, as they did before, until"
                    " {until}."
                ),
            ),
        )
    return (
        held.say(
            mark("What was decided of the {amount} for {who} is taken back."),
            mark("What was decided of the {amount} for whoever brought it is taken back."),
        ),
        say("The date until which they waited is over."),
    )


# ── an influencer ────────────────────────────────────────────────────────────────────────────────
def of_name(before: str, after: str) -> Words:
    name = _named(after)
    return Words(
        # For translators: to give somebody another name.
        title=say("Call {before} {name}", before=_named(before), name=name),
        sentences=(
            say("Reports, pages and the API will say {name} from now on.", name=name),
            say("Mails that were sent stay as they are; links and credits do not change."),
        ),
        button=say("Save the name"),
    )


def of_tags(who: str, before: str, after: str) -> Words:
    tags = {"before": _tags(before), "after": _tags(after)}
    return Words(
        title=say("Tags of {who}", who=_named(who)),
        sentences=(
            # For translators: a person's tags as they are, and as they will be.
            say("Now: {before}. Then: {after}.", **tags),
            say("Tags are for you to find people by. No score, credit or advice depends on them."),
        ),
        button=say("Save the tags"),
    )


def _tags(line: str) -> str:
    return listed(_named(each) for each in line.split(","))


# ── a coupon code ────────────────────────────────────────────────────────────────────────────────
Coupons = Literal["code_fills", "code_last", "code_ignored"]
_CODE_COUNTS: dict[Coupons, str] = {
    "code_fills": mark("An order with the code counts for {who} where no share click led to it."),
    "code_last": mark("An order with the code counts for {who} as the last touch before it."),
    "code_ignored": mark("Your shop's setting lets codes count for nobody, so no credit follows."),
}


def of_code(code: str, before: str | None, after: str | None, coupons: Coupons) -> Words:
    # For translators: "it" is a coupon code.
    now = say("Now it is {who}'s.", who=_named(before)) if before else say("Now it is nobody's.")
    old = say("Orders that were placed before keep whose it was then.")
    if after is None:
        nobody = say("From now on an order with the code counts for nobody by it.")
        return Words(
            title=say("Take the code {code} back", code=_named(code)),
            sentences=(now, nobody, old),
            button=say("Take it back"),
            warns=True,
        )
    who = _named(after)
    then = say("From now on it is {who}'s.", who=who)
    return Words(
        title=say("Give the code {code} to {who}", code=_named(code), who=who),
        sentences=(now, f"{then} {say(_CODE_COUNTS[coupons], who=who)}", old),
        button=say("Give it"),
    )


# ── a link ───────────────────────────────────────────────────────────────────────────────────────
def of_link_off(whose: str, network: str, path: str, *, leads_on: bool) -> Words:
    gaps = {"who": _named(whose), "network": _named(network), "path": _named(path)}
    return Words(
        title=say("Switch the link off"),
        sentences=(
            # For translators: "It" is a link; {path} is the page that it leads to.
            say("It is {who}'s, on {network}, to {path}.", **gaps),
            say("Within a minute it will lead to the page that your shop names for it.")
            if leads_on
            else say("Within a minute it will lead to a page that says so."),
            say("What it earned stays. You can switch it on again."),
        ),
        button=say("Switch it off"),
        warns=True,
    )


def of_link_on(whose: str, network: str, path: str) -> Words:
    return Words(
        title=say("Switch the link on"),
        sentences=(
            # For translators: "It" is a link.
            say("It is {who}'s, on {network}.", who=_named(whose), network=_named(network)),
            say("Within a minute it will lead to {path} again.", path=_named(path)),
        ),
        button=say("Switch it on"),
    )


def _named(text: str | None) -> str:
    """Somebody's or something's name within a sentence."""
    return isolated(names.name(text or ""))
