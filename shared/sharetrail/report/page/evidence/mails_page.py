"""The mails that this recipient was sent, and one of them read again, by the link of whoever reads:
the mail's own links are not shown."""

import base64
from email.message import EmailMessage

from sharetrail.report import page_paths, span
from sharetrail.report.keeping import sent_mail, sent_mails
from sharetrail.report.page.evidence import sheet
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.report.span import Span, SpanKind
from sharetrail.web.http import Answer, answer, page
from sharetrail.words.speech import mark, say
from sharetrail.words.writing import Writing

_NOTHING_LOADS = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
    " allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation;"
    " form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""Of a letter that is shown as it was sent: its links lead on, and nothing else of it does."""
_HEADERS = {
    # For translators: the head of a mail, as mail programs call it.
    "Subject": mark("Subject"),
    # For translators: the head of a mail, as mail programs call it.
    "Date": mark("Date"),
    # For translators: the head of a mail, as mail programs call it.
    "From": mark("From"),
    # For translators: the head of a mail, as mail programs call it.
    "To": mark("To"),
}


_KINDS: dict[SpanKind, str] = {
    # For translators: a report of a day, in small print beside its date.
    "day": mark("day"),
    # For translators: a report of a week, in small print beside its days.
    "week": mark("week"),
    "month": mark("month"),
    "quarter": mark("quarter"),
    "year": mark("year"),
    # For translators: a report of some days, in small print beside them.
    "days": mark("days"),
}


def show(visit: Visit) -> Answer:
    mails = sent_mails.listed(visit.merchant.id, visit.link.recipient, visit.now)
    return sheet.render("mails", visit, say("Mails sent"), at="mails", mails=mails, kinds=_KINDS)


def show_one(visit: Visit, key: str) -> Answer:
    """What it was, and where it is read or saved."""
    about, mail = _read(visit, key)
    return sheet.render(
        "mail",
        visit,
        say("Mail about {days}", days=sheet.days_of(visit.merchant, about)),
        at=path_of(about),
        way=[("mails", say("Mails sent"))],
        about=about,
        headers=_headers(mail, Writing.of(visit.merchant)),
        text=_text(mail, "plain"),
    )


def _headers(mail: EmailMessage, writing: Writing) -> list[tuple[str, str]]:
    told = {name: str(mail[name]) for name in _HEADERS if mail[name]}
    if "Date" in told:
        told["Date"] = writing.instant(mail["Date"].datetime)
    return [(say(_HEADERS[name]), text) for name, text in told.items()]


def show_letter(visit: Visit, key: str) -> Answer:
    """The mail as mail programs show it."""
    _, mail = _read(visit, key)
    letter = page(200, _text(mail, "html"))
    letter["headers"]["content-security-policy"] = _NOTHING_LOADS
    return letter


def download(visit: Visit, key: str) -> Answer:
    about, mail = _read(visit, key)
    return {
        **answer(
            200,
            base64.b64encode(mail.as_bytes()).decode(),
            content_type="message/rfc822",
            content_disposition=f'attachment; filename="sharetrail-{about.key}.eml"',
            cache_control="no-store",
            referrer_policy="no-referrer",
            x_robots_tag="noindex",
        ),
        "isBase64Encoded": True,
    }


def _read(visit: Visit, key: str) -> tuple[Span, EmailMessage]:
    """NoSuchPage of a mail that this recipient was not sent, or that is not kept any more."""
    try:
        about = span.read(key)
    except ValueError as error:
        raise NoSuchPage(say("There are no such days.")) from error
    kept = sent_mails.read(visit.merchant.id, visit.link.recipient, about, visit.now)
    if kept is None:
        raise NoSuchPage(say("No mail about these days is kept for you."))
    return about, sent_mail.without_links(kept, visit.link.token)


def _text(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body([kind])
    return str(body.get_content()) if body else ""


def path_of(about: Span) -> str:
    return f"mails/{page_paths.part(about.key)}"
