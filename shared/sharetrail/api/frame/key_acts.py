"""What a secret key changed, in the list of what was done on the report's page: whose key leaked
sees there what somebody did by it.

It is told once it is done, and not undone from there. Of one thing an hour and key have one fact,
and what has names of the caller's choosing has a day's allowance: whoever has a key buries nothing
under much else. What ends a key, or leaves a recipient out, has none: nobody is kept from that.
"""

import hashlib
from datetime import datetime

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.calendars import hour_of, iso
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance, policy_of
from sharetrail.merchants.keys import api_keys, key_rings
from sharetrail.merchants.keys.key_ring import id_of
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.report.page.acts import acts
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.web.http import Request

_OF_A_DAY = Allowance(name="changes", most=200, policy="changes")
POLICY = policy_of([_OF_A_DAY])
_DIGITS = 12


class TooManyChanges(Problem):
    """A person looks through them."""

    status = 429
    title = "The day has had its changes"


def take(merchant: Merchant, kind: ActKind, label: str, now: datetime) -> None:
    """Before it is done. TooManyChanges; the same again takes nothing more."""
    if not daily_allowances.take(merchant, _OF_A_DAY, {_digest(kind, label)}, now):
        raise TooManyChanges(
            f"A day has {_OF_A_DAY.most} new keys and recipients.",
            headers={
                "ratelimit_policy": POLICY,
                **daily_allowances.nothing_left(merchant, _OF_A_DAY, now),
            },
        )


def note(
    resource: Router,
    merchant_id: str,
    kind: ActKind,
    label: str,
    after: str,
    now: datetime,
    **about: str,
) -> None:
    """It was done by the key that asks, which may have ended by it. What is said of it is said by
    `kind` and `after` in done_words.py."""
    request = Request.of(resource.current_event.raw_event)
    digest = api_keys.hashed(api_keys.sent_with(request))
    listed = (each for each in key_rings.read(merchant_id).keys if each.digest == digest)
    key = next(listed, None)
    key_id = key.id if key else id_of(digest)
    act = Act(
        id=f"{iso(hour_of(now))}#{key_id}#{_digest(kind, label, *about.values(), after)}",
        kind=kind,
        about=about,
        label=label,
        before="",
        after=after,
        recipient="",
        key_id=key_id,
        key_name=key.name if key else "",
        at=now,
        done_at=now,
    )
    acts.begin(merchant_id, act)


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:_DIGITS]
