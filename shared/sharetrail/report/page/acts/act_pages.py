"""The pages that offer an act and say what it will do. They change nothing: a mail program that
opens all links of a mail, or a browser that fetches ahead, does nothing by it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sharetrail.problems import Problem
from sharetrail.report import page_paths
from sharetrail.report.choosing import choice_words
from sharetrail.report.page import frame
from sharetrail.report.page.acts import act_words, acts, done_words, known_deeds, name_influencer
from sharetrail.report.page.acts.act import Act
from sharetrail.report.page.acts.choose_mail import rhythms_in
from sharetrail.report.page.acts.costs import cost_form
from sharetrail.report.page.acts.deed import Deed, asked
from sharetrail.report.page.acts.figures import figures_form
from sharetrail.report.page.acts.proof import Offer
from sharetrail.report.page.acts.targets import set_target
from sharetrail.report.page.acts.targets.set_target import SetTarget
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import coupon_codes, influencers
from sharetrail.web.http import Answer
from sharetrail.words import names
from sharetrail.words.speech import isolated, say

ON_A_PAGE = 50
"""Acts of the list."""
_LOOKED_AT = 1_000
"""Newer acts that an older page of the list is read beside: behind more of them it only tells."""


@dataclass(frozen=True, kw_only=True)
class _Writing:
    """What the merchant is asked to write, before a page says what that will do."""

    title: str
    label: str
    name: str
    """Of the parameter."""
    value: str = ""
    most: int
    hint: str = ""
    is_needed: bool = True
    beside: dict[str, str]
    """The parameters that are known already."""
    way: tuple[str, str]
    """Path and name of the page that it is about."""


def show(visit: Visit, kind: str) -> Answer:
    """What one press would do; or what one may choose from, or write."""
    if not known_deeds.may_do(visit, kind):
        return only_read(visit)
    if kind == "code" and "code" not in visit.query:
        return _write(visit, kind, _code_of(visit))
    if kind == "cost" and "cost" not in visit.query:
        return cost_form.show(visit)
    if kind == "figures" and not visit.query.keys() & {"of", "value", "table", "network"}:
        return figures_form.show(visit)
    deed = known_deeds.read(visit, kind)
    if deed.after is not None:
        return _confirm(visit, [deed])
    if deed.kind == "choices":
        return choices(visit)
    if deed.ways:
        return _confirm(visit, [replace(deed, after=way) for way in deed.ways])
    if isinstance(deed, SetTarget):
        return _write(visit, kind, _target_of(deed))
    return _write(visit, kind, _name_of(deed) if kind == "name" else _tags_of(deed))


def only_read(visit: Visit) -> Answer:
    """A link of more than a week ago opens the report, and does nothing any more; a reader's never
    did more than that."""
    return frame.render("acts/only_read", visit, say("This link is for reading"), status=403)


# ── to be pressed ────────────────────────────────────────────────────────────────────────────────
def _confirm(visit: Visit, ways: Iterable[Deed]) -> Answer:
    offers = [(deed, deed.words(), address_of(deed), _proof(deed)) for deed in ways]
    why = next((names.sentence(deed.why) for deed, *_ in offers if deed.why), "")
    deed, words, *_ = offers[0]
    title = words.title if len(offers) == 1 else act_words.of_many(deed.label)
    way = [(deed.back, deed.back_label)] if deed.back not in ("", "choices") else []
    return frame.render("acts/confirm", visit, title, offers=offers, why=why, way=way)


def address_of(deed: Deed) -> str:
    """Of the page that offers it, which is posted to itself."""
    return deed.visit.to(f"acts/{deed.kind}", **deed.about, value=deed.after or "")


def _proof(deed: Deed) -> str:
    return offer_of(deed, deed.seen).proof(deed.visit.now, deed.visit.now)


def offer_of(deed: Deed, seen: str) -> Offer:
    """What a form stands for. Of a choice the form itself says what shall be."""
    after = "" if deed.kind == "choices" else deed.after or ""
    return Offer(link=deed.visit.link, kind=deed.kind, about=deed.about, after=after, seen=seen)


# ── to be written ────────────────────────────────────────────────────────────────────────────────
def _write(visit: Visit, kind: str, writing: _Writing) -> Answer:
    action = visit.to(f"acts/{kind}")
    way = [writing.way]
    return frame.render("acts/write", visit, writing.title, writing=writing, action=action, way=way)


def _name_of(deed: Deed) -> _Writing:
    return _Writing(
        # For translators: to give somebody a name; {who} is how they are called now.
        title=say("Name {who}", who=isolated(names.name(deed.label))),
        label=say("What they are called"),
        name="value",
        value=deed.before,
        most=influencers.LONGEST_NAME,
        hint=say("Reports, pages and the API will say it."),
        beside=deed.about,
        way=(deed.back, deed.back_label),
    )


def _tags_of(deed: Deed) -> _Writing:
    return _Writing(
        # For translators: to put words of one's own (tags) to a person.
        title=say("Tag {who}", who=isolated(names.name(deed.label))),
        label=say("Tags, parted by commas"),
        name="value",
        value="" if deed.before == influencers.NO_TAGS else deed.before,
        most=influencers.MOST_TAGS * (influencers.LONGEST_TAG + 2),
        hint=say(
            "At most {most}, each of {longest} characters; leave it empty for none.",
            most=influencers.MOST_TAGS,
            longest=influencers.LONGEST_TAG,
        ),
        is_needed=False,
        beside=deed.about | {name_influencer.WRITTEN: "1"},
        way=(deed.back, deed.back_label),
    )


def _target_of(deed: SetTarget) -> _Writing:
    return _Writing(
        title=say("Set a target for {figure}", figure=deed.label),
        label=say("What it should reach"),
        name="value",
        value=set_target.as_written(deed),
        most=set_target.LONGEST,
        hint=set_target.hint(deed.kpi, deed.visit.merchant),
        is_needed=False,
        beside=deed.about | {name_influencer.WRITTEN: "1"},
        way=(deed.back, deed.back_label),
    )


def _code_of(visit: Visit) -> _Writing:
    who = asked(visit, "influencer", name_influencer.LONGEST_ID)
    called = name_influencer.profile(visit, who)["name"]
    return _Writing(
        title=say("Give {who} a coupon code", who=isolated(names.name(called))),
        label=say("The code"),
        name="code",
        most=coupon_codes.LONGEST,
        hint=say("As your shop has it; capitals and small letters are one."),
        beside={"value": who},
        way=(page_paths.person(who), names.name(called)),
    )


# ── what one gets ────────────────────────────────────────────────────────────────────────────────
def choices(visit: Visit) -> Answer:
    deed = known_deeds.read(replace(visit, query={}), "choices")
    return frame.render(
        "acts/choices",
        visit,
        say("What you get"),
        here="choices",
        offered=choice_words.offered(),
        chosen=rhythms_in(deed.before),
        seen=deed.seen,
        proof=_proof(deed),
        action=visit.to("acts/choices"),
    )


# ── what was done ────────────────────────────────────────────────────────────────────────────────
def done(visit: Visit) -> Answer:
    """Everybody's acts, newest first."""
    before = visit.query.get("before", "")
    found = acts.newest(visit.merchant.id, before, ON_A_PAGE + 1)
    listed = found[:ON_A_PAGE]
    newer = acts.newer(visit.merchant.id, before, _LOOKED_AT) if before else []
    told = _told(visit, newer, listed)  # by their ids: of what a key did they name but the hour
    return frame.render(
        "acts/done",
        visit,
        say("What was done"),
        here="acts",
        acts=sorted(told, key=lambda each: each[0].at, reverse=True),
        again=lambda act: _page_of(visit, act, act.after),
        before_it=done_words.before_it,
        by_whom=done_words.by_whom,
        older=visit.to("acts", before=listed[-1].id) if len(found) > ON_A_PAGE else None,
    )


def _told(
    visit: Visit, newer: Iterable[Act] | None, listed: Iterable[Act]
) -> Iterator[tuple[Act, str, str | None]]:
    """Each act, what is said of it, and where it is undone: of those about one thing the newest of
    all alone, and only as long as what it made still stands; none where not all newer are known."""
    met = {_subject(visit, act) for act in newer or () if undo_of(visit, act)}
    for act in listed:
        undo = undo_of(visit, act) if newer is not None else None
        if undo is not None:
            subject = _subject(visit, act)
            if subject in met or not _stands(visit, act):
                undo = None
            met.add(subject)
        yield act, done_words.of_act(act), undo


def _subject(visit: Visit, act: Act) -> str:
    """What it is about, as the address of its page without a value."""
    return visit.to(f"acts/{act.kind}", **act.about)


def _stands(visit: Visit, act: Act) -> bool:
    """Not where what it is about is no more."""
    try:
        return known_deeds.read(replace(visit, query=act.about), act.kind).before == act.after
    except Problem:
        return False


def undo_of(visit: Visit, act: Act) -> str | None:
    """The address of the page that offers to undo it; None where that cannot be, or is another
    recipient's to do."""
    mine = visit.link.recipient.casefold()
    is_anothers = act.kind == "choices" and act.recipient.casefold() != mine
    if not act.can_be_undone or is_anothers or not known_deeds.may_do(visit, act.kind):
        return None
    return _page_of(visit, act, act.before)


def _page_of(visit: Visit, act: Act, value: str) -> str:
    """Where it is offered that this shall be."""
    return visit.to(f"acts/{act.kind}", **act.about, value=value)
