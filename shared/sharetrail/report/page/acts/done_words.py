"""What is said of acts once they are done, and in their list."""

from collections.abc import Mapping
from typing import cast

from sharetrail.attribution.fraud_rules import Word
from sharetrail.report.choosing.choice_words import how_often
from sharetrail.report.page.acts.act import NOBODY, NOTHING, Act, ActKind
from sharetrail.report.page.spending import cost_words
from sharetrail.report.span import Rhythm
from sharetrail.sharing.influencers import NO_TAGS
from sharetrail.words import names
from sharetrail.words.speech import isolated, mark, say

RECIPIENTS = mark("Addresses that take no report")

# ── what stands, or stood ────────────────────────────────────────────────────────────────────────
# For translators: an order, in a list: "Before: released."
_RELEASED = mark("released")
# For translators: an order, in a list: "Before: rejected."
_REJECTED = mark("rejected")
# For translators: an order, in a list: "Before: not decided."
_OPEN = mark("not decided")
# For translators: a link, in a list: "Before: on."
_ON = mark("on")
# For translators: a link, in a list: "Before: off."
_OFF = mark("off")
# For translators: a coupon code belongs to nobody, in a list: "Before: nobody."
_NOBODY = mark("nobody")
# For translators: a person has no tags, in a list: "Before: none."
_NONE = mark("none")
_VALUES: dict[tuple[ActKind, str], str] = {
    ("decide", "released"): _RELEASED,
    ("decide", "upheld"): _REJECTED,
    ("decide", "undecided"): _OPEN,
    ("link", "on"): _ON,
    ("link", "off"): _OFF,
    ("code", NOBODY): _NOBODY,
    ("tag", NO_TAGS): _NONE,
    ("target", "none"): _NONE,
    ("recipient", "listed"): mark("The address is on the list"),
    ("recipient", "off"): mark("The address is off the list"),
    ("mailbox", "mailed"): mark("The mailbox is tried again"),
    ("mailbox", "refuses"): mark("The mailbox takes no mail"),
}


def of_value(kind: ActKind, value: str, called: str = "") -> str:
    """A value as people read it; `called` where it is a name."""
    if kind == "choices":
        return how_often(cast(list[Rhythm], value.split(",")))
    words = _VALUES.get((kind, value))
    return say(words) if words else called or value


# ── what was done ────────────────────────────────────────────────────────────────────────────────
_DECIDED: dict[Word, tuple[str, str]] = {
    "released": (mark("Order {label}: released"), mark("Order {label}, {part}: released")),
    "upheld": (mark("Order {label}: rejected"), mark("Order {label}, {part}: rejected")),
    "undecided": (mark("Order {label}: not decided"), mark("Order {label}, {part}: not decided")),
}
"""Of all of it, and of a part."""
_DONE: Mapping[tuple[ActKind, str], str] = {
    ("tag", NO_TAGS): mark("Tags of {label}: none"),
    ("target", "none"): mark("Target of {label}: none"),
    ("code", NOBODY): mark("Code {label} is nobody’s"),
    ("link", "on"): mark("Link of {label}: on"),
    ("link", "off"): mark("Link of {label}: off"),
    ("choices", NOTHING): mark("{label} gets no reports"),
    ("recipient", "listed"): mark("{label} gets the report again"),
    ("recipient", "off"): mark("{label} is off the list"),
    ("mailbox", "mailed"): mark("{label} is tried again"),
    ("mailbox", "refuses"): mark("{label} takes no mail"),
    ("setting", "changed"): mark("Setting changed: {label}"),
    ("listing", "owner"): mark("{label} is a recipient whose links act"),
    ("listing", "reader"): mark("{label} is a recipient whose links read"),
    ("listing", "off"): mark("{label} is off the list"),
    ("key", "made"): mark("API key {label} was made"),
    ("key", "rotated"): mark("API key {label} was rotated"),
    ("key", "revoked"): mark("API key {label} was revoked"),
    ("person", "buyer"): mark("A buyer is forgotten: their orders lead to nobody"),
    ("person", "influencer"): mark("An influencer is forgotten: what they earned stays"),
}
"""By what was made so."""
_DONE_ELSE: Mapping[ActKind, str] = {
    "name": mark("{was} is now called {became}"),
    "tag": mark("Tags of {label}: {became}"),
    "target": mark("Target of {label}: {became}"),
    # For translators: what was told of social networks: "Instagram, November 22: 1,177 followers".
    "figures": mark("{label}: {became}"),
    "code": mark("Code {label} is {became}’s"),
    "choices": mark("{label} gets the report {became}"),
    "void": mark("All links of {label} were ended"),
}
_OF_ADDRESSES: tuple[ActKind, ...] = ("choices", "void", "recipient", "mailbox", "listing")
"""Those whose label is a recipient's address, which is no stranger's word."""


_SAY_ALL: tuple[ActKind, ...] = (
    *("name", "cost", "void", "recipient", "mailbox"),
    *("setting", "listing", "key", "person"),
)
"""Those that say what stood before, or that say all there is to say."""


def by_whom(act: Act) -> str:
    """Whose link it was, or which key."""
    if not act.key_id:
        return act.recipient
    # For translators: who did something, in a list: a secret key of the API, its name and its id.
    return say("API key {name} ({id})", name=isolated(names.name(act.key_name)), id=act.key_id)


def of_act(act: Act) -> str:
    """A line of the list, whether it was done or not."""
    if act.kind == "decide":
        return _of_decision(act)
    if act.kind == "cost":
        label, was, became = (names.name(each) for each in (act.label, act.was, act.became))
        return cost_words.done(label, was, became, act.after)
    shown = str if act.kind in _OF_ADDRESSES else names.name
    sentence = _DONE.get((act.kind, act.after)) or _DONE_ELSE[act.kind]
    gaps = {"label": shown(act.label), "was": shown(act.was), "became": shown(act.became)}
    if act.kind == "choices":
        gaps["became"] = of_value("choices", act.after)
    if key_id := act.about.get("key"):
        # Ours, as the API has it: a name that fills its line keeps nobody from seeing which.
        gaps["label"] += f" ({key_id})"
    return say(sentence, **{gap: isolated(text) for gap, text in gaps.items()})


def _of_decision(act: Act) -> str:
    whole, of_part = _DECIDED[cast(Word, act.after)]
    label = isolated(names.name(act.label))
    return say(of_part, label=label, part=act.part) if act.part else say(whole, label=label)


def before_it(act: Act) -> str:
    """What stood before, to be said beside it; empty where it is said already, or means nothing."""
    if act.kind in _SAY_ALL:
        return ""
    was = of_value(act.kind, act.before, act.was)
    # For translators: what stood before something was done, in a word or a name.
    return say("Before: {was}.", was=isolated(names.sentence(was)))
