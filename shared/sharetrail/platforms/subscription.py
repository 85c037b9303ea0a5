"""Webhooks at a shop system, as they are and as they should be: what is to be made, mended and
removed. Pure.

Ours are those that lead to this shop's own address here, and those that we made (by their ids),
wherever they lead now. Nobody else's is ever touched: another installation of this software, say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One that the system has."""

    id: str
    topics: frozenset[str]
    address: str
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Wanted:
    topics: tuple[str, ...]
    """Each wants a subscription of its own."""
    address: str
    signature: str = ""
    """A digest of the secret that they are to sign with; empty where the system chooses it."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    make: tuple[str, ...] = ()
    """Topics that have none."""
    mend: tuple[Subscription, ...] = ()
    """As they are: paused, leading elsewhere, or signed by another secret."""
    remove: tuple[Subscription, ...] = ()
    """Those that tell what another of ours tells already."""
    stay: tuple[Subscription, ...] = ()


def plan(wanted: Wanted, found: Iterable[Subscription], signed: Mapping[str, str] = {}) -> Repair:
    """`signed` are ours by id, each with the digest of the secret that we gave it. Of several for
    one topic the one that needs no mending stays, of those the first."""
    ours = [each for each in found if each.address == wanted.address or each.id in signed]

    def is_right(each: Subscription) -> bool:
        is_ours = signed.get(each.id, "") == wanted.signature
        return each.is_active and each.address == wanted.address and is_ours

    kept: dict[str, Subscription] = {}
    for each in sorted(ours, key=is_right, reverse=True):
        for topic in each.topics & {*wanted.topics}:
            kept.setdefault(topic, each)
    stays = [kept[topic] for topic in wanted.topics if topic in kept]
    return Repair(
        make=tuple(topic for topic in wanted.topics if topic not in kept),
        mend=tuple(each for each in stays if not is_right(each)),
        remove=tuple(each for each in ours if each not in stays and each.topics & {*wanted.topics}),
        stay=tuple(filter(is_right, stays)),
    )
