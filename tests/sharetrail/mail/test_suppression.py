"""What SES's events say of a mailbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.mail.suppression import Suppression, read

AT = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)


def told(kind: str, **details: Any) -> dict[str, Any]:
    """As EventBridge has it from SES, of a mail of m_1 to the owner."""
    mail = {
        "timestamp": "2026-11-23T13:02:00.000Z",
        "destination": ["owner@shop.example"],
        "tags": {"ses:configuration-set": ["sharetrail"], "merchant": ["m_1"]},
    }
    about = {"timestamp": "2026-11-23T13:02:00.000Z", **details}
    detail = {"eventType": kind, kind.lower(): about, "mail": mail}
    return {"source": "aws.ses", "detail": detail}


def test_a_bounce_for_good_and_a_complaint_say_whose_mail_it_was_and_to_whom() -> None:
    for event, why in (
        (told("Bounce", bounceType="Permanent", bounceSubType="General"), "bounced"),
        (told("Complaint", complaintFeedbackType="abuse"), "complained"),
        (told("Complaint", complaintSubType=None), "complained"),
    ):
        said = Suppression(merchant="m_1", recipient="owner@shop.example", why=why, at=AT)  # type: ignore[arg-type]
        assert read(event) == said


def test_a_complaint_counts_from_when_it_was_made_and_not_from_when_its_mail_left() -> None:
    made = AT + timedelta(days=2)
    said = read(told("Complaint", timestamp="2026-11-25T13:02:00.000Z"))
    assert said
    assert said.at == made


@pytest.mark.parametrize(
    "event",
    [
        told("Bounce", bounceType="Transient", bounceSubType="MailboxFull"),
        told("Bounce", bounceType="Undetermined", bounceSubType="Undetermined"),
        told("Complaint", complaintFeedbackType="not-spam"),
        told("Delivery"),
    ],
)
def test_what_passes_or_is_no_complaint_says_nothing(event: dict[str, Any]) -> None:
    assert read(event) is None


def test_who_is_named_by_the_server_that_refused_is_not_believed() -> None:
    named = [{"emailAddress": "somebody@else.example"}]
    said = read(told("Bounce", bounceType="Permanent", bouncedRecipients=named))
    assert said
    assert said.recipient == "owner@shop.example"


def test_a_mail_of_nobody_is_nobodys() -> None:
    event = told("Bounce", bounceType="Permanent")
    del event["detail"]["mail"]["tags"]["merchant"]
    with pytest.raises(KeyError):
        read(event)
