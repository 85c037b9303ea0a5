"""What pages tell of visits, and the sample of what those carried."""

from collections.abc import Iterable
from datetime import datetime

from sharetrail.clicks.page_event import PageEvent
from sharetrail.totals.trail_sample import MOST_TRAILS, Trail, TrailSample, TrailSampler


def visit_with(trail: Trail, address: str | None, at: datetime, n: int = 1) -> PageEvent:
    return PageEvent(
        id="+".join([*trail, f"{address}"]),
        merchant="m",
        type="visit",
        at=at,
        timed=True,
        page="p",
        trail=trail,
        n=n,
        address=address,
    )


def sample_trails(events: Iterable[PageEvent], most: int = MOST_TRAILS) -> TrailSample:
    sampler = TrailSampler(most)
    for _ in sampler.read(events):
        pass
    return sampler.sample()
