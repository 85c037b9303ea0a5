"""G7: what a click costs in DynamoDB while its link is cached: one request and one write unit, and
once an hour and instance another request, which notes the hour.

The real redirect answers recorded events, by its own client and by botocore, on the emulator, and
every request that leaves it is metered. Among the clicks are the largest that a visitor can send.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from bench import goals
from bench.dynamodb.meter import Meter, metered_cloud
from bench.goals import Figure
from bench.traffic import recordings
from local.runtime.memories import forget_clients
from sharetrail.agenda import heard_hours
from sharetrail.aws import clients
from sharetrail.aws.fast import client
from sharetrail.clicks.visitor import MAX_AGENT
from sharetrail.web.address import LONGEST_HOST
from tests.shops import ORIGIN, Shop

_CLICKS = 10
"""Of each kind, by either client."""
_UNHURRIED = 5.0  # seconds
_WIDE = "\N{GRINNING FACE}"
"""A letter of four bytes; what is kept of a visitor is counted in bytes."""
_LONGEST = ".".join("x" * size for size in (63, 63, 63, 61))
AN_HOUR = 200
"""Clicks that an instance answers within an hour, at least, where there are many in all."""
Headers = Mapping[str, str]


def _largest(letter: str) -> Headers:
    return {
        "user-agent": "Mozilla/5.0 ".ljust(MAX_AGENT + 1, letter),
        "referer": f"https://{_LONGEST}/{letter * LONGEST_HOST}",
        "cloudfront-viewer-country": "DE",
        "sec-fetch-dest": "x" * 20,
    }


KINDS: Mapping[str, Headers] = {
    "a phone's": {"accept-language": "en-US,en;q=0.9", "cloudfront-viewer-country": "DE"},
    "private": {"accept-language": "en-US,en;q=0.9", "sec-gpc": "1"},
    f"largest ({MAX_AGENT} + {LONGEST_HOST} letters)": _largest("x"),
    "largest beyond ASCII": _largest(_WIDE),
}
"""What visitors send → the headers that are its own."""


@dataclass(frozen=True)
class Cost:
    """Of one click."""

    requests: int
    units: int


def measure() -> list[Figure]:
    with metered_cloud() as (cloud, meter):
        link = Link(Shop.onboard(cloud), meter)
        costs = {kind: link.costs(headers) for kind, headers in KINDS.items()}
        hourly = link.requests_of_an_hour() / AN_HOUR
    of_requests = {kind: [cost.requests for cost in own] for kind, own in costs.items()}
    of_units = {kind: [cost.units for cost in own] for kind, own in costs.items()}
    return [
        _figure("DynamoDB requests a click", of_requests),
        _figure("write units a click", of_units),
        Figure("G7", f"requests a click, of {AN_HOUR} an instance and hour", hourly, 1.01),
    ]


def _figure(what: str, counts_of: Mapping[str, Sequence[int]]) -> Figure:
    """Over all kinds, with the counts of each."""
    counts = [count for own in counts_of.values() for count in own]
    kinds = {kind: " or ".join(map(str, sorted(set(own)))) for kind, own in counts_of.items()}
    clicks = {"clicks": f"{len(counts)}, half by our own client and half by botocore"}
    return goals.exactly_one("G7", what, counts, clicks | kinds)


class Link:
    """A link of a shop, to be followed behind a meter."""

    def __init__(self, shop: Shop, meter: Meter) -> None:
        self._cloud, self._meter = shop.cloud, meter
        self._code = shop.share().json["code"]
        self._now = self._cloud.clock.now()
        self._visitors = 0
        self.answer: dict[str, Any] = {}
        """The newest."""

    def costs(self, headers: Headers, clicks: int = _CLICKS) -> list[Cost]:
        """What each click with these headers costs, by either client, once the link is known."""
        costs = []
        for fast_path in ("yes", "no"):
            with _unhurried(FAST_PATH=fast_path, TRUST_CLOUDFRONT="yes"):
                self.follow(headers)
                costs += [self.follow(headers) for _ in range(clicks)]
        return costs

    def requests_of_an_hour(self) -> int:
        """Those of an instance that knows the link, and has not noted the hour."""
        with _unhurried(FAST_PATH="yes"):
            self.follow({})
            heard_hours._noted.clear()
            return sum(self.follow({}).requests for _ in range(AN_HOUR))

    def follow(self, headers: Headers) -> Cost:
        self._meter.take()
        self.answer = self._cloud.invoke("redirect", self._event(headers))
        assert self.answer["statusCode"] == 302, self.answer
        assert self.answer["headers"]["location"].startswith(ORIGIN), self.answer
        requests = self._meter.take()
        return Cost(len(requests), sum(request.units for request in requests))

    def _event(self, headers: Headers) -> dict[str, Any]:
        """As recordings, from a visitor of its own, all in the minute that a link is kept."""
        self._visitors += 1
        click = recordings.click(self._visitors, self._now, headers)
        return {**click, "pathParameters": {"code": self._code}}


@contextmanager
def _unhurried(**variables: str) -> Iterator[None]:
    """On a busy machine the emulator may take longer than the redirect waits: its 150 ms are not
    what is measured here.
    """
    limits = {"connect_timeout": _UNHURRIED, "read_timeout": _UNHURRIED}
    with (
        mock.patch.dict(os.environ, variables),
        mock.patch.dict(clients._BRISK, limits),
        mock.patch.object(client, "BRISK", _UNHURRIED),
    ):
        forget_clients()
        yield
        forget_clients()


if __name__ == "__main__":
    goals.main(measure)
