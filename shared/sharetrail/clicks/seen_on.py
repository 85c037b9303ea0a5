"""Where a click says that its link was seen: by its app's user agent, else by its referrer. Pure.

Many links are passed on by a device's own share sheet, by copying or by hand, and carry no network.
The click says one in about half of all cases: seen_on.txt has a network a line, its hosts (and the
names that Android's apps give for one), and regular expressions of its in-app browser's user agent.

Anybody can send any referrer and any agent, and gains nothing by it: this is shown beside counts,
and no verdict, credit, score or rank looks at it.
"""

import re
from functools import lru_cache
from pathlib import Path

VERSION = 1
"""Raise it with every change of the list: totals keep the newer rule's."""


def _read(line: str) -> tuple[str, list[str], list[str]]:
    network, hosts, agents = line.split("|", 2)
    return network.strip(), hosts.split(), agents.split()


_LINES = [
    _read(line) for line in Path(__file__).with_name("seen_on.txt").read_text("utf-8").splitlines()
]
_NETWORK_OF = {host: network for network, hosts, _ in _LINES for host in hosts}
_APPS = {network: re.compile("|".join(agents)) for network, _, agents in _LINES if agents}
# Each begins with a plain letter or sign, which is what makes the search for any of them quick.
_ANY_APP = re.compile("|".join(app.pattern for app in _APPS.values()))
_DEVICE = re.compile(r"Mozilla/5\.0 \([^)]*")
"""A phone may be called anything."""


def network_of(referrer: str, agent: str) -> str | None:
    """The network's id; `other` for a place that is known and has none; None where neither says.

    `referrer` is a host, of which a listed one's every subdomain is the network's, too. An app's
    own agent comes first: what its browser shows may have come by another site. Behind the device
    the leftmost word wins, since the names of carriers and makers follow the app's.
    """
    if app := _app_of(agent):
        return app
    host = referrer.partition(":")[0].rstrip(".").lower()
    while host and host not in _NETWORK_OF:
        host = host.partition(".")[2]
    return _NETWORK_OF.get(host)


def a_host_of(network: str) -> str:
    """One of which `network_of` says the network, whatever browser shows it."""
    return next(host for host, of in _NETWORK_OF.items() if of == network)


@lru_cache(maxsize=4_096)
def _app_of(agent: str) -> str | None:
    device = _DEVICE.match(agent)
    said = _ANY_APP.search(agent, device.end() if device else 0)
    return said and next(name for name, app in _APPS.items() if app.match(agent, said.start()))
