import json
import urllib.request
from datetime import UTC, datetime
from email.message import EmailMessage

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def send(small):
    def send(subject="Your week", sender="reports@sharetrail.example"):
        message = EmailMessage()
        message["From"] = sender
        message["To"] = "Ada Söderström <ada@shop.example>"
        message["Subject"] = subject
        message.set_content("plain ünïcode")
        message.add_alternative("<h1>rich <b>ünïcode</b></h1>", subtype="html")
        message.add_attachment("a;b\n1;2\n", subtype="csv", filename="week.csv")
        boto3.client("sesv2").send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": ["ada@shop.example"]},
            Content={"Raw": {"Data": message.as_bytes()}},
        )

    return send


def get(cloud, path):
    with urllib.request.urlopen(cloud.url + path) as answer:
        return answer.headers, answer.read()


def test_a_sent_mail_is_kept_whole(small, send):
    small.clock.set_forward(datetime(2027, 3, 1, 8, tzinfo=UTC))
    send()
    (mail,) = json.loads(get(small, "/_local/outbox?format=json")[1])
    assert mail["to"] == "ada@shop.example"
    assert mail["subject"] == "Your week"
    assert mail["text"] == "plain ünïcode\n"
    assert mail["html"] == "<h1>rich <b>ünïcode</b></h1>\n"
    assert mail["attachments"] == [{"filename": "week.csv", "text": "a;b\n1;2\n"}]
    assert mail["sent_at"].startswith("2027-03-01T08:00:")


def test_the_newest_mail_is_first(small, send):
    send("first")
    send("second")
    assert [mail.subject for mail in small.outbox.mails] == ["second", "first"]


def test_a_mail_can_be_read_as_page_html_text_and_eml(small, send):
    send("<script>alert(1)</script>")
    headers, page = get(small, "/_local/outbox/1")
    assert b"<iframe sandbox=" in page
    assert b"<script>" not in page
    headers, html = get(small, "/_local/outbox/1.html")
    assert headers["content-security-policy"].startswith("sandbox")
    assert "<b>ünïcode</b>".encode() in html
    assert get(small, "/_local/outbox/1.txt")[1].decode() == "plain ünïcode\n"
    headers, eml = get(small, "/_local/outbox/1.eml")
    assert headers["content-type"] == "message/rfc822"
    assert eml == small.outbox.mails[0].eml


def test_a_mail_that_ses_refuses_is_not_kept(small, send):
    with pytest.raises(ClientError):
        send(sender="nobody@unverified.example")
    assert small.outbox.mails == []


def test_a_mail_whose_call_never_came_through_is_not_kept(small, send):
    def fail(**_):
        raise ConnectionError("injected")

    events = boto3.DEFAULT_SESSION.events
    events.register("before-send.sesv2.SendEmail", fail, "test-failure")
    try:
        with pytest.raises(ConnectionError):
            send()
    finally:
        events.unregister("before-send.sesv2.SendEmail", unique_id="test-failure")
    assert small.outbox.mails == []
