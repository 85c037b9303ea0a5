"""A mail that was sent, shown to whoever has a link: by that link, and by no other."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from sharetrail.mail.message import Attachment, Mail, mime
from sharetrail.report.keeping import sent_mail

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SENT, OWN, LEAVE = "1a" * 20, "2b" * 20, "3c" * 32
BASE = "https://links.example"


def a_mail(before: str) -> bytes:
    """Whose lines are long, or not ASCII, so that its links are parted or encoded on the way."""
    text = f"{before} {BASE}/reports/{SENT}/people/ana?span=2026 {BASE}/unsubscribe/{LEAVE}"
    mail = Mail(
        to="owner@shop.example",
        subject="Größe",
        html=f'<p>{text} <a href="{BASE}/reports/{SENT}">All</a></p>',
        text=text,
        attachments=(Attachment("people.csv", f"Näme,{BASE}/reports/{SENT}\r\n"),),
        unsubscribe_url=f"{BASE}/unsubscribe/{LEAVE}",
    )
    return mime(mail, "reports@sharetrail.example", NOW)


@pytest.mark.parametrize("before", ["", "x" * 60, "x" * 1_200, "é" * 60])
def test_every_link_of_a_mail_is_the_readers_own(before: str) -> None:
    raw = a_mail(before)
    assert sent_mail.page_tokens(raw, BASE) == {SENT}
    shown = sent_mail.without_links(raw, OWN).as_bytes()
    again = message_from_bytes(shown, policy=default)
    texts = [str(part.get_content()) for part in again.walk() if not part.is_multipart()]
    assert len(texts) == 3
    for text in (shown.decode(), str(again), *texts):
        assert SENT not in text
        assert LEAVE not in text
    by_own = f"{BASE}/reports/{OWN}/people/ana?span=2026 {BASE}/reports/{OWN}/choices"
    assert all(by_own in each for each in texts[:2])
    assert again["List-Unsubscribe"] is None
    assert again["Subject"] == "Größe"
    (sheet,) = again.iter_attachments()
    assert sheet.get_filename() == "people.csv"
    assert "Näme" in texts[2]


def test_what_only_looks_like_a_link_of_the_page_is_none_of_its_links() -> None:
    name = f"{BASE}/reports/{OWN}"
    raw = a_mail(f"x/reports/{OWN} {name} href=&quot;{name}")
    assert sent_mail.page_tokens(raw, BASE) == {SENT}
    assert sent_mail.page_tokens(a_mail(""), "https://old.example") == set()


def test_a_mail_that_carries_no_link_is_shown_as_it_was() -> None:
    raw = b"Subject: x\r\n\r\nhello\r\n"
    assert sent_mail.page_tokens(raw, BASE) == set()
    assert sent_mail.without_links(raw, OWN).get_content() == "hello\r\n"
