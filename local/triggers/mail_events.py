"""What SES tells of a mail that bounced or was called spam: by the default bus, to the queues of
the rules that match."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, Literal

from local.clock import Clock, iso
from local.emulator.clients import client
from local.template import names
from local.template.declarations import Template
from local.template.filters import matches

Fate = Literal["bounce", "complaint"]
_KINDS: dict[Fate, tuple[str, str]] = {
    "bounce": ("Email Bounced", "Bounce"),
    "complaint": ("Email Complaint Received", "Complaint"),
}


class MailEvents:
    def __init__(self, template: Template, clock: Clock) -> None:
        self._template, self._clock = template, clock
        self._sqs = client("sqs")

    def tell(self, fate: Fate, mail: Mapping[str, Any]) -> int:
        """Tell it of a mail as SES describes one; how many queues heard of it."""
        event = self._event(fate, mail)
        heard = [each for each in self._template.rules if matches(each.pattern, event)]
        for rule in heard:
            url = self._template.queues[rule.queue].url
            self._sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event))
        return len(heard)

    def _event(self, fate: Fate, mail: Mapping[str, Any]) -> dict[str, Any]:
        (title, kind), now = _KINDS[fate], iso(self._clock.now())
        sets = mail["tags"].get("ses:configuration-set", [])
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": title,
            "source": "aws.ses",
            "account": names.ACCOUNT,
            "time": now,
            "region": names.REGION,
            "resources": [names.arn("ses", f"configuration-set/{each}") for each in sets],
            "detail": {"eventType": kind, fate: _details(fate, mail, now), "mail": mail},
        }


def _details(fate: Fate, mail: Mapping[str, Any], now: str) -> dict[str, Any]:
    told = {"timestamp": now, "feedbackId": str(uuid.uuid4())}
    if fate == "complaint":
        who = [{"emailAddress": each} for each in mail["destination"]]
        return {**told, "complainedRecipients": who, "complaintFeedbackType": "abuse"}
    said = {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user"}
    who = [{"emailAddress": each, **said} for each in mail["destination"]]
    return {**told, "bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": who}
