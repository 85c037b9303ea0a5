"""What was asked for persons: of exports as long as their results are kept, of erasures as long as
anything that was under way, or a backup, may bring back what they took.

Quarantine bucket: `erasures/merchant/buyer-digest` (`influencer-…`, `recipient-…`, `shop-…`) and
`exports/merchant/id`, of the result's. Queue: `{"merchant": …,
"act": …, "request": "buyer-…", "whole": …, "after": …}`.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sharetrail.aws import sealed_objects
from sharetrail.aws.items import dump, load
from sharetrail.aws.queues import ERASURES
from sharetrail.questions.privacy_request import Act, PrivacyRequest, Whose

ERASURES_PREFIX, EXPORTS_PREFIX = "erasures/", "exports/"
ERASURE_KEPT = timedelta(days=40)
"""A backup ends after 35 days, what a queue or quarantine holds before that."""
_PREFIXES: dict[Act, str] = {"erase": ERASURES_PREFIX, "export": EXPORTS_PREFIX}


@dataclass(frozen=True, kw_only=True)
class Message:
    """What the queue asks for."""

    request: PrivacyRequest
    whole: bool
    """As if for the first time."""
    after: str
    """What a piece before it reached; empty for the first."""


def ask(request: PrivacyRequest) -> PrivacyRequest:
    """Keep it, and have it done: it, or what was asked before, as of now."""
    kept = keep(request)
    _queue(kept)
    return kept


def go_on(request: PrivacyRequest, after: str) -> None:
    """It was too much for once. What is done is told by the message alone: whoever asks again, or
    is asked by night, or once a table was restored, begins at the front."""
    _queue(request, after)


def _queue(request: PrivacyRequest, after: str = "") -> None:
    """With whose it is, so that whoever asks a lot lets nobody else wait."""
    message = _message(request.merchant, request.act, request.name, after=after)
    ERASURES.send_all([(request.merchant, message)])


def keep(request: PrivacyRequest) -> PrivacyRequest:
    """The same erasure asked again goes on from what the first chose by chance."""
    fresh = replace(request, token=secrets.token_hex(16))
    if _put_once(fresh):
        return fresh
    if request.act == "export":
        return find(request.merchant, request.act, request.name) or fresh

    def again(before: PrivacyRequest) -> PrivacyRequest:
        asked_at = max(before.asked_at, request.asked_at)
        return replace(before, asked_at=asked_at, due=request.due)

    return _change(fresh, again)


def note_found(
    request: PrivacyRequest, found: Iterable[str], beside: Iterable[str]
) -> PrivacyRequest:
    """Keep what was found: whoever goes on after an erasure that died finds it by no hash any more,
    and who goes on reading does not read it again. Whoever asks again meanwhile has that done by
    the next."""

    def noted(before: PrivacyRequest) -> PrivacyRequest:
        return replace(
            before,
            found=tuple(sorted({*before.found, *found})),
            beside=tuple(sorted({*before.beside, *beside})),
        )

    found, beside = {*found}, {*beside}
    if noted(request) == request:
        return request
    return replace(_change(request, noted), asked_at=request.asked_at)


def _change(
    request: PrivacyRequest, changed: Callable[[PrivacyRequest], PrivacyRequest]
) -> PrivacyRequest:
    """As it stands, changed; where it has ended at this moment, this one."""

    def stored(before: bytes) -> bytes:
        return _stored(changed(_read(before)))

    fresh = sealed_objects.change(request.merchant, _key(request), stored)
    if fresh is None:
        fresh = _stored(changed(request))
        sealed_objects.put(request.merchant, _key(request), fresh)
    return _read(fresh)


def find(merchant_id: str, act: Act, name: str) -> PrivacyRequest | None:
    """None where it is done, or has ended."""
    stored = sealed_objects.get(f"{_PREFIXES[act]}{merchant_id}/{name}")
    return None if stored is None else _read(stored)


def is_asked(merchant_id: str, result_id: str) -> bool:
    """Whether an export of this id was asked for."""
    key = f"{EXPORTS_PREFIX}{merchant_id}/{result_id}"
    return sealed_objects.get(key, most=1) is not None


def exports_of(merchant_id: str) -> list[str]:
    """The ids of the exports that were asked for, of those that have not ended, newest first."""
    keys = [key for key, _ in sealed_objects.listed(f"{EXPORTS_PREFIX}{merchant_id}/")]
    return sorted((key.rpartition("/")[2] for key in keys), reverse=True)


def queue_again(*whose: Whose, whole: bool) -> int:
    """Have the kept erasures of these done again; how many those are."""
    return ERASURES.send_all(_kept(whose, whole))


def read(message: str) -> Message | None:
    """None where what it asks for has ended."""
    told = json.loads(message)
    request = find(told["merchant"], told["act"], told["request"])
    if request is None:
        return None
    return Message(request=request, whole=told["whole"], after=told.get("after", ""))


def _kept(whose: Collection[str], whole: bool) -> Iterator[tuple[str, str]]:
    for key, _ in sealed_objects.listed(ERASURES_PREFIX):
        _, merchant_id, name = key.split("/")
        if name.partition("-")[0] in whose:
            yield merchant_id, _message(merchant_id, "erase", name, whole=whole)


def _message(merchant_id: str, act: Act, name: str, *, whole: bool = True, after: str = "") -> str:
    told = {"merchant": merchant_id, "act": act, "request": name, "whole": whole}
    return json.dumps(told | ({"after": after} if after else {}))


def _put_once(request: PrivacyRequest) -> bool:
    return sealed_objects.put_once(request.merchant, _key(request), _stored(request))


def _stored(request: PrivacyRequest) -> bytes:
    return json.dumps(dump(request)).encode()


def _read(stored: bytes) -> PrivacyRequest:
    return load(PrivacyRequest, json.loads(stored))


def _key(request: PrivacyRequest) -> str:
    return f"{_PREFIXES[request.act]}{request.merchant}/{request.name}"
