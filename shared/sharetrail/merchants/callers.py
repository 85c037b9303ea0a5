"""Who calls the API, and from where: a publishable key works from its merchant's origins alone."""

from collections.abc import Callable
from dataclasses import dataclass

from sharetrail.merchants import api_keys, profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.web.http import Answer, Request, answer, answered

_READABLE = "ratelimit, ratelimit-policy, retry-after, x-request-id"


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


def admit(request: Request, key: str | None = None) -> Caller:
    """The caller behind a request, by its Authorization header or the key a beacon carries.

    BadKey for a key we do not know; Forbidden for a publishable key from elsewhere than its
    merchant's pages.
    """
    known = api_keys.use(key, request.now) if key is not None else api_keys.authenticate(request)
    merchant = profiles.find(known.merchant, request.now)
    if not known.is_secret and request.origin not in merchant.origins:
        raise api_keys.Forbidden("A publishable key works from its shop's own pages alone.")
    ours = request.origin if request.origin in merchant.origins else None
    return Caller(key=known, merchant=merchant, origin=ours, request_id=request.id)


def preflight(request: Request) -> Answer:
    """The answer to OPTIONS: yes for every merchant's origin; the real request checks whose."""
    if request.origin is None or profiles.owner_of(request.origin) is None:
        return answer(403, vary="origin")
    return answer(
        204,
        **shared_with(request.origin),
        access_control_allow_methods="GET, POST, PUT",
        access_control_allow_headers="authorization, content-type",
        access_control_max_age="3600",
    )


def shared_with(origin: str | None) -> dict[str, str]:
    return {"access-control-allow-origin": origin, "vary": "origin"} if origin else {}
