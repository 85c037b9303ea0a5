"""POST /reports/{token}/…: a press on a page that offered it."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.contact import masked
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.problems import Malformed, Problem
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import ExpiredLink, PageLink
from sharetrail.report.keeping.recipient_codes import code_of
from sharetrail.report.page import frame, new_link
from sharetrail.report.page.acts import act_pages, acts, done_words, known_deeds
from sharetrail.report.page.acts.act import NOTHING, Act
from sharetrail.report.page.acts.deed import Deed
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web.http import Answer, Request
from sharetrail.words.speech import isolated, mark, say, speaking

_ACTS, _NEW_LINK = "acts/", "new-link"
_OF_A_DAY = 200
"""Acts of one recipient: more than a Monday takes, and few enough for a list to be read."""
_LONGEST_FORM = 4_000  # bytes
_MOST_FIELDS = 20
_LONGEST_LABEL = 200
_NO_FORM = mark("This is no form of ours.")


class NoMail(Problem):
    """To an address that is sent nothing."""

    status = 409
    title = mark("No mail can go there")


class TooManyActs(Problem):
    """More in a day than a person does."""

    status = 429
    title = mark("That is a lot for a day")


def respond(request: Request) -> Answer:
    asks_for_link = request.path.get("page") == _NEW_LINK
    try:
        link = page_links.find(request.path["token"], request.now)
    except ExpiredLink as expired:
        with speaking(expired.link.merchant.language):
            if asks_for_link:
                return _new_link(expired.link, request.now)
            return frame.refused_outside(expired)
    except Problem as problem:
        with speaking(frame.asked_language(request)):
            return frame.refused_outside(problem)
    with speaking(link.merchant.language):
        if asks_for_link:
            return _new_link(link, request.now)
        return _shown(Visit(link=link, query=request.params, now=request.now), request)


def _new_link(link: PageLink, now: datetime) -> Answer:
    """By an old link too; it goes to the recipient's own mailbox, whoever asks, if at all."""
    try:
        _send(link, now)
    except Problem as problem:
        return frame.refused_outside(problem)
    told = say("It was mailed to {address}.", address=isolated(masked(link.recipient)))
    return frame.outside(200, say("A new link is on its way"), told)


def _send(link: PageLink, now: datetime) -> None:
    if unsubscribes.is_unsubscribed(link.merchant.id, link.recipient):
        raise NoMail(say("Its owner unsubscribed, so none is sent there."))
    if suppressions.find(link.merchant.id, link.recipient):
        raise NoMail(
            say("A mail to this address came back, or was called spam, so none is sent there.")
        )
    new_link.send(link, now)


def _shown(visit: Visit, request: Request) -> Answer:
    try:
        return _to_visit(visit, request)
    except Problem as problem:
        return frame.refused(visit, problem)


def _to_visit(visit: Visit, request: Request) -> Answer:
    path = request.path.get("page", "")
    if not path.startswith(_ACTS):
        raise NoSuchPage(say("There is nothing to be pressed here."))
    kind = path.removeprefix(_ACTS)
    if not known_deeds.may_do(visit, kind):
        return act_pages.only_read(visit)
    form = _form(request.body)
    asked = replace(visit, query={**form, **visit.query})
    return _press(asked, kind, form)


def _form(body: bytes) -> dict[str, str]:
    """Malformed where it is none of ours."""
    try:
        text = body[: _LONGEST_FORM + 1].decode()
        if len(body) <= _LONGEST_FORM:
            return dict(parse_qsl(text, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:  # not UTF-8, or more fields
        raise Malformed(say(_NO_FORM)) from error
    raise Malformed(say(_NO_FORM))


def _press(visit: Visit, kind: str, form: dict[str, str]) -> Answer:
    """Whoever presses twice acts once: the second press finds the act of the first."""
    deed = known_deeds.read(visit, kind)
    if deed.after is None:
        raise Malformed(say("The form does not say what shall be."))
    seen, now = form.get("seen", ""), visit.now
    offer = act_pages.offer_of(deed, seen)
    act_id = offer.act_id(form.get("proof", ""), now, "" if offer.after else deed.after)
    act = acts.find(visit.merchant.id, act_id) or _begun(deed, act_id, seen)
    if act is None or act.overtaken_at or _is_past(deed, act):
        return _overtaken(deed)
    if act.done_at is None and not _done(deed, act):
        acts.note_overtaken(visit.merchant.id, act, now)
        return _overtaken(deed)
    return _told(deed, act)


def _begun(deed: Deed, act_id: str, seen: str) -> Act | None:
    """The act, written down; None where something else stands than what its page showed."""
    visit = deed.visit
    if deed.seen != seen or deed.after is None:
        return None
    if not deed.is_own:
        _take_of_day(visit, act_id)
    act = Act(
        id=act_id,
        kind=deed.kind,
        about=deed.about,
        label=deed.label[:_LONGEST_LABEL],
        part=deed.part,
        before=deed.before,
        after=deed.after,
        was=deed.shown(deed.before)[:_LONGEST_LABEL],
        became=deed.shown(deed.after)[:_LONGEST_LABEL],
        recipient=visit.link.recipient,
        at=visit.now,
    )
    return acts.begin(visit.merchant.id, act)


def _take_of_day(visit: Visit, act_id: str) -> None:
    code = code_of(visit.merchant.id, visit.link.recipient, visit.now)
    allowance = Allowance(name=f"acts#{code}", most=_OF_A_DAY)
    if not daily_allowances.take(visit.merchant, allowance, {act_id}, visit.now):
        raise TooManyActs(
            say("{most} acts a day are possible. Go on tomorrow.", most=_OF_A_DAY),
            headers=daily_allowances.nothing_left(visit.merchant, allowance, visit.now),
        )


def _is_past(deed: Deed, act: Act) -> bool:
    """Whether it was done, and something else stands again."""
    return act.can_be_undone and not _is_so(deed, act)


def _done(deed: Deed, act: Act) -> bool:
    """Whether it is done; not where neither what stood then nor what shall be stands any more."""
    if deed.before not in (act.before, act.after):
        return False
    if not deed.do(act) and not _is_so(deed, act):
        return False
    acts.note_done(deed.visit.merchant.id, act, deed.visit.now)
    return True


def _is_so(deed: Deed, act: Act) -> bool:
    """Whether what shall be stands by now, be it that somebody faster did the same, or this press
    came twice."""
    if deed.before == act.after:
        return True
    visit = replace(deed.visit, now=max(deed.visit.now, act.at))
    return known_deeds.read(visit, deed.kind).before == act.after


def _overtaken(deed: Deed) -> Answer:
    return frame.render(
        "acts/overtaken",
        deed.visit,
        say("It was changed meanwhile"),
        status=409,
        again=act_pages.address_of(deed),
        now=deed.shown(deed.before),
    )


def _told(deed: Deed, act: Act) -> Answer:
    visit = deed.visit
    done = replace(act, done_at=act.done_at or visit.now)
    return frame.render(
        "acts/told",
        visit,
        # For translators: what was pressed has been done.
        say("Done"),
        said=done_words.of_act(act),
        undo=act_pages.undo_of(visit, done),
        back=visit.to(deed.back),
        ended=act.kind == "void",
        offer=visit.merchant.parting_offer if act.after == NOTHING else "",
    )
