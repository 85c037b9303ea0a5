"""Who calls the API, and from where: a publishable key works from its merchant's origins alone."""

from collections.abc import Callable
from dataclasses import dataclass

from sharetrail.merchants import profiles, refusals
from sharetrail.merchants.keys import api_keys
from sharetrail.merchants.profile import Merchant
from sharetrail.web.http import Answer, Request, answer, answered

_READABLE = "ratelimit, ratelimit-policy, retry-after, x-request-id"
_HIDDEN = "null"
"""What a sandboxed frame has as its origin."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    key: api_keys.Key
    merchant: Merchant
    origin: str | None
    request_id: str

    def readable(self, work: Callable[[], Answer]) -> Answer:
        """The work's answer, or its problem, so that the page it came from may read it."""
        result = answered(work, self.request_id)
        result["headers"] |= shared_with(self.origin)
        if self.origin:
            result["headers"]["access-control-expose-headers"] = _READABLE
        return result


def admit(request: Request, key: str | None = None, *, needs_origin: bool = True) -> Caller:
    """The caller behind a request, by its Authorization header or the key a beacon carries.

    BadKey for a key we do not know; Forbidden for a publishable key from elsewhere than its
    merchant's pages, be it from nowhere unless `needs_origin` says otherwise, and for a secret key
    that a page's beacon carries: everybody who looks at that page can read it.
    """
    known = _known(request, key)
    merchant = profiles.find(known.merchant, request.now)
    if known.is_secret and key is not None and request.origin:
        refusals.note(merchant.id, "secret", request.now, named=request.origin)
        raise api_keys.Forbidden("A secret key never stands in a page.")
    is_own, is_hidden = request.origin in merchant.origins, request.origin in (None, _HIDDEN)
    if not (known.is_secret or is_own or (is_hidden and not needs_origin)):
        if request.origin and not is_hidden:
            refusals.note(merchant.id, "origin", request.now, named=request.origin)
            _note_key(request)
        raise api_keys.Forbidden("A publishable key works from its shop's own pages alone.")
    ours = request.origin if request.origin in merchant.origins else None
    return Caller(key=known, merchant=merchant, origin=ours, request_id=request.id)


def _known(request: Request, key: str | None) -> api_keys.Key:
    try:
        return api_keys.use(key, request.now) if key is not None else api_keys.authenticate(request)
    except api_keys.BadKey:
        _note_key(request)
        raise


def _note_key(request: Request) -> None:
    """A key that is none, or another merchant's, is noted of the shop whose page the request says
    that it comes from."""
    if owner := _owner_of(request):
        refusals.note(owner, "key", request.now)


def preflight(request: Request) -> Answer:
    """The answer to OPTIONS: yes for every merchant's origin; the real request checks whose."""
    if request.origin is None or _owner_of(request) is None:
        return answer(403, vary="origin")
    return answer(
        204,
        **shared_with(request.origin),
        access_control_allow_methods="GET, POST, PUT",
        access_control_allow_headers="authorization, content-type",
        access_control_max_age="3600",
    )


def _owner_of(request: Request) -> str | None:
    return request.origin and profiles.known_owner_of(request.origin, request.now)


def shared_with(origin: str | None) -> dict[str, str]:
    return {"access-control-allow-origin": origin, "vary": "origin"} if origin else {}
