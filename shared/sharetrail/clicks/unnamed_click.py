"""A click as a log line may hold it until it is saved by hand. Pure.

Its visitor and address are hashes under a day's salt, which is gone after two days. The user agent
and the referrer are somebody's own words: others stand for them of which our rules say the same.
"""

from dataclasses import replace

from sharetrail.clicks.click import Click
from sharetrail.clicks.device import Device, device_of
from sharetrail.clicks.seen_on import a_host_of, network_of
from sharetrail.clicks.verdict import VerdictKind, judge_agent

_AGENTS: dict[VerdictKind, str] = {"bot": "bot", "preview": "facebookexternalhit"}
_BROWSERS: dict[Device, str] = {
    "phone": "Mozilla/5.0 (iPhone) AppleWebKit",
    "tablet": "Mozilla/5.0 (iPad) AppleWebKit",
    "desktop": "Mozilla/5.0 (Windows) AppleWebKit",
    "other": "Mozilla/5.0 (Watch) AppleWebKit",
}


def unnamed(click: Click) -> Click:
    """The same click by nobody in particular."""
    network = network_of(click.referrer, click.agent)
    kind = judge_agent(click.agent).kind
    agent = _AGENTS.get(kind) or _BROWSERS[device_of(click.agent)]
    return replace(click, agent=agent, referrer=a_host_of(network) if network else "")
