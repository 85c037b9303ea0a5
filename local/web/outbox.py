"""The mails that the functions sent, as they gave them to SES."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock
from typing import Any

import boto3

from local.clock import Clock, iso

_NOTE = "sharetrail_mail"  # where a call's parameters wait for its answer
_HOOK = "sharetrail-outbox"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    filename: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    number: int  # counts from one
    to: str
    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...]
    sent_at: str  # virtual, ISO-8601
    eml: bytes
    message_id: str = ""  # SES's
    tags: Mapping[str, list[str]] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What of it is JSON."""
        return {
            "to": self.to,
            "subject": self.subject,
            "html": self.html,
            "text": self.text,
            "attachments": [
                {"filename": each.filename, "text": each.text} for each in self.attachments
            ],
            "sent_at": self.sent_at,
            "url": f"/_local/outbox/{self.number}",
        }

    def as_ses_tells(self) -> dict[str, Any]:
        """What its events say of a mail."""
        return {
            "timestamp": self.sent_at,
            "messageId": self.message_id,
            "source": str(_parsed(self.eml)["From"]),
            "destination": self.to.split(", "),
            "commonHeaders": {"to": self.to.split(", "), "subject": self.subject},
            "tags": dict(self.tags),
        }


class Outbox:
    """Watches every SES client that boto3's default session makes after install()."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._mails: list[Mail] = []

    @property
    def mails(self) -> list[Mail]:
        """Newest first."""
        with self._lock:
            return self._mails[::-1]

    def find(self, number: int) -> Mail | None:
        return next((mail for mail in self.mails if mail.number == number), None)

    def install(self) -> None:
        """Replaces what an earlier outbox watched."""
        events = _session_events()
        self.remove()
        events.register("provide-client-params.sesv2.SendEmail", self._before, f"{_HOOK}-before")
        events.register("after-call.sesv2.SendEmail", self._after, f"{_HOOK}-after")

    def remove(self) -> None:
        events = _session_events()
        events.unregister("provide-client-params.sesv2.SendEmail", unique_id=f"{_HOOK}-before")
        events.unregister("after-call.sesv2.SendEmail", unique_id=f"{_HOOK}-after")

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_NOTE] = params

    def _after(self, http_response: Any, parsed: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code < 300:
            self._keep(context[_NOTE], parsed["MessageId"])

    def _keep(self, params: dict[str, Any], message_id: str) -> None:
        eml = params["Content"]["Raw"]["Data"]
        sent_at = iso(self._clock.now())
        with self._lock:
            mail = read(eml, len(self._mails) + 1, sent_at, _recipients(params))
            self._mails.append(replace(mail, message_id=message_id, tags=_tags(params)))


def read(eml: bytes, number: int, sent_at: str, recipients: str = "") -> Mail:
    """A mail from its raw MIME."""
    message = _parsed(eml)
    return Mail(
        number=number,
        to=recipients or str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        html=_body(message, "html"),
        text=_body(message, "plain"),
        attachments=tuple(
            Attachment(filename=part.get_filename() or "", text=_content(part))
            for part in message.iter_attachments()
        ),
        sent_at=sent_at,
        eml=eml,
    )


def _parsed(eml: bytes) -> EmailMessage:
    message: EmailMessage = message_from_bytes(eml, policy=policy.default)
    return message


def _tags(params: dict[str, Any]) -> dict[str, list[str]]:
    """Its own, and SES's."""
    own = {each["Name"]: [each["Value"]] for each in params.get("EmailTags", [])}
    sets = params.get("ConfigurationSetName")
    return {**({"ses:configuration-set": [sets]} if sets else {}), **own}


def _recipients(params: dict[str, Any]) -> str:
    return ", ".join(params.get("Destination", {}).get("ToAddresses", []))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return _content(part) if part else ""


def _content(part: Any) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else bytes(content).decode(errors="replace")


def _session_events() -> Any:
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    session: Any = boto3.DEFAULT_SESSION
    return session.events
